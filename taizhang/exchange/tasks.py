"""Large imports as jobs: reading and checking, and writing."""

from __future__ import annotations

from typing import Any

from taizhang.engines.findings import Refused
from taizhang.engines.queries import parse
from taizhang.jobs.run import Outcome, Run
from taizhang.jobs.tasks import task
from taizhang.ledger import access, catalogue, query
from taizhang.ledger.access import Verb

from . import beside, export, work
from .models import ImportPlan


@task("exchange.plan")
def plan(run: Run, payload: dict[str, Any]) -> Outcome | None:
    """Read and check an upload; what came of it is looked at on the page of the plan."""
    kept = _find(payload)
    try:
        work.look(kept, begun=_adding(run), progress=run.step)
        refused: tuple[Any, ...] = ()
    except Refused as error:
        refused = error.findings
        beside.keep_problems(work.path_of(kept), refused)
    with run.committing() as outcome:
        kept.save(update_fields=["digest", "rows"])
        outcome.url = work.address(kept)
        outcome.findings = [*refused]
    return outcome


@task("exchange.carry-out")
def carry_out(run: Run, payload: dict[str, Any]) -> Outcome | None:
    """Write a plan that somebody said yes to."""
    kept = _find(payload)
    if kept.batch_id is not None:
        raise Refused.because("import.already-done", kept.name)
    more = _adding(run)
    try:
        made = work.again(kept, payload["digest"], begun=more, progress=run.step)
    except Refused as error:
        if all(finding.code != "import.plan-changed" for finding in error.findings):
            raise
        with run.committing() as outcome:  # the plan as it is now is there to be looked at
            kept.save(update_fields=["digest"])
            outcome.url = work.address(kept)
            outcome.findings = [*error.findings]
        return outcome
    more(made.total)
    with run.committing() as outcome:
        batch = work.write_it(
            kept,
            made,
            reason=payload["reason"],
            only_valid=payload["only_valid"],
            looked=payload["looked"],
            progress=run.step,
        )
        outcome.url = f"/batches/{batch.pk}/" if not kept.left else work.address(kept)
        outcome.result = {"batch": batch.pk}
    work.tidy(kept)
    return outcome


@task("exchange.export")
def export_list(run: Run, payload: dict[str, Any]) -> Outcome:
    """Write a list as a file: its rows as the actor sees them now."""
    register = catalogue.get(payload["register"])
    asked = parse(payload["query"])
    if not access.of(run.actor).may(Verb.EXPORT, register):
        raise Refused.because("access.role-too-low", register.label)
    rows = query.ordered(register, query.rows(register, asked, run.actor), asked.sort, run.actor)
    run.total(query.count(rows))
    kind = payload["format"]
    export.export(register, rows, kind, run.output(export.file_name(register, kind)), run.step)
    return Outcome()


def _find(payload: dict[str, Any]) -> ImportPlan:
    kept = ImportPlan.objects.filter(pk=payload["plan"]).select_related("actor").first()
    if kept is None:
        raise Refused.because("import.file-gone")
    return kept


def _adding(run: Run) -> work.Tick:
    """Each sheet adds its rows to what there is to do."""
    known = 0

    def more(rows: int) -> None:
        nonlocal known
        known += rows
        run.total(known)

    return more
