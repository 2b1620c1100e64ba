"""What the drawn pictures show: a tent, a van, a hall, and where else science is brought to people."""

from __future__ import annotations

from collections.abc import Callable
from typing import Literal

from .canvas import (
    BLUE,
    COATS,
    DRY,
    FLOOR,
    GROUND,
    HEIGHT,
    HILL,
    OCHRE,
    PAPER,
    PINE,
    WALL,
    WIDTH,
    WOOD,
    Canvas,
)

Scene = Literal["tent", "clinic", "van", "field", "hall", "panels", "stage", "table", "museum"]


def _open_air(canvas: Canvas, ground: str = GROUND) -> None:
    dice = canvas.dice
    if dice.random() < 0.7:
        canvas.disc(dice.uniform(620, 860), dice.uniform(70, 150), 42, PAPER)
    canvas.hill(330, 120, "#bccbc6")
    canvas.hill(400, 90, HILL)
    canvas.hill(480, 26, ground)


def _tent_at(canvas: Canvas, x: float, width: float, roof: str, sign: str = "") -> None:
    y = 300
    canvas.crowd(x + 30, x + width - 30, 560, 190, 2)
    for post in (x + 8, x + width - 16):
        canvas.box(post, y, 8, 270, WOOD)
    canvas.shape(roof, (x - 16, y + 6), (x + width / 2, y - 96), (x + width + 16, y + 6))
    for number in range(6):
        step = (width + 32) / 6
        edge = x - 16 + number * step
        canvas.shape(
            PAPER if number % 2 else roof,
            (edge, y + 6),
            (edge + step, y + 6),
            (edge + step / 2, y + 34),
        )
    canvas.box(x + 14, 480, width - 28, 96, PAPER)
    canvas.box(x + 14, 480, width - 28, 12, "#d9cfba")
    if sign:
        middle = x + width / 2
        canvas.box(middle - 9, 506, 18, 54, sign)
        canvas.box(middle - 27, 524, 54, 18, sign)
    else:
        for number in range(3):
            canvas.box(x + 40 + number * (width - 80) / 3, 466, 44, 14, canvas.dice.choice(COATS))


def _tent(canvas: Canvas) -> None:
    _open_air(canvas)
    for x, roof in ((70, BLUE), (370, canvas.dice.choice((PINE, OCHRE, BLUE))), (670, BLUE)):
        _tent_at(canvas, x, 230, roof)
    canvas.crowd(60, 900, 622, 170, canvas.dice.randint(5, 8))


def _clinic(canvas: Canvas) -> None:
    _open_air(canvas)
    for x in (110, 530):
        _tent_at(canvas, x, 320, "#e8e3d6" if canvas.dice.random() < 0.5 else PINE, PINE)
    for x in (200, 300, 620, 720):
        canvas.box(x, 584, 44, 8, WOOD)
        canvas.box(x, 584, 6, 44, WOOD)
        canvas.box(x + 38, 584, 6, 44, WOOD)
    canvas.crowd(380, 560, 622, 170, 2)
    canvas.crowd(790, 930, 622, 170, 2)


def _van(canvas: Canvas) -> None:
    _open_air(canvas)
    left = canvas.dice.uniform(110, 190)
    canvas.box(left, 250, 470, 280, BLUE)
    canvas.shape(
        BLUE,
        (left + 470, 312),
        (left + 590, 312),
        (left + 660, 420),
        (left + 660, 530),
        (left + 470, 530),
    )
    canvas.shape(PAPER, (left + 496, 336), (left + 576, 336), (left + 628, 418), (left + 496, 418))
    canvas.shape(
        "#37507a", (left - 14, 250), (left + 484, 250), (left + 452, 204), (left + 22, 204)
    )
    canvas.box(left + 34, 290, 402, 150, PAPER)
    for number in range(4):
        x = left + 86 + number * 98
        canvas.box(x - 30, 398, 60, 42, WALL)
        canvas.disc(x, 366, 30, canvas.dice.choice((OCHRE, PINE, "#8c5a46", BLUE)))
        canvas.disc(x, 366, 12, PAPER)
    for x in (left + 90, left + 540):
        canvas.disc(x, 532, 46, WOOD)
        canvas.disc(x, 532, 20, WALL)
    canvas.crowd(60, 930, 628, 140, canvas.dice.randint(8, 11))


def _field(canvas: Canvas) -> None:
    dice = canvas.dice
    _open_air(canvas, DRY if dice.random() < 0.35 else GROUND)
    if dice.random() < 0.5:
        for number in range(-6, 30):
            x = number * 48.0
            canvas.line("#6c7d62", 5, (480 + (x - 480) * 0.42, 486), (x, HEIGHT))
            for row in range(6):
                share = (row + 0.5) / 6
                at = 480 + (x - 480) * (0.42 + 0.58 * share)
                canvas.disc(at, 486 + 150 * share, 6 + 9 * share, PINE, 0.6)
    else:
        for _ in range(9):
            x, y = dice.uniform(40, 920), dice.uniform(486, 560)
            for leg in (-16, -6, 6, 16):
                canvas.box(x + leg, y + 8, 4, 22, "#5b5048")
            canvas.disc(x, y, 30, "#ece6d8", 0.62)
            canvas.disc(x + 30, y - 8, 10, "#5b5048")
    canvas.crowd(200, 660, 618, 215, dice.randint(4, 6))
    canvas.box(742, 500, 6, 120, WOOD)
    canvas.box(690, 420, 110, 84, PAPER)
    canvas.line(PINE, 6, (704, 486), (730, 456), (752, 468), (786, 436))


