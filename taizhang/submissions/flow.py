"""From draft to seal: submitted by one person, reviewed by another, signed by a third.

Every step is one conditional UPDATE, so of two people who press the same button one is told that
the other was first. What is signed is what was reviewed: each step names the fingerprint of what
its person looked at, and another one is refused.
"""

from __future__ import annotations

from typing import Any

from django.db import IntegrityError, transaction
from django.utils import timezone

from taizhang.engines.findings import Refused
from taizhang.engines.periods import Period
from taizhang.jobs.models import OVER, Job
from taizhang.jobs.queue import enqueue
from taizhang.ledger import access
from taizhang.org.models import Unit
from taizhang.outlines import catalogue
from taizhang.outlines.compile import Report, report

from .freezing import fingerprint
from .models import OPEN, Practice, State, Step, Submission

ROLES = {
    "submit": "recorder",
    "withdraw": "recorder",
    "remark": "recorder",
    "review": "verifier",
    "return": "verifier",
    "sign": "manager",
}
"""The role each step takes, in the unit whose report it is."""


def may(user: Any, unit: Unit, verb: str) -> bool:
    """Whether the user's role is high enough for a step."""
    return unit.pk in access.of(user).units(ROLES[verb])


def one_person(unit: Unit) -> bool:
    """Whether one person may write, review and sign the unit's reports."""
    return Practice.objects.filter(unit=unit, one_person=True).exists()


def set_one_person(unit: Unit, wanted: bool, *, actor: Any) -> None:
    """Say how the unit signs; open submissions go on as they were begun. Raises Refused."""
    if unit.pk not in access.of(actor).units("manager"):
        raise Refused.because("submission.role")
    Practice.objects.update_or_create(
        unit=unit,
        defaults={"one_person": wanted, "changed_by": actor, "changed_at": timezone.now()},
    )


def compiled(submission: Submission) -> Report:
    """The report as it would be signed now."""
    outline = catalogue.find(submission.code, submission.unit, submission.span)
    return report(outline, submission.unit, submission.span)


def latest(unit: Unit, period: Period, code: str) -> Submission | None:
    """The signed version of a report that is valid."""
    signed = Submission.objects.filter(unit=unit, period=period.text, code=code, state=State.SIGNED)
    return signed.order_by("-number").first()


def open_one(unit: Unit, period: Period, code: str) -> Submission | None:
    """The submission of a report that waits for somebody."""
    waiting = Submission.objects.filter(unit=unit, period=period.text, code=code, state__in=OPEN)
    return waiting.first()


def submit(made: Report, shown: str, *, actor: Any, reason: str = "") -> Submission:
    """Hand a report up for review; after a signed version only as its restatement.

    Raises Refused: ``submission.role``, ``submission.already-open``, ``submission.changed``,
    ``submission.reason-missing``.
    """
    unit, period, code = made.unit, made.period, made.outline.code
    if not may(actor, unit, "submit"):
        raise Refused.because("submission.role")
    _refuse_other(made, shown)
    old = latest(unit, period, code)
    if old is not None and not reason.strip():
        raise Refused.because("submission.reason-missing", "reason", number=old.number)
    now = timezone.now()
    try:
        with transaction.atomic():
            submission = Submission.objects.create(
                unit=unit,
                period=period.text,
                code=code,
                number=old.number + 1 if old else 1,
                title=made.title,
                restates=old,
                reason=reason.strip() if old else "",
                one_person=one_person(unit),
                shown=shown,
                written_by=actor,
                written_at=now,
            )
            _told(submission, Step.Verb.SUBMIT, actor, reason)
    except IntegrityError as error:
        if (known := open_one(unit, period, code)) is None:
            raise
        raise Refused.because("submission.already-open", who=str(known.written_by)) from error
    return submission


def review(submission: Submission, shown: str, *, actor: Any, text: str = "") -> None:
    """Say that the report is right; also anew, when it was changed before it was signed."""
    _allow(submission, "review", actor)
    if not submission.one_person and submission.written_by_id == actor.pk:
        raise Refused.because("submission.own-work")
    _refuse_other(compiled(submission), shown)
    _move(
        submission,
        (State.WAITING, State.REVIEWED),
        Step.Verb.REVIEW,
        actor,
        text,
        state=State.REVIEWED,
        reviewed_by=actor,
        reviewed_at=timezone.now(),
        shown=shown,
    )


def send_back(submission: Submission, *, actor: Any, text: str) -> None:
    """Send the report back to whoever wrote it, with what is to be done."""
    _allow(submission, "return", actor)
    if not text.strip():
        raise Refused.because("submission.words-missing", "text")
    _move(
        submission,
        (State.WAITING, State.REVIEWED),
        Step.Verb.RETURN,
        actor,
        text,
        state=State.RETURNED,
    )


