"""Figures for programs: ``/api/v1/figures/`` and ``/api/v1/figures/CODE/``."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from taizhang.engines.findings import Refused
from taizhang.ledger import access
from taizhang.tokens import endpoints, schemas
from taizhang.tokens.api_views import answer, no_query
from taizhang.tokens.operations import operation, parameter
from taizhang.tokens.schemas import TEXT, TEXT_OR_NULL, WHOLE, listed, ref, shaped

from .facts import facts
from .scope import page_period, visible_unit
from .urls import CODE


def every(request: HttpRequest) -> HttpResponse:
    """All figures of a unit and a period."""
    unit, period = _asked(request)
    found = facts(None, unit.code, period)
    language = get_language() or "zh"
    return answer(
        {
            "unit": unit.code,
            "period": period.text,
            "figures": [fact.as_json(language) for fact in found.values()],
        }
    )


def one(request: HttpRequest, code: str) -> HttpResponse:
    """One figure of a unit and a period, with the figures it is worked out from."""
    unit, period = _asked(request)
    return answer(facts([code], unit.code, period)[code].as_json(get_language() or "zh"))


def _asked(request: HttpRequest) -> tuple[Any, Any]:
    no_query(request, "unit", "period")
    user = request.user
    code = request.GET.get("unit", "")
    if not code:
        roots = access.of(user).roots
        if len(roots) != 1:
            raise Refused.because("api.name-a-unit", "unit")
        unit = access.provider.unit(roots[0])
    else:
        unit = None if "\0" in code else visible_unit(user, code)
        if unit is None:
            raise Refused.because("query.unknown-unit", "unit", code=code)
    return unit, page_period(request.GET.get("period") or str(timezone.localdate().year))


def _schema() -> schemas.Schema:
    return shaped(
        {
            "code": TEXT,
            "name": TEXT,
            "value": {**TEXT_OR_NULL, "description": _("the exact number, as text")},
            "unit": {**TEXT, "description": _("the measure word")},
            "rows": {**WHOLE, "description": _("how many records were counted")},
            "query": {**TEXT_OR_NULL, "description": _("the list of exactly these records")},
            "period": TEXT,
            "unit_code": TEXT,
            "prints": {**TEXT, "description": _("as it stands in a report")},
            "leaves": listed(ref("figure")),
        },
        ("leaves",),
    )


def _parameters() -> list[dict[str, Any]]:
    return [
        parameter(
            "unit", _("code of the unit; it and everything below it"), {**TEXT, "minLength": 1}
        ),
        parameter(
            "period",
            _("2021, 2021-H1, 2021-Q1, 2021-03 or a day; this year when left out"),
            {**TEXT, "examples": ["2021"]},
        ),
    ]


def _of_every() -> Mapping[str, Mapping[str, Any]]:
    answered = shaped({"unit": TEXT, "period": TEXT, "figures": listed(ref("figure"))})
    name = _("All figures of a unit and a period")
    return {"get": operation("figures", name, answered, parameters=_parameters(), problems=[404])}


def _of_one() -> Mapping[str, Mapping[str, Any]]:
    code = parameter("code", _("code of the figure"), TEXT, "path")
    name = _("One figure of a unit and a period")
    return {
        "get": operation(
            "figure", name, ref("figure"), parameters=[code, *_parameters()], problems=[404]
        )
    }


def bring() -> None:
    """Add the figures to the addresses of the API."""
    endpoints.add(
        endpoints.Endpoint("figures/", "figures/", "api_figures", {"GET": every}, _of_every)
    )
    endpoints.add(
        endpoints.Endpoint(
            rf"figures/{CODE}/",
            "figures/{code}/",
            "api_figure",
            {"GET": one},
            _of_one,
            schemas=lambda: {"figure": _schema()},
        )
    )
