"""What proof a record should have is declared; what it lacks shows in the list all year long."""

from __future__ import annotations

from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import translation

from taizhang.engines.findings import Refused
from taizhang.evidence import proof as proofs
from taizhang.evidence.models import Evidence
from taizhang.ledger import catalogue, query
from taizhang.ledger.register import Proof
from tests.conftest import Cast
from tests.factories import make
from tests.steps import json_rows, texts

from .pictures import ACTIVITY, attach, jpeg, scene


@pytest.fixture
def lecture(cast: Cast) -> Any:
    """A lecture, which needs a sign-in sheet and a photo."""
    return make(ACTIVITY.name, 1, cast.east, cast.su)


@pytest.fixture
def caravan(cast: Cast) -> Any:
    """A science caravan, where nobody signs in."""
    return make(ACTIVITY.name, 2, cast.east, cast.su, form="caravan", title="大篷车")


def found(text: str, user: Any = None) -> set[str]:
    return {row.form for row in query.rows(ACTIVITY, text, user)}


@pytest.mark.fast
def test_the_list_can_be_asked_for_what_is_lacking(cast: Cast, lecture: Any, caravan: Any) -> None:
    assert found("lacks=anything") == {"lecture", "caravan"}
    assert found("lacks=sheet") == {"lecture"}, "nobody signs in at a caravan"
    assert found("lacks=photo") == {"lecture", "caravan"}
    assert found("lacks=nothing") == set()
    attach(caravan, cast.su, jpeg(scene(1)))
    attach(lecture, cast.su, jpeg(scene(2)), kind="check_in")
    assert found("lacks=nothing") == found("lacks=") == found("lacks!=anything") == {"caravan"}
    assert found("lacks=sheet") == set(), "a machine's check-in is better than a sheet"
    attach(lecture, cast.su, jpeg(scene(3)))
    assert found("lacks=anything") == set()
    assert found("lacks=nothing&form=lecture", cast.re) == {"lecture"}
    assert found("lacks=nothing", cast.chen) == set()


def test_it_shows_in_the_list_and_in_files(cast: Cast, lecture: Any, sign_in: Any) -> None:
    browser = sign_in(cast.re)

    def cell() -> Any:
        page = browser.get("/activities/activity/")
        (line,) = page.context["lines"]
        return next(cell for cell in line.cells if cell.name == "lacks")

    assert (cell().text, cell().code) == ("缺签到表、照片", "sheet,photo")
    assert json_rows(browser, ACTIVITY, "lacks=photo")["total"] == 1
    attach(lecture, cast.su, jpeg(scene(1)), kind="sheet")
    assert cell().code == "photo"
    attach(lecture, cast.su, jpeg(scene(2)))
    assert (cell().text, cell().code) == ("齐全", "")
    page = browser.get("/activities/activity/?lacks=anything")
    assert any("佐证情况" in text for text in texts(page.content.decode()))


def test_the_record_s_page_says_what_is_there_and_what_is_missing(
    cast: Cast, lecture: Any, sign_in: Any
) -> None:
    browser = sign_in(cast.re)

    def shown() -> list[str]:
        page = browser.get(f"/activities/activity/{lecture.pk}/").content.decode()
        return texts(page[page.index('class="demands"') :].split("</ul>")[0])

    assert {"缺签到表或机器签到", "缺照片"} <= set(shown())
    attach(lecture, cast.su, jpeg(scene(1)))
    assert {"缺签到表或机器签到", "照片"} <= set(shown())
    assert "缺照片" not in shown()


def test_a_count_and_a_condition_may_be_demanded(
    cast: Cast, lecture: Any, caravan: Any, monkeypatch: Any
) -> None:
    demands = (Proof("photo", least=2), Proof("document", when="form=lecture&setting=countryside"))
    monkeypatch.setattr(type(ACTIVITY), "proof", demands)
    attach(caravan, cast.su, jpeg(scene(1)), "一.jpg")
    assert found("lacks=photo") == {"lecture", "caravan"}
    (standing,) = proofs.standings(ACTIVITY, [caravan])[caravan.pk]
    assert (standing.have, standing.is_met, standing.text) == (1, False, "照片（至少 2 份）")
    attach(caravan, cast.su, jpeg(scene(2)), "二.jpg")
    assert found("lacks=nothing") == {"caravan"}
    assert found("lacks=document") == {"lecture"}
    with translation.override("en"):
        assert proofs.demand_text(demands[0]) == "Photo (at least 2)"


def test_a_row_that_refers_to_a_record_can_be_asked_too(cast: Cast) -> None:
    handout = make("activities.handout", 1, cast.east, cast.su)
    other = make("activities.handout", 2, cast.east, cast.su)
    register = catalogue.get("activities.handout")
    attach(other.activity, cast.su, jpeg(scene(1)))
    assert set(query.rows(register, "activity.lacks=photo")) == {handout}
    assert set(query.rows(register, "activity.lacks!=photo")) == {other}
    assert set(query.rows(register, "activity.proof=2")) == {other}


@pytest.mark.parametrize("text", ["lacks=selfie", "lacks=a..b", "lacks=statement"])
def test_what_nobody_demands_is_refused(text: str, cast: Cast) -> None:
    with pytest.raises(Refused):
        query.rows(ACTIVITY, text)


def test_a_register_without_demands_knows_no_lack(cast: Cast) -> None:
    place = make("places.place", 1, cast.east, cast.su)
    register = catalogue.get("places.place")
    assert not register.proved
    assert "lacks" not in register.fields
    assert proofs.standings(register, [place]) == {place.pk: []}


def test_a_page_of_rows_costs_as_many_questions_as_one(cast: Cast, lecture: Any) -> None:
    for number in range(3, 8):
        make(ACTIVITY.name, number, cast.east, cast.su)
    rows = list(query.rows(ACTIVITY, ""))
    with CaptureQueriesContext(connection) as asked:
        proofs.standings(ACTIVITY, rows)
    assert len(asked) == 2, "the proofs, and one for the only condition"


def test_the_question_reads_nothing_but_the_index(cast: Cast, lecture: Any) -> None:
    if connection.vendor != "sqlite":
        return
    plan = query.bare_rows(ACTIVITY, "lacks=anything").explain()
    assert "COVERING INDEX evidence_of_record" in plan


def test_removed_proof_counts_no_longer(cast: Cast, caravan: Any) -> None:
    proof = attach(caravan, cast.su, jpeg(scene(1)))
    assert found("lacks=nothing") == {"caravan"}
    Evidence.objects.filter(pk=proof.pk).update(removed_at=proof.added_at, removed_by=cast.su)
    assert found("lacks=nothing") == set()
