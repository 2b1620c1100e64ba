"""What the pages about any register share: what an address names, and who may ask for it."""

from __future__ import annotations

from typing import Any

from django.http import Http404, HttpRequest
from django.template.loader import select_template
from django.utils import timezone

from taizhang.engines.findings import Refused
from taizhang.engines.periods import Period

from . import access, catalogue
from .access import Verb
from .models import Record
from .register import Register


def find_register(app: str, kind: str) -> Register:
    """The register of an address; 404 when there is none."""
    register = catalogue.find(f"{app}.{kind}")
    if register is None:
        raise Http404
    return register


def find_record(register: Register, user: Any, pk: int) -> Record:
    """The record, as far as it exists for this user."""
    record: Record | None = access.visible(user, register).filter(pk=pk).first()
    if record is None:
        raise Http404
    return record


def allow(
    request: HttpRequest, verb: Verb, register: Register, record: Record | None = None
) -> None:
    """Refuse what the user's role does not cover, with the sentence that says so."""
    if not access.of(request.user).may(verb, register, record):
        raise Refused.because("access.role-too-low", register.label, verb=str(verb))


def template_for(register: Register, part: str) -> str:
    """The register's own template when it has one, else the general one."""
    own = f"{register.name.replace('.', '/')}_{part}.html"
    found = select_template([own, f"ledger/{part}.html"])
    return str(found.template.name)


def parent_link(above: Register, row: Record) -> dict[str, str]:
    """Name and address of the row above, for the crumbs of its child rows' pages."""
    return {"label": above.title_of(row), "url": f"/{above.path}/{row.pk}/"}


def home_of(register: Register, record: Record) -> str:
    """Where a record is looked at: child rows on their parent's page, others on their own."""
    above = catalogue.parent_of(register)
    if above is not None:
        return f"/{above.path}/{getattr(record, f'{register.parent}_id')}/"
    return f"/{register.path}/{record.pk}/"


def query_string(request: HttpRequest) -> str:
    """The query as it was sent: WSGI hands over bytes as Latin-1, and not every client encodes."""
    text: str = request.META.get("QUERY_STRING", "")
    return text.encode("latin-1", "replace").decode("utf-8", "replace")


def session_period(request: HttpRequest) -> Period:
    """The period chosen on top of the page, else this year."""
    try:
        return Period.parse(str(request.session.get("period") or timezone.localdate().year))
    except Refused:
        return Period.parse(str(timezone.localdate().year))
