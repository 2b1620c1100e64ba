"""Importing a table: looked at first, written whole or not at all, every fault named with its cell."""

from __future__ import annotations

import errno
import io
import os
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
import xlsxwriter
from django.conf import settings

from taizhang.accounts.models import Membership
from taizhang.documents.workbooks import opened_book, read_sheets
from taizhang.engines.findings import Refused
from taizhang.exchange import carry, files, plans
from taizhang.exchange.models import ImportPlan
from taizhang.ledger import catalogue, write
from taizhang.ledger.models import Batch, Entry
from tests.conftest import Cast
from tests.factories import act, make, terms, verified
from tests.steps import confirm, entries, troubles, upload, workbook

ACTIVITY = catalogue.get("activities.activity")
HEAD = ["活动名称", "活动编号", "组织单位", "活动形式", "活动日期", "现场受益人次"]


def rows() -> Any:
    return ACTIVITY.model._default_manager.order_by("code")


def labels(*names: str) -> list[str]:
    return [ACTIVITY.fields[name].labels()[0] for name in names]


NAMES = ("title", "code", "unit", "form", "held_on", "attendance")


def line(number: int = 1, **changes: Any) -> list[Any]:
    values: dict[str, Any] = {
        "title": f"第{number}场",
        "code": f"HD-2021-{number:04d}",
        "unit": "east",
        "form": "lecture",
        "held_on": date(2021, 9, 18),
        "attendance": 30,
    }
    return list((values | changes).values())


def planned(browser: Any, *lines: list[Any], head: list[str] | None = None) -> Any:
    answer = upload(browser, ACTIVITY, workbook(head or list(NAMES), *lines))
    assert answer.status_code == 200, answer.content.decode()
    return answer


def said(answer: Any) -> str:
    return str(answer.content.decode())


@pytest.mark.fast
def test_a_plan_writes_nothing_and_a_yes_writes_one_batch(cast: Cast, sign_in: Any) -> None:
    old = make(ACTIVITY.name, 1, cast.east, cast.su, code="HD-2021-0001", attendance=9)
    browser = sign_in(cast.su)
    before = Entry.objects.count()
    plan = planned(
        browser,
        line(1, attendance=9, title=old.title, held_on=date(2021, 3, 2)),
        line(2),
        line(3),
    )
    assert plan.context["counts"] == {"new": 2, "changed": 0, "same": 1, "invalid": 0}
    assert (Entry.objects.count(), rows().count()) == (before, 1)
    done = confirm(browser, plan)
    assert done.status_code == 200
    assert rows().count() == 3
    batch = Batch.objects.get()
    assert (batch.created, batch.changed, batch.actor) == (2, 0, cast.su)
    assert batch.entries.count() == 2
    assert set(rows().values_list("state", flat=True)) == {"draft"}
    again = confirm(browser, plan)
    assert rows().count() == 3
    assert Batch.objects.count() == 1, "a second click finds it done"
    assert again.status_code == 200
    assert list(Path(settings.UPLOAD_ROOT).iterdir()) == []


@pytest.mark.parametrize(
    ("cell", "day"),
    [
        ("2021-09-18", date(2021, 9, 18)),
        ("2021/9/18", date(2021, 9, 18)),
        ("2021.9.18", date(2021, 9, 18)),
        ("2021年9月18日", date(2021, 9, 18)),
        ("2021 年 9 月 18 日", date(2021, 9, 18)),
        ("２０２１-０９-１８", date(2021, 9, 18)),
        (date(2021, 9, 18), date(2021, 9, 18)),
        (" 2021-9-8 ", date(2021, 9, 8)),
    ],
)
def test_days_are_read_as_people_write_them(cell: Any, day: date, cast: Cast, sign_in: Any) -> None:
    browser = sign_in(cast.su)
    confirm(browser, planned(browser, line(held_on=cell)))
    assert rows().get().held_on == day


@pytest.mark.parametrize(
    ("cell", "number"),
    [
        (30, 30),
        ("30", 30),
        ("9,800", 9800),
        ("３３５６", 3356),
        ("1 200", 1200),
        (30.0, 30),
        ("0", 0),
        ("", None),
    ],
)
def test_numbers_are_read_as_people_write_them(
    cell: Any, number: int | None, cast: Cast, sign_in: Any
) -> None:
    browser = sign_in(cast.su)
    confirm(browser, planned(browser, line(attendance=cell)))
    assert rows().get().attendance == number


