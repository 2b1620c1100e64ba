"""Writing a document tree as PDF/A-2b in the look of GB/T 9704-2012, with fonts we may ship.

Typst sets the page; the text goes in as data, never as source. The standard's faces are licensed,
so Noto Serif SC stands for 仿宋, 楷体 and 小标宋, Noto Sans SC for 黑体 (both SIL OFL).
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from functools import cache
from pathlib import Path
from typing import Any

import typst
from pylopdf_fonts_zh_cn import sans_path, serif_path

from taizhang.documents import layout, qr
from taizhang.documents.files import Target, opened
from taizhang.documents.glyphs import MISSING, coverage
from taizhang.documents.layout import DocProperties, Mark, clean
from taizhang.engines.findings import Finding, Refused
from taizhang.engines.tree import Block, Document, Paragraph, Run, Table

_SOURCE = Path(__file__).with_name("report.typ")


def write_pdf(document: Document, target: Target, *, properties: DocProperties) -> list[Finding]:
    """Write ``document``; the same input gives the same bytes.

    Returns findings ``document.no-glyph`` (character, codepoint) for characters that no shipped
    font has; they are printed as 〓. Raises Refused ``document.cannot-typeset`` (reason),
    ``document.disk-full`` or ``document.cannot-write``.
    """
    printer = _Printer()
    data = printer.data(document, properties)
    try:
        content = typst.compile(
            _SOURCE.read_bytes(),
            font_paths=_fonts(),
            ignore_system_fonts=True,
            sys_inputs={"data": json.dumps(data, ensure_ascii=False)},
            pdf_standards="a-2b",
            timestamp=properties.created,
            format="pdf",
        )
    except typst.TypstError as error:
        raise Refused.because("document.cannot-typeset", reason=str(error.message)) from error
    with opened(target) as handle:
        handle.write(content)
    return [
        Finding(
            "document.no-glyph", "look", where, {"character": c, "codepoint": f"U+{ord(c):04X}"}
        )
        for c, where in printer.missing.items()
    ]


@cache
def _fonts() -> Any:
    # Only ours: with the machine's fonts the same report would look different elsewhere.
    folders = sorted({str(sans_path().parent), str(serif_path().parent)})
    return typst.Fonts(False, False, folders)


class _Printer:
    """Turns blocks into data for the template and remembers what cannot be printed."""

    def __init__(self) -> None:
        self.known = coverage(sans_path()) | coverage(serif_path())
        self.missing: dict[str, str] = {}

    def data(self, document: Document, properties: DocProperties) -> dict[str, Any]:
        blocks = document.blocks
        return {
            "title": clean(properties.title),
            "author": clean(properties.creator),
            "keywords": [clean(word) for word in properties.keywords],
            "seal": self._text(properties.seal, ""),
            "mark": self._mark(properties.mark),
            "layout": _layout(),
            "blocks": [
                self._table(block)
                if isinstance(block, Table)
                else self._paragraph(block, blocks[:index], blocks[index + 1 :])
                for index, block in enumerate(blocks)
                if isinstance(block, Paragraph) or any(block.rows)
            ],
        }

    def _mark(self, mark: Mark | None) -> dict[str, Any] | None:
        if mark is None:
            return None
        return {"code": qr.svg(mark.code), "lines": [self._text(line, "") for line in mark.lines]}

    def _paragraph(
        self, block: Paragraph, before: Sequence[Block], after: Sequence[Block]
    ) -> dict[str, Any]:
        following = after[0] if after else None
        previous = before[-1] if before else None
        gap = False
        if block.role in ("title", "byline"):
            gap = not (isinstance(following, Paragraph) and following.role in ("title", "byline"))
        elif block.role == "signature":
            gap = previous is not None and not (
                isinstance(previous, Paragraph) and previous.role == "signature"
            )
        runs = self._runs(block.runs, block.id)
        keep = isinstance(following, Paragraph) and following.role == "signature"
        return {"kind": "paragraph", "role": block.role, "gap": gap, "keep": keep, "runs": runs}

    def _table(self, table: Table) -> dict[str, Any]:
        columns = max(len(row) for row in table.rows)
        rows = [
            [self._runs(cell, table.id) for cell in row] + [[]] * (columns - len(row))
            for row in table.rows
        ]
        header = min(table.header_rows, len(rows))
        return {"kind": "table", "columns": columns, "header": header, "rows": rows}

    def _runs(self, runs: Sequence[Run], where: str) -> list[str]:
        return [self._text(run.text, where) for run in runs]

    def _text(self, text: str, where: str) -> str:
        text = clean(text).replace("\t", "　")
        for character in set(text) - {"\n"}:
            if ord(character) not in self.known:
                self.missing.setdefault(character, where)
                text = text.replace(character, MISSING)
        return text


def _layout() -> dict[str, float]:
    return {
        "width": layout.PAGE_WIDTH,
        "height": layout.PAGE_HEIGHT,
        "top": layout.TOP,
        "bottom": layout.BOTTOM,
        "left": layout.LEFT,
        "right": layout.RIGHT,
        "pitch": layout.LINE_PITCH / 20,
        "tracking": layout.TRACKING,
        "size": layout.BODY_SIZE,
        "title-size": layout.TITLE_SIZE,
        "note-size": layout.LOOKS["note"].size,
        "table-size": layout.TABLE_SIZE,
        "number-size": layout.PAGE_NUMBER_SIZE,
        "seal-size": layout.SEAL_SIZE,
        "drop": layout.PAGE_NUMBER_DROP,
    }
