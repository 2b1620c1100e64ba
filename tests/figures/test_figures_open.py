"""Every figure opens: its list has exactly its rows, whatever the ledger looks like."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from decimal import Decimal
from typing import Any

import pytest

from taizhang.engines.figures.definitions import Definition, parse_definitions
from taizhang.engines.figures.rows import additive_over
from taizhang.engines.periods import Period
from taizhang.figures import breakdown, scope
from taizhang.figures import definitions as shipped
from taizhang.figures.facts import Fact, facts
from taizhang.ledger import catalogue, fields, write
from taizhang.org.models import Unit
from tests import factories
from tests.conftest import Cast, ledger_for_a_module
from tests.factories import act, make, terms
from tests.figures.awkward_inside import write_inside
from tests.figures.awkward_outside import write_outside

CODES = list(shipped.shipped())
PERIODS = ("2020", "2021", "2021-H1", "2021-Q3", "2021-03", "2022")
UNITS = ("assoc", "east", "west", "village")

MORE = {
    "more.toml": {
        "more": {
            "volunteers_who_came": {
                "name": {"zh": "参加过活动的志愿者", "en": "Volunteers who came"},
                "subject": ["参加过活动的志愿者"],
                "unit": "人",
                "rows": "activities.participation",
                "measure": "distinct:volunteer",
                "time": "flow:activity.held_on",
            },
            "visited_places": {
                "name": {"zh": "有人参观的场所", "en": "Places with visits"},
                "subject": ["有人参观的场所"],
                "unit": "个",
                "rows": "places.visitday?visits=1..",
                "measure": "distinct:place",
                "time": "flow:held_on",
            },
            "ever_raised": {
                "name": {"zh": "累计查摆问题", "en": "Problems so far"},
                "subject": ["累计查摆问题"],
                "unit": "个",
                "rows": "governance.problem",
                "measure": "count",
                "time": "cumulative:raised_on",
            },
            "drafts": {
                "name": {"zh": "待核实的活动", "en": "Activities not yet verified"},
                "subject": ["待核实的活动"],
                "unit": "场次",
                "rows": "activities.activity?state=draft&state=submitted",
                "measure": "count",
                "time": "flow:held_on",
            },
            "per_event": {
                "name": {"zh": "场均人次", "en": "People per event"},
                "subject": ["场均人次"],
                "unit": "人次",
                "formula": "volunteering.beneficiaries / volunteering.events",
            },
            "left_over": {
                "name": {"zh": "未整改问题", "en": "Problems left"},
                "subject": ["未整改问题"],
                "unit": "个",
                "formula": "rectification.problems - rectification.closed",
            },
        }
    }
}


@pytest.fixture(autouse=True)
def with_more_figures(monkeypatch: Any) -> None:
    """The shipped figures and a few of the kinds that none of them is: distinct, cumulative."""
    original = shipped.shipped()
    documents = {"more.toml": MORE["more.toml"]}
    known = dict(original) | _parsed(documents)
    for module in (shipped, breakdown):
        monkeypatch.setattr(module, "definitions", lambda: known)
    monkeypatch.setattr("taizhang.figures.facts.definitions", lambda: known)
    monkeypatch.setattr("taizhang.figures.facts.of_unit", lambda unit: known)
    monkeypatch.setattr("taizhang.figures.views.definitions", lambda: known)


def _parsed(documents: dict[str, Any]) -> dict[str, Definition]:
    import tomllib
    from importlib.resources import files

    county = (files("taizhang.figures") / "definitions" / "county.toml").read_text("utf-8")
    parsed = parse_definitions({"county.toml": tomllib.loads(county), **documents})
    return {code: d for code, d in parsed.items() if code.startswith("more.")}


ALL_CODES = [*CODES, *_parsed(MORE)]


@pytest.fixture(scope="module")
def written(django_db_setup: None, django_db_blocker: Any, tmp_path_factory: Any) -> Iterator[Cast]:
    """The awkward ledger, written once."""
    with ledger_for_a_module(django_db_blocker, tmp_path_factory.mktemp("awkward")):
        yield awkward_ledger()


@pytest.fixture
def awkward(written: Cast, db: None) -> Cast:
    """A ledger with everything that makes counting go wrong."""
    return written


def awkward_ledger() -> Cast:
    cast = factories.found_cast()
    units = catalogue.get("org.unit")
    village = write.create(
        units,
        {"code": "village", "name": "山前村科普组", "kind": "other", "parent": cast.east},
        actor=cast.lin,
    )
    verified = _verified(cast)
    # The village moves from the east to the west in the middle of the year.
    make("org.placement", 1, village, cast.lin, parent=cast.west, first_on=date(2021, 7, 1))
    three = terms("activities.theme", "volunteering", "rural", "minority")
    two = terms("activities.theme", "volunteering", "rural")
    only = terms("activities.theme", "minority")
    days = (
        *("2019-12-31", "2020-01-01", "2020-12-31", "2021-01-01", "2021-03-01", "2021-03-31"),
        *("2021-06-30", "2021-07-01", "2021-09-30", "2021-12-31", "2022-01-01"),
    )
    number = 0
    for day in map(date.fromisoformat, days):
        for unit in (cast.association, cast.east, village):
            number += 1
            themes = (three, two, only, two)[number % 4]
            verified(
                "activities.activity",
                number,
                unit,
                held_on=day,
                themes=themes,
                attendance=None if number % 5 == 0 else number * 7,
                volunteers=None if number % 7 == 0 else number % 3,
            )
    # Across the year's end, on both sides: counted by the first day.
    verified(
        "activities.activity",
        90,
        cast.east,
        held_on=date(2020, 12, 28),
        ended_on=date(2021, 1, 5),
        themes=two,
        attendance=10,
    )
    verified(
        "activities.activity",
        91,
        village,
        held_on=date(2021, 12, 28),
        ended_on=date(2022, 1, 5),
        themes=three,
        attendance=20,
    )
    # Not counted: draft, submitted, returned, void, corrected and not yet verified again.
    make("activities.activity", 92, cast.east, cast.su, themes=three)
    act(make("activities.activity", 93, cast.east, cast.su, themes=two), "submit", cast.su)
    void = verified("activities.activity", 94, cast.east, themes=three)
    act(void, "void", cast.lin, "重复")
    back = verified("activities.activity", 95, village, themes=two)
    act(back, "return", cast.zhi, "缺佐证")
    late = verified("activities.activity", 96, cast.west, themes=two)
    fresh = catalogue.get("activities.activity").queryset().get(pk=late.pk)
    write.change(
        catalogue.get("activities.activity"), fresh, {"attendance": 1}, actor=cast.su, reason="更正"
    )
    _places(cast, village, verified)
    _governance(cast, village, verified)
    _volunteers(cast, village, verified)
    write_outside(cast, village, verified)
    write_inside(cast, village)
    return cast


def _verified(cast: Cast) -> Any:
    return lambda name, number, unit, **changes: factories.verified(
        name, number, unit, cast, **changes
    )


def _places(cast: Cast, village: Any, verified: Any) -> None:
    for number, (kind, unit, opened, closed) in enumerate(
        (
            ("museum", cast.east, date(2019, 5, 1), None),
            ("museum", village, date(2021, 3, 31), date(2021, 12, 31)),
            ("museum", cast.west, date(2018, 1, 1), date(2020, 12, 30)),
            ("estation", village, date(2021, 1, 1), date(2021, 3, 30)),
            ("estation", village, date(2021, 1, 1), date(2021, 9, 30)),
            ("estation", cast.association, date(2022, 1, 1), None),
        )
    ):
        place = make(
            "places.place",
            number,
            unit,
            cast.su,
            kind=kind,
            opened_on=opened,
            closed_on=closed,
            building_area=Decimal("10.25") * number,
            exhibition_area=None if number == 1 else Decimal("3.5"),
        )
        for name, values in (
            ("places.zone", {"name": f"展区{number}", "opened_on": opened, "closed_on": closed}),
            (
                "places.exhibit",
                {
                    "code": f"Z{number}",
                    "name": "展品",
                    "pieces": number,
                    "installed_on": opened,
                    "removed_on": closed,
                },
            ),
            *(
                ("places.visitday", {"held_on": day, "visits": number * 10})
                for day in (date(2020, 12, 31), date(2021, 3, 31), date(2021, 7, 1))
            ),
        ):
            write.create(catalogue.get(name), values | {"place": place}, actor=cast.su)
        if number != 4:
            act(place, "submit", cast.su)
            act(place, "verify", cast.zhi)


def _governance(cast: Cast, village: Any, verified: Any) -> None:
    for number, (unit, day) in enumerate(
        (
            (cast.association, "2020-12-31"),
            (cast.east, "2021-03-01"),
            (village, "2021-06-30"),
            (village, "2021-07-01"),
            (cast.west, "2021-09-30"),
        )
    ):
        held = date.fromisoformat(day)
        topics = terms("governance.topic", "theory", "case_reform")[: 1 + number % 2]
        for kind, body in (("study", "centre_group"), ("warning", "office"), ("lecture", "branch")):
            make_verified = verified(
                "governance.meeting",
                number,
                unit,
                held_on=held,
                kind=kind,
                body=body,
                topics=topics,
                present=number or None,
            )
            assert make_verified.state == "verified"
        for level in ("group", "personal"):
            problem = make(
                "governance.problem",
                number,
                unit,
                cast.su,
                level=level,
                post="科长",
                raised_on=held,
                closed_on=held if number % 2 else None,
                progress="closed" if number % 2 else "going",
            )
            for line in range(2):
                write.create(
                    catalogue.get("governance.measure"),
                    {"problem": problem, "number": line + 1, "statement": "整改"},
                    actor=cast.su,
                )
            act(problem, "submit", cast.su)
            act(problem, "verify", cast.zhi)


def _volunteers(cast: Cast, village: Any, verified: Any) -> None:
    for number, (unit, joined, left, team, platform) in enumerate(
        (
            (cast.east, "2019-01-01", None, "corps", "national"),
            (village, "2021-03-31", "2021-09-29", "corps", "national"),
            (village, "2021-04-01", "2021-12-31", "corps", "provincial"),
            (cast.west, "2020-06-01", "2020-12-30", "brigade", "national"),
            (cast.west, "2020-06-01", "2020-12-31", "brigade", "national"),
        )
    ):
        who = verified(
            "volunteers.volunteer",
            number,
            unit,
            team=team,
            platform=platform,
            joined_on=date.fromisoformat(joined),
            left_on=date.fromisoformat(left) if left else None,
        )
        for turn, day in enumerate((date(2021, 3, 5), date(2021, 8, 5))):
            activity = verified(
                "activities.activity", 200 + number * 2 + turn, village, held_on=day
            )
            taking_part = write.create(
                catalogue.get("activities.participation"),
                {"activity": activity, "volunteer": who, "duty": "service"},
                actor=cast.su,
            )
            act(taking_part, "submit", cast.su)
            act(taking_part, "verify", cast.zhi)


def opened(browser: Any, fact: Fact, kept: dict[str, Any]) -> tuple[int, Decimal | None]:
    """What the list behind a leaf says: how many rows, and the measure worked out from its cells."""
    leaf = fact.definition.leaf
    assert leaf is not None
    assert fact.address is not None
    path, _mark, query = fact.address.partition("/?")
    address = f"{path}.json?{query}"
    if address not in kept:
        kept[address] = browser.get(address).json()
    found = kept[address]
    assert found["total"] == len(found["rows"])
    if leaf.measure.kind == "count":
        return found["total"], Decimal(found["total"])
    values = [row[leaf.measure.field] for row in found["rows"]]
    filled = [value for value in values if value is not None]
    if leaf.measure.kind == "distinct":
        return found["total"], Decimal(len(set(filled)))
    if filled or not found["rows"]:
        return found["total"], sum((Decimal(str(value)) for value in filled), Decimal(0))
    return found["total"], None


@pytest.mark.parametrize("unit", UNITS)
def test_every_figure_opens_to_a_list_that_equals_it(
    unit: str, awkward: Cast, sign_in: Any
) -> None:
    browser = sign_in(awkward.lin)
    kept: dict[str, Any] = {}
    told: set[str] = set()
    for period in map(Period.parse, PERIODS):
        for code, fact in facts(ALL_CODES, unit, period).items():
            leaves = fact.leaves or (fact,)
            for leaf in leaves:
                rows, value = opened(browser, leaf, kept)
                assert leaf.rows == rows, (code, leaf.code, period.text)
                assert (leaf.value or 0) == (value or 0), (code, leaf.code, period.text)
            if fact.rows or any(leaf.rows for leaf in fact.leaves):
                told.add(code)
    if unit == "assoc":
        assert told == set(ALL_CODES), "each figure has rows somewhere, or the test says nothing"


def test_the_list_as_a_page_says_the_same_number(awkward: Cast, sign_in: Any) -> None:
    browser = sign_in(awkward.lin)
    for code in ("volunteering.events", "museum.zones", "rectification.group_measures"):
        fact = facts([code], "assoc", Period.parse("2021"))[code]
        assert fact.address is not None
        page = browser.get(fact.address)
        assert page.context["summary"]["count"] == fact.rows > 0
        assert page.context["summary"]["verified"] == fact.rows


def test_the_traps_of_the_ledger_count_as_they_should(awkward: Cast) -> None:
    """Worked out by hand, so that figure and list cannot be wrong together."""

    def value(code: str, unit: str, period: str) -> Decimal | None:
        return facts([code], unit, Period.parse(period))[code].value

    assert value("museum.building_area", "east", "2021-03") == Decimal("10.25")
    # A place that closed on the last day of the period still stood that day.
    assert value("museum.zones", "assoc", "2020") == 1
    assert value("museum.zones", "assoc", "2021") == 2
    assert value("museum.zones", "assoc", "2022") == 1
    # Of the two e-stations of the village one was closed on 30 March, the other is unverified.
    assert value("estations.count", "assoc", "2021-03") == 0
    assert value("volunteers.corps_members", "east", "2021-03") == 2
    assert value("volunteers.corps_members", "east", "2021") == 1
    # The village's volunteer moved with it to the west.
    assert value("volunteers.corps_members", "west", "2021") == 1
    assert value("volunteers.platform_members", "west", "2020") == 1
    assert value("rectification.group_problems", "east", "2021") == 2
    assert value("rectification.group_problems", "west", "2021") == 2
    assert value("rectification.group_problems", "village", "2021") == 2
    # A row with three themes is one of the 24, not three; minority rows are not among them.
    assert value("rural.events", "village", "2021-03") == value(
        "volunteering.events", "village", "2021-03"
    )


def test_rows_across_the_year_s_end_count_once_by_their_first_day(awkward: Cast) -> None:
    activity = catalogue.get("activities.activity").model._default_manager
    assert activity.filter(ended_on__year=2021, held_on__year=2020, state="verified").count() == 1
    years = [
        facts(["rural.events"], "assoc", Period.parse(year))["rural.events"].rows
        for year in ("2019", "2020", "2021", "2022")
    ]
    whole = activity.filter(themes__code="rural", state="verified").distinct().count()
    assert sum(years) == whole


def test_a_moved_unit_counts_where_it_stood_on_the_day(awkward: Cast) -> None:
    def rows(unit: str, period: str) -> int:
        return facts(["rural.events"], unit, Period.parse(period))["rural.events"].rows

    village = [rows("village", f"2021-H{half}") for half in (1, 2)]
    assert all(village)
    own = {
        unit: [
            catalogue.get("activities.activity")
            .model._default_manager.filter(
                unit__code=unit,
                themes__code="rural",
                state="verified",
                held_on__range=(
                    Period.parse(f"2021-H{half}").first,
                    Period.parse(f"2021-H{half}").last,
                ),
            )
            .count()
            for half in (1, 2)
        ]
        for unit in ("east", "west")
    }
    assert [rows("east", f"2021-H{half}") for half in (1, 2)] == [
        own["east"][0] + village[0],
        own["east"][1],
    ]
    assert [rows("west", f"2021-H{half}") for half in (1, 2)] == [
        own["west"][0],
        own["west"][1] + village[1],
    ]


@pytest.mark.parametrize("code", ALL_CODES)
def test_the_parts_add_up_to_the_whole_where_they_may(code: str, awkward: Cast) -> None:
    period = Period.parse("2021")
    whole = facts([code], "assoc", period)[code]
    definition = shipped.get(code)
    over = additive_over(definition, shipped.definitions())
    months = breakdown.by_month(code, "assoc", period)
    assert len(months) == 12
    for month, fact in months:
        direct = facts([code], "assoc", month)[code]
        assert (fact.value or 0) == (direct.value or 0), (code, month.text)
        assert fact.rows == direct.rows
    if "periods" in over:
        assert sum(fact.value or 0 for _m, fact in months) == (whole.value or 0)
    association = Unit.objects.get(code="assoc")
    below = scope.children(association, period)
    assert [unit for _n, unit, _name in below] == ["east", "west"]
    shares = [one[code] for one in breakdown.by_unit([code], "assoc", period, below)]
    for (_number, unit, _name), fact in zip(below, shares, strict=True):
        direct = facts([code], unit, period)[code]
        assert (fact.value or 0) == (direct.value or 0), (code, unit)
        assert fact.rows == direct.rows, (code, unit)
    if definition.leaf is not None:
        by_field(code, whole, period)


def by_field(code: str, whole: Fact, period: Period) -> None:
    """Single-valued fields divide the rows; tags may overlap but lose none."""
    assert whole.definition.leaf is not None
    register = catalogue.get(whole.definition.leaf.register)
    kind = whole.definition.leaf.measure.kind
    for name, _label, many in breakdown.groupings(code):
        shares = breakdown.by_field(code, "assoc", period, name)
        counted = sum(share.fact.rows for share in shares)
        if many:
            assert counted >= whole.rows, (code, name)
        else:
            assert counted == whole.rows, (code, name)
            if kind != "distinct":
                total = sum(share.fact.value or 0 for share in shares)
                assert total == (whole.value or 0), (code, name)
        assert isinstance(register.fields[name], fields.Field)


@pytest.mark.parametrize("code", ALL_CODES)
def test_every_figure_has_a_page_and_a_card_for_whoever_may_see_it(
    code: str, awkward: Cast, sign_in: Any
) -> None:
    for person in (awkward.lin, awkward.re, awkward.bo):
        browser = sign_in(person)
        unit = "east" if person == awkward.bo else "assoc"
        page = browser.get(f"/figures/{code}/?unit={unit}&period=2021")
        assert page.status_code == 200
        assert page.context["fact"].unit_code == unit
        assert browser.get(f"/figures/{code}/card/?unit={unit}&period=2021").status_code == 200
    browser = sign_in(awkward.chen)
    assert browser.get(f"/figures/{code}/?unit=assoc&period=2021").status_code == 404
    assert browser.get(f"/figures/{code}/card/?unit=east&period=2021").status_code == 404


def test_a_running_total_leaves_rows_where_their_unit_stood_before_it_moved(awkward: Cast) -> None:
    """In 2022 the village has long moved west; what it raised before stays with the east."""
    code = "more.ever_raised"
    period = Period.parse("2022")
    below = scope.children(Unit.objects.get(code="assoc"), period)
    for (_number, unit, _name), found in zip(
        below, breakdown.by_unit([code], "assoc", period, below), strict=True
    ):
        direct = facts([code], unit, period)[code]
        assert found[code].rows == direct.rows, unit
        assert direct.rows, unit
