"""What makes counting go wrong in the registers of inside work, for ``test_figures_open``.

Records for a village that moves in July, on days at the edges of the periods.
"""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

from taizhang.ledger import catalogue, write
from tests.conftest import Cast
from tests.factories import act, make, terms, values
from tests.figures.awkward_outside import EDGES

VENUE = "org.unit"


def write_inside(cast: Cast, village: Any) -> None:
    """Verified records of every register that a shipped figure of inside work counts, and one draft."""
    museum = make(VENUE, 700, cast.east, cast.lin, code="venue-700", kind="venue")
    for number, day in enumerate(EDGES):
        unit = (cast.east, village, cast.west)[number % 3]
        for record in (
            *_meetings(cast, unit, number, day),
            *_papers(cast, unit, number, day),
            *_rules(cast, unit, number, day),
            *_groups(cast, unit, number, day),
            *_posts(cast, museum, number, day),
        ):
            act(record, "submit", cast.su)
            act(record, "verify", cast.zhi)
    make("governance.pledge", 799, village, cast.su, pledged_on=date(2021, 5, 1))


def _meetings(cast: Cast, unit: Any, number: int, day: date) -> list[Any]:
    topics = ("case_reform", "ideology", "integrity", "party_building")
    found = []
    for turn, (body, kind) in enumerate(
        (
            ("party_group", "film"),
            ("party_group", "topic"),
            ("branch", "lecture"),
            ("party_group", "analysis"),
            ("party_group", "warning"),
        )
    ):
        held = make(
            "governance.meeting",
            700 + number * 10 + turn,
            unit,
            cast.su,
            body=body,
            kind=kind,
            held_on=day,
            topics=terms("governance.topic", *topics),
        )
        found.append(held)
        make_child(cast, "governance.resolution", held, number)
        make_child(cast, "governance.case", held, number)
    return found


def make_child(cast: Cast, name: str, parent: Any, number: int) -> None:
    """A row below a record; verifying the parent verifies it."""
    register = catalogue.get(name)
    given = values(register, 7_000 + parent.pk, cast.east, cast.su) | {
        str(register.parent): parent,
        "number": number + 1,
    }
    write.create(register, given, actor=cast.su)


def _papers(cast: Cast, unit: Any, number: int, day: date) -> list[Any]:
    found = [
        make(
            "governance.contribution",
            700 + number * 3 + turn,
            unit,
            cast.su,
            kind=kind,
            handed_on=day,
        )
        for turn, kind in enumerate(("reflection", "suggestion", "article"))
    ]
    for turn, direction in enumerate(("received", "issued", "joint")):
        paper = make(
            "governance.document",
            700 + number * 3 + turn,
            unit,
            cast.su,
            direction=direction,
            subject="emergency",
            dated_on=day,
        )
        make_child(cast, "governance.signatory", paper, number)
        found.append(paper)
    return found


def _rules(cast: Cast, unit: Any, number: int, day: date) -> list[Any]:
    n = 700 + number
    return [
        make("governance.regulation", n, unit, cast.su, issued_on=day, in_force_on=day),
        make(
            "governance.regulation",
            n + 50,
            unit,
            cast.su,
            change="improved",
            issued_on=day,
            in_force_on=day,
        ),
        make("governance.duty", n, unit, cast.su, begins_on=day),
        make("governance.pledge", n, unit, cast.su, pledged_on=day),
        make("governance.riskpoint", n, unit, cast.su, found_on=day),
        make(
            "governance.problem",
            n,
            unit,
            cast.su,
            level="work",
            raised_on=day,
            progress="going",
            closed_on=None,
        ),
        make(
            "governance.step",
            n,
            unit,
            cast.su,
            planned_on=day,
            begins_on=day,
            due_on=day + timedelta(days=90),
        ),
    ]


def _groups(cast: Cast, unit: Any, number: int, day: date) -> list[Any]:
    n = 700 + number
    return [
        make(
            "governance.group",
            n,
            unit,
            cast.su,
            founded_on=day,
            dissolved_on=day + timedelta(days=200),
        ),
        make("governance.member", n, unit, cast.su, joined_on=day),
        make("governance.member", n + 50, unit, cast.su, kind="town", joined_on=day),
        make("governance.service", n, unit, cast.su, promised_on=day, done_on=day),
    ]


def _posts(cast: Cast, museum: Any, number: int, day: date) -> list[Any]:
    return [
        make(
            "org.post",
            700 + number,
            museum,
            cast.su,
            established_on=day,
            filled_on=day,
            filling=("own", "seconded")[number % 2],
        )
    ]
