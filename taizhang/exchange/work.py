"""An upload on its way: kept, planned, carried out; at once when small, by a job when large."""

from __future__ import annotations

import secrets
import time
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from typing import Any

from django.conf import settings
from django.db import transaction
from django.utils import timezone

from taizhang.documents.files import atomic_target
from taizhang.engines.findings import Refused
from taizhang.ledger import catalogue, write
from taizhang.ledger.models import Batch
from taizhang.ledger.register import Register

from . import beside, carry, files, plans
from .models import ImportPlan

AT_ONCE_BYTES = 300_000
AT_ONCE_ROWS = 1_000
"""A file of more bytes is read, one of more rows is written, by a job."""
KEPT_DAYS = 7

Tick = Callable[[int], None]


def take(given: Any, name: str, register: Register | None, actor: Any) -> ImportPlan:
    """Keep an upload under a name of our own; it waits to be read.

    Raises Refused ``document.disk-full`` or ``document.cannot-write``.
    """
    folder: Path = settings.UPLOAD_ROOT
    folder.mkdir(parents=True, exist_ok=True)
    forget_old(folder)
    path = folder / f"{secrets.token_hex(16)}{Path(name).suffix.lower()[:6]}"
    with atomic_target(path) as file:
        for chunk in given.chunks():
            file.write(chunk)
    return ImportPlan.objects.create(
        register=register.name if register else "",
        actor=actor,
        at=timezone.now(),
        name=name[:200],
        stored=path.name,
    )


def path_of(kept: ImportPlan) -> Path:
    """Where the upload lies."""
    root: Path = settings.UPLOAD_ROOT
    return root / kept.stored


def address(kept: ImportPlan) -> str:
    """The page of a plan."""
    register = catalogue.find(kept.register)
    return f"/{register.path}/import/{kept.pk}/" if register else f"/import/{kept.pk}/"


def is_small(path: Path) -> bool:
    """Whether a file can be read while somebody waits for the page."""
    return path.stat().st_size <= AT_ONCE_BYTES


def look(kept: ImportPlan, *, begun: Tick = write.silent, progress: Tick = write.silent) -> None:
    """Read and plan an upload, and keep what is to be looked at; ``kept`` is not saved yet."""
    made = _planned(kept, look=True, begun=begun, progress=progress)
    beside.keep(path_of(kept), made)
    kept.digest, kept.rows = made.digest(), made.total


def again(
    kept: ImportPlan, digest: str, *, begun: Tick = write.silent, progress: Tick = write.silent
) -> plans.FilePlan:
    """Work the plan out anew to carry it out.

    Raises Refused ``import.file-gone``, or ``import.plan-changed`` after keeping the new plan,
    when the ledger gives another one than was looked at; ``kept.digest`` then is the new one and is
    saved by whoever asked.
    """
    path = path_of(kept)
    if not path.exists():
        raise Refused.because("import.file-gone", kept.name)
    made = _planned(kept, begun=begun, progress=progress)
    if not made.digest() == digest == kept.digest:
        beside.keep(path, made)
        kept.digest = made.digest()
        raise Refused.because("import.plan-changed", kept.name)
    return made


def _planned(kept: ImportPlan, **how: Any) -> plans.FilePlan:
    register = catalogue.find(kept.register)
    return files.plan_file(path_of(kept), kept.name, register, actor=kept.actor, **how)


def write_it(
    kept: ImportPlan,
    made: plans.FilePlan,
    *,
    reason: str,
    only_valid: bool,
    looked: bool,
    progress: Tick = write.silent,
) -> Batch:
    """Carry a plan out as one batch; within the caller's transaction, and once only."""
    with transaction.atomic():
        # Two clicks, two workers: the second waits here and then finds it done.
        locked = ImportPlan.objects.select_for_update(of=("self",)).get(pk=kept.pk)
        if locked.batch_id is not None:
            raise Refused.because("import.already-done", kept.name)
        locked.left = sum(p.counts[plans.INVALID] + p.waiting for p in made.plans)
        locked.batch = carry.carry_out(
            made.plans,
            actor=kept.actor,
            source=kept.name,
            reason=reason,
            only_valid=only_valid,
            looked=looked,
            progress=progress,
        )
        locked.save()
    kept.batch, kept.left = locked.batch, locked.left
    return locked.batch


def tidy(kept: ImportPlan) -> None:
    """Forget the upload of a plan that was written whole; what is left can be had as a workbook."""
    if kept.batch_id is not None and not kept.left:
        beside.forget(path_of(kept))


def drop(kept: ImportPlan) -> None:
    """Forget a plan and its upload."""
    beside.forget(path_of(kept))
    kept.delete()


def forget_old(folder: Path) -> None:
    """Remove uploads that nobody said yes or no to for a week."""
    oldest = time.time() - KEPT_DAYS * 86_400
    for path in folder.iterdir():
        with suppress(FileNotFoundError):  # somebody else's request may remove it too
            if path.is_file() and path.stat().st_mtime < oldest:
                path.unlink()
