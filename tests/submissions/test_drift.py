"""After a report was signed: which records came, changed and went, and what that did to its figures."""

from __future__ import annotations

import random
from datetime import date
from decimal import Decimal
from typing import Any

import pytest

from taizhang.engines.periods import Period
from taizhang.figures import own as own_figures
from taizhang.figures.facts import facts
from taizhang.ledger import catalogue, write
from taizhang.outlines import own as own_outlines
from taizhang.outlines.catalogue import ANNUAL
from taizhang.submissions.drift import Drift, drift, drifts
from tests.conftest import Cast
from tests.factories import act, terms, verified
from tests.figures.test_own_figures import SENT, kept

from .conftest import OUTLINE
from .test_flow import signed

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("brief")]
ACTIVITY = "activities.activity"


def corrected(record: Any, cast: Cast, **values: Any) -> Any:
    """Su corrects a verified record, Zhi verifies it again."""
    register = catalogue.get(ACTIVITY)
    fresh = register.queryset().get(pk=record.pk)
    write.change(register, fresh, values, actor=cast.su, version=fresh.version, reason="核对签到表")
    fresh.refresh_from_db()
    act(fresh, "submit", cast.su) if fresh.state != "submitted" else None
    act(fresh, "verify", cast.zhi)
    return fresh


def told(found: Drift) -> list[tuple[str, str]]:
    return [(change.cause, change.label.split(" ", 1)[1]) for change in found.changes]


def effect(found: Drift, label: str, code: str) -> Decimal | None:
    (change,) = [one for one in found.changes if one.label.endswith(label)]
    (one,) = [one for one in change.effects if one.code == code]
    return one.difference


def counted_anew(found: Drift) -> dict[str, tuple[Decimal | None, int]]:
    now = facts([one.code for one in found.figures], "assoc", Period.parse("2021"))
    return {code: (fact.value, fact.rows) for code, fact in now.items()}


@pytest.mark.parametrize("seed", range(6))
def test_whatever_is_done_drift_says_what_counting_anew_says(cast: Cast, seed: int) -> None:
    luck = random.Random(seed)  # noqa: S311
    rows = [verified(ACTIVITY, n, luck.choice((cast.east, cast.west)), cast) for n in range(1, 6)]
    submission = signed(cast)
    for number in range(20, 32):
        row = luck.choice(rows)
        row.refresh_from_db()
        match luck.choice(("add", "correct", "tag", "void", "day", "blank")):
            case "add":
                rows.append(verified(ACTIVITY, number, cast.west, cast))
            case "void" if row.state == "verified":
                act(row, "void", cast.zhi, "重复")
            case "correct" if row.state == "verified":
                corrected(row, cast, attendance=luck.randint(0, 400))
            case "blank" if row.state == "verified":
                corrected(row, cast, attendance=None)
            case "tag" if row.state == "verified":
                corrected(row, cast, themes=terms("activities.theme", "minority"))
            case "day" if row.state == "verified":
                corrected(row, cast, held_on=date(2022, 1, 5))
        found = drift(submission)
        told = {one.code: (one.after, one.rows_after) for one in found.figures}
        assert told == counted_anew(found)
        changed = any(one.drifts for one in found.figures)
        assert changed <= bool(found.changes), "whatever drifts has records that explain it"
        assert drifts(submission) == bool(found.drifting)


def test_nothing_drifts_while_nothing_is_changed(cast: Cast) -> None:
    verified(ACTIVITY, 1, cast.east, cast)
    submission = signed(cast)
    found = drift(submission)
    assert found.changes == ()
    assert found.drifting == ()
    assert not drifts(submission)


