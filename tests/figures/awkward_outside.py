"""What makes counting go wrong in the registers of what reaches people, for ``test_figures_open``.

Every record is written for a village that moves in July, on days at the edges of the periods.
"""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Any

from taizhang.ledger import catalogue, write
from tests.conftest import Cast
from tests.factories import act, make, terms

EDGES = tuple(
    map(date.fromisoformat, ("2020-12-31", "2021-03-31", "2021-06-30", "2021-07-01", "2022-01-01"))
)


def write_outside(cast: Cast, village: Any, verified: Any) -> None:
    """Records of every register that a shipped figure of outreach, places or projects counts."""
    for number, day in enumerate(EDGES):
        unit = (cast.east, village, cast.west)[number % 3]
        _activities(cast, unit, number, day, verified)
        _outreach(cast, unit, number, day, verified)
        _people(unit, number, day, verified)
        _places(cast, unit, number, day)
        _projects(cast, unit, number, day)


def _approve(record: Any, cast: Cast) -> None:
    act(record, "submit", cast.su)
    act(record, "verify", cast.zhi)


def _child(cast: Cast, name: str, values: dict[str, Any]) -> Any:
    return write.create(catalogue.get(name), values, actor=cast.su)


def _activities(cast: Cast, unit: Any, number: int, day: date, verified: Any) -> None:
    school = make("places.place", 300 + number % 2, unit, cast.su, kind="school", opened_on=day)
    themes = terms("activities.theme", "expert", "legal", "food_safety", "emergency")
    words = [
        ("caravan", "science_tour", "spring", "community", "mongolian"),
        ("mobile_museum", "science_tour", "autumn", "school", "bilingual"),
        ("caravan", "science_day", "", "office", "chinese"),
        ("mobile_museum", "workers_day", "", "countryside", "mongolian"),
        ("panels", "food_safety_week", "", "school", ""),
    ]
    for turn, (kind, campaign, part, setting, language) in enumerate(words):
        tour = make("activities.tour", 300 + number * 5 + turn, unit, cast.su, kind=kind)
        activity = make(
            "activities.activity",
            300 + number * 5 + turn,
            unit,
            cast.su,
            held_on=day,
            themes=themes,
            campaign=terms("activities.campaign", campaign)[0],
            round=part,
            tour=tour,
            place=school,
            setting=setting,
            language=language,
            attendance=number * 11 + turn if turn else None,
        )
        _child(
            cast,
            "activities.participation",
            {
                "activity": activity,
                "volunteer": make("volunteers.volunteer", 300 + number * 5 + turn, unit, cast.su),
                "duty": "translator" if turn % 2 else "service",
            },
        )
        kinds = ("leaflet", "book", "poster", "goods", "leaflet")
        given = {"activity": activity, "kind": kinds[turn], "name": "资料", "copies": turn * 10 + 1}
        _child(cast, "activities.handout", given)
        _approve(activity, cast)


def _outreach(cast: Cast, unit: Any, number: int, day: date, verified: Any) -> None:
    verified("outreach.push", number, unit, counted_on=day, items=1000 * number + 1)
    for turn, kind in enumerate(("column", "site", "group")):
        channel = make(
            "outreach.channel",
            number * 3 + turn,
            unit,
            cast.su,
            kind=kind,
            opened_on=date(2020, 1, 1),
            closed_on=day if number % 2 else None,
            merged_into="工作群" if number % 2 else "",
        )
        news = {"channel": channel, "published_on": day, "title": "一期", "kind": "science"}
        _child(cast, "outreach.update", news | {"items": number + 1})
        _approve(channel, cast)
    verified("outreach.media", number, unit, published_on=day)
    verified("outreach.lesson", number, unit, published_on=day, online_views=number or None)
    publication = make("outreach.publication", number, unit, cast.su, printed_on=day)
    gift = {"publication": publication, "given_on": day, "recipient": "school", "copies": 7}
    _child(cast, "outreach.distribution", gift)
    _approve(publication, cast)
    contest = make("outreach.contest", number, unit, cast.su, held_on=day)
    for place, award in enumerate(("none", "first"), start=1):
        line = {"contest": contest, "number": place, "work": "作品", "sent_by": "小学"}
        _child(cast, "outreach.entry", line | {"award": award})
    _approve(contest, cast)
    verified("outreach.drill", number, unit, held_on=day, attendance=number * 3, minors=None)