def withdraw(submission: Submission, *, actor: Any) -> None:
    """Take one's own report back before it is signed."""
    _allow(submission, "withdraw", actor)
    if submission.written_by_id != actor.pk and not may(actor, submission.unit, "sign"):
        raise Refused.because("submission.not-yours", who=str(submission.written_by))
    _move(
        submission,
        (State.WAITING, State.REVIEWED),
        Step.Verb.WITHDRAW,
        actor,
        "",
        state=State.WITHDRAWN,
    )


def remark(submission: Submission, place: str, *, actor: Any, text: str) -> None:
    """Say something at a place of the report while it is being reviewed."""
    _allow(submission, "remark", actor)
    if not text.strip():
        raise Refused.because("submission.words-missing", "text")
    if not submission.is_open:
        raise _too_late(submission)
    _told(submission, Step.Verb.REMARK, actor, text, place)


def sign(submission: Submission, shown: str, *, actor: Any) -> Job:
    """Sign the report: a job freezes and seals it, in the signer's name.

    Raises Refused: ``submission.role``, ``submission.own-work``, ``submission.changed``,
    ``submission.changed-since-review``, ``submission.values-missing``,
    ``submission.signed-by-another``, ``submission.moved-on``.
    """
    _allow(submission, "sign", actor)
    own = (submission.written_by_id, submission.reviewed_by_id)
    if not submission.one_person and actor.pk in own:
        raise Refused.because("submission.own-work")
    heal(submission)
    made = compiled(submission)
    _refuse_other(made, shown)
    if shown != submission.shown:
        raise Refused.because("submission.changed-since-review")
    if missing := made.missing():
        raise Refused.because("submission.values-missing", count=len(missing))
    with transaction.atomic():
        taken = Submission.objects.filter(pk=submission.pk, state=State.REVIEWED).update(
            state=State.SIGNING, signed_by=actor, signed_at=timezone.now(), job=None
        )
        if not taken:
            raise _too_late(submission)
        job = enqueue(
            "submissions.freeze", {"submission": submission.pk}, actor=actor, title=submission.title
        )
        Submission.objects.filter(pk=submission.pk).update(job=job.pk)
    submission.refresh_from_db()
    return job


def heal(submission: Submission) -> None:
    """Let a report be signed again whose sealing came to nothing."""
    if submission.state != State.SIGNING:
        return
    if Job.objects.filter(pk=submission.job or 0).exclude(state__in=OVER).exists():
        return
    Submission.objects.filter(pk=submission.pk, state=State.SIGNING, job=submission.job).update(
        state=State.REVIEWED, signed_by=None, signed_at=None, job=None
    )
    submission.refresh_from_db()


def steps_open_to(submission: Submission, user: Any) -> set[str]:
    """What the user may do with the submission now."""
    if submission.state not in (State.WAITING, State.REVIEWED):
        return set()
    found = {verb for verb in ROLES if verb != "submit" and may(user, submission.unit, verb)}
    author, reviewer = submission.written_by_id, submission.reviewed_by_id
    if user.pk != author and "sign" not in found:
        found.discard("withdraw")
    if not submission.one_person:
        if user.pk == author:
            found.discard("review")
        if user.pk in (author, reviewer):
            found.discard("sign")
    if submission.state == State.WAITING:
        found.discard("sign")
    return found


def _allow(submission: Submission, verb: str, actor: Any) -> None:
    if not may(actor, submission.unit, verb):
        raise Refused.because("submission.role")


def _refuse_other(made: Report, shown: str) -> None:
    if fingerprint(made) != shown:
        raise Refused.because("submission.changed")


def _move(
    submission: Submission,
    sources: tuple[State, ...],
    verb: Step.Verb,
    actor: Any,
    text: str,
    **values: Any,
) -> None:
    with transaction.atomic():
        moved = Submission.objects.filter(pk=submission.pk, state__in=sources).update(**values)
        if not moved:
            raise _too_late(submission)
        _told(submission, verb, actor, text)
    submission.refresh_from_db()


def _told(
    submission: Submission, verb: Step.Verb, actor: Any, text: str = "", place: str = ""
) -> None:
    Step.objects.create(
        submission=submission,
        verb=verb,
        by=actor,
        at=timezone.now(),
        text=text.strip(),
        place=place[:20],
    )


def _too_late(submission: Submission) -> Refused:
    """Somebody else was first: say who, and what they did."""
    submission.refresh_from_db()
    if submission.state in (State.SIGNING, State.SIGNED):
        return Refused.because("submission.signed-by-another", who=str(submission.signed_by))
    return Refused.because("submission.moved-on", state=submission.get_state_display())
