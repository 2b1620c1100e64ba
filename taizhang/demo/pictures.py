"""Drawn stand-ins for photographs and scanned sheets; nobody is shown and each says it is a demo.

The same arguments give the same bytes, so a picture that several records share is kept once.
"""

from __future__ import annotations

import io
from collections.abc import Callable
from functools import cache
from itertools import pairwise
from random import Random
from typing import Literal, get_args

from PIL import Image, ImageDraw, ImageFont
from pylopdf_fonts_zh_cn import sans_path

Scene = Literal["tent", "clinic", "van", "field", "hall", "panels", "stage", "table", "museum"]
Paper = Literal["sheet", "document", "statement"]

WIDTH, HEIGHT, BAND = 960, 720, 84
PAPER_WIDTH, PAPER_HEIGHT = 848, 1200
_FINE = 2  # drawn twice as large and scaled down: Pillow does not smooth edges

_SKIES = ("#cdd8e2", "#d6dde0", "#c3d2e0", "#dfddd2")
_HILL, _GROUND, _DRY = "#a7bdb0", "#7d8d78", "#a39a78"
_BLUE, _WOOD, _PAPER = "#46638c", "#4a3b33", "#f3eee3"
_OCHRE, _PINE, _WALL, _FLOOR = "#b98a4a", "#4f7766", "#dcd4c4", "#b6a88f"
_COATS = ("#46638c", "#8c5a46", "#4f7766", "#a98f5b", "#6d6277", "#4a3b33")


def draw(title: str, date: str, place: str, kind: Scene, seed: int) -> bytes:
    """Draw a scene with the caption 演示图片 · DEMO; a JPEG of 960 × 720 below 120 kB.

    ``kind`` is one of ``Scene``; an unknown one raises KeyError.
    """
    canvas = _Canvas(WIDTH, HEIGHT, Random(f"{kind}/{seed}"))  # noqa: S311 - for looks only
    _SCENES[kind](canvas)
    image = canvas.smooth()
    pen = ImageDraw.Draw(image)
    pen.rectangle((0, HEIGHT - BAND, WIDTH, HEIGHT), fill="#2b2622")
    pen.text((24, HEIGHT - BAND + 12), "演示图片 · DEMO", font=_font(18), fill="#e2c48d")
    where = " · ".join(part for part in (date, place) if part)
    pen.text((WIDTH - 24, HEIGHT - BAND + 12), where, font=_font(18), fill="#d8d0c4", anchor="ra")
    words, font = _fitted(pen, title, WIDTH - 48)
    pen.text((24, HEIGHT - BAND + 42), words, font=font, fill="#f7f3ea")
    return _jpeg(image)


