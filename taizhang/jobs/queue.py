"""Asking for work, and changing one's mind about it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import Any

from django.conf import settings
from django.db import OperationalError, connection
from django.utils import timezone
from django.utils.translation import get_language

from taizhang.engines.findings import Refused

from . import claims, faults, pulse, tasks
from .models import OVER, Job, State


def enqueue(kind: str, payload: Mapping[str, Any], *, actor: Any, title: str) -> Job:
    """Ask for work of a declared kind, in the name of ``actor``, and return the waiting job.

    ``payload`` is JSON and holds numbers and codes, never rows or personal data; ``title`` is what
    the person reads, already in their language. Inside a transaction the job waits for its end.
    Raises LookupError for a kind that no app declares.
    """
    if tasks.find(kind) is None:
        raise LookupError(f"No app declares the task {kind!r} in its tasks.py.")
    return Job.objects.create(
        kind=kind,
        payload=dict(payload),
        title=title[:200],
        actor=actor,
        language=get_language() or settings.LANGUAGE_CODE,
        created_at=timezone.now(),
    )


def cancel(job: Job) -> None:
    """Ask that a job not be done. A waiting or abandoned one ends at once, a running one soon.

    Raises Refused ``jobs.already-over``.
    """
    if Job.objects.filter(pk=job.pk, state__in=OVER).exists():
        raise Refused.because("jobs.already-over", title=job.title)
    # The wish first: it reaches a worker that holds the only write lock, and outlives this request.
    pulse.ask_to_cancel(job)
    try:
        with _briefly():
            ended = Job.objects.filter(pk=job.pk, state=State.WAITING).update(
                state=State.CANCELLED, finished_at=timezone.now()
            )
            if ended:
                pulse.forget(job)
            else:
                claims.take_back_if_lost(job.pk)
    except OperationalError as error:
        if not faults.is_busy(error):
            raise
    job.refresh_from_db()


def retry(job: Job) -> None:
    """Let a failed or cancelled job wait once more, from its beginning.

    Raises Refused ``jobs.not-to-retry``.
    """
    pulse.forget(job)
    again = Job.objects.filter(pk=job.pk, state__in=[State.FAILED, State.CANCELLED]).update(
        state=State.WAITING,
        attempts=0,
        total=0,
        done_count=0,
        worker="",
        cancel_asked=False,
        started_at=None,
        finished_at=None,
        heartbeat_at=None,
        findings=[],
    )
    if not again:
        raise Refused.because("jobs.not-to-retry", title=job.title)
    job.refresh_from_db()


@contextmanager
def _briefly() -> Iterator[None]:
    """Wait half a second for SQLite's write lock and not twenty: a button must answer."""
    if connection.vendor != "sqlite":
        yield
        return
    usual = int(connection.settings_dict["OPTIONS"].get("timeout", 5)) * 1000
    with connection.cursor() as cursor:
        cursor.execute("PRAGMA busy_timeout = 500")
    try:
        yield
    finally:
        with connection.cursor() as cursor:
            cursor.execute(f"PRAGMA busy_timeout = {usual}")