@pytest.mark.parametrize("form", ["lecture", "LECTURE", "Lecture", "讲座"])
def test_choices_are_read_by_code_or_by_label_in_either_language(
    form: str, cast: Cast, sign_in: Any
) -> None:
    browser = sign_in(cast.su)
    confirm(browser, planned(browser, line(form=form)))
    assert rows().get().form == "lecture"


@pytest.mark.parametrize("language", [0, 1])
def test_headers_are_names_or_labels_in_either_language(
    language: int, cast: Cast, sign_in: Any
) -> None:
    head = [ACTIVITY.fields[name].labels()[language] for name in NAMES]
    browser = sign_in(cast.su)
    head[0] += "*"
    confirm(browser, planned(browser, line(), head=head))
    assert rows().get().title == "第1场"


def test_tags_units_and_places_are_read_by_code_key_or_name(cast: Cast, sign_in: Any) -> None:
    hall = make("places.place", 1, cast.east, cast.su, name="东镇科技馆", code="CS-1")
    browser = sign_in(cast.su)
    head = ["title", "unit", "form", "held_on", "themes", "place"]
    english = terms("activities.theme", "rural")[0].name_en
    confirm(
        browser,
        planned(
            browser,
            ["甲", "东镇科协", "讲座", "2021-01-02", "科技志愿服务、rural", "东镇科技馆"],
            [
                "乙",
                "east",
                "讲座",
                "2021-01-02",
                f"volunteering；{english}；{english}",
                "east/CS-1",
            ],
            head=head,
        ),
    )
    first, second = rows()
    assert (first.unit, first.place) == (second.unit, second.place) == (cast.east, hall)
    assert (first.code, second.code) == ("HD-2021-0001", "HD-2021-0002")
    for row in (first, second):
        assert {theme.code for theme in row.themes.all()} == {"volunteering", "rural"}


def test_a_file_without_a_unit_column_goes_to_the_one_unit_of_its_recorder(
    cast: Cast, sign_in: Any
) -> None:
    browser = sign_in(cast.bo)
    head = ["title", "form", "held_on"]
    confirm(browser, planned(browser, ["甲", "讲座", "2021-01-02"], head=head))
    assert rows().get().unit == cast.east


FAULTS: dict[str, tuple[dict[str, Any], str, str]] = {
    "a day that does not exist": ({"held_on": "2021-02-30"}, "E2", "import.no-such-day"),
    "a day in words": ({"held_on": "去年秋天"}, "E2", "import.not-a-date"),
    "no day": ({"held_on": ""}, "E2", "import.required"),
    "an estimate": ({"attendance": "3356余"}, "F2", "import.vague-number"),
    "about": ({"attendance": "约300"}, "F2", "import.vague-number"),
    "words": ({"attendance": "若干"}, "F2", "import.not-a-number"),
    "half a person": ({"attendance": 2.5}, "F2", "import.not-whole"),
    "a negative count": ({"attendance": -3}, "F2", "import.negative"),
    "more than there are people": ({"attendance": 9_999_999_999}, "F2", "import.too-big"),
    "a formula nobody calculated": (
        {"attendance": "=SUM(1,2)"},
        "F2",
        "document.formula-without-value",
    ),
    "a choice that is none": ({"form": "茶话会"}, "D2", "import.not-a-choice"),
    "a unit that does not exist": ({"unit": "easst"}, "C2", "import.no-such-row"),
    "no title": ({"title": ""}, "A2", "import.required"),
    "a code too long": ({"code": "X" * 41}, "B2", "import.too-long"),
}


@pytest.mark.parametrize("fault", FAULTS)
def test_a_fault_is_named_with_its_cell_and_nothing_is_written(
    fault: str, cast: Cast, sign_in: Any
) -> None:
    changes, cell, code = FAULTS[fault]
    browser = sign_in(cast.su)
    plan = planned(browser, line(1, **changes), line(2))
    assert troubles(plan) == {2: [(cell, code)]}
    assert plan.context["counts"] == {"new": 1, "changed": 0, "same": 0, "invalid": 1}
    assert cell in said(plan)
    refused = confirm(browser, plan)
    assert refused.status_code == 422
    assert rows().count() == 0


def test_a_merged_cell_and_a_cell_error_are_named(cast: Cast, sign_in: Any) -> None:
    target = io.BytesIO()
    book = xlsxwriter.Workbook(target, {"in_memory": True})
    sheet = book.add_worksheet()
    sheet.write_row(0, 0, list(NAMES))
    for number in (1, 2):
        values = line(number)
        values[4] = "2021-09-18"
        sheet.write_row(number, 0, values)
    sheet.merge_range(1, 5, 2, 5, 40)
    sheet.write_formula(1, 0, "=NA()", None, "#N/A")
    book.close()
    plan = upload(sign_in(cast.su), ACTIVITY, target.getvalue())
    found = troubles(plan)
    assert ("A2", "document.cell-error") in found[2]
    assert ("F3", "document.merged-cell") in found[3]


