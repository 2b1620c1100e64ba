"""The pages of figures: the index, a figure with everything behind it, and the small card."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal
from typing import Any

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.utils.translation import get_language, pgettext
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from taizhang.engines.figures.numerals import plain
from taizhang.engines.figures.rows import additive_over, rows_query
from taizhang.engines.findings import Refused
from taizhang.engines.periods import Period
from taizhang.engines.queries import parse
from taizhang.evidence.models import Strength
from taizhang.ledger import access, catalogue, kinds, paging, query, standing
from taizhang.ledger import render as words
from taizhang.ledger.register import Register
from taizhang.wording import say

from . import breakdown, charts, uses
from .definitions import definitions, get
from .facts import Fact, facts
from .scope import Scope, children, scope_of
from .stored import stored

ROWS_SHOWN = 6


def asked_scope(request: HttpRequest) -> Scope:
    """The unit and period of this page; refuses a user who belongs to no unit."""
    found = scope_of(request.user, request.GET, request.session)
    if found is None:
        raise Refused.because("access.no-unit", str(request.user))
    return found


@require_GET
def index(request: HttpRequest) -> HttpResponse:
    """All figures of a unit and period by group, beside last year's."""
    scope = asked_scope(request)
    now = facts(None, scope.unit.code, scope.period)
    if request.GET.get("format") == "json":
        language = get_language() or "zh"
        return JsonResponse([fact.as_json(language) for fact in now.values()], safe=False)
    before = facts(None, scope.unit.code, scope.period.a_year_before())
    groups: dict[str, list[dict[str, Any]]] = {}
    for code, fact in now.items():
        groups.setdefault(_group(fact), []).append(
            {"fact": fact, "before": before[code], "change": change(fact, before[code])}
        )
    context = {"scope": scope, "groups": groups, "before_label": scope.period.a_year_before().text}
    return render(request, "figures/index.html", context)


GROUPS: dict[str, Any] = {
    "own": lambda: _("Figures of units"),
    "study": lambda: _("Study"),
    "volunteers": lambda: _("Volunteers"),
    "volunteering": lambda: _("Science volunteering"),
    "rural": lambda: _("Rural revitalisation"),
    "minority": lambda: _("Ethnic minorities"),
    "cases": lambda: _("Reform through cases"),
    "rectification": lambda: _("Rectification"),
    "museum": lambda: _("Science museum"),
    "estations": lambda: _("Science e-stations"),
}


def _group(fact: Fact) -> str:
    code = fact.definition.group
    return GROUPS[code]() if code in GROUPS else code


def change(now: Fact, before: Fact) -> str:
    """The difference to last year in words: up 5 (26.3%)."""
    if now.value is None or before.value is None:
        return ""
    difference = now.value - before.value
    if difference == 0:
        return _("unchanged")
    text = _("up {number}") if difference > 0 else _("down {number}")
    text = text.format(number=plain(abs(difference)))
    if before.value and now.definition.unit != "%":
        share = abs(difference) * 100 / abs(before.value)
        text += pgettext("share of change", " ({share}%)").format(share=f"{share:.1f}")
    return text


@require_GET
def show(request: HttpRequest, code: str) -> HttpResponse:
    """A figure: definition, value, by month, by unit, by a field, proof, and its rows."""
    definition = get(code)
    scope = asked_scope(request)
    months = by_month(code, scope)
    fact, before = months["now"], months["before"]
    context: dict[str, Any] = {
        "scope": scope,
        "fact": fact,
        "group": _group(fact),
        "may_change": stored().owners.get(code) in access.of(request.user).units("recorder"),
        "before": before,
        "change": change(fact, before),
        "findings": [say(finding, get_language() or "zh") for finding in fact.findings],
        "additive": _additivity(code),
        "months": months,
        "units": _units(code, scope),
        "strengths": strength_rows(fact),
        "conditions": _conditions(fact),
        "groupings": breakdown.groupings(code),
        "uses": uses.uses(code, scope.unit.code, scope.period.text),
    }
    if definition.leaf is not None:
        context |= _rows(request, fact)
        if by := request.GET.get("by"):
            context["by"] = by
            context["shares"] = breakdown.by_field(code, scope.unit.code, scope.period, by)
    return render(request, "figures/figure.html", context)


@require_GET
def card(request: HttpRequest, code: str) -> HttpResponse:
    """The card that a chip opens."""
    scope = asked_scope(request)
    fact = facts([code], scope.unit.code, scope.period)[code]
    years = [fact]
    for _step in range(2):
        years.append(breakdown.a_year_before(years[-1]))
    years.reverse()
    chart = charts.bars(
        [f"{year.period.year % 100:02d}" for year in years], [y.value for y in years], height=78
    )
    context = {
        "scope": scope,
        "fact": fact,
        "before": years[-2],
        "change": change(fact, years[-2]),
        "chart": chart,
        "chart_text": "，".join(f"{y.period.text} {y.text or '–'}" for y in years),
        "strengths": strength_rows(fact),
        "conditions": _conditions(fact),
    }
    return render(request, "figures/card.html", context)


def strength_rows(fact: Fact) -> dict[str, Any] | None:
    """The bar of evidence strength: widths, offsets and words; None where no proof is expected."""
    found = breakdown.strength(fact)
    total = sum(found.values())
    if not total:
        return None
    offset, segments = 0, []
    for level in Strength:
        count = found.get(level, 0)
        if count:
            segments.append({"level": level.value, "x": offset, "width": count})
        offset += count
    legend = [
        {"level": level.value, "label": level.label, "count": found.get(level, 0)}
        for level in Strength
    ]
    return {"total": total, "segments": segments, "legend": legend}


