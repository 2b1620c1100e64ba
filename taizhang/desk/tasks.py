"""The desk's long work."""

from __future__ import annotations

from typing import Any

from django.utils.translation import get_language
from django.utils.translation import gettext as _

from taizhang.documents.csvfiles import write_csv
from taizhang.engines.findings import Finding, Refused
from taizhang.engines.queries import Query
from taizhang.jobs.run import Outcome, Run
from taizhang.jobs.tasks import task
from taizhang.ledger import catalogue, query, undo
from taizhang.ledger.models import Batch, Entry
from taizhang.wording import say

from . import bulk


@task("desk.bulk")
def carry_out(run: Run, payload: dict[str, Any]) -> Outcome:
    """One thing done to many records; the others come back as a table with reasons."""
    register = catalogue.get(payload["register"])
    deed = bulk.Deed.of_json(payload["deed"])
    run.total(payload["count"])
    with run.committing() as outcome:
        if payload["keys"]:
            rows = query.rows(register, Query(), run.actor).filter(pk__in=payload["keys"])
            keys = list(rows.order_by().values_list("pk", flat=True))
        else:
            keys = bulk.rows_of(register, payload["query"], run.actor, payload["count"])
        done = bulk.carry_out(register, keys, deed, actor=run.actor, progress=run.step)
        outcome.url = f"/batches/{done.batch.pk}/" if done.batch else f"/{register.path}/"
        outcome.result = {"done": done.done, "same": done.same, "refused": done.refused_count}
        outcome.findings = _told(done)
        if done.refused:
            _write_refused(run, bulk.named(register, keys, done.refused))
    return outcome


def _told(done: bulk.Done) -> list[Finding]:
    """What came of it, and the reasons why not the others, each once."""
    found = [Finding("bulk.done", "hint", "", {"count": done.done})]
    if done.same:
        found.append(Finding("bulk.same", "hint", "", {"count": done.same}))
    if done.refused:
        found.append(Finding("bulk.refused", "look", "", {"count": done.refused_count}))
        found += [
            Finding(one.code, "look", _("{count} ×").format(count=count), one.params)
            for one, count in bulk.reasons(done.refused)
        ]
    return found


def _write_refused(run: Run, refused: list[bulk.Left]) -> None:
    language = get_language() or "zh"
    with run.output(_("Left as they are.csv")).open("wb") as file:
        lines = ([one.label, say(one.finding, language)] for one in refused)
        write_csv(file, [_("Record"), _("Reason")], lines)


@task("desk.undo")
def undo_batch(run: Run, payload: dict[str, Any]) -> Outcome:
    """Take back a batch with many records."""
    batch = Batch.objects.filter(pk=payload["batch"]).first()
    if batch is None:
        raise Refused.because("undo.not-allowed")
    run.total(Entry.objects.filter(batch=batch).count())
    with run.committing() as outcome:
        undo.undo(batch, actor=run.actor, progress=run.step)
        outcome.url = f"/batches/{batch.pk}/"
    return outcome
