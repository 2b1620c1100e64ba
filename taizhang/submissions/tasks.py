"""Long work of the submissions: freezing and sealing what was signed."""

from __future__ import annotations

from typing import Any

from django.utils import timezone
from django.utils.translation import gettext as _

from taizhang.engines.figures.numerals import plain
from taizhang.engines.findings import Refused
from taizhang.engines.sealing import signed
from taizhang.jobs.run import Outcome, Run
from taizhang.jobs.tasks import task
from taizhang.ledger import access
from taizhang.outlines import catalogue
from taizhang.outlines.compile import final
from taizhang.seals import keys

from . import above, drift, flow, freezing, pack
from .models import State, Step, Submission, Value


@task("submissions.freeze")
def freeze(run: Run, payload: dict[str, Any]) -> Outcome | None:
    """Freeze and seal a report that somebody has signed; done wholly, or not at all."""
    submission = Submission.objects.select_related(
        "unit", "written_by", "reviewed_by", "signed_by", "restates"
    ).get(pk=payload["submission"])
    if submission.state != State.SIGNING or submission.job != run.job.pk:
        raise Refused.because("submission.moved-on", state=submission.get_state_display())
    unit, at = submission.unit, submission.signed_at or timezone.now()
    keys.key_of(unit)  # made now if it signs for the first time: what follows writes nothing

    def sign(subject: Any) -> list[dict[str, object]]:
        who = str(submission.signed_by)
        return [keys.sign(dict(subject), unit, role=signed.UNIT, who=who, at=at)]

    with freezing.standstill(), access.remembering():  # what was counted is not counted twice
        made = flow.compiled(submission)
        if freezing.fingerprint(made) != submission.shown:
            raise Refused.because("submission.changed")
        version = catalogue.version(submission.code, unit, submission.span)
        head = freezing.head_of(submission, unit, submission.span, version)
        sealed = freezing.freeze(final(made), head, sign, total=run.total, progress=run.step)
    with run.committing() as outcome:
        _write(submission, sealed)
        outcome.url = f"/submissions/{submission.pk}/"
    return outcome


def _write(submission: Submission, sealed: freezing.Sealed) -> None:
    taken = Submission.objects.filter(pk=submission.pk, state=State.SIGNING).update(
        state=State.SIGNED,
        root=sealed.root,
        size=sealed.size,
        row_count=sealed.row_count,
        last_entry=sealed.last_entry,
        history=sealed.history,
        registers=drift.registers_of(fact.definition for fact in sealed.facts.values()),
    )
    if not taken:
        raise Refused.because("submission.moved-on", state=submission.get_state_display())
    Value.objects.bulk_create(
        Value(
            submission=submission,
            code=fact.code,
            value="" if fact.value is None else plain(fact.value),
            rows=fact.rows,
            definition=fact.definition.hash,
        )
        for fact in sealed.facts.values()
    )
    assert submission.signed_by is not None, "whoever signed asked for this"
    assert submission.signed_at is not None
    Step.objects.create(
        submission=submission,
        verb=Step.Verb.SIGN,
        by=submission.signed_by,
        at=submission.signed_at,
    )


@task("submissions.countersign")
def countersign(run: Run, payload: dict[str, Any]) -> Outcome | None:
    """Check a signed report and sign it for the unit above."""
    submission = Submission.objects.select_related("unit").get(pk=payload["submission"])
    if (parent := above.parent_of(submission.unit)) is not None:
        keys.key_of(parent)
    with run.committing() as outcome:
        above.countersign(submission, actor=run.actor)
        outcome.url = f"/submissions/{submission.pk}/"
    return outcome


@task("submissions.pack")
def build_pack(run: Run, payload: dict[str, Any]) -> Outcome:
    """All that proves a signed report: its file, its prints, its evidence, and the verifier."""
    submission = Submission.objects.select_related("unit").get(pk=payload["submission"])
    if not submission.is_signed:
        raise Refused.because("submission.not-signed", submission.title)
    if not flow.may(run.actor, submission.unit, "review"):
        raise Refused.because("submission.role")
    name = _("{title} version {number}, to verify.zip").format(
        title=submission.title, number=submission.number
    )
    made = pack.write_pack(submission, run.actor, run.output(name), run.total, run.step)
    return Outcome(result={"evidence": made.files}, findings=made.findings())
