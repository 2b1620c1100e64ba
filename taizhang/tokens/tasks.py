"""Large plans as jobs: writing them takes longer than a program should have to wait."""

from __future__ import annotations

from typing import Any

from taizhang.exchange.models import ImportPlan
from taizhang.jobs.run import Outcome, Run
from taizhang.jobs.tasks import task
from taizhang.ledger import access, catalogue
from taizhang.ledger.access import Limits, Verb

from . import planned

CARRY_OUT = "tokens.carry-out"


def payload(kept: ImportPlan, answer: planned.Answer, limits: Limits | None) -> dict[str, Any]:
    """What the job has to know: the plan, the yes to it, and what narrows its author."""
    return {
        "plan": kept.pk,
        "digest": answer.digest,
        "reason": answer.reason,
        "looked": answer.looked,
        "units": sorted(limits.units) if limits else None,
        "verbs": sorted(limits.verbs) if limits else None,
    }


@task(CARRY_OUT)
def carry_out(run: Run, payload: dict[str, Any]) -> Outcome | None:
    """Write a plan that a program said yes to, within the limits of its token."""
    kept = ImportPlan.objects.get(pk=payload["plan"])
    register = catalogue.get(kept.register)
    if payload["units"] is not None:
        verbs = frozenset(Verb(verb) for verb in payload["verbs"])
        access.limit(run.actor, Limits(frozenset(payload["units"]), verbs))
    answer = planned.Answer(payload["digest"], payload["reason"], payload["looked"])
    run.total(2 * kept.rows)
    plan = planned.agreed(register, kept, answer, actor=run.actor, progress=run.step)
    with run.committing() as outcome:
        done = planned.write(kept, plan, answer, actor=run.actor, progress=run.step)
        outcome.url = f"/batches/{done.batch_id}/"
        outcome.result = {"batch": done.batch_id}
    planned.tidy(kept)
    return outcome