def test_a_last_day_before_the_first_and_a_row_twice_are_told(cast: Cast, sign_in: Any) -> None:
    head = [*NAMES, "ended_on"]
    plan = planned(
        sign_in(cast.su),
        [*line(1), "2021-09-17"],
        [*line(2), "2021-09-19"],
        [*line(2), "2021-09-20"],
        head=head,
    )
    found = troubles(plan)
    assert [code for _cell, code in found[2]] == ["write.broken-rule"]
    assert [code for _cell, code in found[4]] == ["import.row-twice"]
    assert 3 not in found


def test_two_new_rows_without_a_code_are_two_rows(cast: Cast, sign_in: Any) -> None:
    browser = sign_in(cast.su)
    confirm(browser, planned(browser, line(1, code=""), line(1, code="")))
    assert rows().count() == 2


def test_columns_that_are_missing_unknown_or_there_twice_are_named(
    cast: Cast, sign_in: Any
) -> None:
    browser = sign_in(cast.su)
    name = ACTIVITY.fields["attendance"].labels()[0]
    answer = upload(browser, ACTIVITY, workbook([*NAMES[:5], name[:-1]], line()))
    assert answer.status_code == 422
    assert name in said(answer), "the nearest"
    answer = upload(
        browser, ACTIVITY, workbook(["title", ACTIVITY.fields["title"].labels()[0]], ["a", "b"])
    )
    assert answer.status_code == 422
    partner = catalogue.get("activities.partner")
    answer = upload(browser, partner, workbook(["name", "part"], ["a", "host"]))
    assert answer.status_code == 422
    assert partner.fields["activity"].labels()[0] in said(answer)
    answer = upload(browser, ACTIVITY, workbook(["title", "title"], ["a", "b"]))
    assert answer.status_code == 422
    assert not ImportPlan.objects.exists()
    assert list(Path(settings.UPLOAD_ROOT).iterdir()) == [], "a refused file is not kept"


def test_a_required_column_that_is_missing_is_told_for_each_new_row(
    cast: Cast, sign_in: Any
) -> None:
    plan = planned(sign_in(cast.su), ["甲", "east"], head=["title", "unit"])
    assert {code for _cell, code in troubles(plan)[2]} == {"import.required"}
    assert len(troubles(plan)[2]) == 2, "form and day"


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("表.xlsx", b"\x89PNG\r\n\x1a\n" + b"0" * 100),
        ("表.xlsx", "名称,日期\n甲,2021-01-01\n".encode()),
        ("表.csv", workbook(list(NAMES), [])),
        ("表.pdf", b"%PDF-1.7"),
        ("表.xlsx", b""),
        ("表.xls", b"\xd0\xcf\x11\xe0" + b"0" * 600),
        ("表.xlsx", workbook(["a"], [])[:200]),
        ("空.xlsx", workbook([])),
    ],
)
def test_a_file_that_is_not_what_its_name_says_is_refused_in_a_sentence(
    name: str, content: bytes, cast: Cast, sign_in: Any
) -> None:
    answer = upload(sign_in(cast.su), ACTIVITY, content, name)
    assert answer.status_code == 422
    assert answer.context["problems"]
    assert "Traceback" not in said(answer)
    assert not ImportPlan.objects.exists()


def test_a_post_without_a_file_and_one_over_the_limit_are_refused(
    cast: Cast, sign_in: Any, settings: Any
) -> None:
    browser = sign_in(cast.su)
    answer = browser.post("/activities/activity/import/", {})
    assert answer.status_code == 422
    settings.UPLOAD_LIMIT_MB = 1
    answer = upload(browser, ACTIVITY, os.urandom(1024 * 1024 + 1))
    assert answer.status_code == 422
    assert "1 MB" in said(answer) or "1MB" in said(answer)