def test_two_added_one_corrected_one_voided_are_exactly_what_is_listed(cast: Cast) -> None:
    old = [verified(ACTIVITY, n, cast.east, cast) for n in range(1, 5)]
    submission = signed(cast)
    verified(ACTIVITY, 11, cast.west, cast)
    verified(ACTIVITY, 12, cast.west, cast)
    corrected(old[0], cast, attendance=500)
    act(old[1], "void", cast.zhi, "重复登记")
    found = drift(submission)
    assert told(found) == [
        ("added", "第11场科普讲座"),
        ("added", "第12场科普讲座"),
        ("corrected", "第1场科普讲座"),
        ("voided", "第2场科普讲座"),
    ]
    assert effect(found, "第1场科普讲座", "volunteering.beneficiaries") == 500 - 101
    assert effect(found, "第2场科普讲座", "volunteering.events") == -1
    by_code = {one.code: one for one in found.figures}
    events = by_code["volunteering.events"]
    assert (events.before, events.after) == (4, 5)
    assert drifts(submission)
    last = found.changes[3].deciding
    assert last is not None
    assert (last.who, last.reason) == ("志", "重复登记")


def test_a_record_that_waits_to_be_verified_again_is_pending(cast: Cast) -> None:
    old = verified(ACTIVITY, 1, cast.east, cast)
    submission = signed(cast)
    register = catalogue.get(ACTIVITY)
    write.change(register, old, {"attendance": 7}, actor=cast.su, version=old.version, reason="错")
    (change,) = drift(submission).changes
    assert (change.cause, change.pending) == ("corrected", True)


def test_a_record_that_only_changed_its_themes_was_retagged(cast: Cast) -> None:
    old = verified(ACTIVITY, 1, cast.east, cast)
    submission = signed(cast)
    corrected(old, cast, themes=terms("activities.theme", "rural"))
    (change,) = drift(submission).changes
    assert change.cause == "retagged"


def test_a_change_that_no_figure_asks_about_is_no_drift(cast: Cast) -> None:
    old = verified(ACTIVITY, 1, cast.east, cast)
    submission = signed(cast)
    corrected(old, cast, location="礼堂")
    found = drift(submission)
    assert found.changes == ()
    assert not drifts(submission)


def test_rows_of_a_unit_that_moved_away_drift_without_anybody_touching_them(cast: Cast) -> None:
    verified(ACTIVITY, 1, cast.east, cast)
    verified(ACTIVITY, 2, cast.west, cast)
    submission = signed(cast)
    write.create(
        catalogue.get("org.placement"),
        {"unit": cast.west, "parent": cast.elsewhere, "first_on": date(2021, 1, 1)},
        actor=cast.lin,
    )
    (change,) = drift(submission).changes
    assert change.cause == "moved"
    assert change.label.endswith("第2场科普讲座")


def test_a_figure_that_is_defined_otherwise_now_says_so(cast: Cast, monkeypatch: Any) -> None:
    from taizhang.figures import definitions

    verified(ACTIVITY, 1, cast.east, cast)
    submission = signed(cast)
    known = dict(definitions.definitions())
    known.pop("volunteering.events")
    monkeypatch.setattr(definitions, "definitions", lambda: known)
    found = drift(submission)
    gone = [one.code for one in found.drifting if one.gone]
    assert gone == ["volunteering.events"]
    assert drifts(submission)


def test_a_figure_of_ones_own_that_is_defined_otherwise_says_so_and_what_it_is_now(
    cast: Cast,
) -> None:
    for number, form in enumerate(("lecture", "lecture", "training")):
        verified(ACTIVITY, number, cast.east, cast, form=form)
    code = kept(cast)
    place = own_outlines.Place(ANNUAL, cast.association, Period.parse("2021"))
    document = OUTLINE.replace("{volunteering.events}", f"{{{code}}}").encode()
    own_outlines.take_in(place, document, "brief.toml", cast.su)
    submission = signed(cast, ANNUAL)
    assert (drift(submission).drifting, drifts(submission)) == ((), False)
    register = catalogue.get(ACTIVITY)
    table = own_figures.table(register, "form=training", SENT, cast.su)
    own_figures.change(code, 1, table, cast.su)
    found = drift(submission)
    (one,) = found.drifting
    assert (one.code, one.redefined, one.before, one.after) == (code, True, 2, 1)
    assert found.changes == (), "no record was touched"
    assert drifts(submission)
    verified(ACTIVITY, 9, cast.west, cast, form="lecture")
    (change,) = [c for c in drift(submission).changes if any(e.code == code for e in c.effects)]
    assert change.cause == "added", "records are compared by the definition that was signed"
