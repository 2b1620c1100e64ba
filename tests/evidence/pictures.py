"""Pictures and files as people send them, made for the tests."""

from __future__ import annotations

import io
import zipfile
from random import Random
from typing import Any

from PIL import Image, ImageDraw, ImageFilter

from taizhang.evidence import actions
from taizhang.evidence.models import Evidence
from taizhang.ledger import catalogue

ACTIVITY = catalogue.get("activities.activity")
EXIF, WRITTEN, OFFSET = 0x8769, 0x9003, 0x9011


def scene(seed: int, size: tuple[int, int] = (800, 600)) -> Image.Image:
    """A photograph nobody took: another one for each seed."""
    dice = Random(seed)  # noqa: S311 - for looks only
    width, height = size
    picture = Image.new("RGB", size, _colour(dice))
    pen = ImageDraw.Draw(picture)
    for _thing in range(20):
        x, y = dice.uniform(0, width), dice.uniform(0, height)
        w, h = dice.uniform(30, width / 3), dice.uniform(30, height / 3)
        shape = pen.ellipse if dice.random() < 0.5 else pen.rectangle
        shape((x - w / 2, y - h / 2, x + w / 2, y + h / 2), fill=_colour(dice))
    return picture.filter(ImageFilter.GaussianBlur(1))


def _colour(dice: Random) -> tuple[int, int, int]:
    return dice.randrange(256), dice.randrange(256), dice.randrange(256)


def jpeg(picture: Image.Image, taken: str = "", offset: str = "", **options: Any) -> bytes:
    """The picture as a camera writes it, with the day it was taken if one is given."""
    exif = Image.Exif()
    if taken:
        exif.get_ifd(EXIF)[WRITTEN] = taken
    if offset:
        exif.get_ifd(EXIF)[OFFSET] = offset
    target = io.BytesIO()
    picture.save(target, "JPEG", exif=exif, **({"quality": 90} | options))
    return target.getvalue()


def sent_on(content: bytes, width: int = 480, quality: int = 60) -> bytes:
    """The picture as a chat program hands it on: smaller, compressed harder, without its EXIF."""
    with Image.open(io.BytesIO(content)) as picture:
        small = picture.copy()
    small.thumbnail((width, width))
    target = io.BytesIO()
    small.save(target, "JPEG", quality=quality)
    return target.getvalue()


def package(**members: bytes) -> bytes:
    """An office file with these parts: ``word__document_xml`` is ``word/document.xml``."""
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in members.items():
            archive.writestr(name.replace("__", "/").replace("_xml", ".xml"), content)
    return target.getvalue()


def attach(
    record: Any,
    actor: Any,
    content: bytes,
    name: str = "照片.jpg",
    kind: str = "photo",
    **more: Any,
) -> Evidence:
    """Attach a file to an activity."""
    return actions.attach(
        ACTIVITY, record, actor=actor, content=content, name=name, kind=kind, **more
    )