def _additivity(code: str) -> str:
    over = additive_over(get(code), definitions())
    if over == {"units", "periods"}:
        return _("adds up over units and periods")
    if over == {"units"}:
        return _("adds up over units, not over periods")
    if over == {"periods"}:
        return _("adds up over periods, not over units")
    return _("does not add up")


def by_month(code: str, scope: Scope, height: int = 190) -> dict[str, Any]:
    """A figure by month beside the year before, with both wholes; no chart for a single month.

    The months come first: where they add up, the wholes need no counting of their own.
    """
    earlier = scope.period.a_year_before()
    now = breakdown.by_month(code, scope.unit.code, scope.period)
    last = breakdown.by_month(code, scope.unit.code, earlier)
    fact = facts([code], scope.unit.code, scope.period)[code]
    before = facts([code], scope.unit.code, earlier)[code]
    if not now:
        return {"now": fact, "before": before, "chart": None, "text": ""}
    labels = [_month_label(month, first=number == 0) for number, (month, _f) in enumerate(now)]
    values = [f.value for _month, f in now]
    text = "，".join(f"{_month_label(m, first=True)} {f.text or '–'}" for m, f in now)
    chart = charts.bars(labels, values, [f.value for _month, f in last], height)
    return {"now": fact, "before": before, "chart": chart, "text": text}


def _month_label(month: Period, *, first: bool) -> str:
    number = month.first.month
    return pgettext("on an axis", "{month}").format(month=number) if first else str(number)


def _units(code: str, scope: Scope) -> dict[str, Any] | None:
    """The table by child unit; the rows of the unit itself stand first."""
    below = children(scope.unit, scope.period)
    if not below:
        return None
    now = breakdown.by_unit([code], scope.unit.code, scope.period, below)
    earlier = scope.period.a_year_before()
    last = breakdown.by_unit([code], scope.unit.code, earlier, below)
    lines = [
        {"code": unit_code, "name": name, "fact": now[number][code], "before": last[number][code]}
        for number, (_pk, unit_code, name) in enumerate(below)
    ]
    lines = [line for line in lines if _told(line["fact"]) or _told(line["before"])]
    total = facts([code], scope.unit.code, scope.period)[code]
    total_before = facts([code], scope.unit.code, earlier)[code]
    own = _own_part(code, total, lines)
    return {"lines": lines, "total": total, "total_before": total_before, "own": own}


def _told(fact: Any) -> bool:
    return bool(fact.rows or fact.value)


def _own_part(code: str, total: Fact, lines: Sequence[dict[str, Any]]) -> str:
    """What the unit itself recorded: the whole less its parts, where parts add up."""
    if "units" not in additive_over(get(code), definitions()) or total.value is None:
        return ""
    parts = sum((line["fact"].value or Decimal(0) for line in lines), Decimal(0))
    rest = total.value - parts
    return plain(rest) if rest else ""


def _conditions(fact: Fact) -> list[dict[str, Any]]:
    """What a figure counts, in words: register, conditions, measure; one entry a leaf."""
    found = []
    for leaf_fact in fact.leaves or (fact,):
        leaf = leaf_fact.definition.leaf
        assert leaf is not None
        register = catalogue.get(leaf.register)
        chips = words.chips(register, leaf.query)
        measured = ""
        if leaf.measure.field:
            _prefix, known, _way = kinds.resolve_path(register, leaf.measure.field)
            measured = known.label
        found.append(
            {
                "name": leaf_fact.definition.name.say(get_language() or "zh"),
                "register": register,
                "chips": chips,
                "measure": _measure(leaf.measure.kind, measured),
                "address": leaf_fact.address,
                "pack": _pack(register, leaf_fact),
                "rows": leaf_fact.rows,
            }
        )
    return found


def _pack(register: Register, fact: Fact) -> str:
    """Where the evidence of the rows behind a leaf is packed; blank where there is none to pack."""
    if not register.takes_evidence or not fact.rows or fact.address is None:
        return ""
    return f"/{register.path}/evidence-pack/?{fact.address.partition('?')[2]}"


def _measure(kind: str, field: str) -> str:
    match kind:
        case "sum":
            return _("sum of {field}").format(field=field)
        case "distinct":
            return _("different values of {field}").format(field=field)
    return _("count")


def _rows(request: HttpRequest, fact: Fact) -> dict[str, Any]:
    """The newest rows behind a figure, and how many of them this user may see."""
    leaf = fact.definition.leaf
    assert leaf is not None
    register = catalogue.get(leaf.register)
    text = rows_query(leaf, fact.period, fact.unit_code)
    visible = query.rows(register, text, request.user)
    columns = [c for c in register.columns if c not in ("proof", "unit")][:6]
    if leaf.measure.field in register.fields and leaf.measure.field not in columns:
        columns.insert(-1, leaf.measure.field)
    ordered = query.ordered(register, visible, None)
    shown = paging.first(register, ordered, parse(text), columns, ROWS_SHOWN, of=fact.rows)
    seen = standing.count(visible)
    return {
        "register": register,
        "row_columns": [register.fields[name] for name in columns],
        "row_lead": register.title or columns[0],
        "lines": words.lines(register, shown, columns, request.user),
        "seen": seen,
        "hidden": fact.rows - seen,
    }
