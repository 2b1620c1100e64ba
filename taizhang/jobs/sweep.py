"""Clearing away what nobody asks for any more."""

from __future__ import annotations

import time
from collections.abc import Callable
from contextlib import suppress
from datetime import timedelta
from pathlib import Path

from django.conf import settings
from django.utils import timezone

from .models import OVER, Job

others: list[Callable[[], object]] = []
"""What else is to be cleared away at the same time; whoever has something enters it here."""
LEFT_OVER = 24 * 3600
"""Seconds after which a file that no job names is one that an attempt left behind."""


def sweep() -> int:
    """Remove jobs that ended long ago and files that no job needs; how many jobs went."""
    limit = timezone.now() - timedelta(days=settings.JOB_KEPT_DAYS)
    old = {"state__in": OVER, "finished_at__lt": limit}
    outputs = set(Job.objects.filter(**old).values_list("output", flat=True)) - {""}
    count, _tables = Job.objects.filter(**old).delete()
    root: Path = settings.JOBS_ROOT
    for name in outputs:
        (root / name).unlink(missing_ok=True)
    if root.is_dir():
        _sweep_files(root)
    for other in others:
        other()
    return count


def _sweep_files(root: Path) -> None:
    needed = set(Job.objects.exclude(output="").values_list("output", flat=True))
    alive = set(Job.objects.exclude(state__in=OVER).values_list("pk", flat=True))
    for path in root.iterdir():
        number = path.name.replace(".", "-").partition("-")[0]
        if path.name in needed or (number.isdigit() and int(number) in alive):
            continue
        with suppress(OSError):
            if time.time() - path.stat().st_mtime > LEFT_OVER:
                path.unlink()
