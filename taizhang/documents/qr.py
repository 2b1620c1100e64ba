"""QR codes for paper: as a drawing for pages and PDF, as a picture for Word."""

from __future__ import annotations

import io

import segno

_QUIET = 4
"""Blank modules around the code, as ISO/IEC 18004 wants them."""


def svg(text: str) -> str:
    """The code as an SVG element without size: it fills what it stands in."""
    buffer = io.BytesIO()
    segno.make(text, error="m", micro=False).save(
        buffer,
        kind="svg",
        border=_QUIET,
        xmldecl=False,
        omitsize=True,
        dark="#000",
        light="#fff",
        svgclass=None,
        lineclass=None,
        nl=False,
    )
    return buffer.getvalue().decode()


def png(text: str, scale: int = 8) -> bytes:
    """The code as a picture, ``scale`` pixels to a module. Equal texts give equal bytes."""
    buffer = io.BytesIO()
    segno.make(text, error="m", micro=False).save(buffer, kind="png", scale=scale, border=_QUIET)
    return buffer.getvalue()
