"""Figures against the same figures as a person would write them in SQL.

The statements below are written for this schema by hand: one for each set of rows, with all its
measures, the unit's subtree by a join on ``org_path``. They are held to the product's own results
before anything is timed.
"""

from __future__ import annotations

from decimal import Decimal
from statistics import median

from django.db import connection

from taizhang.engines.figures.evaluate import leaves_of
from taizhang.engines.periods import Period
from taizhang.figures.definitions import definitions
from taizhang.figures.facts import facts
from taizhang.outlines import catalogue

from .measures import Measure, percentile, side_by_side, timed
from .world import BANNER, CITY, Size

YEAR = Period.parse("2021")

_BELOW = (
    "JOIN org_path p ON p.descendant_id = {unit} AND p.ancestor_id ="
    " (SELECT id FROM org_unit WHERE code = %(unit)s)"
)
_THEN = _BELOW + " AND {day} BETWEEN p.first AND p.last"
_AT_THE_END = _BELOW + " AND %(last)s BETWEEN p.first AND p.last"

_ACTIVITIES = (
    "SELECT count(*), {sums} FROM activities_activity a "
    + _THEN.format(unit="a.unit_id", day="a.held_on")
    + " WHERE a.state = 'verified' AND a.held_on BETWEEN %(first)s AND %(last)s"
)
_THEME = (
    "EXISTS (SELECT 1 FROM activities_activity_themes x JOIN activities_theme t"
    " ON t.id = x.theme_id WHERE x.activity_id = a.id AND t.code = '{}')"
)
_ON_TOUR = (
    "SELECT {}, sum(a.attendance) FROM activities_activity a"
    " JOIN activities_tour t ON t.id = a.tour_id LEFT JOIN places_place c ON c.id = a.place_id "
    + _THEN.replace("{unit}", "a.unit_id").replace("{day}", "a.held_on")
    + " WHERE a.state = 'verified' AND a.held_on BETWEEN %(first)s AND %(last)s"
)
_MEETINGS = (
    "SELECT count(*), sum(m.present) FROM governance_meeting m "
    + _THEN.format(unit="m.unit_id", day="m.held_on")
    + " WHERE m.state = 'verified' AND m.held_on BETWEEN %(first)s AND %(last)s"
)
_TOPIC = (
    " AND EXISTS (SELECT 1 FROM governance_meeting_topics x JOIN governance_topic t"
    " ON t.id = x.topic_id WHERE x.meeting_id = m.id AND t.code = 'case_reform')"
)
_VOLUNTEERS = (
    "SELECT count(*) FROM volunteers_volunteer v "
    + _AT_THE_END.format(unit="v.unit_id")
    + " WHERE v.state = 'verified' AND v.joined_on <= %(last)s"
    " AND (v.left_on IS NULL OR v.left_on >= %(last)s)"
)
_PROBLEMS = (
    "SELECT count(*) FROM governance_problem b "
    + _THEN.format(unit="b.unit_id", day="b.raised_on")
    + " WHERE b.state = 'verified' AND b.raised_on BETWEEN %(first)s AND %(last)s"
)
_TO_RECTIFY = " AND b.level IN ('group', 'personal')"
_MEASURES = (
    "SELECT count(*) FROM governance_measure m JOIN governance_problem b ON b.id = m.problem_id "
    + _THEN.format(unit="b.unit_id", day="b.raised_on")
    + " WHERE m.state = 'verified' AND b.raised_on BETWEEN %(first)s AND %(last)s"
)
_OPEN = "{0} <= %(last)s AND ({1} IS NULL OR {1} >= %(last)s)"
_PLACES = (
    "SELECT count(*), sum(c.building_area), sum(c.exhibition_area) FROM places_place c "
    + _AT_THE_END.format(unit="c.unit_id")
    + " WHERE c.state = 'verified' AND "
    + _OPEN.format("c.opened_on", "c.closed_on")
)
_OF_PLACE = "JOIN places_place c ON c.id = x.place_id AND c.kind = 'museum' "