def draw_sheet(title: str, date: str, place: str, kind: Paper, seed: int) -> bytes:
    """Draw a scanned page marked 演示: a sign-in sheet without names, a document, a statement."""
    if kind not in get_args(Paper):
        raise KeyError(kind)
    dice = Random(f"{kind}/{seed}")  # noqa: S311 - for looks only
    image = Image.new("RGB", (PAPER_WIDTH, PAPER_HEIGHT), "#fbf9f3")
    pen = ImageDraw.Draw(image)
    words, font = _fitted(pen, title, PAPER_WIDTH - 140, 26)
    pen.text((PAPER_WIDTH / 2, 96), words, font=font, fill="#2b2622", anchor="ma")
    pen.text((PAPER_WIDTH / 2, 146), _PAPERS[kind], font=_font(30), fill="#2b2622", anchor="ma")
    pen.text((70, 212), f"日期：{date}", font=_font(18), fill="#4a3b33")
    pen.text((PAPER_WIDTH - 70, 212), place, font=_font(18), fill="#4a3b33", anchor="ra")
    (_lines_to_sign if kind == "sheet" else _lines_to_read)(pen, dice)
    mark = Image.new("L", (PAPER_WIDTH, 260), 0)
    ImageDraw.Draw(mark).text(
        (PAPER_WIDTH / 2, 130), "演示 DEMO", font=_font(120), fill=46, anchor="mm"
    )
    mark = mark.rotate(24, Image.Resampling.BICUBIC, expand=True)
    image.paste("#46638c", ((PAPER_WIDTH - mark.width) // 2, 460), mark)
    tilt = dice.uniform(-0.7, 0.7)  # no sheet lies straight in a scanner
    return _jpeg(image.rotate(tilt, Image.Resampling.BICUBIC, fillcolor="#d9d5cc"))


class _Canvas:
    """A sheet to draw on in units of the finished picture."""

    def __init__(self, width: int, height: int, dice: Random) -> None:
        self.image = Image.new("RGB", (width * _FINE, height * _FINE), dice.choice(_SKIES))
        self.pen = ImageDraw.Draw(self.image)
        self.dice = dice

    def smooth(self) -> Image.Image:
        """The finished picture."""
        width, height = self.image.size
        return self.image.resize((width // _FINE, height // _FINE), Image.Resampling.LANCZOS)

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
        coat = coat or self.dice.choice(_COATS)
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
                coat = self.dice.choice(_COATS)
                self.shape(
                    coat,
                    (x - size * 1.3 + shift, y + size * 3),
                    (x - size + shift, y + size),
                    (x + size + shift, y + size),
                    (x + size * 1.3 + shift, y + size * 3),
                )
                self.disc(x + shift, y, size, "#352c27")
                x += gap


def _open_air(canvas: _Canvas, ground: str = _GROUND) -> None:
    dice = canvas.dice
    if dice.random() < 0.7:
        canvas.disc(dice.uniform(620, 860), dice.uniform(70, 150), 42, _PAPER)
    canvas.hill(330, 120, "#bccbc6")
    canvas.hill(400, 90, _HILL)
    canvas.hill(480, 26, ground)


def _tent_at(canvas: _Canvas, x: float, width: float, roof: str, sign: str = "") -> None:
    y = 300
    canvas.crowd(x + 30, x + width - 30, 560, 190, 2)
    for post in (x + 8, x + width - 16):
        canvas.box(post, y, 8, 270, _WOOD)
    canvas.shape(roof, (x - 16, y + 6), (x + width / 2, y - 96), (x + width + 16, y + 6))
    for number in range(6):
        step = (width + 32) / 6
        edge = x - 16 + number * step
        canvas.shape(
            _PAPER if number % 2 else roof,
            (edge, y + 6),
            (edge + step, y + 6),
            (edge + step / 2, y + 34),
        )
    canvas.box(x + 14, 480, width - 28, 96, _PAPER)
    canvas.box(x + 14, 480, width - 28, 12, "#d9cfba")
    if sign:
        middle = x + width / 2
        canvas.box(middle - 9, 506, 18, 54, sign)
        canvas.box(middle - 27, 524, 54, 18, sign)
    else:
        for number in range(3):
            canvas.box(x + 40 + number * (width - 80) / 3, 466, 44, 14, canvas.dice.choice(_COATS))


def _tent(canvas: _Canvas) -> None:
    _open_air(canvas)
    for x, roof in ((70, _BLUE), (370, canvas.dice.choice((_PINE, _OCHRE, _BLUE))), (670, _BLUE)):
        _tent_at(canvas, x, 230, roof)
    canvas.crowd(60, 900, 622, 170, canvas.dice.randint(5, 8))


def _clinic(canvas: _Canvas) -> None:
    _open_air(canvas)
    for x in (110, 530):
        _tent_at(canvas, x, 320, "#e8e3d6" if canvas.dice.random() < 0.5 else _PINE, _PINE)
    for x in (200, 300, 620, 720):
        canvas.box(x, 584, 44, 8, _WOOD)
        canvas.box(x, 584, 6, 44, _WOOD)
        canvas.box(x + 38, 584, 6, 44, _WOOD)
    canvas.crowd(380, 560, 622, 170, 2)
    canvas.crowd(790, 930, 622, 170, 2)


def _van(canvas: _Canvas) -> None:
    _open_air(canvas)
    left = canvas.dice.uniform(110, 190)
    canvas.box(left, 250, 470, 280, _BLUE)
    canvas.shape(
        _BLUE,
        (left + 470, 312),
        (left + 590, 312),
        (left + 660, 420),
        (left + 660, 530),
        (left + 470, 530),
    )
    canvas.shape(_PAPER, (left + 496, 336), (left + 576, 336), (left + 628, 418), (left + 496, 418))
    canvas.shape(
        "#37507a", (left - 14, 250), (left + 484, 250), (left + 452, 204), (left + 22, 204)
    )
    canvas.box(left + 34, 290, 402, 150, _PAPER)
    for number in range(4):
        x = left + 86 + number * 98
        canvas.box(x - 30, 398, 60, 42, _WALL)
        canvas.disc(x, 366, 30, canvas.dice.choice((_OCHRE, _PINE, "#8c5a46", _BLUE)))
        canvas.disc(x, 366, 12, _PAPER)
    for x in (left + 90, left + 540):
        canvas.disc(x, 532, 46, _WOOD)
        canvas.disc(x, 532, 20, _WALL)
    canvas.crowd(60, 930, 628, 140, canvas.dice.randint(8, 11))


def _field(canvas: _Canvas) -> None:
    dice = canvas.dice
    _open_air(canvas, _DRY if dice.random() < 0.35 else _GROUND)
    if dice.random() < 0.5:
        for number in range(-6, 30):
            x = number * 48.0
            canvas.line("#6c7d62", 5, (480 + (x - 480) * 0.42, 486), (x, HEIGHT))
            for row in range(6):
                share = (row + 0.5) / 6
                at = 480 + (x - 480) * (0.42 + 0.58 * share)
                canvas.disc(at, 486 + 150 * share, 6 + 9 * share, _PINE, 0.6)
    else:
        for _ in range(9):
            x, y = dice.uniform(40, 920), dice.uniform(486, 560)
            for leg in (-16, -6, 6, 16):
                canvas.box(x + leg, y + 8, 4, 22, "#5b5048")
            canvas.disc(x, y, 30, "#ece6d8", 0.62)
            canvas.disc(x + 30, y - 8, 10, "#5b5048")
    canvas.crowd(200, 660, 618, 215, dice.randint(4, 6))
    canvas.box(742, 500, 6, 120, _WOOD)
    canvas.box(690, 420, 110, 84, _PAPER)
    canvas.line(_PINE, 6, (704, 486), (730, 456), (752, 468), (786, 436))


def _room(canvas: _Canvas) -> None:
    canvas.box(0, 0, WIDTH, HEIGHT, _WALL)
    canvas.box(0, 470, WIDTH, HEIGHT - 470, _FLOOR)
    canvas.box(0, 462, WIDTH, 10, "#8d7f69")


def _hall(canvas: _Canvas) -> None:
    dice = canvas.dice
    _room(canvas)
    canvas.box(190, 60, 470, 286, _WOOD)
    canvas.box(202, 72, 446, 262, "#eef1f2")
    canvas.box(236, 100, dice.uniform(180, 300), 20, _BLUE)
    if dice.random() < 0.5:
        for number in range(5):
            high = dice.uniform(30, 140)
            canvas.box(250 + number * 74, 306 - high, 44, high, dice.choice((_BLUE, _PINE, _OCHRE)))
    else:
        for number in range(4):
            canvas.disc(262, 160 + number * 40, 8, _OCHRE)
            canvas.box(284, 152 + number * 40, dice.uniform(150, 320), 14, "#9aa6b2")
    canvas.person(770, 440, 230, _BLUE)
    canvas.shape(_WOOD, (700, 350), (812, 350), (796, 462), (716, 462))
    canvas.heads(452, 3)


def _panels(canvas: _Canvas) -> None:
    dice = canvas.dice
    if dice.random() < 0.5:
        _open_air(canvas)
    else:
        _room(canvas)
    for number in range(5):
        x = 46 + number * 178
        for leg in (x + 12, x + 138):
            canvas.box(leg, 250, 8, 330, _WOOD)
        canvas.box(x, 210, 158, 260, _PAPER)
        canvas.box(x, 210, 158, 40, dice.choice((_BLUE, _PINE, "#8c5a46")))
        canvas.box(x + 16, 268, 126, 84, dice.choice((_HILL, "#c9d3dc", "#dccfb4")))
        canvas.disc(x + dice.uniform(50, 110), 310, 24, dice.choice((_OCHRE, _PINE, _BLUE)))
        for row in range(4):
            canvas.box(x + 16, 372 + row * 22, dice.uniform(80, 126), 9, "#b4ab9c")
    canvas.crowd(60, 900, 624, 190, dice.randint(5, 8))


def _stage(canvas: _Canvas) -> None:
    dice = canvas.dice
    _open_air(canvas)
    canvas.box(110, 110, 740, 330, _BLUE)
    canvas.box(140, 134, 680, 56, "#5d7aa3")
    for number in range(9):
        canvas.disc(176 + number * 76, 162, 14, _PAPER)
    canvas.disc(480, 300, 84, "#5d7aa3")
    canvas.disc(480, 300, 34, _OCHRE)
    for turn in ((400, 250, 560, 350), (400, 350, 560, 250)):
        canvas.line(_PAPER, 4, turn[:2], turn[2:])
    canvas.box(80, 436, 800, 60, _WOOD)
    canvas.box(80, 436, 800, 10, "#6b574c")
    for number in range(dice.randint(5, 7)):
        canvas.person(190 + number * 96, 440, 170, dice.choice((_OCHRE, "#8c5a46", _PINE)))
    canvas.heads(520, 2)


def _table(canvas: _Canvas) -> None:
    dice = canvas.dice
    _room(canvas)
    for x in (90, 390, 690):
        canvas.box(x, 90, 180, 190, "#cfd9e0")
        canvas.box(x + 86, 90, 8, 190, _PAPER)
        canvas.box(x, 180, 180, 8, _PAPER)
    for x, y in ((60, 470), (520, 470), (290, 570)):
        canvas.crowd(x + 10, x + 370, y + 40, 165, 4)
        canvas.shape("#8d6f55", (x, y), (x + 380, y), (x + 404, y + 36), (x - 24, y + 36))
        canvas.box(x - 24, y + 36, 428, 14, _WOOD)
        for number in range(4):
            at = x + 50 + number * 92
            canvas.box(at - 22, y + 2, 44, 16, dice.choice((_PAPER, _BLUE, _OCHRE, _PINE)))
    canvas.line(_PAPER, 6, (610, 210), (760, 170))
    canvas.shape(_OCHRE, (660, 170), (676, 166), (712, 214), (696, 218))


def _museum(canvas: _Canvas) -> None:
    dice = canvas.dice
    canvas.box(0, 0, WIDTH, HEIGHT, "#38475c")
    canvas.box(0, 500, WIDTH, HEIGHT - 500, "#59657a")
    for _ in range(70):
        canvas.disc(dice.uniform(0, WIDTH), dice.uniform(10, 380), dice.uniform(1, 3), _PAPER)
    canvas.box(190, 180, 70, 330, _PAPER)
    canvas.shape(_OCHRE, (190, 182), (225, 96), (260, 182))
    for number in range(3):
        canvas.box(190, 250 + number * 84, 70, 10, _BLUE)
    canvas.shape("#8c5a46", (190, 430), (150, 510), (190, 510))
    canvas.shape("#8c5a46", (260, 430), (300, 510), (260, 510))
    canvas.disc(560, 270, 110, "#6f8fb5")
    canvas.disc(530, 240, 42, _HILL, 0.7)
    canvas.disc(600, 310, 36, _HILL, 0.6)
    canvas.line(_OCHRE, 5, (420, 340), (560, 300), (710, 200))
    for x in (460, 640, 800):
        canvas.box(x, 430, 110, 84, _WALL)
        canvas.box(x + 10, 396, 90, 40, "#8fa6bd")
    canvas.crowd(80, 900, 618, 165, dice.randint(7, 10))


_SCENES: dict[Scene, Callable[[_Canvas], None]] = {
    "tent": _tent,
    "clinic": _clinic,
    "van": _van,
    "field": _field,
    "hall": _hall,
    "panels": _panels,
    "stage": _stage,
    "table": _table,
    "museum": _museum,
}
_PAPERS: dict[Paper, str] = {
    "sheet": "签 到 表",
    "document": "（复印件）",
    "statement": "情况说明（事后补录）",
}


def _lines_to_sign(pen: ImageDraw.ImageDraw, dice: Random) -> None:
    """A table whose entries are covered."""
    columns = (70, 140, 330, 500, PAPER_WIDTH - 70)
    rows = [260 + 42 * number for number in range(21)]
    for y in rows:
        pen.line((columns[0], y, columns[-1], y), fill="#8d8376", width=2)
    for x in columns:
        pen.line((x, rows[0], x, rows[-1]), fill="#8d8376", width=2)
    for number, (word, x) in enumerate(
        zip(("序号", "签名", "单位", "备注"), columns, strict=False)
    ):
        middle = (x + columns[number + 1]) / 2
        pen.text((middle, 281), word, font=_font(18), fill="#4a3b33", anchor="mm")
    for number in range(1, dice.randint(14, 20)):
        y = rows[number] + 21
        pen.text((105, y), str(number), font=_font(16), fill="#4a3b33", anchor="mm")
        for left, room in ((162, 130), (352, 120)):
            pen.rectangle((left, y - 9, left + room * dice.uniform(0.55, 1), y + 9), fill="#ddd6ca")


def _lines_to_read(pen: ImageDraw.ImageDraw, dice: Random) -> None:
    """Lines of text as grey bars."""
    y = 274.0
    for _ in range(dice.randint(4, 5)):
        for line in range(dice.randint(3, 5)):
            indent = 40 if line == 0 else 0
            right = PAPER_WIDTH - 70 - (dice.uniform(90, 420) if line == 2 else dice.uniform(0, 10))
            pen.rectangle((70 + indent, y, right, y + 13), fill="#c9c3b8")
            y += 36
        y += 20
    pen.rectangle((PAPER_WIDTH - 300, y + 30, PAPER_WIDTH - 90, y + 44), fill="#c9c3b8")


@cache
def _font(size: int) -> ImageFont.FreeTypeFont:
    return ImageFont.truetype(str(sans_path()), size)


def _fitted(
    pen: ImageDraw.ImageDraw, text: str, room: float, largest: int = 24
) -> tuple[str, ImageFont.FreeTypeFont]:
    """The text and a font in which it fits in; the end is cut off below 16 pixels."""
    for size in range(largest, 15, -1):
        if pen.textlength(text, font=_font(size)) <= room:
            return text, _font(size)
    while pen.textlength(text + "…", font=_font(16)) > room:
        text = text[:-1]
    return text + "…", _font(16)


def _jpeg(image: Image.Image) -> bytes:
    target = io.BytesIO()
    image.save(target, "JPEG", quality=80, optimize=True)
    return target.getvalue()
