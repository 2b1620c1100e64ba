"""Workbooks with several sheets: rows that other sheets create, sheets that belong to nobody."""

from __future__ import annotations

import io
from datetime import date
from typing import Any

import pytest
import xlsxwriter
from django.core.files.uploadedfile import SimpleUploadedFile

from taizhang.accounts.models import Membership
from taizhang.exchange import beside, work
from taizhang.exchange.models import ImportPlan
from taizhang.ledger import catalogue
from taizhang.ledger.models import Batch, Entry
from tests.conftest import Cast
from tests.factories import make
from tests.steps import confirm

Sheets = dict[str, list[list[Any]]]
ACTIVITY = ["unit", "code", "title", "form", "held_on"]
HANDOUT = ["activity", "kind", "name", "copies"]
DAY = date(2021, 5, 6)


def book(sheets: Sheets, hidden: tuple[str, ...] = ()) -> bytes:
    target = io.BytesIO()
    made = xlsxwriter.Workbook(target, {"in_memory": True})
    day = made.add_format({"num_format": "yyyy-mm-dd"})
    for title, rows in sheets.items():
        page = made.add_worksheet(title)
        for number, row in enumerate(rows):
            for column, value in enumerate(row):
                if isinstance(value, date):
                    page.write_datetime(number, column, value, day)
                elif value is not None:
                    page.write(number, column, value)
        if title in hidden:
            page.hide()
    made.close()
    return target.getvalue()


def upload(browser: Any, sheets: Sheets, *, at: str = "/import/", **more: Any) -> Any:
    file = SimpleUploadedFile("全年.xlsx", book(sheets, **more))
    return browser.post(at, {"file": file}, follow=True)


def activity(code: str | None, title: str = "讲座", **changes: Any) -> list[Any]:
    values = {"unit": "east", "code": code, "title": title, "form": "讲座", "held_on": DAY}
    return list((values | changes).values())


def handout(activity: str, name: str = "明白纸", **changes: Any) -> list[Any]:
    values = {"activity": activity, "kind": "宣传单", "name": name, "copies": 5}
    return list((values | changes).values())


def told(plan: Any) -> list[tuple[str, str, str]]:
    kept = ImportPlan.objects.get(pk=plan.context["kept"].pk)
    return [
        (sheet, reason.place, reason.finding.code)
        for sheet, _number, reasons, _waits in beside.reasons(work.path_of(kept))
        for reason in reasons
    ]


def notes(plan: Any) -> set[tuple[str, str]]:
    return {(note.code, note.where) for note, _sentence in plan.context["notes"]}


def handouts() -> Any:
    return catalogue.get("activities.handout").model._default_manager.order_by("pk")


@pytest.mark.fast
def test_rows_may_refer_to_rows_that_other_sheets_create(cast: Cast, sign_in: Any) -> None:
    browser = sign_in(cast.su)
    sheets = {
        "发放资料": [
            HANDOUT,
            handout("HD-1", "按编号"),
            handout("east/HD-1", "按单位和编号"),
            handout("没有编号的讲座", "按名称"),
            handout("HD-2"),
        ],
        "活动台账": [
            ACTIVITY,
            activity("HD-1"),
            activity("HD-2", unit="west"),
            activity(None, "没有编号的讲座"),
        ],
    }
    plan = upload(browser, sheets)
    assert plan.context["counts"]["new"] == 7, told(plan)
    assert Entry.objects.filter(register__startswith="activities").count() == 0
    confirm(browser, plan)
    found = {h.name: (h.activity.unit, h.activity.title) for h in handouts()}
    assert found == {
        "按编号": (cast.east, "讲座"),
        "按单位和编号": (cast.east, "讲座"),
        "按名称": (cast.east, "没有编号的讲座"),
        "明白纸": (cast.west, "讲座"),
    }
    assert Batch.objects.get().created == 7
    again = upload(browser, sheets)
    # What has no number is a new row each time, and what refers to it by name goes with it.
    assert again.context["counts"] == {"new": 2, "changed": 0, "same": 5, "invalid": 0}


def test_a_reference_means_the_row_of_the_file_before_one_of_the_own_unit(
    cast: Cast, sign_in: Any
) -> None:
    make("activities.activity", 1, cast.association, cast.su, code="HD-1")
    plan = upload(
        sign_in(cast.su),
        {"活动台账": [ACTIVITY, activity("HD-1", "新的")], "发放资料": [HANDOUT, handout("HD-1")]},
    )
    confirm(sign_in(cast.su), plan)
    assert handouts().get().activity.title == "新的"


def test_a_number_that_two_new_rows_have_is_ambiguous(cast: Cast, sign_in: Any) -> None:
    plan = upload(
        sign_in(cast.su),
        {
            "活动台账": [ACTIVITY, activity("HD-1"), activity("HD-1", unit="west")],
            "发放资料": [HANDOUT, handout("HD-1"), handout("west/HD-1")],
        },
    )
    assert told(plan) == [("发放资料", "A2", "import.ambiguous-row")]


