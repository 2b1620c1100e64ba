"""The keys there are, as a page and as what the “?” dialog shows."""

from __future__ import annotations

from dataclasses import dataclass

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET


@dataclass(frozen=True, slots=True)
class Key:
    """One shortcut: the keys to press, what it does, and whether it is a single key."""

    keys: tuple[str, ...]
    does: str
    single: bool = True


@require_GET
def show_keys(request: HttpRequest) -> HttpResponse:
    """Every shortcut with what it does."""
    groups = [
        (
            _("Everywhere"),
            [
                Key(("Ctrl", "K"), _("go to any page, register, record or figure"), False),
                Key(("?",), _("show these keys")),
                Key(("z",), _("take back what was just done, while the message offers it")),
                Key(("Esc",), _("close what is open"), False),
            ],
        ),
        (
            _("In a list"),
            [
                Key(("/",), _("to the search")),
                Key(("j",), _("to the next record")),
                Key(("k",), _("to the one before")),
                Key(("x",), _("pick the record, or no longer")),
                Key(("Shift", "X"), _("pick everything from the last picked record to this one")),
                Key(("b",), _("to what can be done with the picked records")),
                Key(("Enter",), _("open the record"), False),
                Key(("a",), _("add a record")),
                Key(("e",), _("export")),
            ],
        ),
    ]
    part = "desk/_keys_dialog.html" if request.htmx else "desk/keys.html"  # type: ignore[attr-defined]
    return render(request, part, {"groups": groups})
