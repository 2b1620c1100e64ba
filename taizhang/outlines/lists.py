"""Names from registers that may stand in a report: declared here, gathered for a unit and a period."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from functools import partial
from typing import Any

from django.core import checks
from django.db.models import F, Max, Min

from taizhang.engines.figures.definitions import Leaf, Measure, Time
from taizhang.engines.findings import Refused
from taizhang.engines.names import Bilingual
from taizhang.engines.outlines.compile import ListFact
from taizhang.engines.outlines.parse import MOST_NAMES, Listing
from taizhang.engines.periods import Period
from taizhang.engines.queries import parse
from taizhang.figures.facts import leaf_rows
from taizhang.ledger import catalogue, kinds, standing
from taizhang.ledger.register import Register
from taizhang.org.models import Unit


@dataclass(frozen=True, slots=True)
class NameList:
    """The different values of ``field`` in the rows of a register, by the day they come first.

    ``rows`` is a register with a query, ``day`` the field that says whether a row lies in the
    period. With ``by`` those with the most of it come first. Names that are ``quoted`` stand in
    quotation marks, others are set apart by 、.
    """

    name: Bilingual
    rows: str
    field: str
    day: str
    by: str = ""
    most: int = MOST_NAMES
    quoted: bool = False


LISTS = {
    "campaigns": NameList(
        Bilingual("品牌活动名称", "Names of campaigns"),
        rows="activities.activity",
        field="campaign",
        day="held_on",
    ),
    "top-activities": NameList(
        Bilingual("参加人次最多的活动", "Activities with most person-times"),
        rows="activities.activity",
        field="title",
        day="held_on",
        by="attendance",
        most=3,
        quoted=True,
    ),
}


def gather(wanted: Iterable[Listing], unit: Unit, period: Period) -> dict[Listing, ListFact]:
    """What these lists say for a unit and a period: one query each."""
    found = {}
    for listing in wanted:
        declared = LISTS[listing.name]
        most = listing.most or declared.most
        question = ("names", listing.name, most, unit.code, period)
        names = standing.kept(question, partial(_names, declared, most, unit, period))
        text = "".join(f"“{n}”" for n in names) if declared.quoted else "、".join(names)
        found[listing] = ListFact(declared.name.zh, text)
    return found


def _names(declared: NameList, most: int, unit: Unit, period: Period) -> list[str]:
    register, rows = leaf_rows(_leaf(declared), period, unit.code)
    path = _name_path(register, declared.field)
    rows = rows.exclude(**{f"{path}__isnull": True}).exclude(**{path: ""})
    if declared.by:
        rows = rows.exclude(**{f"{declared.by}__isnull": True})
        rows = rows.values(path).annotate(_most=Max(declared.by))
        rows = rows.order_by(F("_most").desc(), path)
    else:
        rows = rows.values(path).annotate(_first=Min(declared.day)).order_by("_first", path)
    return [row[path] for row in rows[:most]]


def _leaf(declared: NameList) -> Leaf:
    register, _mark, query = declared.rows.partition("?")
    return Leaf(register, parse(query), Measure("count"), Time("flow", (declared.day,)))


def _name_path(register: Register, field: str) -> str:
    """Where the words of a field stand: a controlled word has its Chinese name in a table."""
    prefix, known, _way = kinds.resolve_path(register, field)
    return f"{prefix}{known.name}" + ("__name_zh" if known.kind == "term" else "")


@checks.register("outlines")
def check_lists(app_configs: Any, **kwargs: Any) -> list[checks.CheckMessage]:
    """Start-up check: every list fits its register, and none prints what is personal."""
    found: list[checks.CheckMessage] = []
    for code, declared in LISTS.items():
        try:
            register = catalogue.get(declared.rows.partition("?")[0])
            fields = {
                name: kinds.resolve_path(register, name)[1]
                for name in (declared.field, declared.day, *filter(None, [declared.by]))
            }
        except Refused as refused:
            found.append(checks.Error(f"{code}: {refused}", id="outlines.E002"))
            continue
        wrong = [
            *([declared.field] if fields[declared.field].kind not in ("term", "text") else []),
            *([declared.field] if declared.field in register.personal else []),
            *([declared.day] if fields[declared.day].kind != "date" else []),
            *([declared.by] if declared.by and not fields[declared.by].numeric else []),
        ]
        found += [
            checks.Error(f"{code}: {name} does not fit", id="outlines.E003") for name in wrong
        ]
    return found