def test_rows_that_refer_to_rows_with_errors_wait_for_them(cast: Cast, sign_in: Any) -> None:
    browser = sign_in(cast.su)
    plan = upload(
        browser,
        {
            "活动台账": [ACTIVITY, activity("HD-1", form="茶话会"), activity("HD-2")],
            "发放资料": [HANDOUT, handout("HD-1"), handout("HD-2")],
        },
    )
    assert told(plan) == [("活动台账", "D2", "import.not-a-choice")]
    assert plan.context["counts"] == {"new": 3, "changed": 0, "same": 0, "invalid": 1}
    assert (plan.context["whole"].left, plan.context["whole"].writes) == (2, 2)
    address = plan.redirect_chain[-1][0]
    shown = browser.get(f"{address}?sheet=activities.handout&show=waits")
    assert [row["number"] for row in shown.context["rows"]] == [2]
    confirm(browser, plan, which="valid")
    assert [h.activity.code for h in handouts()] == ["HD-2"]
    kept = ImportPlan.objects.get()
    assert (kept.left, kept.batch.created) == (2, 2)  # type: ignore[union-attr]
    done = browser.get(address)
    assert "returned.xlsx" in done.content.decode()
    assert confirm(browser, plan, which="valid").status_code == 200
    assert Batch.objects.count() == 1, "once only"


def test_without_saying_so_nothing_is_written_while_a_row_is_wrong(
    cast: Cast, sign_in: Any
) -> None:
    browser = sign_in(cast.su)
    plan = upload(
        browser, {"活动台账": [ACTIVITY, activity("HD-1"), activity("HD-2", form="茶话会")]}
    )
    assert confirm(browser, plan).status_code == 422
    assert not Batch.objects.exists()


def test_new_units_and_the_rows_of_these_units_may_stand_in_one_file(
    cast: Cast, sign_in: Any
) -> None:
    browser = sign_in(cast.lin)
    unit = ["code", "name", "kind", "parent"]
    plan = upload(
        browser,
        {
            "活动台账": [ACTIVITY, activity("HD-1", unit="山前村"), activity("HD-2", unit="hill")],
            "单位": [
                unit,
                ["hill", "山前村", "other", "north"],
                ["north", "北镇科协", "town", "assoc"],
                ["far", "远方", "town", "elsewhere"],
            ],
        },
    )
    assert told(plan) == [("单位", "D4", "import.no-such-row")]
    confirm(browser, plan, which="valid")
    found = catalogue.get("activities.activity").queryset()
    assert {row.unit.code for row in found} == {"hill"}
    assert browser.get("/activities/activity/?unit=north").context["summary"]["count"] == 2


def test_sheets_and_columns_that_are_not_read_are_told(cast: Cast, sign_in: Any) -> None:
    browser = sign_in(cast.su)
    rows = [[*ACTIVITY, None], [*activity("HD-1"), "多余"]]
    plan = upload(
        browser,
        {
            "说明": [["填写说明"]],
            "活动台账": rows,
            "随手记": [["x"]],
            "空": [],
            "底稿": [["y"]],
            "选项": [["讲座"]],
        },
        hidden=("底稿", "选项"),
    )
    assert notes(plan) == {
        ("import.sheet-not-read", "随手记"),
        ("import.sheet-hidden", "底稿"),
        ("import.untitled-column", "活动台账!F1"),
    }
    assert plan.context["counts"]["new"] == 1
    page = plan.content.decode()
    assert "随手记" in page
    assert "底稿" in page


REFUSED: dict[str, tuple[Sheets, str]] = {
    "no sheet of a register": ({"一": [["a", "b"]]}, "import.which-register"),
    "nothing at all": ({"一": [], "说明": [["x"]]}, "document.empty"),
    "one register twice": (
        {"活动台账": [ACTIVITY], "活动": [ACTIVITY]},
        "import.register-twice",
    ),
    "a register one may not import": ({"单位": [["code", "name"], ["a", "b"]]}, "import.may-not"),
    "columns nobody knows": ({"活动台账": [[*ACTIVITY, "心情"]]}, "import.unknown-column"),
    "no header": ({"活动台账": [["x"]] * 25 + [["a", "b"]]}, "document.no-header"),
}


@pytest.mark.parametrize("case", REFUSED)
def test_a_workbook_that_makes_no_sense_as_a_whole_is_refused_and_not_kept(
    case: str, cast: Cast, sign_in: Any
) -> None:
    sheets, code = REFUSED[case]
    answer = upload(sign_in(cast.su), sheets)
    assert answer.status_code == 422
    assert answer.context["problems"], code
    assert not ImportPlan.objects.exists()


