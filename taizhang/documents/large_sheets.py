"""Writing one sheet of very many rows as .xlsx, as plainly as the format allows.

It looks like any other sheet of ours (``workbook_writer``), but the XML of its rows is put together
here, texts inline: five times as quick as a library that can do everything, in constant memory.
"""

from __future__ import annotations

import re
import shutil
import tempfile
import zipfile
from collections.abc import Iterable, Iterator, Sequence
from datetime import date, datetime
from decimal import Decimal
from itertools import islice
from typing import Any

from taizhang.documents import workbook_writer
from taizhang.documents.csvfiles import guard, plain_text
from taizhang.documents.files import Target, opened
from taizhang.documents.sheets import cell_name
from taizhang.documents.workbook_writer import ROW_LIMIT, TEXT_LIMIT, OutSheet
from taizhang.engines.findings import Refused

_BUFFER = 500
"""Rows put together before they are compressed."""
_REMEMBERED = 20_000
"""Texts and days whose XML is kept: units, choices and days repeat."""
_COMPRESSION = 3
_DAY_NOUGHT = date(1899, 12, 30)
_HEAD, _DAY, _MOMENT, _QUOTED = 1, 2, 3, 4
"""The places of the formats in ``_STYLES``."""
_SPECIAL = re.compile("[&<>\x00-\x1f\ufffe\uffff]|_x[0-9A-Fa-f]{4}_")
_MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
_PACKAGE = "http://schemas.openxmlformats.org/package/2006"
_OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_KINDS = "application/vnd.openxmlformats-officedocument.spreadsheetml"
_XML = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'
_PARTS = {
    "[Content_Types].xml": f'<Types xmlns="{_PACKAGE}/content-types">'
    '<Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
    '<Default Extension="xml" ContentType="application/xml"/>'
    f'<Override PartName="/xl/workbook.xml" ContentType="{_KINDS}.sheet.main+xml"/>'
    f'<Override PartName="/xl/worksheets/sheet1.xml" ContentType="{_KINDS}.worksheet+xml"/>'
    f'<Override PartName="/xl/styles.xml" ContentType="{_KINDS}.styles+xml"/></Types>',
    "_rels/.rels": f'<Relationships xmlns="{_PACKAGE}/relationships">'
    f'<Relationship Id="rId1" Type="{_OFFICE}/officeDocument" Target="xl/workbook.xml"/>'
    "</Relationships>",
    "xl/_rels/workbook.xml.rels": f'<Relationships xmlns="{_PACKAGE}/relationships">'
    f'<Relationship Id="rId1" Type="{_OFFICE}/worksheet" Target="worksheets/sheet1.xml"/>'
    f'<Relationship Id="rId2" Type="{_OFFICE}/styles" Target="styles.xml"/></Relationships>',
    "xl/styles.xml": f'<styleSheet xmlns="{_MAIN}"><numFmts count="2">'
    '<numFmt numFmtId="164" formatCode="yyyy\\-mm\\-dd"/>'
    '<numFmt numFmtId="165" formatCode="yyyy\\-mm\\-dd\\ hh:mm"/></numFmts>'
    '<fonts count="2"><font><sz val="11"/><name val="Calibri"/><family val="2"/></font>'
    '<font><b/><sz val="11"/><name val="Calibri"/><family val="2"/></font></fonts>'
    '<fills count="2"><fill><patternFill patternType="none"/></fill>'
    '<fill><patternFill patternType="gray125"/></fill></fills>'
    '<borders count="2"><border><left/><right/><top/><bottom/><diagonal/></border>'
    '<border><left/><right/><top/><bottom style="thin"><color auto="1"/></bottom><diagonal/></border>'
    '</borders><cellStyleXfs count="1"><xf numFmtId="0" fontId="0" fillId="0" borderId="0"/>'
    '</cellStyleXfs><cellXfs count="5"><xf numFmtId="0" fontId="0" fillId="0" borderId="0" xfId="0"/>'
    '<xf numFmtId="0" fontId="1" fillId="0" borderId="1" xfId="0" applyFont="1" applyBorder="1"'
    ' applyAlignment="1"><alignment vertical="center"/></xf>'
    '<xf numFmtId="164" fontId="0" fillId="0" borderId="0" xfId="0" applyNumberFormat="1"/>'
    '<xf numFmtId="165" fontId="0" fillId="0" borderId="0" xfId="0" applyNumberFormat="1"/>'
    '<xf numFmtId="0" fontId="0" fillId="0" borderId="0" xfId="0" quotePrefix="1"/></cellXfs>'
    '<cellStyles count="1"><cellStyle name="Normal" xfId="0" builtinId="0"/></cellStyles>'
    "</styleSheet>",
}


def write_large_xlsx(target: Target, out: OutSheet) -> None:
    """Write a workbook of one sheet; ``out.rows`` may be a generator and is gone through once.

    Raises Refused like ``workbook_writer.write_xlsx``.
    """
    name = workbook_writer.clean_sheet_name(out.name, set())
    with (
        opened(target) as handle,
        # A zip is written back and forth; what was given may be a pipe.
        tempfile.SpooledTemporaryFile(workbook_writer.IN_MEMORY) as spool,
    ):
        with zipfile.ZipFile(
            spool, "w", zipfile.ZIP_DEFLATED, compresslevel=_COMPRESSION
        ) as archive:
            for path, content in _PARTS.items():
                archive.writestr(path, _XML + content)
            sheet = _Sheet(name, len(out.columns))
            with archive.open("xl/worksheets/sheet1.xml", "w", force_zip64=True) as part:
                for piece in sheet.xml(out):
                    part.write(piece.encode())
            archive.writestr("xl/workbook.xml", _XML + sheet.workbook())
        spool.seek(0)
        shutil.copyfileobj(spool, handle)


