"""The kinds of work there are: every app declares its own in its ``tasks.py``.

    @task("exchange.carry-out")
    def carry_out(run: Run, payload: dict[str, Any]) -> Outcome:
        plan = read_and_check(payload, progress=run.step)  # long, and holds no lock
        with run.committing() as outcome:                  # all the writing, and the job's end
            batch = write_everything(plan, actor=run.actor, progress=run.step)
            outcome.url = f"/batches/{batch.pk}/"
        return outcome

**The contract.** A worker may be killed at any moment, and another one then takes the job up from
its beginning. So a task writes to the database only inside ``run.committing()``, once: everything
it writes and the job's end are one transaction, and a job that has ended is never taken up again.
A task that only makes a file writes it to ``run.output(name)`` and returns an ``Outcome``.

A task refuses with ``Refused``, as everything else does; its findings are shown on the job's page.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from .run import Outcome, Run

Work = Callable[[Run, dict[str, Any]], Outcome | None]

_works: dict[str, Work] = {}
idle: list[Callable[[], bool]] = []
"""What may be done while nothing waits: each does a little, and tells whether there may be more."""


def task(kind: str) -> Callable[[Work], Work]:
    """Declare a kind of work; ``kind`` names it in the table of jobs: ``area.what-is-done``."""

    def declared(work: Work) -> Work:
        if kind in _works:
            raise ValueError(f"Two tasks call themselves {kind!r}.")
        _works[kind] = work
        return work

    return declared


def find(kind: str) -> Work | None:
    """The work of that kind; None when this version of the product does not know it."""
    return _works.get(kind)