def _people(unit: Any, number: int, day: date, verified: Any) -> None:
    left = date(2021, 12, 31) if number % 2 else None
    left = left if left is None or left >= day else None
    verified("outreach.officer", number, unit, registered_on=day, left_on=left)
    verified("volunteers.expert", number, unit, joined_on=day, left_on=left)
    verified(
        "volunteers.standby", number, unit, formed_on=day, dissolved_on=left, members=number + 1
    )
    verified("places.place", 400 + number, unit, kind="room", opened_on=day, closed_on=left)


def _places(cast: Cast, unit: Any, number: int, day: date) -> None:
    opened = {"opened_on": date(2019, 1, 1)}
    sizes = {"building_area": None, "exhibition_area": None}
    museum = make("places.place", 500 + number, unit, cast.su, kind="museum", **opened, **sizes)
    for turn, kind in enumerate(("added", "replaced", "repaired")):
        line = {"place": museum, "done_on": day, "kind": kind, "what": kind, "pieces": turn + 2}
        _child(cast, "places.renewal", line)
    for turn, way in enumerate(("lent", "borrowed"), start=1):
        back = date(2021, 12, 31) if number == 1 else None
        _child(
            cast,
            "places.loan",
            {
                "place": museum,
                "number": turn,
                "way": way,
                "what": "展品",
                "pieces": turn + 1,
                "other_side": "小学",
                "lent_on": day,
                "returned_on": back,
            },
        )
    _child(cast, "places.visitday", {"place": museum, "held_on": day, "visits": 3, "free": True})
    _approve(museum, cast)
    # Closed long before it is checked: a check counts by its own day.
    opened["closed_on"] = date(2019, 12, 31)
    station = make("places.place", 600 + number, unit, cast.su, kind="estation", **opened)
    conditions = ("network", "staff", "site", "activities", "terminal")
    whole = dict.fromkeys(conditions, True) | {"network": number != 2}
    check = {"place": station, "checked_on": day, "upgrade": "done", "keepers": 3, "trained": 2}
    _child(cast, "places.stationcheck", check | whole)
    _approve(station, cast)
    material = make("places.material", number, unit, cast.su, kept_from=day)
    for turn, way in enumerate(("in", "out", "expired"), start=1):
        slip = {"material": material, "number": turn, "moved_on": day, "way": way, "quantity": 5}
        _child(cast, "places.movement", slip)
    _approve(material, cast)


def _projects(cast: Cast, unit: Any, number: int, day: date) -> None:
    for turn, kind in enumerate(("aid", "science")):
        project = make(
            "projects.project",
            number * 2 + turn,
            unit,
            cast.su,
            kind=kind,
            started_on=day,
            budget=Decimal("900.10") * (number + 1),
            served=None if number == 3 else 40,
        )
        money = {"project": project, "number": 1, "amount": Decimal("300.05")}
        _child(cast, "projects.funding", money | {"received_on": day, "source": "above"})
        _child(cast, "projects.spending", money | {"spent_on": day, "purpose": "labour"})
        activity = make("activities.activity", 900 + number * 2 + turn, unit, cast.su)
        paid = {"spent_on": day, "purpose": "activity", "activity": activity, "number": 2}
        _child(cast, "projects.spending", money | paid)
        goods = (
            ("building", "用房", "平方米"),
            ("goods", "红砖", "块"),
            ("equipment", "电脑", "台"),
        )
        for line, (what, name, measure) in enumerate(goods, start=1):
            _child(
                cast,
                "projects.delivery",
                {
                    "project": project,
                    "number": line,
                    "delivered_on": day,
                    "kind": what,
                    "name": name,
                    "quantity": Decimal("1.5") * line,
                    "measure": measure,
                    "beneficiary": "village",
                },
            )
        _approve(project, cast)