class _Sheet:
    def __init__(self, name: str, columns: int) -> None:
        self.name = name
        self.letters = [cell_name(column, 1).rstrip("1") for column in range(columns)]
        self.known: dict[Any, str] = {}
        self.last = 1

    def xml(self, out: OutSheet) -> Iterator[str]:
        """The sheet, piece by piece."""
        rows = iter(out.rows)
        sample = list(islice(rows, workbook_writer.SAMPLE))
        yield f'{_XML}<worksheet xmlns="{_MAIN}"><sheetViews><sheetView tabSelected="1" workbookViewId="0">'
        yield '<pane ySplit="1" topLeftCell="A2" activePane="bottomLeft" state="frozen"/>'
        yield '</sheetView></sheetViews><sheetFormatPr defaultRowHeight="15"/>'
        widths = enumerate(workbook_writer.widths(out.columns, sample), start=1)
        columns = [
            f'<col min="{n}" max="{n}" width="{w + 0.71}" customWidth="1"/>' for n, w in widths
        ]
        if columns:
            yield f"<cols>{''.join(columns)}</cols>"
        heads = [
            f'<c r="{letter}1" s="{_HEAD}"{self._text(column.title)}'
            for letter, column in zip(self.letters, out.columns, strict=True)
        ]
        yield f'<sheetData><row r="1">{"".join(heads)}</row>'
        for some in (sample, rows):
            yield from self._rows(some)
        yield "</sheetData>"
        if columns:
            yield f'<autoFilter ref="A1:{self.letters[-1]}{self.last}"/>'
        yield "</worksheet>"

    def _rows(self, rows: Iterable[Sequence[Any]]) -> Iterator[str]:
        waiting: list[str] = []
        for values in rows:
            self.last += 1
            if self.last > ROW_LIMIT:
                params = {"sheet": self.name, "limit": ROW_LIMIT}
                raise Refused.because("document.too-many-rows", self.name, **params)
            number = self.last
            cells = [
                f'<c r="{letter}{number}"{self._cell(value, letter)}'
                for letter, value in zip(self.letters, values, strict=False)
                if value is not None and value != ""
            ]
            waiting.append(f'<row r="{number}">{"".join(cells)}</row>')
            if len(waiting) >= _BUFFER:
                yield "".join(waiting)
                waiting.clear()
        yield "".join(waiting)

    def _cell(self, value: Any, letter: str) -> str:
        kind = type(value)
        if kind is str or kind is date:
            known = self.known.get(value)
            if known is None:
                known = self._made(value, letter)
                if len(self.known) >= _REMEMBERED:
                    self.known.clear()
                self.known[value] = known
            return known
        return self._made(value, letter)

    def _made(self, value: Any, letter: str) -> str:
        """What follows the place of a cell, its end included."""
        if isinstance(value, bool):
            return f' t="b"><v>{value:d}</v></c>'
        if isinstance(value, int | float | Decimal) and workbook_writer.fits(value):
            return f"><v>{format(value, 'f') if isinstance(value, Decimal) else value}</v></c>"
        if isinstance(value, datetime) and value.date() >= workbook_writer.FIRST_DATE:
            seconds = value.hour * 3600 + value.minute * 60 + value.second
            serial = (value.date() - _DAY_NOUGHT).days + seconds / 86400
            return f' s="{_MOMENT}"><v>{serial}</v></c>'
        if type(value) is date and value >= workbook_writer.FIRST_DATE:
            return f' s="{_DAY}"><v>{(value - _DAY_NOUGHT).days}</v></c>'
        text = value if isinstance(value, str) else plain_text(value)
        if len(text) > TEXT_LIMIT:
            params = {"sheet": self.name, "cell": f"{letter}{self.last}", "limit": TEXT_LIMIT}
            where = f"{self.name}!{letter}{self.last}"
            raise Refused.because("document.text-too-long", where, **params)
        # Whoever edits the cell later does not make a formula of it either.
        quoted = f' s="{_QUOTED}"' if isinstance(value, str) and guard(text) is not text else ""
        return quoted + self._text(text)

    def _text(self, text: str) -> str:
        written = _SPECIAL.sub(_escaped, workbook_writer.encodable(text))
        keep = ' xml:space="preserve"' if text != text.strip() or "\n" in text else ""
        return f' t="inlineStr"><is><t{keep}>{written}</t></is></c>'

    def workbook(self) -> str:
        """The part that names the sheet."""
        name = _SPECIAL.sub(_escaped, self.name).replace('"', "&quot;")
        area = (
            f"'{name.replace(chr(39), chr(39) * 2)}'!$A$1:${self.letters[-1]}${self.last}"
            if self.letters
            else ""
        )
        filtered = (
            f'<definedNames><definedName name="_xlnm._FilterDatabase" localSheetId="0" hidden="1">'
            f"{area}</definedName></definedNames>"
        )
        return (
            f'<workbook xmlns="{_MAIN}" xmlns:r="{_OFFICE}"><sheets>'
            f'<sheet name="{name}" sheetId="1" r:id="rId1"/></sheets>{filtered if area else ""}</workbook>'
        )


def _escaped(match: re.Match[str]) -> str:
    found = match[0]
    if found in "&<>":
        return {"&": "&amp;", "<": "&lt;", ">": "&gt;"}[found]
    if found in "\t\n":
        return found
    if found.startswith("_"):  # a text that looks like an escape is no escape
        return f"_x005F{found}"
    return f"_x{ord(found):04X}_"