STATEMENTS: tuple[tuple[tuple[str, ...], str], ...] = (
    (
        ("volunteering.events", "volunteering.turnout", "volunteering.beneficiaries"),
        _ACTIVITIES.format(sums="sum(a.volunteers), sum(a.attendance)")
        + f" AND {_THEME.format('volunteering')} AND NOT {_THEME.format('minority')}",
    ),
    (
        ("rural.events", "rural.beneficiaries"),
        _ACTIVITIES.format(sums="sum(a.attendance)") + f" AND {_THEME.format('rural')}",
    ),
    (
        ("minority.events", "minority.turnout", "minority.beneficiaries"),
        _ACTIVITIES.format(sums="sum(a.volunteers), sum(a.attendance)")
        + f" AND {_THEME.format('minority')}",
    ),
    (("experts.events",), _ACTIVITIES.format(sums="0") + f" AND {_THEME.format('expert')}"),
    (("themes.legal",), _ACTIVITIES.format(sums="0") + f" AND {_THEME.format('legal')}"),
    (
        ("youth.caravan_schools", "youth.caravan_students"),
        _ON_TOUR.format("count(DISTINCT CASE WHEN c.kind = 'school' THEN c.id END)")
        + " AND t.kind = 'caravan'",
    ),
    (
        ("", "youth.mobile_museum_visitors"),
        _ON_TOUR.format("count(*)") + " AND t.kind = 'mobile_museum'",
    ),
    (
        ("study.centre_group",),
        _MEETINGS + " AND m.body = 'centre_group' AND m.kind = 'study'",
    ),
    (
        ("cases.study_sessions",),
        _MEETINGS + " AND m.body = 'centre_group' AND m.kind = 'study'" + _TOPIC,
    ),
    (("cases.warning_sessions", "cases.turnout"), _MEETINGS + " AND m.kind = 'warning'" + _TOPIC),
    (("cases.party_lectures",), _MEETINGS + " AND m.kind = 'lecture'" + _TOPIC),
    (("cases.films",), _MEETINGS + " AND m.kind = 'film'" + _TOPIC),
    (("branch.life",), _MEETINGS + " AND m.body = 'branch'"),
    (("ideology.analyses",), _MEETINGS + " AND m.kind = 'analysis'"),
    *(
        ((code,), _MEETINGS + " AND m.kind = 'topic'" + _TOPIC.replace("case_reform", topic))
        for code, topic in (
            ("ideology.meetings", "ideology"),
            ("integrity.meetings", "integrity"),
            ("party.meetings", "party_building"),
        )
    ),
    (("volunteers.corps_members",), _VOLUNTEERS + " AND v.team = 'corps'"),
    (("volunteers.platform_members",), _VOLUNTEERS + " AND v.platform = 'national'"),
    (("rectification.problems",), _PROBLEMS + _TO_RECTIFY),
    (("rectification.closed",), _PROBLEMS + _TO_RECTIFY + " AND b.progress = 'closed'"),
    (("work.shortcomings",), _PROBLEMS + " AND b.level = 'work'"),
    (("rectification.group_problems",), _PROBLEMS + " AND b.level = 'group'"),
    (("rectification.personal_problems",), _PROBLEMS + " AND b.level = 'personal'"),
    (("rectification.group_measures",), _MEASURES + " AND b.level = 'group'"),
    (("rectification.personal_measures",), _MEASURES + " AND b.level = 'personal'"),
    (
        ("", "museum.building_area", "museum.exhibition_area"),
        _PLACES + " AND c.kind = 'museum'",
    ),
    (("estations.count",), _PLACES + " AND c.kind = 'estation'"),
    (
        ("museum.zones",),
        "SELECT count(*) FROM places_zone x "
        + _OF_PLACE
        + _AT_THE_END.format(unit="c.unit_id")
        + " WHERE x.state = 'verified' AND "
        + _OPEN.format("x.opened_on", "x.closed_on"),
    ),
    (
        ("museum.exhibits",),
        "SELECT sum(x.pieces) FROM places_exhibit x "
        + _OF_PLACE
        + _AT_THE_END.format(unit="c.unit_id")
        + " WHERE x.state = 'verified' AND "
        + _OPEN.format("x.installed_on", "x.removed_on"),
    ),
    (
        ("museum.visits",),
        "SELECT sum(x.visits) FROM places_visitday x "
        + _OF_PLACE
        + _THEN.format(unit="c.unit_id", day="x.held_on")
        + " WHERE x.state = 'verified' AND x.held_on BETWEEN %(first)s AND %(last)s",
    ),
)
"""The figures of each statement's columns (blank: a column no figure needs), and the statement."""

