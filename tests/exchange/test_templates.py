"""Templates: a workbook for each register and one for a whole year, opened, filled in, imported."""

from __future__ import annotations

import re
import zipfile
from pathlib import Path
from typing import Any

from django.core.files.uploadedfile import SimpleUploadedFile

from taizhang.documents.sheets import Sheet
from taizhang.documents.workbook_writer import OutColumn, OutSheet, write_xlsx
from taizhang.documents.workbooks import opened_book, read_sheets
from taizhang.exchange import blank
from taizhang.exchange.columns import in_order, referred
from taizhang.ledger import catalogue
from taizhang.ledger.register import Register
from tests import factories
from tests.conftest import Cast
from tests.factories import make
from tests.ledger.test_conformance import another, clerk, each_register, plain_field
from tests.steps import body, confirm, troubles, upload

NOTHING = {"new": 0, "changed": 0, "same": 0, "invalid": 0}


def template(browser: Any, path: str, folder: Path) -> Path:
    answer = browser.get(f"{path}import/template.xlsx")
    assert answer.status_code == 200
    file = folder / "模板.xlsx"
    file.write_bytes(body(answer))
    return file


def filled(sheet: Sheet, register: Register, *rows: dict[str, Any]) -> OutSheet:
    """The sheet of a template with rows in it."""
    known = {f"{f.label}": f for f in register.fields.values()}
    fields = [known[title.rstrip("*")] for title in sheet.header]
    cells = [[f.cell(row.get(f.name, f.empty())) for f in fields] for row in rows]
    return OutSheet(sheet.name, [OutColumn(title) for title in sheet.header], cells)


def sheet_of(path: Path, register: Register) -> Sheet:
    return next(s for s in read_sheets(path, path.name) if s.name == register.label_plural)


@each_register
def test_a_template_opens_says_how_to_fill_it_in_and_imports_what_was_filled_in(
    name: str, cast: Cast, wen: Any, sign_in: Any, tmp_path: Path
) -> None:
    register = catalogue.get(name)
    person = clerk(register, cast)
    browser = sign_in(person)
    path = template(browser, f"/{register.path}/", tmp_path)
    nothing = upload(browser, register, path.read_bytes())
    assert nothing.status_code == 200, nothing.content.decode()
    assert nothing.context["counts"] == NOTHING
    assert not nothing.context["ready"]
    sheet = sheet_of(path, register)
    starred = {title.rstrip("*") for title in sheet.header if title.endswith("*")}
    needed = {f.label for f in register.fields.values() if f.writable and f.required}
    assert starred == needed - {"主办单位", "单位"} or register.scope != "unit"
    guide = read_sheets(path, path.name)[0]
    words = str([row.cells for row in guide.rows])
    assert all(register.fields[n].label in words for n in register.editable)

    values = [factories.values(register, number, cast.east, wen) for number in (1, 2)]
    content = tmp_path / "填好.xlsx"
    write_xlsx(content, [filled(sheet, register, *values)])
    plan = upload(browser, register, content.read_bytes())
    assert plan.context["counts"] == NOTHING | {"new": 2}, troubles(plan)
    before = register.model._default_manager.count()
    confirm(browser, plan)
    assert register.model._default_manager.count() == before + 2


@each_register
def test_choices_of_a_template_are_lists_that_the_import_understands(
    name: str, cast: Cast, sign_in: Any
) -> None:
    register = catalogue.get(name)
    for column, field in zip(
        blank.Columns(clerk(register, cast), [register]).of(register),
        [register.fields[n] for n in register.editable],
        strict=True,
    ):
        if field.kind in ("choice", "term", "terms", "boolean"):
            assert column.choices, field.name
        assert column.note, field.name
        if field.kind in ("choice", "boolean"):
            assert [field.parse(text, lambda *_: None) for text in column.choices]


def test_the_year_has_a_sheet_for_each_register_one_may_import_parents_before_children(
    cast: Cast, sign_in: Any, tmp_path: Path
) -> None:
    for person, managing in ((cast.su, False), (cast.lin, True)):
        path = template(sign_in(person), "/", tmp_path)
        with opened_book(path, path.name) as book:
            titles = [title for title in book.titles if title != "说明"]
            assert book.hidden in (["选项"], [])
        by_title = {r.label_plural: r for r in catalogue.registers()}
        there = [by_title[title] for title in titles]
        assert {r.name for r in there} == {
            r.name for r in catalogue.registers() if managing or not r.manager_only
        }
        for position, register in enumerate(there):
            assert set(referred(register)) & set(there[position + 1 :]) - {register} == set()


def test_a_template_is_only_for_who_may_import(cast: Cast, sign_in: Any) -> None:
    reader = sign_in(cast.re)
    for address in ("/import/", "/import/template.xlsx"):
        assert reader.get(address).status_code == 403, address
        assert reader.get(f"/activities/activity{address}").status_code == 403, address
    recorder = sign_in(cast.su)
    assert recorder.get("/org/unit/import/template.xlsx").status_code == 403


