"""What was done in one go, and taking it back; and the bin with what was thrown away."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.db.models import Count, Min
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.utils.translation import get_language, ngettext
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from taizhang.engines.findings import Refused
from taizhang.jobs import queue
from taizhang.ledger import access, catalogue, query, states, undo
from taizhang.ledger.access import Verb
from taizhang.ledger.models import Batch, Entry, State
from taizhang.ledger.render import VERBS
from taizhang.wording import say

from . import tallies

SHOWN = 100
BIN_LINES = 20
LONG = 500
"""A batch with more entries than this is undone by a job, not while somebody waits."""


def batch_title(batch: Batch) -> str:
    """What was done, as a heading."""
    if batch.kind == Batch.Kind.UNDO and batch.undoes is not None:
        return _("Undone: {title}").format(title=batch_title(batch.undoes))
    if batch.kind == Batch.Kind.IMPORT:
        return _("Import of {name}").format(name=batch.source or "–")
    move = states.ACTIONS.get(batch.source)
    what = str(move.label) if move else batch.source
    register = catalogue.find(batch.register)
    if register is None:
        return what
    return _("{register}: {what}").format(register=register.label, what=what)


def _find(request: HttpRequest, pk: int) -> Batch:
    batch = (
        Batch.objects.filter(pk=pk)
        .select_related("actor", "undoes", "undone_by", "undone_by__actor")
        .first()
    )
    if batch is None or not undo.may_look(batch, request.user):
        raise Http404
    return batch


@require_GET
def show_batches(request: HttpRequest) -> HttpResponse:
    """What this user did in one go lately, newest first."""
    given = request.GET.get("before", "")
    mine = Batch.objects.filter(actor_id=request.user.pk).select_related("undoes", "undone_by")
    if given.isdecimal():
        mine = mine.filter(pk__lt=int(given))
    listed = list(mine.order_by("-pk")[: SHOWN + 1])
    rows = [{"batch": batch, "title": batch_title(batch)} for batch in listed[:SHOWN]]
    older = listed[SHOWN - 1].pk if len(listed) > SHOWN else None
    return render(request, "desk/batches.html", {"rows": rows, "older": older})


@require_GET
def show_batch(request: HttpRequest, pk: int) -> HttpResponse:
    """One batch: what it did to which records, and the button that takes it back."""
    batch = _find(request, pk)
    language = get_language() or "zh"
    hindrances = [
        {"where": finding.where, "text": say(finding, language)}
        for finding in undo.hindrances(batch, request.user)
    ]
    context = {
        "batch": batch,
        "title": batch_title(batch),
        "parts": _parts(batch),
        "lines": _lines(batch),
        "hidden": max(Entry.objects.filter(batch=batch).count() - SHOWN, 0),
        "undone": getattr(batch, "undone_by", None),
        "hindrances": hindrances,
    }
    return render(request, "desk/batch.html", context)


def _parts(batch: Batch) -> list[dict[str, Any]]:
    """How many records of which register had what done to them."""
    counted = (
        Entry.objects.filter(batch=batch)
        .order_by()
        .values_list("register", "verb")
        .annotate(count=Count("id"), first=Min("id"))
        .order_by("first")
    )
    return [
        {"register": register, "sentence": VERBS[verb](), "count": count}
        for name, verb, count, _first in counted
        if (register := catalogue.find(name)) is not None
    ]


def _lines(batch: Batch) -> list[dict[str, Any]]:
    entries = Entry.objects.filter(batch=batch).order_by("pk")[:SHOWN]
    gone = batch.kind == Batch.Kind.UNDO or hasattr(batch, "undone_by")
    found = []
    for entry in entries:
        register = catalogue.find(entry.register)
        removed = gone and entry.verb in {"add", "undo"} and not _exists(entry)
        url = f"/{register.path}/{entry.record_id}/" if register and not removed else ""
        found.append(
            {"entry": entry, "register": register, "verb": VERBS[entry.verb](), "url": url}
        )
    return found


def _exists(entry: Entry) -> bool:
    register = catalogue.find(entry.register)
    rows = register.model._default_manager if register else None
    return bool(rows and rows.filter(pk=entry.record_id).exists())


@require_POST
def undo_batch(request: HttpRequest, pk: int) -> HttpResponse:
    """Take a batch back: at once when it is small, else as a job with progress."""
    batch = _find(request, pk)
    user: Any = request.user
    back = f"/batches/{batch.pk}/"
    if Entry.objects.filter(batch=batch).count() > LONG and not undo.hindrances(batch, user):
        title = _("Undo: {title}").format(title=batch_title(batch))
        job = queue.enqueue("desk.undo", {"batch": batch.pk}, actor=user, title=title)
        return HttpResponseRedirect(f"/jobs/{job.pk}/")
    try:
        undoing = undo.undo(batch, actor=user)
    except Refused as refused:
        if any(finding.code == "undo.already-undone" for finding in refused.findings):
            messages.info(request, say(refused.findings[0], get_language() or "zh"))
        else:
            text = _("Nothing was undone: something was built on it. See below.")
            messages.error(request, text)
        return HttpResponseRedirect(back)
    count = undoing.created + undoing.changed
    text = ngettext(
        "Undone: {count} record is as it was.", "Undone: {count} records are as they were.", count
    )
    messages.success(request, text.format(count=count))
    return HttpResponseRedirect(back)


@require_GET
def show_bin(request: HttpRequest) -> HttpResponse:
    """What was thrown away: void records of every register, the latest with a way back."""
    user = request.user
    known = access.of(user)
    parts = []
    for register in catalogue.registers():
        rows = access.visible(user, register).filter(state=State.VOID)
        count = query.bare(rows).values("pk")[: tallies.ENOUGH + 1].count()
        if not count:
            continue
        listed = list(rows.prefetch_related(None).order_by("-changed_at", "-pk")[:BIN_LINES])
        entries = _voided(register.name, [row.pk for row in listed])
        open_ = not register.title_is_personal or known.may(Verb.PERSONAL, register)
        parts.append(
            {
                "register": register,
                "count": f"{tallies.ENOUGH}+" if count > tallies.ENOUGH else str(count),
                "more": count > BIN_LINES,
                "lines": [
                    {
                        "record": row,
                        "title": register.title_of(row) if open_ else register.key_text(row),
                        "key": register.key_text(row),
                        "entry": entries.get(row.pk),
                        "may_restore": known.may(Verb.RESTORE, register, row),
                    }
                    for row in listed
                ],
            }
        )
    return render(request, "desk/bin.html", {"parts": parts})


def _voided(register: str, keys: list[int]) -> dict[int, Entry]:
    """The entry that threw each of these records away."""
    entries = Entry.objects.filter(register=register, record_id__in=keys, verb="void")
    return {entry.record_id: entry for entry in entries.select_related("actor").order_by("pk")}