FILLED = frozenset(
    {
        *("activities.activity", "volunteers.volunteer", "governance.meeting"),
        *("governance.problem", "governance.measure", "places.place", "places.zone"),
        *("places.exhibit", "places.visitday"),
    }
)
"""The registers that the generated ledger fills: nought equals nought says nothing of the others."""


def report_leaves() -> list[str]:
    """The counted figures of the annual report, formulas taken apart, over what the world fills."""
    known = definitions()
    leaves = ((code, known[code].leaf) for code in leaves_of(_figures(), known))
    return [code for code, leaf in leaves if leaf is not None and leaf.register in FILLED]


def _figures() -> tuple[str, ...]:
    return tuple(catalogue.get(catalogue.ANNUAL).figures())


def by_hand(wanted: set[str], unit: str, period: Period) -> dict[str, Decimal]:
    """The values of these figures, straight from SQL."""
    asked = {"unit": unit, "first": period.first.isoformat(), "last": period.last.isoformat()}
    found: dict[str, Decimal] = {}
    with connection.cursor() as cursor:
        for codes, statement in STATEMENTS:
            if wanted.isdisjoint(codes):
                continue
            cursor.execute(statement, asked)
            for code, value in zip(codes, cursor.fetchone(), strict=False):
                if code in wanted:
                    found[code] = Decimal(str(value or 0))
    return found


def assert_equal(unit: str, period: Period = YEAR) -> int:
    """Hold the hand-written SQL to the product's results; returns how many figures agree."""
    wanted = report_leaves()
    hand = by_hand(set(wanted), unit, period)
    ours = {code: fact.value or Decimal(0) for code, fact in facts(wanted, unit, period).items()}
    assert hand.keys() == ours.keys(), f"no SQL by hand for {ours.keys() - hand.keys()}"
    different = {code: (ours[code], hand[code]) for code in ours if ours[code] != hand[code]}
    assert not different, f"figures differ from SQL by hand: {different}"
    return len(ours)


def measure(size: Size) -> list[Measure]:
    """One figure, all figures of the report, and the ratio to SQL by hand."""
    from taizhang.activities.models import Activity
    from taizhang.org.models import Path

    below = Path.objects.filter(ancestor__code=BANNER).values("descendant_id")
    rows = Activity.objects.filter(unit__in=below).count()
    agreed = assert_equal(BANNER)
    group = f"figures of a unit with {rows:,} activities"
    found = []
    for code in ("volunteering.events", "minority.beneficiaries"):
        times = [timed(lambda: facts([code], BANNER, YEAR))[0] for _r in range(size.rounds)]  # noqa: B023
        note = f"p95 {percentile(times, 0.95) * 1000:.0f} ms"
        found.append(Measure(group, code, median(times) * 1000, "ms", at_most=50, note=note))
    codes = report_leaves()
    wanted = set(codes)
    ours, hand = side_by_side(
        lambda: facts(codes, BANNER, YEAR),
        lambda: by_hand(wanted, BANNER, YEAR),
        max(size.rounds // 2, 5),
    )
    note = f"{agreed} counted figures, each equal to its SQL by hand"
    found.append(Measure(group, "all figures of the report", ours, "s", at_most=2, note=note))
    found.append(Measure(group, "the same by hand-written SQL", hand, "s"))
    found.append(Measure(group, "ratio to hand-written SQL", ours / hand, "×", at_most=1.5))
    assert_equal(CITY)
    all_ours, all_hand = side_by_side(
        lambda: facts(codes, CITY, YEAR), lambda: by_hand(wanted, CITY, YEAR), 5
    )
    note = f"{all_ours:.3f} s, by hand {all_hand:.3f} s"
    found.append(Measure(group, "the same for the whole city", all_ours / all_hand, "×", note=note))
    assert_equal(BANNER)  # once more, now that the statements are kept
    return found
