"""Whatever stands in a file: there is a plan or a sentence, never an exception."""

from __future__ import annotations

import io
import tempfile
from contextlib import suppress
from datetime import date, datetime
from pathlib import Path
from typing import Any

import pytest
import xlsxwriter
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from taizhang.documents.sheets import ABSENT, Row, Sheet, Trouble
from taizhang.documents.workbooks import KINDS, read_sheets
from taizhang.engines.findings import Refused
from taizhang.exchange import files, plans
from taizhang.exchange.json_rows import sheet_of_json
from taizhang.ledger import catalogue
from taizhang.wording import say
from tests.conftest import Cast

REGISTERS = list(catalogue.registers())
WORDS = (
    *("east", "assoc", "elsewhere", "东镇科协", "讲座", "lecture", "是", "否", "2021-9-18", "9.18"),
    *(
        "2021年2月30日",
        "约300",
        "3,000",
        "１２",
        "=1+1",
        "-5",
        "@x",
        "王**",
        "*",
        "a/b/c",
        "/",
        "//",
    ),
    *(
        "科技志愿服务、助力乡村振兴",
        "、、",
        "\n",
        "HD-2021-0001",
        "x" * 400,
        "\0",
        "\ud800",
        "1e999",
    ),
)
CELLS = st.one_of(
    st.none(),
    st.sampled_from(WORDS),
    st.text(max_size=20),
    st.integers(-(10**20), 10**20),
    st.integers(40_000, 50_000),
    st.floats(),
    st.booleans(),
    st.dates(date(1900, 1, 1), date(2200, 1, 1)),
    st.datetimes(datetime(1900, 1, 1), datetime(2200, 1, 1)),  # noqa: DTZ001 - as a workbook has them
    st.just(Trouble("document.formula-without-value")),
    st.just(Trouble("document.cell-error", {"value": "#N/A"})),
    st.just(ABSENT),
)
SETTINGS = settings(
    max_examples=60,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)


@st.composite
def tables(draw: Any) -> tuple[Any, Sheet]:
    """A register and a sheet whose header names some of its fields, and often others."""
    register = draw(st.sampled_from(REGISTERS))
    names = draw(st.permutations([*register.editable, "state", "心情", ""]))
    names = names[: draw(st.integers(1, len(names)))]
    if draw(st.integers(0, 4)):
        names = list(register.editable)  # so that most tables get beyond their header
    rows = draw(st.lists(st.tuples(*[CELLS] * len(names)), max_size=6))
    numbered = [Row(number, cells) for number, cells in enumerate(rows, start=2)]
    return register, Sheet("表", tuple(names), 1, numbered)


def has_sentences(refused: Refused) -> None:
    """Each finding of a refusal can be said in both languages."""
    for finding in refused.findings:
        assert say(finding, "zh")
        assert say(finding, "en")


@SETTINGS
@given(table=tables())
def test_any_table_gives_a_plan_or_a_sentence(table: tuple[Any, Sheet], cast: Cast) -> None:
    register, sheet = table
    count = len(sheet.rows)
    try:
        plan = plans.make(register, sheet, actor=cast.lin, unit=cast.east, look=True)
    except Refused as refused:
        has_sentences(refused)
        return
    assert sum(plan.counts.values()) == count == len(plan.rows)
    assert plan.digest() or not count
    for row in plan.rows:
        assert bool(row.troubles) == (row.verdict == plans.INVALID)
        for place, _field, finding in row.troubles:
            assert place
            assert say(finding, "zh")
            assert say(finding, "en")


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.sampled_from(WORDS) | st.text(),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner),
    max_leaves=8,
)


@SETTINGS
@given(
    register=st.sampled_from(REGISTERS),
    rows=st.lists(st.dictionaries(st.sampled_from([*WORDS, "id", "unit", "title"]), JSON)),
    document=JSON,
    exact=st.booleans(),
    data=st.data(),
)
def test_any_json_gives_a_plan_or_a_sentence(
    register: Any, rows: Any, document: Any, exact: bool, data: Any, cast: Cast
) -> None:
    if exact:
        fields = st.dictionaries(st.sampled_from(register.editable), JSON)
        rows = data.draw(st.lists(fields, max_size=4))
    for given_ in ({"rows": rows}, document):
        try:
            sheet = sheet_of_json(register, given_)
            plan = plans.make(register, sheet, actor=cast.lin, unit=cast.east)
        except Refused as refused:
            has_sentences(refused)
            continue
        assert sum(plan.counts.values()) == len(plan.rows)


@settings(max_examples=150, deadline=None)
@given(content=st.binary(max_size=400), kind=st.sampled_from(KINDS), head=st.integers(0, 4))
def test_any_bytes_are_read_or_refused(content: bytes, kind: str, head: int) -> None:
    starts = (
        b"",
        b"PK\x03\x04",
        b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1",
        "名称,日期\n".encode(),
        b"\xff\xfe",
    )
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / f"a{kind}"
        path.write_bytes(starts[head] + content)
        with suppress(Refused):
            read_sheets(path, path.name)


@SETTINGS
@given(
    sheets=st.dictionaries(
        st.sampled_from(
            ["活动台账", "活动", "发放资料", "handouts", "说明", "表", "单位", "人员名册"]
        ),
        st.lists(
            st.lists(
                st.sampled_from(
                    [*WORDS[:24], "活动名称*", "活动编号", "形式", "日期", "活动", 3, 2.5, None]
                ),
                max_size=5,
            ),
            max_size=5,
        ),
        min_size=1,
        max_size=4,
    )
)
def test_any_workbook_gives_a_plan_of_all_its_sheets_or_a_sentence(
    sheets: dict[str, list[list[Any]]], cast: Cast, tmp_path: Path
) -> None:
    target = io.BytesIO()
    book = xlsxwriter.Workbook(target, {"in_memory": True})
    for title, rows in sheets.items():
        page = book.add_worksheet(title)
        for number, row in enumerate(rows):
            for column, value in enumerate(row):
                if isinstance(value, str):
                    page.write_string(number, column, value)
                elif value is not None:
                    page.write(number, column, value)
    book.close()
    path = tmp_path / "表.xlsx"
    path.write_bytes(target.getvalue())
    for register in (None, catalogue.get("activities.activity")):
        try:
            made = files.plan_file(path, path.name, register, actor=cast.lin)
        except Refused as refused:
            has_sentences(refused)
            continue
        assert made.total == sum(made.counts.values())


@pytest.mark.parametrize("text", ["a\0b", "\ud800"])
def test_what_no_database_can_hold_is_told_at_its_cell(text: str, cast: Cast) -> None:
    register = catalogue.get("activities.activity")
    sheet = Sheet("表", ("title", "unit"), 1, [Row(2, (text, text))])
    plan = plans.make(register, sheet, actor=cast.su)
    assert [reason.place for reason in plan.rows[0].troubles] == ["A2", "B2"]