def _room(canvas: Canvas) -> None:
    canvas.box(0, 0, WIDTH, HEIGHT, WALL)
    canvas.box(0, 470, WIDTH, HEIGHT - 470, FLOOR)
    canvas.box(0, 462, WIDTH, 10, "#8d7f69")


def _hall(canvas: Canvas) -> None:
    dice = canvas.dice
    _room(canvas)
    canvas.box(190, 60, 470, 286, WOOD)
    canvas.box(202, 72, 446, 262, "#eef1f2")
    canvas.box(236, 100, dice.uniform(180, 300), 20, BLUE)
    if dice.random() < 0.5:
        for number in range(5):
            high = dice.uniform(30, 140)
            canvas.box(250 + number * 74, 306 - high, 44, high, dice.choice((BLUE, PINE, OCHRE)))
    else:
        for number in range(4):
            canvas.disc(262, 160 + number * 40, 8, OCHRE)
            canvas.box(284, 152 + number * 40, dice.uniform(150, 320), 14, "#9aa6b2")
    canvas.person(770, 440, 230, BLUE)
    canvas.shape(WOOD, (700, 350), (812, 350), (796, 462), (716, 462))
    canvas.heads(452, 3)


def _panels(canvas: Canvas) -> None:
    dice = canvas.dice
    if dice.random() < 0.5:
        _open_air(canvas)
    else:
        _room(canvas)
    for number in range(5):
        x = 46 + number * 178
        for leg in (x + 12, x + 138):
            canvas.box(leg, 250, 8, 330, WOOD)
        canvas.box(x, 210, 158, 260, PAPER)
        canvas.box(x, 210, 158, 40, dice.choice((BLUE, PINE, "#8c5a46")))
        canvas.box(x + 16, 268, 126, 84, dice.choice((HILL, "#c9d3dc", "#dccfb4")))
        canvas.disc(x + dice.uniform(50, 110), 310, 24, dice.choice((OCHRE, PINE, BLUE)))
        for row in range(4):
            canvas.box(x + 16, 372 + row * 22, dice.uniform(80, 126), 9, "#b4ab9c")
    canvas.crowd(60, 900, 624, 190, dice.randint(5, 8))


def _stage(canvas: Canvas) -> None:
    dice = canvas.dice
    _open_air(canvas)
    canvas.box(110, 110, 740, 330, BLUE)
    canvas.box(140, 134, 680, 56, "#5d7aa3")
    for number in range(9):
        canvas.disc(176 + number * 76, 162, 14, PAPER)
    canvas.disc(480, 300, 84, "#5d7aa3")
    canvas.disc(480, 300, 34, OCHRE)
    for turn in ((400, 250, 560, 350), (400, 350, 560, 250)):
        canvas.line(PAPER, 4, turn[:2], turn[2:])
    canvas.box(80, 436, 800, 60, WOOD)
    canvas.box(80, 436, 800, 10, "#6b574c")
    for number in range(dice.randint(5, 7)):
        canvas.person(190 + number * 96, 440, 170, dice.choice((OCHRE, "#8c5a46", PINE)))
    canvas.heads(520, 2)


def _table(canvas: Canvas) -> None:
    dice = canvas.dice
    _room(canvas)
    for x in (90, 390, 690):
        canvas.box(x, 90, 180, 190, "#cfd9e0")
        canvas.box(x + 86, 90, 8, 190, PAPER)
        canvas.box(x, 180, 180, 8, PAPER)
    for x, y in ((60, 470), (520, 470), (290, 570)):
        canvas.crowd(x + 10, x + 370, y + 40, 165, 4)
        canvas.shape("#8d6f55", (x, y), (x + 380, y), (x + 404, y + 36), (x - 24, y + 36))
        canvas.box(x - 24, y + 36, 428, 14, WOOD)
        for number in range(4):
            at = x + 50 + number * 92
            canvas.box(at - 22, y + 2, 44, 16, dice.choice((PAPER, BLUE, OCHRE, PINE)))
    canvas.line(PAPER, 6, (610, 210), (760, 170))
    canvas.shape(OCHRE, (660, 170), (676, 166), (712, 214), (696, 218))


def _museum(canvas: Canvas) -> None:
    dice = canvas.dice
    canvas.box(0, 0, WIDTH, HEIGHT, "#38475c")
    canvas.box(0, 500, WIDTH, HEIGHT - 500, "#59657a")
    for _ in range(70):
        canvas.disc(dice.uniform(0, WIDTH), dice.uniform(10, 380), dice.uniform(1, 3), PAPER)
    canvas.box(190, 180, 70, 330, PAPER)
    canvas.shape(OCHRE, (190, 182), (225, 96), (260, 182))
    for number in range(3):
        canvas.box(190, 250 + number * 84, 70, 10, BLUE)
    canvas.shape("#8c5a46", (190, 430), (150, 510), (190, 510))
    canvas.shape("#8c5a46", (260, 430), (300, 510), (260, 510))
    canvas.disc(560, 270, 110, "#6f8fb5")
    canvas.disc(530, 240, 42, HILL, 0.7)
    canvas.disc(600, 310, 36, HILL, 0.6)
    canvas.line(OCHRE, 5, (420, 340), (560, 300), (710, 200))
    for x in (460, 640, 800):
        canvas.box(x, 430, 110, 84, WALL)
        canvas.box(x + 10, 396, 90, 40, "#8fa6bd")
    canvas.crowd(80, 900, 618, 165, dice.randint(7, 10))


SCENES: dict[Scene, Callable[[Canvas], None]] = {
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
