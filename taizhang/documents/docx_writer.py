"""Writing a document tree as .docx in the look of GB/T 9704-2012.

Every number stands in a content control that carries its fact's id as tag and is bound to the map
of facts in a custom XML part, so that an edited file can be read back number by number.
"""

from __future__ import annotations

import io
import zipfile
from collections.abc import Iterator, Mapping, Sequence
from typing import Any
from xml.sax.saxutils import escape, quoteattr

from taizhang.documents import docx_parts as parts
from taizhang.documents import qr
from taizhang.documents.files import Target, opened
from taizhang.documents.layout import (
    BOTTOM,
    LEFT,
    LINE_PITCH,
    PAGE_HEIGHT,
    PAGE_WIDTH,
    RIGHT,
    TOP,
    TRACKING,
    DocProperties,
    Mark,
    clean,
    twips,
)
from taizhang.engines.findings import Refused
from taizhang.engines.tree import Block, Document, FigureRun, Paragraph, Run, Table

TAG_LIMIT = 64
"""Word cuts longer tags and aliases."""

MARK_SIZE = 26.0
"""Edge of the QR code in millimetres."""

_ZIP_TIME = (1980, 1, 1, 0, 0, 0)
"""The earliest a zip can hold; the same always, so that the same report has the same bytes."""


def write_docx(
    document: Document,
    target: Target,
    *,
    facts: Mapping[str, Mapping[str, Any]],
    properties: DocProperties,
) -> None:
    """Write ``document``; ``facts`` adds to what each figure already says of itself, by id.

    The same input gives the same bytes. Raises Refused ``document.tag-too-long`` (id, limit),
    ``document.tag-twice`` (id), ``document.disk-full`` or ``document.cannot-write``.
    """
    figures = document.figures()
    _check_ids(figures)
    item = parts.facts_item({f.id: {**_fact(f), **facts.get(f.id, {})} for f in figures})
    store = parts.store_id(item)
    files: dict[str, str | bytes] = {
        "[Content_Types].xml": parts.content_types(),
        "_rels/.rels": parts.relationships(parts.PACKAGE_RELATIONS),
        "word/document.xml": _body(document, store, properties),
        "word/_rels/document.xml.rels": parts.relationships(
            parts.DOCUMENT_RELATIONS | (parts.MARK_RELATION if properties.mark else {})
        ),
        "word/styles.xml": parts.styles(),
        "word/settings.xml": parts.settings(),
        "word/fontTable.xml": parts.font_table(),
        "word/footer1.xml": parts.footer("right", properties.seal),
        "word/footer2.xml": parts.footer("left", properties.seal),
        "customXml/item1.xml": item,
        "customXml/itemProps1.xml": parts.item_properties(store),
        "customXml/_rels/item1.xml.rels": parts.relationships(parts.ITEM_RELATIONS),
        "docProps/core.xml": parts.core(properties),
    }
    if properties.mark:
        files["word/media/mark.png"] = qr.png(properties.mark.code)
    with opened(target) as handle:
        handle.write(_zipped(files))


def _zipped(files: Mapping[str, str | bytes]) -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        for name, content in files.items():
            info = zipfile.ZipInfo(name, _ZIP_TIME)
            info.compress_type = zipfile.ZIP_DEFLATED
            info.create_system = 0  # else the bytes depend on the system that wrote them
            archive.writestr(info, content)
    return buffer.getvalue()


def _check_ids(figures: Sequence[FigureRun]) -> None:
    seen: set[str] = set()
    for figure in figures:
        if len(figure.id) > TAG_LIMIT:
            raise Refused.because("document.tag-too-long", figure.id, id=figure.id, limit=TAG_LIMIT)
        if figure.id in seen:
            raise Refused.because("document.tag-twice", figure.id, id=figure.id)
        seen.add(figure.id)


def _fact(figure: FigureRun) -> dict[str, Any]:
    return {
        "code": figure.code,
        "value": figure.value,
        "unit": figure.unit,
        "rows": figure.rows,
        "query": figure.query,
        "prints": figure.text,
    }


def _body(document: Document, store: str, properties: DocProperties) -> str:
    writer = _Writer(store)
    blocks = "".join(writer.blocks(document.blocks))
    mark = "" if properties.mark is None else _mark(properties.mark)
    return (
        f'{parts.HEAD}<w:document xmlns:w="{parts.W}" xmlns:r="{parts.R}"><w:body>{blocks}{mark}'
        f"{_section(properties.seal)}</w:body></w:document>"
    )


def _mark(mark: Mark) -> str:
    style = f'<w:pStyle w:val="{parts.STYLE_IDS["note"]}"/>'
    lines = "".join(
        f'<w:p><w:pPr>{style}<w:ind w:firstLineChars="0" w:firstLine="0"/></w:pPr>{_text(line)}</w:p>'
        for line in mark.lines
    )
    picture = parts.picture(next(iter(parts.MARK_RELATION)), MARK_SIZE)
    # Lines of a fixed height would cut the picture off.
    free = '<w:keepNext/><w:spacing w:before="400" w:line="240" w:lineRule="auto"/>'
    indent = '<w:ind w:firstLineChars="0" w:firstLine="0"/>'
    return f"<w:p><w:pPr>{style}{free}{indent}</w:pPr>{picture}</w:p>{lines}"


