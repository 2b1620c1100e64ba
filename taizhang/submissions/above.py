"""What the unit above does with a signed report: sign it too, and keep its root."""

from __future__ import annotations

from typing import Any

from django.db import IntegrityError
from django.utils import timezone

from taizhang.engines.findings import Finding, Refused
from taizhang.engines.sealing import frozen, signed
from taizhang.engines.sealing.checking import check_lines
from taizhang.engines.sealing.merkle import SHA_256
from taizhang.ledger import access
from taizhang.org.models import Path, Unit
from taizhang.seals import keys

from .models import KeptRoot, Step, Submission
from .stored import Frozen

WRONG_TOLD = 5
"""Faults of a file that its refusal names."""


def parent_of(unit: Unit) -> Unit | None:
    """The unit directly above, as the tree stands today."""
    today = timezone.localdate()
    above = Path.objects.filter(descendant=unit, depth=1, first__lte=today, last__gte=today)
    found = above.select_related("ancestor").first()
    return found.ancestor if found else None


def may_countersign(submission: Submission, user: Any) -> Unit | None:
    """The unit for which the user may counter-sign the report; None when there is none."""
    parent = parent_of(submission.unit)
    if parent is None or not submission.is_signed:
        return None
    if parent.pk not in access.of(user).units("manager"):
        return None
    if KeptRoot.objects.filter(keeper=parent, root=submission.root).exists():
        return None
    return parent


def check(submission: Submission) -> list[Finding]:
    """What does not fit in the sealed file; nothing when it is as it was signed."""
    with Frozen(submission.root).path.open("rb") as file:
        return check_lines(file, keys.known_keys(), submission.root)


def countersign(submission: Submission, *, actor: Any) -> None:
    """Check a signed report, add the parent unit's signature to its file, and keep its root.

    Call it in a transaction. Raises Refused: ``submission.not-above``,
    ``submission.already-countersigned``, ``submission.does-not-fit``, ``seal.key-gone``.
    """
    parent = parent_of(submission.unit)
    if parent is None or parent.pk not in access.of(actor).units("manager"):
        raise Refused.because("submission.not-above")
    wrong = [finding for finding in check(submission) if finding.severity == "must"]
    if wrong:
        raise Refused(Finding("submission.does-not-fit"), *wrong[:WRONG_TOLD])
    file, now = Frozen(submission.root), timezone.now()
    try:
        KeptRoot.objects.create(
            keeper=parent,
            unit_code=submission.unit.code,
            unit_name=submission.unit.name,
            title=submission.title,
            period=submission.period,
            code=submission.code,
            number=submission.number,
            root=submission.root,
            size=submission.size,
            kept_by=actor,
            kept_at=now,
        )
    except IntegrityError as error:
        raise Refused.because("submission.already-countersigned", unit=parent.name) from error
    seal = file.parts["seal"]
    subject = frozen.subject(SHA_256, seal["root"], seal["size"])
    entry = keys.sign(subject, parent, role=signed.PARENT, who=str(actor), at=now)
    Step.objects.create(
        submission=submission, verb=Step.Verb.COUNTERSIGN, by=actor, at=now, text=parent.name
    )
    file.add_signature(entry)
