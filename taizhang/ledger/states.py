"""The actions that move records from state to state, one or many at a time, children with them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from django.db import transaction
from django.db.models import F, Max, QuerySet
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from taizhang.engines.findings import Finding, Refused

from . import access, catalogue, storing, write
from .access import Verb
from .models import Batch, Entry, Record, State
from .register import Register, Words

WRITING = ("add", "change", "correct", "attach", "detach")


_ANY = frozenset({State.DRAFT, State.SUBMITTED, State.RETURNED, State.VERIFIED})


@dataclass(frozen=True, slots=True)
class Action:
    """A move from one of ``sources`` to ``target``; from some of them only with a reason."""

    name: str
    label: Words
    done: Words
    verb: Verb
    sources: frozenset[str]
    target: str
    reason_from: frozenset[str] = frozenset()

    @property
    def needs_reason(self) -> bool:
        """Whether a reason is always asked for."""
        return self.reason_from == self.sources

    def label_from(self, state: str) -> Words:
        """What its button says: what nobody relied on yet is deleted, not made void."""
        throws_away = self.target == State.VOID and state not in self.reason_from
        return _("Delete") if throws_away else self.label

    def verb_from(self, state: str | None) -> Verb:
        """What somebody must be allowed to do: to make void what is verified is a verifier's."""
        annuls = self.target == State.VOID and state == State.VERIFIED
        return Verb.ANNUL if annuls else self.verb


ACTIONS: dict[str, Action] = {
    action.name: action
    for action in (
        Action(
            "submit",
            _("Submit"),
            _("submitted"),
            Verb.SUBMIT,
            frozenset({State.DRAFT, State.RETURNED}),
            State.SUBMITTED,
        ),
        Action(
            "verify",
            _("Verify"),
            _("verified"),
            Verb.VERIFY,
            frozenset({State.SUBMITTED}),
            State.VERIFIED,
        ),
        Action(
            "return",
            _("Return"),
            _("returned"),
            Verb.RETURN,
            frozenset({State.SUBMITTED, State.VERIFIED}),
            State.RETURNED,
            reason_from=frozenset({State.SUBMITTED, State.VERIFIED}),
        ),
        Action(
            "void",
            _("Make void"),
            _("voided"),
            Verb.VOID,
            _ANY,
            State.VOID,
            reason_from=frozenset({State.VERIFIED}),
        ),
        Action(
            "restore",
            _("Restore as draft"),
            _("restored"),
            Verb.RESTORE,
            frozenset({State.VOID}),
            State.DRAFT,
        ),
    )
}


@dataclass
class Result:
    """What came of an action: the batch that undoes it, how many moved, and why others did not."""

    batch: Batch | None = None
    done: int = 0
    refused: list[Finding] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class Offer:
    """An action as the page of one record offers it."""

    name: str
    label: Words
    needs_reason: bool


def available(register: Register, record: Record, user: Any) -> list[Offer]:
    """The actions this user may take on this record now, for its page."""
    known = access.of(user)
    moves = [
        action
        for action in ACTIONS.values()
        if record.state in action.sources
        and known.may(action.verb_from(record.state), register, record)
    ]
    if any(action.verb is Verb.VERIFY for action in moves) and authors(register, [record.pk], user):
        moves = [action for action in moves if action.verb is not Verb.VERIFY]
    return [
        Offer(move.name, move.label_from(record.state), record.state in move.reason_from)
        for move in moves
    ]


def act(
    register: Register,
    records: Sequence[Record],
    action: Action,
    *,
    actor: Any,
    reason: str = "",
    batch: Batch | None = None,
    progress: write.Progress = write.silent,
) -> Result:
    """Move these records in one batch, a new one unless they belong to what ``batch`` did before.

    Those that cannot move are told one by one and left as they are.
    """
    if action.needs_reason and not reason.strip():
        raise Refused.because("write.reason-needed", register.label)
    result = Result()
    with transaction.atomic():
        now = timezone.now()
        mine = batch or Batch.objects.create(
            kind=Batch.Kind.ACTION,
            actor=actor,
            at=now,
            source=action.name,
            register=register.name,
        )
        step = Step(action, actor, now, reason, mine)
        for start in range(0, len(records), write.CHUNK):
            part = records[start : start + write.CHUNK]
            moving = _movable(register, part, step, result)
            _move(register, moving, step)
            _move_children(register, moving, step)
            storing.raise_parents(register, moving)
            result.done += len(moving)
            progress(len(part))
        if result.done:
            result.batch = mine
        if batch is None and result.done:
            Batch.objects.filter(pk=mine.pk).update(changed=result.done)
        elif batch is None:
            mine.delete()
    return result