def test_the_empty_year_is_nothing_to_do_and_the_filled_one_writes_all_registers_at_once(
    cast: Cast, wen: Any, sign_in: Any, tmp_path: Path
) -> None:
    browser = sign_in(cast.lin)
    path = template(browser, "/", tmp_path)
    file = SimpleUploadedFile("全年.xlsx", path.read_bytes())
    nothing = browser.post("/import/", {"file": file}, follow=True)
    assert nothing.context["counts"] == NOTHING
    sheets = {sheet.name: sheet for sheet in read_sheets(path, path.name)}
    registers = list(catalogue.registers())
    values = {r.name: factories.values(r, 1, cast.east, wen) for r in registers}
    out = [filled(sheets[r.label_plural], r, values[r.name]) for r in registers]
    write_xlsx(tmp_path / "全年.xlsx", out)
    file = SimpleUploadedFile("全年.xlsx", (tmp_path / "全年.xlsx").read_bytes())
    plan = browser.post("/import/", {"file": file}, follow=True)
    assert plan.context["counts"] == NOTHING | {"new": len(registers)}
    done = confirm(browser, plan)
    assert done.status_code == 200
    for register in registers:
        key = {n: values[register.name][n] for n in register.key if n in values[register.name]}
        assert register.model._default_manager.filter(**key).exists(), register.name


def test_lists_notes_and_references_stand_in_the_workbook_as_excel_wants_them(
    cast: Cast, sign_in: Any, tmp_path: Path
) -> None:
    path = template(sign_in(cast.su), "/", tmp_path)
    with zipfile.ZipFile(path) as archive:
        parts = {n: archive.read(n).decode() for n in archive.namelist() if n.endswith(".xml")}
    names = re.findall(r'<sheet name="([^"]+)"', parts["xl/workbook.xml"])
    page = parts[f"xl/worksheets/sheet{names.index('发放资料') + 1}.xml"]
    assert "'活动台账'!$C$2:$C$2001" in page, "the activities of the same workbook"
    assert "<formula1>&quot;" in page or '<formula1>"' in page, "a short list stands in the cell"
    assert "prompt=" in page
    assert 'orientation="landscape"' in page
    assert 'state="frozen"' in page
    for part in parts.values():
        for formula in re.findall(r"<formula1>\"?(.*?)\"?</formula1>", part):
            assert len(formula) <= 255


def test_registers_come_after_what_they_refer_to_whatever_the_order_they_are_named_in() -> None:
    registers = list(catalogue.registers())
    for given in (registers, registers[::-1]):
        ordered = in_order(given)
        assert set(ordered) == set(registers)
        for position, register in enumerate(ordered):
            assert not set(referred(register)) & set(ordered[position + 1 :]) - {register}


@each_register
def test_a_broken_row_comes_back_and_is_imported_when_it_is_mended(
    name: str, cast: Cast, wen: Any, sign_in: Any, tmp_path: Path
) -> None:
    register = catalogue.get(name)
    person = clerk(register, cast)
    browser = sign_in(person)
    sheet = sheet_of(template(browser, f"/{register.path}/", tmp_path), register)
    good, bad = (factories.values(register, number, cast.east, wen) for number in (1, 2))
    out = filled(sheet, register, good, bad)
    rows = [list(row) for row in out.rows]
    column, value = spoiled(register, sheet)
    right, rows[1][column] = rows[1][column], value
    write_xlsx(tmp_path / "表.xlsx", [OutSheet(out.name, out.columns, rows)])
    plan = upload(browser, register, (tmp_path / "表.xlsx").read_bytes())
    assert plan.context["counts"] == NOTHING | {"new": 1, "invalid": 1}, troubles(plan)
    answer = browser.get(f"{plan.redirect_chain[-1][0]}returned.xlsx")
    path = tmp_path / "退回.xlsx"
    path.write_bytes(body(answer))
    (home,) = read_sheets(path, path.name)
    assert home.header == (*sheet.header, "退回原因")
    (row,) = home.rows
    assert register.fields[register.editable[column]].label in str(row.cells[-1])
    assert not path_has_formula(path)
    mended = list(row.cells)
    mended[column] = right
    write_xlsx(path, [OutSheet(home.name, [OutColumn(t) for t in home.header], [mended])])
    again = upload(browser, register, path.read_bytes(), "退回.xlsx")
    assert again.context["counts"] == NOTHING | {"new": 1}, troubles(again)
    before = register.model._default_manager.count()
    confirm(browser, again)
    assert register.model._default_manager.count() == before + 1


def spoiled(register: Register, sheet: Sheet) -> tuple[int, Any]:
    """A column and a value that it cannot have."""
    wrong = {
        "integer": "若干",
        "decimal": "若干",
        "date": "某日",
        "choice": "别的",
        "boolean": "也许",
        "reference": "没有",
    }
    kinds = {n: register.fields[n].kind for n in register.editable}
    name = next(n for kind in wrong for n, k in kinds.items() if k == kind)
    return register.editable.index(name), wrong[kinds[name]]


def path_has_formula(path: Path) -> bool:
    with zipfile.ZipFile(path) as archive:
        pages = [archive.read(n) for n in archive.namelist() if "worksheets/sheet" in n]
    return any(b"<f>" in page for page in pages)


@each_register
def test_the_reason_column_is_read_over_even_when_nothing_was_mended(
    name: str, cast: Cast, wen: Any, sign_in: Any, tmp_path: Path
) -> None:
    register = catalogue.get(name)
    record = make(name, 1, cast.east, wen)
    field = plain_field(register)
    head = [register.fields[n].label for n in (*register.key, field)] + ["退回原因"]
    cells = [register.fields[n].cell(register.fields[n].value(record)) for n in register.key]
    changed = another(register, record, field)
    write_xlsx(
        tmp_path / "表.xlsx",
        [OutSheet("表", [OutColumn(t) for t in head], [[*cells, changed, "随便"]])],
    )
    plan = upload(sign_in(clerk(register, cast)), register, (tmp_path / "表.xlsx").read_bytes())
    assert plan.context["counts"] == NOTHING | {"changed": 1}, troubles(plan)