def _section(seal: str) -> str:
    # The grid counts spacing in 1/4096 pt from the size of Normal; floor, so that 28 fit.
    spacing = int(TRACKING * 4096 // 1)
    return (
        '<w:sectPr><w:footerReference w:type="default" r:id="rId4"/>'
        '<w:footerReference w:type="even" r:id="rId5"/>'
        f'<w:pgSz w:w="{twips(PAGE_WIDTH)}" w:h="{twips(PAGE_HEIGHT)}"/>'
        f'<w:pgMar w:top="{twips(TOP)}" w:right="{twips(RIGHT)}" w:bottom="{twips(BOTTOM)}" '
        f'w:left="{twips(LEFT)}" w:header="851" w:footer="{parts.footer_distance(seal)}" '
        'w:gutter="0"/><w:pgNumType w:start="1"/>'
        f'<w:docGrid w:type="linesAndChars" w:linePitch="{LINE_PITCH}" w:charSpace="{spacing}"/>'
        "</w:sectPr>"
    )


class _Writer:
    """Turns blocks into XML; numbers the content controls as it goes."""

    def __init__(self, store: str) -> None:
        self.store = store
        self.control = 0

    def blocks(self, blocks: Sequence[Block]) -> Iterator[str]:
        for position, block in enumerate(blocks):
            before = blocks[position - 1] if position else None
            after = blocks[position + 1] if position + 1 < len(blocks) else None
            if isinstance(block, Paragraph):
                yield self._paragraph(block, before, after)
            else:
                yield self._table(block)
                if not isinstance(after, Paragraph):
                    # Two tables in a row would melt into one, and a body must not end with one.
                    yield "<w:p/>"

    def _paragraph(self, block: Paragraph, before: Block | None, after: Block | None) -> str:
        role = block.role
        lines_before = lines_after = 0
        if role in ("title", "byline") and _role(after) not in ("title", "byline"):
            lines_after = 1  # one blank line between the heading of the paper and its text
        if role == "signature" and _role(before) not in (None, "signature"):
            lines_before = 2
        extra = parts.spacing(lines_before, lines_after) if lines_before or lines_after else ""
        if _role(after) == "signature":
            # The page with the signature must bear text (GB/T 9704 7.3.5.4).
            extra = "<w:keepNext/>" + extra
        style = f'<w:pStyle w:val="{parts.STYLE_IDS[role]}"/>'
        return f"<w:p><w:pPr>{style}{extra}</w:pPr>{self._runs(block.runs)}</w:p>"

    def _table(self, table: Table) -> str:
        columns = max((len(row) for row in table.rows), default=0)
        if not columns:
            return ""
        width = (twips(PAGE_WIDTH) - twips(LEFT) - twips(RIGHT)) // columns
        edges = "".join(
            f'<w:{edge} w:val="single" w:sz="4" w:space="0" w:color="auto"/>'
            for edge in ("top", "left", "bottom", "right", "insideH", "insideV")
        )
        grid = f'<w:gridCol w:w="{width}"/>' * columns
        rows = "".join(
            self._row(row, columns, width, head=index < table.header_rows)
            for index, row in enumerate(table.rows)
        )
        return (
            f'<w:tbl><w:tblPr><w:tblW w:w="5000" w:type="pct"/><w:jc w:val="center"/>'
            f"<w:tblBorders>{edges}</w:tblBorders></w:tblPr><w:tblGrid>{grid}</w:tblGrid>"
            f"{rows}</w:tbl>"
        )

    def _row(self, row: Sequence[tuple[Run, ...]], columns: int, width: int, *, head: bool) -> str:
        full = [*row, *([()] * (columns - len(row)))]
        style = parts.TABLE_HEAD if head else parts.TABLE_TEXT
        cells = "".join(
            f'<w:tc><w:tcPr><w:tcW w:w="{width}" w:type="dxa"/><w:vAlign w:val="center"/></w:tcPr>'
            f'<w:p><w:pPr><w:pStyle w:val="{style}"/></w:pPr>{self._runs(cell)}</w:p></w:tc>'
            for cell in full
        )
        repeat = "<w:tblHeader/>" if head else ""
        return f"<w:tr><w:trPr><w:cantSplit/>{repeat}</w:trPr>{cells}</w:tr>"

    def _runs(self, runs: Sequence[Run]) -> str:
        return "".join(
            self._figure(run) if isinstance(run, FigureRun) else _text(run.text) for run in runs
        )

    def _figure(self, figure: FigureRun) -> str:
        self.control += 1
        key = clean(figure.id)
        # XPath 1.0 has no escapes; an id with both kinds of quotes stays unbound, found by its tag.
        binding = ""
        if '"' not in key and "'" not in key:
            xpath = quoteattr(f"/t:facts[1]/t:fact[@id='{key}'][1]/t:prints[1]")
            binding = (
                f"<w:dataBinding w:prefixMappings=\"xmlns:t='{parts.FACTS}'\" w:xpath={xpath} "
                f'w:storeItemID="{self.store}"/>'
            )
        return (
            f"<w:sdt><w:sdtPr><w:alias w:val={quoteattr(clean(figure.code)[:TAG_LIMIT])}/>"
            f'<w:tag w:val={quoteattr(key)}/><w:id w:val="{self.control}"/>{binding}<w:text/>'
            f"</w:sdtPr><w:sdtContent>{_text(figure.text)}</w:sdtContent></w:sdt>"
        )


def _role(block: Block | None) -> str | None:
    if block is None:
        return None
    return block.role if isinstance(block, Paragraph) else "table"


def _text(text: str) -> str:
    """One run; tabs and line ends are elements in WordprocessingML."""
    pieces: list[str] = []
    for line_number, line in enumerate(clean(text).split("\n")):
        if line_number:
            pieces.append("<w:br/>")
        for tab_number, piece in enumerate(line.split("\t")):
            if tab_number:
                pieces.append("<w:tab/>")
            if piece:
                pieces.append(f'<w:t xml:space="preserve">{escape(piece)}</w:t>')
    return f"<w:r>{''.join(pieces)}</w:r>"
