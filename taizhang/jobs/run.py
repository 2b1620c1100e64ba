"""A job while it runs: what its task sees and may do."""

from __future__ import annotations

import os
import re
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from django.conf import settings
from django.db import transaction
from django.utils import timezone

from taizhang.engines.findings import Finding

from . import pulse, told
from .models import Job, State

NAP = 0.5
"""Seconds after which one who waits looks whether to end."""


class Interrupted(BaseException):
    """The work has to stop here. Not an ``Exception``, so that no task catches it by accident."""


class Cancelled(Interrupted):
    """Whoever asked for the job does not want it any more."""


class Lost(Interrupted):
    """The job was taken for lost and belongs to another worker now."""


class Stopping(Interrupted):
    """The worker has been told to end; the job goes back to those that wait."""


class Stop:
    """The wish that the worker ends.

    No ``threading.Event``: a signal may come while the thread it interrupts holds the lock of one,
    and setting it would wait for that lock for ever.
    """

    def __init__(self) -> None:
        self._asked = False

    def set(self) -> None:
        """Ask the worker to end; safe in a signal's handler and in any thread."""
        self._asked = True

    def is_set(self) -> bool:
        """Whether the worker has been asked to end."""
        return self._asked

    def wait(self, seconds: float) -> None:
        """Pause, at most a nap longer than the wish to end allows."""
        end = time.monotonic() + seconds
        while not self._asked and (left := end - time.monotonic()) > 0:
            time.sleep(min(left, NAP))


@dataclass
class Outcome:
    """What came of a job.

    ``url`` is where the person goes on, ``findings`` what they should be told there, ``result``
    whatever the task wants to remember (JSON).
    """

    url: str = ""
    result: dict[str, Any] = field(default_factory=dict)
    findings: list[Finding] = field(default_factory=list)


class Run:
    """One attempt at a job. Its ``step`` is a ``ledger.write.Progress``, and so is the run itself."""

    def __init__(
        self, job: Job, *, beat: pulse.Beat | None = None, stopping: Stop | None = None
    ) -> None:
        self.job = job
        self.finished = False
        self._beat = beat or pulse.Beat(job)
        self._stopping = stopping or Stop()
        self._output = ""
        self._output_name = ""

    @property
    def actor(self) -> Any:
        """In whose name the work is done; before a task begins they are known to be active."""
        return self.job.actor

    def total(self, count: int) -> None:
        """Say how many steps there will be. May be said again when more is known."""
        self._beat.total = count

    def step(self, count: int = 1) -> None:
        """Say that ``count`` more steps are done; ends the work when it should end."""
        self._beat.done += count
        self.check()

    def check(self) -> None:
        """End the work here when it was cancelled or lost, or when the worker has to stop."""
        if self.finished:
            return
        if self._beat.lost:
            raise Lost
        if self._beat.cancel_asked:
            raise Cancelled
        if self._stopping.is_set():
            raise Stopping

    __call__ = step

    def output(self, name: str) -> Path:
        """Where to write the file that the person will download under ``name``.

        The path belongs to this attempt alone, and nobody sees the file before the job is done.
        """
        clean = re.sub(r"[\s\x00-\x1f/\\:*?\"<>|]+", " ", name).strip(" .") or "file"
        suffix = Path(clean).suffix[:12]
        root: Path = settings.JOBS_ROOT
        root.mkdir(parents=True, exist_ok=True)
        self._output = f"{pulse.stem(self.job)}.out{suffix}"
        self._output_name = clean[: 160 - len(suffix)].removesuffix(suffix) + suffix
        return root / self._output

    @contextmanager
    def committing(self) -> Iterator[Outcome]:
        """One transaction for everything the task writes, and the job's end with it.

        Fill in the outcome that is given. The last statement of the transaction marks the job as
        done, and only if this worker still has it and nobody cancelled it: otherwise everything is
        rolled back. So whatever is killed, and whoever takes the job up again, it is written once.
        """
        outcome = Outcome()
        with transaction.atomic():
            yield outcome
            self._mark_done(outcome)
        self.finished = True

    def finish(self, outcome: Outcome) -> None:
        """Mark the job as done, for a task that wrote nothing to the database."""
        with transaction.atomic():
            self._mark_done(outcome)
        self.finished = True

    def _mark_done(self, outcome: Outcome) -> None:
        if self.finished:
            raise RuntimeError("A job ends once: run.committing() may be entered only once.")
        if self._beat.asked_to_cancel():
            raise Cancelled
        marked = Job.objects.filter(
            pk=self.job.pk, state=State.RUNNING, worker=self.job.worker, cancel_asked=False
        ).update(
            state=State.DONE,
            finished_at=timezone.now(),
            total=max(self._beat.total, self._beat.done),
            done_count=max(self._beat.total, self._beat.done),
            url=outcome.url,
            result=outcome.result,
            findings=told.pack(outcome.findings),
            **self._written(),
        )
        if not marked:
            cancelled = Job.objects.filter(worker=self.job.worker, cancel_asked=True)
            raise Cancelled if cancelled.exists() else Lost

    def _written(self) -> dict[str, str]:
        """The columns of the output file, once its bytes are safely on the disk."""
        if not self._output:
            return {}
        descriptor = os.open(settings.JOBS_ROOT / self._output, os.O_RDONLY)
        try:
            os.fsync(descriptor)
        finally:
            os.close(descriptor)
        return {"output": self._output, "output_name": self._output_name}

    def drop_output(self) -> None:
        """Remove what an attempt that failed has written."""
        if self._output and not self.finished:
            (settings.JOBS_ROOT / self._output).unlink(missing_ok=True)
