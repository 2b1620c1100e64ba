"""Making, using and revoking tokens."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, timedelta
from typing import Any

from django.conf import settings
from django.db import OperationalError, connection, transaction
from django.db.models import Q, QuerySet
from django.utils import timezone

from taizhang.engines.findings import Refused
from taizhang.jobs.faults import is_busy
from taizhang.ledger import access
from taizhang.ledger.access import Limits, Verb

from . import secret as secrets
from .models import Token

USED_EVERY = timedelta(minutes=1)
"""How exact ``last_used_at`` is: a write at each request would cost more than the request."""
_READS = frozenset({Verb.LIST, Verb.SHOW, Verb.EXPORT})
_WRITES = frozenset({Verb.ADD, Verb.EDIT, Verb.IMPORT, Verb.ATTACH})


def last_day() -> date:
    """The latest day a token made today may be valid until."""
    return timezone.localdate() + timedelta(days=settings.API_TOKEN_DAYS)


def issue(
    user: Any,
    *,
    name: str,
    units: Iterable[int],
    writes: bool,
    personal: bool,
    expires_on: date,
) -> tuple[Token, str]:
    """Make a token; returns it with its secret, which nobody will ever see again.

    Refuses ``token.no-name``, ``token.no-unit``, ``token.foreign-unit``, ``token.role-too-low``,
    ``token.bad-day`` and ``token.too-many``.
    """
    known, wanted, name = access.of(user), set(units), " ".join(name.split())
    if not name or len(name) > 60:
        raise Refused.because("token.no-name", "name")
    if not wanted:
        raise Refused.because("token.no-unit", "units")
    if not wanted <= known.units():
        raise Refused.because("token.foreign-unit", "units")
    if (writes or personal) and not wanted & known.units("recorder"):
        raise Refused.because("token.role-too-low", "writes" if writes else "personal")
    if not timezone.localdate() <= expires_on <= last_day():
        raise Refused.because("token.bad-day", "expires_on", last=last_day())
    mine = Token.objects.filter(user=user, revoked_at=None, expires_on__gte=timezone.localdate())
    if mine.count() >= settings.API_TOKENS_EACH:
        raise Refused.because("token.too-many", "name", limit=settings.API_TOKENS_EACH)
    secret = secrets.fresh()
    with transaction.atomic():
        token = Token.objects.create(
            user=user,
            name=name,
            prefix=secrets.prefix(secret),
            digest=secrets.digest(secret),
            writes=writes,
            personal=personal,
            created_at=timezone.now(),
            expires_on=expires_on,
        )
        token.units.set(wanted)
    return token, secret


def revoke(token: Token, *, actor: Any) -> None:
    """End a token for good; a second time changes nothing."""
    Token.objects.filter(pk=token.pk, revoked_at=None).update(
        revoked_at=timezone.now(), revoked_by=actor
    )


def of_user(user: Any) -> QuerySet[Token]:
    """The user's own tokens, newest first."""
    found = Token.objects.filter(user=user).order_by("-pk")
    return found.select_related("revoked_by").prefetch_related("units")


def managed_by(user: Any) -> QuerySet[Token]:
    """Other people's tokens that lead into units which the user manages, newest first."""
    units = access.of(user).units("manager")
    found = Token.objects.filter(units__in=units).exclude(user=user).distinct().order_by("-pk")
    return found.select_related("user", "revoked_by").prefetch_related("units")


def find(secret: str) -> Token | None:
    """The token of this secret, be it still open or not."""
    if not secrets.is_shaped(secret):
        return None
    token = (
        Token.objects.filter(prefix=secrets.prefix(secret))
        .select_related("user")
        .prefetch_related("units")
        .first()
    )
    # The digest is worked out for an unknown prefix too: the time must not tell them apart.
    kept = token.digest if token else secrets.digest("")
    return token if secrets.matches(secret, kept) else None


def limits(token: Token) -> Limits:
    """What its user may do when coming with this token."""
    verbs = _READS
    if token.writes:
        verbs |= _WRITES
    if token.personal:
        verbs |= {Verb.PERSONAL}
    return Limits(frozenset(unit.pk for unit in token.units.all()), verbs)


def touch(token: Token) -> None:
    """Note that it was used, at most once a minute, and never wait for it."""
    now = timezone.now()
    if token.last_used_at is not None and now - token.last_used_at < USED_EVERY:
        return
    older = Q(last_used_at=None) | Q(last_used_at__lt=now - USED_EVERY)
    tokens = Token.objects.filter(older, pk=token.pk)
    if connection.vendor != "sqlite" or connection.in_atomic_block:
        tokens.update(last_used_at=now)
        return
    # A long import holds SQLite's only write lock; a reader does not wait twenty seconds for this.
    usual = int(connection.settings_dict["OPTIONS"].get("timeout", 5)) * 1000
    with connection.cursor() as cursor:
        cursor.execute("PRAGMA busy_timeout = 0")
        try:
            tokens.update(last_used_at=now)
        except OperationalError as error:
            if not is_busy(error):
                raise
        finally:
            cursor.execute(f"PRAGMA busy_timeout = {usual}")