def test_masked_cells_mean_as_it_was_and_other_masks_are_refused(cast: Cast, sign_in: Any) -> None:
    people = catalogue.get("volunteers.volunteer")
    record = make("volunteers.volunteer", 1, cast.east, cast.su, code="ZY-1")
    browser = sign_in(cast.su)
    head = ["unit", "code", "name", "phone", "platform", "joined_on", "speciality"]
    row = ["east", "ZY-1", "志***", "139****0001", "national", "2021-03-01", "兽医"]
    plan = upload(browser, people, workbook(head, row))
    assert plan.context["counts"]["changed"] == 1, troubles(plan)
    confirm(browser, plan)
    fresh = people.queryset().get(pk=record.pk)
    assert (fresh.name, fresh.phone, fresh.speciality) == ("志愿者1", "13900000001", "兽医")
    assert list(entries(record)[-1].changes) == ["speciality"]
    wrong = [*row[:2], "王**", *row[3:]]
    new = ["east", "ZY-2", "李*", "", "national", "2021-03-01", ""]
    plan = upload(browser, people, workbook(head, wrong, new))
    assert troubles(plan) == {2: [("C2", "import.masked")], 3: [("C3", "import.masked")]}


def test_states_and_versions_cannot_be_imported(cast: Cast, sign_in: Any) -> None:
    browser = sign_in(cast.su)
    head = [*NAMES, "state", "version"]
    plan = planned(browser, [*line(1), "verified", 99], head=head)
    assert plan.context["plan"].ignored == ["state", "version"]
    confirm(browser, plan)
    assert (rows().get().state, rows().get().version) == ("draft", 1)


def test_changing_verified_rows_needs_a_reason_and_takes_them_out_of_the_figures(
    cast: Cast, sign_in: Any
) -> None:
    record = verified(ACTIVITY.name, 1, cast.east, cast, code="HD-2021-0001")
    browser = sign_in(cast.su)
    plan = planned(browser, line(1))
    assert plan.context["corrections"] == 1
    refused = confirm(browser, plan)
    assert refused.status_code == 422
    record.refresh_from_db()
    assert record.state == "verified"
    confirm(browser, plan, reason="按签到表核对")
    record.refresh_from_db()
    assert record.state == "submitted"
    assert entries(record)[-1].reason == "按签到表核对"


def test_a_void_row_is_not_changed_by_an_import(cast: Cast, sign_in: Any) -> None:
    record = make(ACTIVITY.name, 1, cast.east, cast.su, code="HD-2021-0001")
    act(record, "void", cast.lin, "重复")
    plan = planned(sign_in(cast.su), line(1))
    assert [code for _cell, code in troubles(plan)[2]] == ["write.void"]


def test_a_plan_that_the_ledger_has_overtaken_is_refused_and_shown_anew(
    cast: Cast, sign_in: Any
) -> None:
    record = make(ACTIVITY.name, 1, cast.east, cast.su, code="HD-2021-0001")
    browser = sign_in(cast.su)
    plan = planned(browser, line(1))
    write.change(ACTIVITY, ACTIVITY.queryset().get(pk=record.pk), {"attendance": 7}, actor=cast.lin)
    refused = confirm(browser, plan)
    assert refused.status_code in (409, 422)
    assert refused.context["problems"]
    record.refresh_from_db()
    assert record.attendance == 7
    assert "7" in str(refused.context["plan"].rows[0].changes), "the plan as it is now"
    again = browser.post(plan.redirect_chain[-1][0], {"digest": refused.context["kept"].digest})
    assert again.status_code == 302
    record.refresh_from_db()
    assert record.attendance == 30


def test_somebody_else_s_plan_does_not_exist(cast: Cast, sign_in: Any) -> None:
    plan = planned(sign_in(cast.su), line(1))
    address = plan.redirect_chain[-1][0]
    for other in (cast.lin, cast.bo):
        browser = sign_in(other)
        assert browser.get(address).status_code == 404
        assert browser.post(address, {}).status_code == 404


def test_a_dropped_plan_leaves_no_file_behind(cast: Cast, sign_in: Any) -> None:
    browser = sign_in(cast.su)
    plan = planned(browser, line(1))
    assert list(Path(settings.UPLOAD_ROOT).iterdir())
    browser.post(plan.redirect_chain[-1][0], {"drop": "1"})
    assert list(Path(settings.UPLOAD_ROOT).iterdir()) == []
    assert not ImportPlan.objects.exists()
    assert browser.get(plan.redirect_chain[-1][0]).status_code == 404


def test_an_import_killed_midway_has_written_nothing(
    cast: Cast, sign_in: Any, monkeypatch: Any
) -> None:
    make(ACTIVITY.name, 1, cast.east, cast.su, code="HD-2021-0001")
    browser = sign_in(cast.su)
    plan = planned(browser, line(1), line(2), line(3))
    before = Entry.objects.count()
    real = write.change_many

    def killed(*given: Any, **named: Any) -> int:
        real(*given, **named)
        assert rows().count() == 3, "the new rows are there, within the transaction"
        raise MemoryError("killed")

    with monkeypatch.context() as patch:
        patch.setattr(write, "change_many", killed)
        with pytest.raises(MemoryError):
            confirm(browser, plan)
    assert rows().count() == 1
    assert (Entry.objects.count(), Batch.objects.count()) == (before, 0)
    confirm(browser, plan)
    assert rows().count() == 3, "the same plan can be confirmed later"


