"""The form of every record: new, copied, changed or corrected."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import Any
from urllib.parse import urlencode

from django.contrib import messages
from django.db import DatabaseError, transaction
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect, QueryDict
from django.shortcuts import render
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods

from taizhang.engines.findings import Refused
from taizhang.engines.merging import Cell
from taizhang.jobs.faults import is_busy, is_disk_full
from taizhang.ledger import access, catalogue, doubts, relations, states, write
from taizhang.ledger.access import Verb
from taizhang.ledger.models import Record, State
from taizhang.ledger.register import Register
from taizhang.ledger.views import (
    allow,
    find_record,
    find_register,
    home_of,
    parent_link,
    session_period,
    template_for,
)
from taizhang.wording import say

from . import drafts, meetings, openings
from .draft_views import not_theirs
from .forms import RecordForm, cells_of
from .meetings import MINE, THEIRS, Meeting
from .models import FormDraft
from .openings import Opening


@require_http_methods(["GET", "POST"])
def add(request: HttpRequest, app: str, kind: str) -> HttpResponse:
    """The form of a new record."""
    register = find_register(app, kind)
    allow(request, Verb.ADD, register)
    if request.method == "POST":
        return _add(request, register)
    draft = drafts.find(request.user, register, 0, request.GET.get("draft", ""))
    if draft:
        return _go_on(request, register, draft)
    given = ((name, str(value)) for name, value in request.GET.items())
    initial: dict[str, Cell] = {name: value for name, value in given if name in register.editable}
    if register.scope == "unit" and "unit" not in initial:
        unit = access.default_unit(request.user)
        initial |= {"unit": unit.code} if unit else {}
    return _fresh(request, register, initial, begin="next" in request.GET)


@require_GET
def copy(request: HttpRequest, app: str, kind: str, pk: int) -> HttpResponse:
    """The form of a new record that begins as another one: without its number, proofs and state.

    Personal values are not copied either; they belong to one person only.
    """
    register = find_register(app, kind)
    record = find_record(register, request.user, pk)
    allow(request, Verb.ADD, register)
    own = {"code", *(n for n in register.personal if register.fields[n].masks)}
    initial = {n: c for n, c in cells_of(register, record).items() if n not in own}
    return _fresh(request, register, initial, copied=register.key_text(record))


def _fresh(
    request: HttpRequest,
    register: Register,
    initial: dict[str, Cell],
    *,
    begin: bool = False,
    copied: str = "",
) -> HttpResponse:
    """An empty form; with ``begin`` ready to type into the first field that is still empty."""
    form = _form(request, register, initial=initial)
    place = str(initial.get(register.parent, "")) if register.parent else ""
    opening = openings.begin(request.user, register, None, form.opened(), place=place)
    offers = drafts.offers(request.user, register, place=place)
    focus = form.first_empty() if begin else ""
    return _page(request, form, opening, offers=offers, copied=copied, focus=focus)


def _go_on(request: HttpRequest, register: Register, draft: FormDraft) -> HttpResponse:
    """The form of a new record with what was typed in it before."""
    form = _form(request, register, data=drafts.data_of(draft))
    base = openings.as_cells(draft.base)
    opening = openings.begin(
        request.user, register, None, base, place=draft.place, token=draft.token
    )
    offers = drafts.offers(request.user, register, place=draft.place, but=draft.token)
    return _page(request, form, opening, restored=draft, offers=offers)


def _add(request: HttpRequest, register: Register) -> HttpResponse:
    opening = openings.read(request.POST.get("opened", ""))
    if opening and opening.user != request.user.pk:
        return not_theirs(request, opening)
    form = _form(request, register, data=request.POST)
    form.is_valid()
    begun = opening or openings.begin(request.user, register, None, {})
    status, saved = _try(form, lambda: _create(request, form, begun))
    if saved is None:
        return _page(request, form, begun.again(), status=status)
    text = _("{title} has been recorded.").format(title=register.title_of(saved))
    messages.success(request, text)
    _say_after(request, form, saved)
    if request.POST.get("then") == "next":
        return HttpResponseRedirect(_next_address(register, saved))
    return HttpResponseRedirect(home_of(register, saved))


def _create(request: HttpRequest, form: RecordForm, opening: Opening) -> Record:
    with transaction.atomic():
        drafts.claim(opening, request.POST)
        record = write.create(form.register, form.values, actor=request.user)
        doubts.answer(form.register, record, form.right(), actor=request.user)
        if request.POST.get("then") == "submit":
            move = states.ACTIONS["submit"]
            result = states.act(form.register, [record], move, actor=request.user)
            if result.refused:
                raise Refused(*result.refused)
        drafts.settle(opening, request.POST, record.pk)
    return record


def _next_address(register: Register, record: Record) -> str:
    """The form of one more record of the same unit, parent and day."""
    kept = {}
    for name in ("unit", register.parent, register.dated):
        known = register.fields.get(name)
        if known is not None and known.writable and not known.personal:
            kept[name] = str(known.cell(known.value(record)))
    return f"/{register.path}/add/?{urlencode(kept | {'next': '1'})}"


@require_http_methods(["GET", "POST"])
def edit(request: HttpRequest, app: str, kind: str, pk: int) -> HttpResponse:
    """The form of an existing record; a verified one asks for the reason of the correction."""
    register = find_register(app, kind)
    record = find_record(register, request.user, pk)
    allow(request, Verb.EDIT, register, record)
    if request.method == "POST":
        return _edit(request, register, record)
    draft = drafts.find(request.user, register, pk, request.GET.get("draft", ""))
    if draft is None:
        form = _form(request, register, record=record)
        opening = openings.begin(request.user, register, record, cells_of(register, record))
        return _page(request, form, opening)
    return _restored(request, register, record, draft)


def _restored(
    request: HttpRequest, register: Register, record: Record, draft: FormDraft
) -> HttpResponse:
    """The form of a record with what was typed before, beside what stands in it now."""
    form = _form(request, register, record=record, data=drafts.data_of(draft))
    form.is_valid()
    base, version = openings.as_cells(draft.base), draft.version
    if version != record.version and (meeting := meetings.meet(form, base, version)):
        return _meeting_page(request, form, meeting, draft.token, status=200, restored=draft)
    form.was = form.unlike_record()
    form.errors, form.form_errors = {}, []  # nobody has pressed Save yet
    now = cells_of(register, record)
    opening = openings.begin(request.user, register, record, now, token=draft.token)
    unpicked = draft.cells.get("conflict", [])
    return _page(
        request,
        form,
        opening,
        meeting=meetings.again(form, unpicked, _picked(form, unpicked)) if unpicked else None,
        restored=draft,
        offers=drafts.offers(request.user, register, record.pk, but=draft.token),
    )


def _edit(request: HttpRequest, register: Register, record: Record) -> HttpResponse:
    came = openings.read(request.POST.get("opened", ""))
    if came and came.user != request.user.pk:
        return not_theirs(request, came)
    if came is None or (came.register, came.record) != (register.name, record.pk):
        # Sent without what it was opened with: whatever stands otherwise may be somebody else's.
        given = request.POST.get("version", "")
        version = int(given) if given.isdecimal() else 0
        came = replace(openings.begin(request.user, register, record, {}), version=version)
    if drafts.is_saved(came, request.POST):
        return HttpResponseRedirect(home_of(register, record))
    base = openings.as_cells(came.base)
    form = _form(request, register, record=record, data=_with_picks(request.POST, base))
    form.is_valid()
    moved = came.version != record.version
    if moved and (meeting := meetings.meet(form, base, came.version)):
        return _meeting_page(request, form, meeting, came.token)
    opening = openings.begin(
        request.user, register, record, base or cells_of(register, record), token=came.token
    )
    disputed = request.POST.getlist("conflict")
    if unpicked := set(disputed) - set(_picked(form, disputed)):
        meeting = meetings.again(form, disputed, _picked(form, disputed))
        form.errors |= dict.fromkeys(unpicked, _("Choose which of the two is to stand."))
        return _page(request, form, opening, status=422, meeting=meeting)
    status, saved = _try(form, lambda: _change(request, form, came))
    if saved is None and status == 409:
        # Somebody was faster between the two looks: look again.
        return _edit(request, register, find_record(register, request.user, record.pk))
    if saved is None:
        return _page(request, form, opening, status=status)
    messages.success(request, _("The changes have been saved."))
    _say_after(request, form, saved)
    return HttpResponseRedirect(home_of(register, saved))


def _change(request: HttpRequest, form: RecordForm, opening: Opening) -> Record:
    record, reason = form.record, request.POST.get("reason", "")
    assert record is not None
    with transaction.atomic():
        drafts.claim(opening, request.POST)
        saved = write.change(
            form.register,
            record,
            form.values,
            actor=request.user,
            version=record.version,
            reason=reason,
        )
        doubts.answer(form.register, saved, form.right(), actor=request.user)
        drafts.settle(opening, request.POST, saved.pk)
    return saved


def _say_after(request: HttpRequest, form: RecordForm, saved: Record) -> None:
    for caution in catalogue.cautions:
        for finding in caution.after(form.register, saved):
            messages.warning(request, say(finding, form.language))


def _with_picks(data: QueryDict, base: Mapping[str, Cell]) -> QueryDict:
    """What was sent, with what the other wrote where that was picked."""
    settled = data.copy()
    for name in data.getlist("conflict"):
        if data.get(drafts.PICK + name) == THEIRS and name in base:
            _put(settled, name, base[name])
    return settled


def _put(data: QueryDict, name: str, cell: Cell) -> None:
    data.setlist(name, sorted(cell) if isinstance(cell, frozenset) else [cell])


def _picked(form: RecordForm, names: list[str]) -> dict[str, str]:
    assert form.data is not None
    picks = {name: str(form.data.get(drafts.PICK + name, "")) for name in names}
    return {name: pick for name, pick in picks.items() if pick in (THEIRS, MINE)}


def _meeting_page(
    request: HttpRequest,
    form: RecordForm,
    meeting: Meeting,
    token: str,
    *,
    status: int = 409,
    restored: FormDraft | None = None,
) -> HttpResponse:
    """The form with both people's changes in it, and what one of them has to pick.

    From now on it speaks of the record as it stands; what was typed is kept before anything else.
    """
    register, record, typed = form.register, form.record, form.data
    assert record is not None
    assert typed is not None
    data = typed.copy()
    for name, cell in meeting.cells.items():
        _put(data, name, cell)
    data.setlist("conflict", [change.name for change in meeting.conflicts])
    for name in [name for name in data if name.startswith(drafts.PICK)]:
        del data[name]
    opening = openings.begin(
        request.user, register, record, cells_of(register, record), token=token
    )
    if request.method == "POST":
        drafts.deposit(opening, data)
    merged = _form(request, register, record=record, data=data)
    merged.is_valid()
    merged.was = merged.unlike_record()
    return _page(request, merged, opening, status=status, meeting=meeting, restored=restored)


def _try(form: RecordForm, save: Callable[[], Record]) -> tuple[int, Record | None]:
    """Save what was read: the record, or the status with which the form is shown again."""
    if form.errors or form.form_errors or form.ask():
        return 422, None
    try:
        return 200, save()
    except drafts.AlreadySaved as before:
        return 200, form.register.queryset().get(pk=before.record)
    except Refused as refused:
        codes = {finding.code for finding in refused.findings}
        if "write.changed-meanwhile" in codes:
            return 409, None
        if codes == {"write.reason-needed"}:
            form.errors["reason"] = say(refused.findings[0], form.language)
        else:
            form.refuse(refused)
        return 422, None
    except (DatabaseError, OSError) as error:
        if is_busy(error):
            form.refuse(Refused.because("jobs.database-busy"))
            return 503, None
        if is_disk_full(error):
            form.refuse(Refused.because("document.disk-full", path="", reason=str(error)))
            return 507, None
        raise


def _form(request: HttpRequest, register: Register, **more: Any) -> RecordForm:
    year = session_period(request).year
    language = get_language() or "zh"
    return RecordForm(register, request.user, language=language, year=year, **more)


def _page(
    request: HttpRequest,
    form: RecordForm,
    opening: Opening,
    *,
    status: int = 200,
    meeting: Meeting | None = None,
    restored: FormDraft | None = None,
    **more: Any,
) -> HttpResponse:
    register, record, data = form.register, form.record, form.data
    context = {
        "register": register,
        "form": form,
        "record": record,
        "opened": opening.signed(),
        "version": opening.version,
        "correcting": record is not None and record.state == State.VERIFIED,
        "is_void": record is not None and record.state == State.VOID,
        "reason": data.get("reason", "") if data else "",
        "title": register.title_of(record) if record else "",
        "parent": _parent(request, register, record, opening.place),
        "meeting": meeting,
        "restored": restored,
        "restored_at": drafts.clock(restored.saved_at) if restored else "",
        "cautions": [
            say(finding, form.language)
            for caution in catalogue.cautions
            for finding in caution.before(register, record, request.user)
        ],
        "personal": " ".join(n for n in register.personal if register.fields[n].masks),
        **more,
    }
    return render(request, template_for(register, "form"), context, status=status)


def _parent(
    request: HttpRequest, register: Register, record: Record | None, place: str
) -> dict[str, str] | None:
    """Where a child row belongs, as far as its form knows."""
    above = catalogue.parent_of(register)
    if above is None:
        return None
    if record is not None:
        return parent_link(above, getattr(record, register.parent))
    if not place:
        return None
    named = relations.key_condition(above, "", place)
    row = access.visible(request.user, above).filter(named).first()
    return parent_link(above, row) if row else None
