"""Where nothing typed gets lost: a press that comes after the session has ended, or that fails."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.http import HttpRequest, HttpResponse

from . import drafts
from .draft_views import is_background, not_theirs, opening_of


class DeskMiddleware:
    """Keeps what stood in a form when its press cannot be carried out.

    Stands before the sign-in is asked for, and after the page's own token was looked at.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_view(
        self, request: HttpRequest, view: Any, args: Any, kwargs: Any
    ) -> HttpResponse | None:
        """Of somebody signed out keep what they typed, then let them sign in."""
        if request.user.is_authenticated:
            return None
        opening = opening_of(request)
        return not_theirs(request, opening) if opening else None

    def process_exception(self, request: HttpRequest, error: Exception) -> None:
        """A fault of ours costs nobody what they typed."""
        if not is_background(request) and (opening := opening_of(request)):
            drafts.deposit(opening, request.POST)
