"""Work to interrupt: it writes a batch, as slowly as it is told, and waits where it is told."""

from __future__ import annotations

import time
from pathlib import Path
from typing import Any

from django.utils import timezone

from taizhang.jobs.run import Outcome, Run
from taizhang.jobs.tasks import task
from taizhang.ledger import catalogue, write
from taizhang.ledger.models import Batch

PART = 10


@task("soak.write")
def write_batch(run: Run, payload: dict[str, Any]) -> Outcome:
    """Write ``rows`` activities of one batch in parts.

    ``before`` and ``within`` are folders: the task says in a file ``here`` that it has come there,
    and waits for a file ``go`` – before the transaction begins, and just before it ends.
    """
    register = catalogue.get("activities.activity")
    actor, rows = run.actor, int(payload["rows"])
    unit = actor.memberships.select_related("unit").get().unit
    run.total(rows)
    _wait(run, payload.get("before"))
    with run.committing() as outcome:
        batch = Batch.objects.create(
            kind="import", actor=actor, at=timezone.now(), source=payload["tag"], created=rows
        )
        for start in range(0, rows, PART):
            values = [
                {
                    "unit": unit,
                    "title": f"{payload['tag']}-{number}",
                    "form": "lecture",
                    "held_on": timezone.localdate(),
                }
                for number in range(start, min(rows, start + PART))
            ]
            write.create_many(register, values, actor=actor, batch=batch, progress=run)
            time.sleep(payload.get("pause", 0))
        _wait(run, payload.get("within"))
        outcome.url = f"/batches/{batch.pk}/"
        outcome.result = {"batch": batch.pk}
    return outcome


@task("soak.deaf")
def hear_nothing(run: Run, payload: dict[str, Any]) -> None:
    """Say ``here``, and hang for so many ``seconds`` without looking whether to end."""
    _say_here(payload["within"])
    time.sleep(payload["seconds"])


@task("soak.file")
def write_file(run: Run, payload: dict[str, Any]) -> Outcome:
    """Write ``lines`` lines into a file to download."""
    run.total(int(payload["lines"]))
    with run.output("说明.txt").open("w", encoding="utf-8") as file:
        for number in range(int(payload["lines"])):
            file.write(f"{number}\n")
            time.sleep(payload.get("pause", 0))
            run.step()
    return Outcome(result={"lines": payload["lines"]})


def _wait(run: Run, place: str | None) -> None:
    if not place:
        return
    _say_here(place)
    while not (Path(place) / "go").exists():
        run.check()
        time.sleep(0.02)


def _say_here(place: str) -> None:
    folder = Path(place)
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "here").touch()
