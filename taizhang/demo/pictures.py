"""Drawn stand-ins for photographs and scanned sheets; nobody is shown and each says it is a demo.

The same arguments give the same bytes, so a picture that several records share is kept once.
"""

from __future__ import annotations

import io
from functools import cache
from random import Random
from typing import Literal, get_args

from PIL import Image, ImageDraw, ImageFont
from pylopdf_fonts_zh_cn import sans_path

from .canvas import HEIGHT, WIDTH, Canvas
from .scenes import SCENES, Scene

Paper = Literal["sheet", "document", "statement"]

BAND = 84
PAPER_WIDTH, PAPER_HEIGHT = 848, 1200


def draw(title: str, date: str, place: str, kind: Scene, seed: int) -> bytes:
    """Draw a scene with the caption 演示图片 · DEMO; a JPEG of 960 × 720 below 120 kB.

    ``kind`` is one of ``Scene``; an unknown one raises KeyError.
    """
    canvas = Canvas(WIDTH, HEIGHT, Random(f"{kind}/{seed}"))  # noqa: S311 - for looks only
    SCENES[kind](canvas)
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
    mark = _mark()
    image.paste("#46638c", ((PAPER_WIDTH - mark.width) // 2, 460), mark)
    tilt = dice.uniform(-0.7, 0.7)  # no sheet lies straight in a scanner
    return _jpeg(image.rotate(tilt, Image.Resampling.BILINEAR, fillcolor="#d9d5cc"))


@cache
def _mark() -> Image.Image:
    """What is written across every sheet; turning it takes as long as all the rest of a sheet."""
    mark = Image.new("L", (PAPER_WIDTH, 260), 0)
    ImageDraw.Draw(mark).text(
        (PAPER_WIDTH / 2, 130), "演示 DEMO", font=_font(120), fill=46, anchor="mm"
    )
    return mark.rotate(24, Image.Resampling.BICUBIC, expand=True)


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
