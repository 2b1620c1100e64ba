"""What was typed and not saved yet: kept for whoever typed it, until it is saved or a month old."""

from __future__ import annotations

import hashlib
import json
from collections import defaultdict
from collections.abc import Iterable
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.db import DatabaseError, transaction
from django.db.models import Q, QuerySet
from django.http import QueryDict
from django.utils import timezone

from taizhang.engines.findings import Refused
from taizhang.ledger import access, catalogue
from taizhang.ledger.register import Register

from .models import FormDraft
from .openings import Opening, address

KEPT_FOR = timedelta(days=30)
TRACE_FOR = timedelta(days=1)
MOST_SIGNS = 200_000
MOST_DRAFTS = 100
BESIDE = ("reason", "asked", "right", "conflict")
"""What a form sends beside the fields of the record and is typed or chosen all the same."""
PICK = "pick_"


class TypedElsewhere(Exception):
    """Another window has typed on under the same token since this one was opened."""


class AlreadySaved(Exception):
    """The very same was sent before and is saved: pressed twice, or loaded anew."""

    def __init__(self, record: int) -> None:
        super().__init__(record)
        self.record = record


@dataclass(frozen=True, slots=True)
class Offer:
    """A draft to go on with: of which register (its label), what about, since when, and where."""

    token: str
    register: str
    about: str
    saved_at: datetime
    url: str


def keep(opening: Opening, data: QueryDict, *, tick: int | None = None) -> FormDraft | None:
    """Keep what stands in a form; None when it is as it was opened and nothing is left to keep.

    ``tick`` counts up within a window, so that what arrives late does not undo what came after;
    None takes everything. Raises TypedElsewhere, and Refused ``draft.too-long``.
    """
    cells = _cells(catalogue.get(opening.register), data)
    if sum(len(text) for texts in cells.values() for text in texts) > MOST_SIGNS:
        raise Refused.because("draft.too-long", limit=MOST_SIGNS)
    with transaction.atomic():
        mine = FormDraft.objects.filter(user_id=opening.user)
        draft = mine.select_for_update().filter(token=opening.token).first()
        if draft is None:
            draft = FormDraft(
                user_id=opening.user,
                token=opening.token,
                register=opening.register,
                record_id=opening.record,
                place=opening.place,
            )
            _make_room(opening.user)
        elif tick is not None:
            if draft.window != opening.window and draft.saved_at.timestamp() > opening.at:
                raise TypedElsewhere
            if draft.window == opening.window and draft.tick >= tick:
                return None if draft.saved_as else draft
        if _untouched(opening, cells):
            if draft.pk and not draft.saved_as:
                draft.delete()
            return None
        draft.version, draft.base, draft.cells = opening.version, opening.base, cells
        draft.saved_as, draft.digest = None, ""
        draft.window, draft.tick, draft.saved_at = opening.window, tick or 0, timezone.now()
        draft.save()
    return draft


def deposit(opening: Opening, data: QueryDict) -> FormDraft | None:
    """Keep what was sent although it could not be carried out; None when that failed as well."""
    with suppress(DatabaseError, Refused):
        return keep(opening, data)
    return None


def _cells(register: Register, data: QueryDict) -> dict[str, list[str]]:
    names = [*register.editable, *BESIDE, *(n for n in data if n.startswith(PICK))]
    return {name: data.getlist(name) for name in names if name in data}


def _untouched(opening: Opening, cells: dict[str, list[str]]) -> bool:
    """Whether the form holds what it was opened with and nothing else."""
    if any("".join(cells.get(name, ())).strip() for name in ("reason", "conflict")):
        return False
    known = catalogue.get(opening.register).fields
    kinds = {name: known[name].kind for name in opening.base if name in known}
    for name, base in opening.base.items():
        typed = cells.get(name, [])
        if isinstance(base, list):
            same = sorted(typed) == base
        else:
            unset = "0" if kinds.get(name) == "boolean" else ""
            text = (typed[-1] if typed else unset).replace("\r\n", "\n").strip()
            same = text == (base.strip() or unset)
        if not same:
            return False
    return bool(opening.base)


def claim(opening: Opening, data: QueryDict) -> None:
    """In the transaction that saves a form: take its token, so that nobody saves it twice.

    Raises AlreadySaved when the same was sent before.
    """
    draft, _made = FormDraft.objects.select_for_update().get_or_create(
        user_id=opening.user,
        token=opening.token,
        defaults={
            "register": opening.register,
            "record_id": opening.record,
            "saved_at": timezone.now(),
        },
    )
    if draft.saved_as and draft.digest == _digest(opening, data):
        raise AlreadySaved(draft.saved_as)


def is_saved(opening: Opening, data: QueryDict) -> bool:
    """Whether the very same was sent before and is saved."""
    traces = FormDraft.objects.filter(
        user_id=opening.user, token=opening.token, saved_as__isnull=False
    )
    return any(trace.digest == _digest(opening, data) for trace in traces)


