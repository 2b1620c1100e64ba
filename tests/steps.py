"""Steps that many stories share: forms filled in, files read back, imports carried through."""

from __future__ import annotations

import csv
import io
import json
import re
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

import xlsxwriter
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection

from taizhang.documents.workbooks import read_sheets
from taizhang.ledger.models import Entry, Record
from taizhang.ledger.register import Register

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


def form_data(register: Register, values: dict[str, Any]) -> dict[str, Any]:
    """Values as a browser sends them."""
    sent: dict[str, Any] = {}
    for name, value in values.items():
        known = register.fields[name]
        if known.many:
            sent[name] = [term.code for term in value]
        elif known.kind == "term":
            sent[name] = value.code if value else ""
        elif known.kind == "boolean":
            sent[name] = "1" if value else "0"
        elif known.kind == "choice":
            sent[name] = value
        elif known.kind == "reference":
            sent[name] = known.cell(value)
        else:
            sent[name] = known.show(value)
    return sent


def form_of(register: Register, record: Record) -> dict[str, Any]:
    """The form of a record as it opens."""
    found = {name: register.fields[name].value(record) for name in register.editable}
    return form_data(register, found) | {"version": record.version}


def body(response: Any) -> bytes:
    """The whole answer, streamed or not. Reading to the end closes the file behind it."""
    content: bytes = response.getvalue() if response.streaming else response.content
    return content


def questions(browser: Any, address: str) -> int:
    """How many questions an answer asks the database; counted at the connection, which shows no values."""
    asked = 0

    def counting(execute: Any, *arguments: Any) -> Any:
        nonlocal asked
        asked += 1
        return execute(*arguments)

    with connection.execute_wrapper(counting):
        response = browser.get(address)
        body(response)
    assert response.status_code == 200, address
    return asked


def xlsx_rows(content: bytes, folder: Path) -> tuple[tuple[str, ...], list[tuple[Any, ...]]]:
    """Header and rows of the only sheet."""
    path = folder / "read-back.xlsx"
    path.write_bytes(content)
    (sheet,) = read_sheets(path, path.name)
    return sheet.header, [row.cells for row in sheet.rows]


def csv_rows(content: bytes) -> tuple[list[str], list[list[str]]]:
    """Header and rows."""
    header, *rows = csv.reader(io.StringIO(content.decode("utf-8-sig"), newline=""))
    return header, rows


def json_rows(client: Any, register: Register, query: str = "") -> dict[str, Any]:
    """The read API of a list."""
    response = client.get(f"/{register.path}.json?{query}")
    assert response.status_code == 200, response.content.decode()
    found: dict[str, Any] = json.loads(body(response))
    return found


def workbook(header: list[str], *rows: list[Any], sheet: str = "Sheet1") -> bytes:
    """A small workbook; a text that begins with = becomes a formula nobody has calculated."""
    target = io.BytesIO()
    book = xlsxwriter.Workbook(target, {"in_memory": True})
    page = book.add_worksheet(sheet)
    day = book.add_format({"num_format": "yyyy-mm-dd"})
    page.write_row(0, 0, header)
    for number, row in enumerate(rows, start=1):
        for column, value in enumerate(row):
            if hasattr(value, "isoformat"):
                page.write_datetime(number, column, value, day)
            elif isinstance(value, str) and value.startswith("="):
                page.write_formula(number, column, value, value="")
            elif value is not None and value != "":
                page.write(number, column, value)
    book.close()
    return target.getvalue()


def upload(client: Any, register: Register, content: bytes, name: str = "表.xlsx") -> Any:
    """Choose a file on the import page; the answer is the plan's page or the refusal."""
    file = SimpleUploadedFile(name, content)
    return client.post(f"/{register.path}/import/", {"file": file}, follow=True)


def confirm(client: Any, planned: Any, **sent: str) -> Any:
    """Say yes to the plan that was shown."""
    address = (
        planned.redirect_chain[-1][0] if planned.redirect_chain else planned.request["PATH_INFO"]
    )
    return client.post(address, {"digest": planned.context["kept"].digest, **sent}, follow=True)


def troubles(planned: Any) -> dict[int, list[tuple[str, str]]]:
    """Of a plan's page: row number → (cell, finding code)."""
    return {
        row.number: [(cell, finding.code) for cell, _label, finding in row.troubles]
        for row in planned.context["plan"].rows
        if row.troubles
    }


def entries(record: Record) -> list[Entry]:
    """The history of one record, oldest first."""
    meta = record._meta
    name = f"{meta.app_label}.{meta.model_name}"
    return list(Entry.objects.filter(register=name, record_id=record.pk).order_by("pk"))


class _Texts(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.found: list[str] = []
        self.links: list[str] = []
        self._hidden = 0

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag in ("script", "style"):
            self._hidden += 1
        given = dict(attrs)
        if tag == "a" and given.get("href"):
            self.links.append(str(given["href"]))
        for name in ("aria-label", "placeholder", "title", "alt"):
            if given.get(name):
                self.found.append(str(given[name]))

    def handle_endtag(self, tag: str) -> None:
        if tag in ("script", "style"):
            self._hidden -= 1

    def handle_data(self, data: str) -> None:
        if not self._hidden and data.strip():
            self.found.append(re.sub(r"\s+", " ", data.strip()))


def texts(page: str) -> list[str]:
    """Every piece of text of a page, also those only heard."""
    parser = _Texts()
    parser.feed(page)
    return parser.found


def links(page: str) -> list[str]:
    """Every address a page links to."""
    parser = _Texts()
    parser.feed(page)
    return parser.links


def without_tokens(page: str) -> str:
    """A page without what differs at each rendering."""
    return re.sub(r'name="csrfmiddlewaretoken" value="[^"]+"', "", page)


def really_emptied() -> None:
    """Take back what a test wrote for other connections to see; the words of lists stay."""
    from django.apps import apps
    from django.db import connection, transaction

    from taizhang.ledger.models import Term

    with transaction.atomic():
        for model in apps.get_models(include_auto_created=True):
            if not issubclass(model, Term) and model._meta.app_label not in (
                "contenttypes",
                "auth",
            ):
                model._base_manager.all()._raw_delete(connection.alias)