@dataclass(frozen=True, slots=True)
class Step:
    """One carrying out of an action: what every record of it has in common."""

    action: Action
    actor: Any
    now: datetime
    reason: str
    batch: Batch


def _movable(
    register: Register, part: Sequence[Record], step: Step, result: Result
) -> list[Record]:
    """Of these the records that may move now; the others are told in ``result``."""
    action, known = step.action, access.of(step.actor)
    keys = [record.pk for record in part]
    # Look again under the lock: somebody may have been faster.
    current = {
        key: (state, version)
        for key, state, version in register.model._default_manager.select_for_update()
        .filter(pk__in=keys)
        .values_list("pk", "state", "version")
    }
    own = authors(register, keys, step.actor) if action.verb is Verb.VERIFY else set()
    moving = []
    for record in part:
        where = register.key_text(record)
        state, version = current.get(record.pk, (None, 0))
        if state not in action.sources:
            result.refused.append(_state_refusal(action, where, state))
        elif not known.may(action.verb_from(state), register, record):
            result.refused.append(Finding("write.not-allowed", "must", where))
        elif record.pk in own:
            result.refused.append(Finding("write.own-work", "must", where))
        elif state in action.reason_from and not step.reason.strip():
            result.refused.append(Finding("write.reason-needed", "must", where))
        else:
            record.state, record.version = state, version
            moving.append(record)
    return moving


def _state_refusal(action: Action, where: str, state: str | None) -> Finding:
    return Finding(
        f"write.cannot-{action.name}",
        "must",
        where,
        {"state": str(State(state).label) if state else "–"},
    )


def authors(register: Register, keys: Sequence[int], user: Any) -> set[int]:
    """Of these records the ones of whose waiting version the user wrote a part.

    A verification that was undone counts as never given.
    """
    history = Entry.objects.filter(register=register.name, record_id__in=keys)
    below = Entry.objects.filter(parent_register=register.name, parent_id__in=keys)
    standing = history.filter(verb="verify", batch__undone_by=None)
    verified = _last(standing, "record_id")
    written = _last(below.filter(actor=user, verb__in=WRITING), "parent_id")
    for key, last in _last(history.filter(actor=user, verb__in=WRITING), "record_id").items():
        written[key] = max(last, written.get(key, 0))
    return {key for key, last in written.items() if last > verified.get(key, 0)}


def _last(entries: QuerySet[Entry], column: str) -> dict[int, int]:
    """The number of the last entry of each record."""
    return dict(entries.order_by().values_list(column).annotate(Max("id")))


def _move(register: Register, records: Sequence[Record], step: Step) -> None:
    if not records:
        return
    action = step.action
    verified = action.target == State.VERIFIED
    register.model._default_manager.filter(pk__in=[record.pk for record in records]).update(
        state=action.target,
        version=F("version") + 1,
        changed_at=step.now,
        verified_by=step.actor if verified else None,
        verified_at=step.now if verified else None,
    )
    drafts = []
    for record in records:
        old = record.state
        record.state, record.version = action.target, record.version + 1
        record.verified_by = step.actor if verified else None
        record.verified_at = step.now if verified else None
        drafts.append(storing.Draft(record, changes={"state": [old, action.target]}))
    storing.remember(register, drafts, action.name, step.actor, step.now, step.batch, step.reason)
    register.settle(records)


def _move_children(register: Register, parents: Sequence[Record], step: Step) -> None:
    """Child rows have their own state and go along with their parent where they can."""
    if not parents:
        return
    action, keys = step.action, [parent.pk for parent in parents]
    for child in catalogue.children(register):
        rows = child.queryset().filter(**{f"{child.parent}__in": keys, "state__in": action.sources})
        if action.name == "return":
            # A returned activity keeps its verified handouts: only what waits goes back with it.
            rows = rows.filter(state=State.SUBMITTED)
        if action.name == "restore":
            rows = rows.filter(pk__in=_voided_with(register, child, keys))
        _move(child, list(rows), step)


def _voided_with(register: Register, child: Register, keys: Sequence[int]) -> set[int]:
    """Child rows that went into the bin together with their parents, not before them."""
    last = _last(
        Entry.objects.filter(register=register.name, record_id__in=keys, verb="void"), "record_id"
    )
    batches = Entry.objects.filter(pk__in=last.values()).values("batch")
    with_them = Entry.objects.filter(register=child.name, verb="void", batch__in=batches)
    return set(with_them.values_list("record_id", flat=True))