def settle(opening: Opening, data: QueryDict, record: int) -> None:
    """The form is saved: nothing of it is kept any more but the trace that it was."""
    tick = data.get("tick", "")
    FormDraft.objects.filter(user_id=opening.user, token=opening.token).update(
        base={},
        cells={},
        window=opening.window,
        tick=int(tick) if tick.isdecimal() else 0,
        saved_at=timezone.now(),
        saved_as=record,
        digest=_digest(opening, data),
    )


def _digest(opening: Opening, data: QueryDict) -> str:
    cells = _cells(catalogue.get(opening.register), data)
    return hashlib.sha256(json.dumps(cells, sort_keys=True).encode()).hexdigest()


def _make_room(user: int) -> None:
    """Forget the oldest of a user who keeps too many."""
    mine = FormDraft.objects.filter(user_id=user, saved_as=None)
    newest = mine.order_by("-saved_at").values_list("pk")
    FormDraft.objects.filter(pk__in=[pk for (pk,) in newest[MOST_DRAFTS - 1 :]]).delete()


def sweep(now: datetime | None = None) -> int:
    """Forget drafts older than ``KEPT_FOR`` and traces older than ``TRACE_FOR``; returns how many."""
    moment = now or timezone.now()
    old = Q(saved_at__lt=moment - KEPT_FOR)
    old |= Q(saved_as__isnull=False, saved_at__lt=moment - TRACE_FOR)
    count, _kinds = FormDraft.objects.filter(old).delete()
    return count


def drop(user: Any, token: str) -> None:
    """Forget one draft of a user."""
    FormDraft.objects.filter(user=user, token=token).delete()


def of(user: Any) -> QuerySet[FormDraft]:
    """The drafts of a user, newest first; nobody else's are ever read."""
    oldest = timezone.now() - KEPT_FOR
    mine = FormDraft.objects.filter(user=user, saved_as=None, saved_at__gte=oldest)
    return mine.order_by("-saved_at")


def find(user: Any, register: Register, record: int, token: str = "") -> FormDraft | None:
    """The draft of a form: the one that is named, else the newest of that record."""
    mine = of(user).filter(register=register.name, record_id=record)
    return mine.filter(token=token).first() if token or not record else mine.first()


def offers(
    user: Any, register: Register, record: int = 0, *, place: str = "", but: str = ""
) -> list[Offer]:
    """What a user may go on with in a form, ``but`` what stands in it already, newest first."""
    mine = of(user).filter(register=register.name, record_id=record, place=place)
    mine = mine.exclude(token=but)
    return [offer(draft) for draft in mine[:5]]


def unfinished(user: Any, most: int = 20) -> list[Offer]:
    """What a user typed and did not save, newest first, for the workbench.

    Left out is what was typed into a record that is out of their reach by now, be it that an undoing
    took it away: there is no form left to go on with.
    """
    known = {register.name for register in catalogue.registers()}
    mine = list(of(user).filter(register__in=known))
    wanted: dict[str, set[int]] = defaultdict(set)
    for draft in mine:
        if draft.record_id:
            wanted[draft.register].add(draft.record_id)
    reached = {
        (name, pk)
        for name, keys in wanted.items()
        for pk in access.visible(user, catalogue.get(name))
        .filter(pk__in=keys)
        .order_by()
        .values_list("pk", flat=True)
    }
    left = [d for d in mine if not d.record_id or (d.register, d.record_id) in reached]
    return [offer(draft) for draft in left[:most]]


def offer(draft: FormDraft) -> Offer:
    """A draft with what it is about: its title as typed, else the first words in it."""
    register = catalogue.get(draft.register)
    names: Iterable[str] = (register.title, *register.editable)
    kinds = {name: register.fields[name].kind for name in register.editable}
    texts = (
        text.strip()
        for name in names
        if kinds.get(name) in {"text", "date", "integer", "decimal"}
        for text in draft.cells.get(name, ())
    )
    about = next((text for text in texts if text), "")
    when = timezone.localtime(draft.saved_at)
    return Offer(
        draft.token,
        register.label_plural,
        about[:60],
        when,
        address(draft.register, draft.record_id, draft.token),
    )


def data_of(draft: FormDraft) -> QueryDict:
    """What was typed, as a form reads it."""
    data = QueryDict(mutable=True)
    for name, texts in draft.cells.items():
        data.setlist(name, texts)
    return data


def clock(moment: datetime) -> str:
    """When something was kept, as people say it: 10:42 today, else with its day."""
    local = timezone.localtime(moment)
    today = local.date() == timezone.localdate()
    return local.strftime("%H:%M" if today else "%Y-%m-%d %H:%M")
