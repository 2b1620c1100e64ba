"""Undoing a batch: everything it wrote is as it was, or nothing is and the hindrance has a name.

A batch can be undone as long as nothing was built on it: no later change of its records that still
stands, nothing that refers to what it created. History keeps both the doing and the undoing.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Sequence
from datetime import timedelta
from typing import Any

from django.conf import settings
from django.db import models, transaction
from django.db.models import Min, Q, QuerySet
from django.utils import timezone

from taizhang.engines.findings import Finding, Refused

from . import access, catalogue, searching, storing, write
from .models import Batch, Before, Entry, Record, State
from .register import Register
from .storing import Draft

SHOWN = 20
"""So many hindrances are told; more would not help anybody."""


def undo(batch: Batch, *, actor: Any, progress: write.Progress = write.silent) -> Batch:
    """Take back what a batch did, in one transaction, and return the batch that did so.

    Refuses with everything that hinders it.
    """
    with transaction.atomic():
        locked = Batch.objects.select_for_update().get(pk=batch.pk)
        if found := hindrances(locked, actor):
            raise Refused(*found)
        undoing = Batch.objects.create(
            kind=Batch.Kind.UNDO,
            actor=actor,
            at=timezone.now(),
            source=locked.source,
            register=locked.register,
            undoes=locked,
        )
        for register in reversed(_registers(locked)):
            created = list(_created(locked, register).values_list("record_id", flat=True))
            for keys in _chunks(created):
                _remove(register, keys, undoing)
                progress(len(keys))
            undoing.created += len(created)
            undoing.changed += _restore_all(register, locked, undoing, progress)
        undoing.save()
    return undoing


def hindrances(batch: Batch, actor: Any) -> list[Finding]:
    """Why this batch cannot be undone by this user now; empty when it can."""
    if batch.kind == Batch.Kind.UNDO:
        return [Finding("undo.is-an-undoing", "must")]
    later = Batch.objects.filter(undoes=batch).select_related("actor").first()
    if later is not None:
        return [Finding("undo.already-undone", "must", "", {"who": str(later.actor)})]
    if batch.at < timezone.now() - timedelta(days=settings.BIN_DAYS):
        return [Finding("undo.too-late", "must", "", {"days": settings.BIN_DAYS})]
    found: list[Finding] = []
    for register in _registers(batch):
        if not _allowed(batch, register, actor):
            return [Finding("undo.not-allowed", "must", register.label_plural)]
        found += _built_upon(batch, register)
        found += _referred_to(batch, register)
    return found[:SHOWN]


def may_look(batch: Batch, user: Any) -> bool:
    """Whether a batch exists for this user: who did it, and who manages everything it touched."""
    if batch.actor_id == user.pk:
        return True
    return all(_allowed(batch, register, user) for register in _registers(batch))


def _registers(batch: Batch) -> list[Register]:
    """The registers a batch wrote to, in the order of writing."""
    names = (
        Entry.objects.filter(batch=batch)
        .order_by()
        .values_list("register")
        .annotate(first=Min("id"))
        .order_by("first")
    )
    return [catalogue.get(name) for name, _first in names]


def _created(batch: Batch, register: Register) -> QuerySet[Entry]:
    return Entry.objects.filter(batch=batch, register=register.name, verb="add").order_by("id")


def _touched(batch: Batch, register: Register) -> QuerySet[Entry]:
    return Entry.objects.filter(batch=batch, register=register.name).order_by()


def _allowed(batch: Batch, register: Register, user: Any) -> bool:
    """Whether every record of the batch stands where the user may take back their own, or any."""
    mine = batch.actor_id == user.pk and not register.manager_only
    units = access.of(user).units("recorder" if mine else "manager")
    rows = register.model._default_manager.filter(
        pk__in=_touched(batch, register).values("record_id")
    )
    return not rows.exclude(**{f"{register.scope_lookup}__in": units}).exists()


def _standing(batch: Batch) -> Q:
    """Entries of others that still count: not undone, and no undoing themselves."""
    return ~Q(batch=batch) & (
        Q(batch=None) | Q(batch__undone_by=None) & ~Q(batch__kind=Batch.Kind.UNDO)
    )


def _built_upon(batch: Batch, register: Register) -> list[Finding]:
    """Later changes of the same records, or of rows below them."""
    touched = _touched(batch, register)
    first = touched.aggregate(first=Min("id"))["first"]
    later = Entry.objects.filter(_standing(batch), pk__gt=first).select_related("actor")
    keys = touched.values("record_id")
    changed = later.filter(register=register.name, record_id__in=keys).order_by("id")[:SHOWN]
    below = later.filter(
        parent_register=register.name,
        parent_id__in=_created(batch, register).order_by().values("record_id"),
    ).order_by("id")[:SHOWN]
    return [
        Finding(
            "undo.changed-since",
            "must",
            entry.label,
            {
                "who": str(entry.actor or "–"),
                "at": timezone.localtime(entry.at).strftime("%Y-%m-%d %H:%M"),
            },
        )
        for entry in [*changed, *below]
    ]


def _referred_to(batch: Batch, register: Register) -> list[Finding]:
    """Rows outside the batch that refer to what it created."""
    created = _created(batch, register).order_by().values("record_id")
    if not created.exists():
        return []
    found = []
    for model, name in _referring(register):
        rows = model._default_manager.filter(**{f"{name}__in": created})
        other = catalogue.of_model(model)
        if other is not None:
            rows = rows.exclude(pk__in=_created(batch, other).order_by().values("record_id"))
        for row in rows[:SHOWN]:
            where = other.history_label(row) if other else str(row)  # type: ignore[arg-type]
            target = getattr(row, f"{name}_id")
            params = {"row": register.history_label(register.queryset().get(pk=target))}
            found.append(Finding("undo.referred-to", "must", where, params))
    return found


def _referring(register: Register) -> Iterator[tuple[type[models.Model], str]]:
    """Tables whose rows would be left without the row they refer to: model and column."""
    own = {register.fields[name].source.remote_field.through for name in register.many}
    for relation in register.model._meta.get_fields(include_hidden=True):
        if not isinstance(relation, models.ManyToOneRel) or relation.related_model in own:
            continue
        if relation.on_delete is models.CASCADE:
            continue  # worked out from the rows themselves, such as the paths of the tree
        yield relation.related_model, relation.field.name


def _remove(register: Register, keys: Sequence[int], undoing: Batch) -> None:
    """Take rows away that nothing refers to; their history stays."""
    rows = register.model._default_manager.filter(pk__in=keys)
    records = list(register.queryset().filter(pk__in=keys))
    drafts = [Draft(record) for record in records]
    storing.remember(register, drafts, "undo", undoing.actor, undoing.at, undoing, "")
    for name in register.many:
        source = register.fields[name].source
        words = source.remote_field.through._default_manager
        words.filter(**{f"{source.m2m_field_name()}__in": keys}).delete()
    # Rows that refer to each other go together, which Django's own deleting would not allow.
    rows._raw_delete(rows.db)
    searching.forget(register, keys)
    storing.raise_parents(register, records)
    register.settle(records)


def _restore_all(register: Register, batch: Batch, undoing: Batch, progress: write.Progress) -> int:
    """Give the changed records back what they had; returns how many."""
    changed = _touched(batch, register).exclude(
        record_id__in=_created(batch, register).order_by().values("record_id")
    )
    keys = sorted(set(changed.values_list("record_id", flat=True)))
    for part in _chunks(keys):
        entries: dict[int, list[Entry]] = defaultdict(list)
        for entry in changed.filter(record_id__in=part).order_by("-id"):
            entries[entry.record_id].append(entry)
        kept = dict(
            Before.objects.filter(entry__batch=batch, entry__record_id__in=part).values_list(
                "entry_id", "values"
            )
        )
        _restore(register, entries, kept, undoing)
        progress(len(part))
    return len(keys)


def _restore(
    register: Register,
    entries: dict[int, list[Entry]],
    kept: dict[int, dict[str, Any]],
    undoing: Batch,
) -> None:
    drafts = []
    rows = register.queryset().select_for_update(of=("self",)).filter(pk__in=list(entries))
    for record in rows:
        draft = Draft(record)
        drafts.append(draft)
        for entry in entries[record.pk]:
            _take_back(register, draft, entry, kept.get(entry.pk, {}))
    _verify_again(register, [draft.record for draft in drafts], undoing.undoes)
    _rewrite(register, drafts, undoing)


def _take_back(register: Register, draft: Draft, entry: Entry, kept: dict[str, Any]) -> None:
    """One entry backwards: its fields, then its state."""
    record = draft.record
    was = record.state
    if entry.verb == "correct":
        record.state = State.VERIFIED
    for name, change in entry.changes.items():
        if name == "state":
            record.state = change[0]
            continue
        known = register.fields.get(name)
        if known is None:  # the field is gone since
            continue
        now = known.raw(draft.many.get(name, known.value(record)))
        value = known.put(record, kept[name]) if name in kept else known.put(record, change[0])
        if known.many:
            draft.many[name] = value
        draft.changes[name] = None if known.personal else [now, known.raw(value)]
    if record.state != was:
        first = draft.changes.get("state", [was])[0]
        draft.changes["state"] = [first, record.state]


def _rewrite(register: Register, drafts: Sequence[Draft], undoing: Batch) -> None:
    """Write records as they stand in ``drafts``, states and all."""
    for draft in drafts:
        draft.record.version += 1
        draft.record.changed_at = undoing.at
        if draft.changes.keys() - {"state"}:
            draft.record.written_by = undoing.actor
    records = [draft.record for draft in drafts]
    storing.update(register, drafts)
    storing.set_words(register, drafts, new=False)
    storing.remember(register, drafts, "undo", undoing.actor, undoing.at, undoing, "")
    storing.raise_parents(register, records)
    register.settle(records)


def _verify_again(register: Register, records: Sequence[Record], undone: Batch | None) -> None:
    """Who verified, and when, comes back with the state; otherwise it goes."""
    verified = [record.pk for record in records if record.state == State.VERIFIED]
    given: dict[int, Entry] = {}
    standing = Entry.objects.filter(
        register=register.name, record_id__in=verified, verb="verify", batch__undone_by=None
    )
    for entry in standing.exclude(batch=undone).order_by("id"):
        given[entry.record_id] = entry
    for record in records:
        last = given.get(record.pk)
        record.verified_by_id = last.actor_id if last else None
        record.verified_at = last.at if last else None


def _chunks(keys: Sequence[int]) -> Iterator[Sequence[int]]:
    for start in range(0, len(keys), write.CHUNK):
        yield keys[start : start + write.CHUNK]


def forget() -> int:
    """Forget what was kept for undoings that are no longer possible; returns how many."""
    oldest = timezone.now() - timedelta(days=settings.BIN_DAYS)
    count, _each = Before.objects.filter(at__lt=oldest).delete()
    return count
