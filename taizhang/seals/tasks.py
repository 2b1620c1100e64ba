"""Long work of the seals: looking through the whole history."""

from __future__ import annotations

from typing import Any

from taizhang.jobs.run import Outcome, Run
from taizhang.jobs.tasks import task

from . import history


@task("seals.check")
def check(run: Run, payload: dict[str, Any]) -> Outcome:
    """Check the history against its seals; the job's page tells what does not fit."""
    run.total(history.sealed_entries())
    found = history.check(run.step)
    return Outcome(url="/settings/history/", findings=found or [history.whole()])
