"""What stands around every page: rail, unit and period, theme, tour."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.http import HttpRequest
from django.urls import reverse
from django.utils import timezone
from django.utils.functional import SimpleLazyObject
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from taizhang.engines.findings import Refused
from taizhang.engines.periods import Period
from taizhang.figures.scope import scope_of
from taizhang.ledger.render import period_label
from taizhang.org.models import Path

from . import tour

FIRST_YEAR_BACK = 6


def shell(request: HttpRequest) -> dict[str, Any]:
    """The context of the shell, worked out only when a template asks for it."""
    return {"shell": SimpleLazyObject(lambda: _shell(request))}


def _shell(request: HttpRequest) -> dict[str, Any]:
    user = getattr(request, "user", None)
    found: dict[str, Any] = {
        "demo": settings.DEMO,
        "language": "zh-Hans" if (get_language() or "zh").startswith("zh") else "en",
        "theme": "system",
        "home_unit": "",
        "rail": [],
        "unit": None,
        "period": None,
        "tour": None,
    }
    if user is None or not user.is_authenticated:
        return found
    found |= {"theme": user.theme, "rail": _rail(request.path), "tour": tour.current(request)}
    try:
        scope = scope_of(user, request.GET if _own_page(request.path) else {}, request.session)
    except Refused:
        scope = scope_of(user, {}, {})
    if scope is None:
        return found
    found |= {
        "home_unit": str(scope.home),
        "unit": scope.unit,
        "period": {"text": scope.period.text, "label": period_label(scope.period)},
        "units": units_below(scope.home),
        "periods": [(p.text, period_label(p)) for p in periods(scope.period)],
    }
    return found


def _own_page(path: str) -> bool:
    """Pages whose address may carry unit and period; in a list's address they are its filter."""
    return path.startswith(("/figures/", "/reports/"))


def units_below(home: Any) -> list[tuple[str, str, int]]:
    """The units of the switch: code, name and depth, parents before their children."""
    today = timezone.localdate()
    paths = Path.objects.filter(ancestor=home, first__lte=today, last__gte=today)
    below = paths.order_by("depth", "descendant__code").values_list(
        "descendant_id", "descendant__code", "descendant__name", "depth"
    )
    above = dict(
        Path.objects.filter(depth=1, first__lte=today, last__gte=today).values_list(
            "descendant_id", "ancestor_id"
        )
    )
    children: dict[int | None, list[tuple[int, str, str, int]]] = {}
    for row in below:
        parent = above.get(row[0]) if row[3] else None
        children.setdefault(parent, []).append(row)
    found: list[tuple[str, str, int]] = []

    def walk(parent: int | None) -> None:
        for number, code, name, depth in children.get(parent, []):
            found.append((code, name, depth))
            walk(number)

    walk(None)
    return found


def periods(current: Period) -> list[Period]:
    """The periods of the switch: recent years, and halves and quarters of the year shown."""
    newest = max(timezone.localdate().year, current.year)
    years = [Period.parse(str(year)) for year in range(newest, newest - FIRST_YEAR_BACK, -1)]
    year = current.year
    parts = [f"{year}-H1", f"{year}-H2", *(f"{year}-Q{number}" for number in range(1, 5))]
    return [*years, *(Period.parse(text) for text in parts)]


def _rail(path: str) -> list[dict[str, Any]]:
    items = [
        ("workbench", "home", _("Workbench"), path == "/" or path.startswith("/findings/")),
        ("registers", "book", _("Registers"), _is_register(path)),
        ("figures", "bars", _("Figures"), path.startswith("/figures/")),
        ("reports", "file", _("Reports"), path.startswith(("/reports/", "/submissions/"))),
        ("checks", "check", _("Proofreading"), path.startswith("/checks/")),
        ("settings", "sliders", _("Settings"), path.startswith(("/settings/", "/api/"))),
    ]
    return [
        {"url": reverse(name), "icon": f"icons/{icon}.svg", "label": label, "current": current}
        for name, icon, label, current in items
    ]


def _is_register(path: str) -> bool:
    others = (
        "/goto/",
        "/figures/",
        "/reports/",
        "/submissions/",
        "/checks/",
        "/settings/",
        "/tour/",
        "/jobs/",
        "/api/",
        "/findings/",
    )
    return path != "/" and not path.startswith(others)