def test_a_full_disk_is_said_and_leaves_nothing(cast: Cast, sign_in: Any, monkeypatch: Any) -> None:
    browser = sign_in(cast.su)

    def full(*given: Any) -> None:
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr(os, "replace", full)
    answer = upload(browser, ACTIVITY, workbook(list(NAMES), line()))
    assert answer.status_code == 422
    (problem,) = answer.context["problems"]
    assert "磁盘" in problem or "空间" in problem
    assert list(Path(settings.UPLOAD_ROOT).iterdir()) == []
    assert not ImportPlan.objects.exists()


def test_many_sheets_are_told_apart_by_their_names(cast: Cast, tmp_path: Path) -> None:
    target = tmp_path / "多表.xlsx"
    book = xlsxwriter.Workbook(target)
    for title in ("说明", "handouts", ACTIVITY.label_plural, "草稿", "空"):
        page = book.add_worksheet(title[:31])
        if title != "空":
            page.write_row(0, 0, ["a", "b"])
            page.write_row(1, 0, ["c", "d"])
    book.close()
    with opened_book(target, target.name) as opened:
        found, notes = files.choose(opened, None)
        assert [(register.name, title) for register, title in found] == [
            (ACTIVITY.name, ACTIVITY.label_plural),
            ("activities.handout", "handouts"),
        ]
        assert [(note.code, note.where) for note in notes] == [("import.sheet-not-read", "草稿")]
    target.write_bytes(workbook(["a", "b"], ["c", "d"]))
    with opened_book(target, target.name) as opened, pytest.raises(Refused) as caught:
        files.choose(opened, None)
    assert caught.value.findings[0].code == "import.which-register"


def test_invalid_rows_are_refused_below_the_pages_too(cast: Cast, tmp_path: Path) -> None:
    path = tmp_path / "表.xlsx"
    path.write_bytes(workbook(list(NAMES), line(1), line(2, attendance="若干")))
    (sheet,) = read_sheets(path, path.name)
    plan = plans.make(ACTIVITY, sheet, actor=cast.su)
    with pytest.raises(Refused) as caught:
        carry.carry_out([plan], actor=cast.su, source=path.name)
    assert caught.value.findings[0].code == "import.invalid-rows"
    assert rows().count() == 0


def test_decimals_from_a_spreadsheet_are_what_a_person_typed(cast: Cast, sign_in: Any) -> None:
    places = catalogue.get("places.place")
    browser = sign_in(cast.su)
    head = ["unit", "name", "kind", "opened_on", "building_area"]
    plan = upload(
        browser,
        places,
        workbook(
            head,
            ["east", "甲馆", "museum", "2021-01-01", 0.1 + 0.2],
            ["east", "乙馆", "museum", "2021-01-01", "1,150.50"],
        ),
    )
    confirm(browser, plan)
    areas = places.model._default_manager.order_by("pk").values_list("building_area", flat=True)
    assert list(areas) == [Decimal("0.30"), Decimal("1150.50")]
    plan = upload(browser, places, workbook(head, ["east", "丙馆", "museum", "2021-01-01", 1.005]))
    assert [code for _cell, code in troubles(plan)[2]] == ["import.too-many-decimals"]


def test_a_row_for_a_unit_where_one_may_only_read_is_refused_in_the_plan(
    cast: Cast, sign_in: Any
) -> None:
    Membership.objects.create(user=cast.bo, unit=cast.association, role="reader")
    activity = make("activities.activity", 1, cast.east, cast.bo)
    browser = sign_in(cast.bo)
    register = catalogue.get("activities.activity")
    moved = "主办单位,活动编号,活动名称\nwest,x,讲座\n".replace("x", activity.code)
    planned = upload(browser, register, moved.encode(), "活动.csv")
    (row,) = planned.context["plan"].rows
    assert row.verdict == "invalid"


def test_a_unit_code_that_is_taken_elsewhere_is_refused_in_the_plan_without_saying_where(
    cast: Cast, sign_in: Any
) -> None:
    browser = sign_in(cast.lin)
    table = "code,name,kind,parent\nelsewhere,新单位,town,assoc\n"
    planned = upload(browser, catalogue.get("org.unit"), table.encode(), "单位.csv")
    (row,) = planned.context["plan"].rows
    assert row.verdict == "invalid"
    assert "别处" not in planned.content.decode()
