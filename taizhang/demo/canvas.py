"""A sheet to draw on: plain shapes, people without faces, and the few colours of the demo."""

from __future__ import annotations

from itertools import pairwise
from random import Random

from PIL import Image, ImageDraw

WIDTH, HEIGHT = 960, 720
_FINE = 2  # drawn twice as large and scaled down: Pillow does not smooth edges

SKIES = ("#cdd8e2", "#d6dde0", "#c3d2e0", "#dfddd2")
HILL, GROUND, DRY = "#a7bdb0", "#7d8d78", "#a39a78"
BLUE, WOOD, PAPER = "#46638c", "#4a3b33", "#f3eee3"
OCHRE, PINE, WALL, FLOOR = "#b98a4a", "#4f7766", "#dcd4c4", "#b6a88f"
COATS = ("#46638c", "#8c5a46", "#4f7766", "#a98f5b", "#6d6277", "#4a3b33")


class Canvas:
    """A sheet to draw on in units of the finished picture."""

    def __init__(self, width: int, height: int, dice: Random) -> None:
        self.image = Image.new("RGB", (width * _FINE, height * _FINE), dice.choice(SKIES))
        self.pen = ImageDraw.Draw(self.image)
        self.dice = dice

    def smooth(self) -> Image.Image:
        """The finished picture."""
        return self.image.reduce(_FINE)

    def box(self, x: float, y: float, width: float, height: float, fill: str) -> None:
        """A rectangle from its upper left corner."""
        self.pen.rectangle(
            (x * _FINE, y * _FINE, (x + width) * _FINE, (y + height) * _FINE), fill=fill
        )

    def disc(self, x: float, y: float, radius: float, fill: str, squash: float = 1) -> None:
        """A circle round its centre; ``squash`` below 1 makes it flat."""
        high = radius * squash
        self.pen.ellipse(
            ((x - radius) * _FINE, (y - high) * _FINE, (x + radius) * _FINE, (y + high) * _FINE),
            fill=fill,
        )

    def shape(self, fill: str, *points: tuple[float, float]) -> None:
        """A polygon."""
        self.pen.polygon([(x * _FINE, y * _FINE) for x, y in points], fill=fill)

    def line(self, fill: str, width: float, *points: tuple[float, float]) -> None:
        """A line through points."""
        path = [(x * _FINE, y * _FINE) for x, y in points]
        self.pen.line(path, fill=fill, width=int(width * _FINE), joint="curve")

    def hill(self, base: float, rise: float, fill: str) -> None:
        """Rolling ground from side to side, down to the lower edge."""
        steps = [(x, base - rise * self.dice.random()) for x in range(0, WIDTH + 161, 160)]
        crest: list[tuple[float, float]] = []
        for (x, y), (_, after) in pairwise(steps):
            for step in range(16):
                share = step / 16
                ease = share * share * (3 - 2 * share)
                crest.append((x + 160 * share, y + (after - y) * ease))
        self.shape(fill, (0, HEIGHT), *crest, (WIDTH, HEIGHT))

    def person(self, x: float, feet: float, size: float, coat: str | None = None) -> None:
        """A figure without a face, ``size`` high."""
        head = size * 0.13
        coat = coat or self.dice.choice(COATS)
        top = feet - size + 2 * head
        half, hem = size * 0.15, size * 0.2
        self.box(x - half * 0.8, feet - size * 0.3, half * 0.6, size * 0.3, "#38302b")
        self.box(x + half * 0.2, feet - size * 0.3, half * 0.6, size * 0.3, "#38302b")
        self.shape(
            coat,
            (x - half, top),
            (x + half, top),
            (x + hem, feet - size * 0.2),
            (x - hem, feet - size * 0.2),
        )
        self.disc(x, feet - size + head, head, "#8a6b57")
        self.disc(x, feet - size + head * 0.75, head, "#2f2824", 0.7)

    def crowd(self, left: float, right: float, feet: float, size: float, count: int) -> None:
        """Figures side by side, not in a straight line."""
        for number in range(count):
            x = left + (right - left) * (number + self.dice.uniform(0.25, 0.75)) / count
            self.person(x, feet + self.dice.uniform(-10, 14), size * self.dice.uniform(0.88, 1.06))

    def heads(self, first: float, rows: int) -> None:
        """An audience seen from behind."""
        for row in range(rows):
            y, size = first + row * 62, 22 + row * 6
            gap = size * 3.1
            x = gap * (0.4 if row % 2 else 0.85)
            while x < WIDTH:
                shift = self.dice.uniform(-5, 5)
                coat = self.dice.choice(COATS)
                self.shape(
                    coat,
                    (x - size * 1.3 + shift, y + size * 3),
                    (x - size + shift, y + size),
                    (x + size + shift, y + size),
                    (x + size * 1.3 + shift, y + size * 3),
                )
                self.disc(x + shift, y, size, "#352c27")
                x += gap
