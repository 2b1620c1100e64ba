"""The actions that move records from state to state, one or many at a time, children with them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from django.db import transaction
from django.db.models import F, Max
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from taizhang.engines.findings import Finding, Refused

from . import access, catalogue, write
from .access import Verb
from .models import Batch, Entry, Record, State
from .register import Register, Words

WRITING = ("add", "change", "correct", "attach", "detach")


@dataclass(frozen=True, slots=True)
class Action:
    """A move from one of ``sources`` to ``target``."""

    name: str
    label: Words
    done: Words
    verb: Verb
    sources: frozenset[str]
    target: str
    needs_reason: bool = False


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
            needs_reason=True,
        ),
        Action(
            "void",
            _("Make void"),
            _("voided"),
            Verb.VOID,
            frozenset({State.DRAFT, State.SUBMITTED, State.RETURNED, State.VERIFIED}),
            State.VOID,
            needs_reason=True,
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
    """What came of a bulk action: how many moved, and why the others did not."""

    done: int = 0
    refused: list[Finding] = field(default_factory=list)


def available(register: Register, record: Record, user: Any) -> list[Action]:
    """The actions this user may take on this record now, for its page."""
    known = access.of(user)
    moves = [
        action
        for action in ACTIONS.values()
        if record.state in action.sources and known.may(action.verb, register, record)
    ]
    if any(action.verb is Verb.VERIFY for action in moves) and authors(register, [record.pk], user):
        moves = [action for action in moves if action.verb is not Verb.VERIFY]
    return moves


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
    """Move these records; those that cannot move are told one by one and left as they are."""
    if action.needs_reason and not reason.strip():
        raise Refused.because("write.reason-needed", register.label)
    known = access.of(actor)
    result = Result()
    with transaction.atomic():
        now = timezone.now()
        for start in range(0, len(records), write.CHUNK):
            part = records[start : start + write.CHUNK]
            keys = [record.pk for record in part]
            # Look again under the lock: somebody may have been faster.
            current = {
                key: (state, version)
                for key, state, version in register.model._default_manager.select_for_update()
                .filter(pk__in=keys)
                .values_list("pk", "state", "version")
            }
            own = authors(register, keys, actor) if action.verb is Verb.VERIFY else set()
            moving = []
            for record in part:
                where = register.key_text(record)
                state, version = current.get(record.pk, (None, 0))
                if state not in action.sources:
                    result.refused.append(_state_refusal(action, where, state))
                elif not known.may(action.verb, register, record):
                    result.refused.append(Finding("write.not-allowed", "must", where))
                elif record.pk in own:
                    result.refused.append(Finding("write.own-work", "must", where))
                else:
                    record.state, record.version = state, version
                    moving.append(record)
            _move(register, moving, action, actor, now, reason, batch)
            _move_children(register, moving, action, actor, now, reason, batch)
            write.raise_parents(register, moving)
            result.done += len(moving)
            progress(len(part))
    return result


def _state_refusal(action: Action, where: str, state: str | None) -> Finding:
    return Finding(
        f"write.cannot-{action.name}",
        "must",
        where,
        {"state": str(State(state).label) if state else "–"},
    )


def authors(register: Register, keys: Sequence[int], user: Any) -> set[int]:
    """Of these records the ones of whose waiting version the user wrote a part."""
    verified = dict(
        Entry.objects.filter(register=register.name, record_id__in=keys, verb="verify")
        .order_by()
        .values_list("record_id")
        .annotate(Max("id"))
    )
    written = {
        **dict(
            Entry.objects.filter(
                parent_register=register.name, parent_id__in=keys, actor=user, verb__in=WRITING
            )
            .order_by()
            .values_list("parent_id")
            .annotate(Max("id"))
        )
    }
    own = (
        Entry.objects.filter(
            register=register.name, record_id__in=keys, actor=user, verb__in=WRITING
        )
        .order_by()
        .values_list("record_id")
        .annotate(Max("id"))
    )
    for key, last in own:
        written[key] = max(last, written.get(key, 0))
    return {key for key, last in written.items() if last > verified.get(key, 0)}


def _move(
    register: Register,
    records: Sequence[Record],
    action: Action,
    actor: Any,
    now: Any,
    reason: str,
    batch: Batch | None,
) -> None:
    if not records:
        return
    verified = action.target == State.VERIFIED
    register.model._default_manager.filter(pk__in=[record.pk for record in records]).update(
        state=action.target,
        version=F("version") + 1,
        changed_at=now,
        verified_by=actor if verified else None,
        verified_at=now if verified else None,
    )
    drafts = []
    for record in records:
        old = record.state
        record.state, record.version = action.target, record.version + 1
        record.verified_by = actor if verified else None
        record.verified_at = now if verified else None
        drafts.append(write.Draft(record, changes={"state": [old, action.target]}))
    write.remember(register, drafts, action.name, actor, now, batch, reason)
    register.settle(records)


def _move_children(
    register: Register,
    parents: Sequence[Record],
    action: Action,
    actor: Any,
    now: Any,
    reason: str,
    batch: Batch | None,
) -> None:
    """Child rows have their own state and go along with their parent where they can."""
    if not parents or action.name == "restore":
        return
    for child in catalogue.children(register):
        rows = child.queryset().filter(
            **{
                f"{child.parent}__in": [parent.pk for parent in parents],
                "state__in": action.sources,
            }
        )
        if action.name == "return":
            # A returned activity keeps its verified handouts: only what waits goes back with it.
            rows = rows.filter(state=State.SUBMITTED)
        _move(child, list(rows), action, actor, now, reason, batch)