def test_all_that_is_wrong_with_all_sheets_is_said_at_once(cast: Cast, sign_in: Any) -> None:
    answer = upload(
        sign_in(cast.su),
        {"活动台账": [[*ACTIVITY, "心情"]], "会议台账": [["title", "title"], ["a", "b"]]},
    )
    assert len(answer.context["problems"]) == 2


def test_the_page_of_one_register_takes_its_own_sheet_and_tells_of_the_others(
    cast: Cast, sign_in: Any
) -> None:
    browser = sign_in(cast.su)
    sheets = {"会议台账": [["title"], ["x"]], "活动台账": [ACTIVITY, activity("HD-1")]}
    plan = upload(browser, sheets, at="/activities/activity/import/")
    assert plan.context["counts"]["new"] == 1
    assert notes(plan) == {("import.sheet-not-read", "会议台账")}
    other = upload(browser, sheets, at="/places/place/import/")
    assert other.status_code == 422, "and takes no sheet of another register for its own"


def test_ids_of_another_unit_read_as_not_existing_in_every_sheet(cast: Cast, sign_in: Any) -> None:
    make("activities.activity", 1, cast.west, cast.su, code="HD-9", title="西镇的讲座")
    plan = upload(
        sign_in(cast.bo),
        {
            "发放资料": [
                HANDOUT,
                handout("west/HD-9"),
                handout("HD-9"),
                handout("西镇的讲座"),
                handout("west/HD-0"),
            ]
        },
    )
    assert [code for _sheet, _place, code in told(plan)] == ["import.no-such-row"] * 4
    assert "西镇的讲座" not in plan.content.decode().replace("“西镇的讲座”", "")


def test_a_plan_for_a_year_is_its_maker_s_alone(cast: Cast, sign_in: Any) -> None:
    plan = upload(sign_in(cast.su), {"活动台账": [ACTIVITY, activity("HD-1")]})
    address = plan.redirect_chain[-1][0]
    assert address == f"/import/{plan.context['kept'].pk}/"
    for other in (cast.lin, cast.bo):
        browser = sign_in(other)
        for path in (address, f"{address}returned.xlsx"):
            assert browser.get(path).status_code == 404
    browser = sign_in(cast.su)
    assert browser.get(f"/activities/activity{address}").status_code == 404
    Membership.objects.filter(user=cast.su).update(role="reader")
    assert sign_in(cast.su).get(address).status_code == 403


def test_verified_rows_of_any_sheet_need_a_reason(cast: Cast, sign_in: Any) -> None:
    from tests.factories import verified

    record = verified("activities.activity", 1, cast.east, cast, code="HD-1")
    browser = sign_in(cast.su)
    plan = upload(browser, {"活动台账": [["unit", "code", "title"], ["east", "HD-1", "更正"]]})
    assert plan.context["corrections"] == 1
    assert confirm(browser, plan).status_code == 422
    confirm(browser, plan, reason="核对签到表")
    record.refresh_from_db()
    assert (record.title, record.state) == ("更正", "submitted")


def test_unusual_values_are_shown_and_asked_about_until_somebody_has_looked(
    cast: Cast, sign_in: Any
) -> None:
    browser = sign_in(cast.su)
    head = [*ACTIVITY, "attendance"]
    plan = upload(browser, {"活动台账": [head, [*activity("HD-1"), 40_000]]})
    assert plan.context["counts"]["new"] == 1
    assert plan.context["whole"].doubtful == 1
    shown = browser.get(f"{plan.redirect_chain[-1][0]}?sheet=activities.activity&show=doubtful")
    assert shown.context["rows"][0]["doubts"]
    confirm(browser, plan, looked="1")
    register = catalogue.get("activities.activity")
    from taizhang.ledger import doubts

    assert doubts.open_doubts(register, list(register.queryset())) == []
    plan = upload(browser, {"活动台账": [head, [*activity("HD-2"), 50_000]]})
    confirm(browser, plan)
    assert len(doubts.open_doubts(register, list(register.queryset()))) == 1


def test_the_message_after_an_import_offers_to_undo_it(cast: Cast, sign_in: Any) -> None:
    browser = sign_in(cast.su)
    plan = upload(browser, {"活动台账": [ACTIVITY, activity("HD-1")]})
    done = confirm(browser, plan)
    batch = Batch.objects.get()
    assert f'action="/batches/{batch.pk}/undo/"' in done.content.decode()
    browser.post(f"/batches/{batch.pk}/undo/", follow=True)
    assert not catalogue.get("activities.activity").model._default_manager.exists()
    again = upload(browser, {"活动台账": [ACTIVITY, activity("HD-1")]})
    confirm(browser, again)
    assert catalogue.get("activities.activity").model._default_manager.count() == 1
