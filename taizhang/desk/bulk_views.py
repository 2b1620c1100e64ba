"""One press for many records: what was picked, or all that a list names."""

from __future__ import annotations

import io
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit

from django.contrib import messages
from django.http import FileResponse, Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.utils.translation import get_language, ngettext
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from taizhang.documents.csvfiles import write_csv
from taizhang.engines.findings import Finding, Refused
from taizhang.engines.queries import Query, parse
from taizhang.jobs import queue, told
from taizhang.ledger import query, states
from taizhang.ledger import render as words
from taizhang.ledger.access import Verb
from taizhang.ledger.models import State
from taizhang.ledger.register import Register
from taizhang.ledger.views import allow, find_register
from taizhang.wording import say

from . import bulk
from .bulk import Deed, Done
from .forms import Input, RecordForm

AT_ONCE = 200
"""More records than this are done by a job with progress."""
REASONS_TOLD = 3
KEPT = "bulk_refused"


@dataclass(frozen=True, slots=True)
class Picked:
    """What was picked in a list: single records, or with ``every`` all that its query names.

    ``count`` is what the list said then; None when it had stopped counting.
    """

    query: str
    keys: list[int]
    every: bool
    count: int | None

    @classmethod
    def of(cls, request: HttpRequest) -> Picked:
        """What a list or a form on the way sends."""
        sent = request.POST
        keys = [int(key) for key in sent.getlist("pick") if key.isdecimal() and len(key) < 19]
        count = sent.get("count", "")
        return cls(
            parse(sent.get("query", "")).canonical(),
            list(dict.fromkeys(keys)),
            bool(sent.get("every")),
            int(count) if count.isdecimal() and len(count) < 10 else None,
        )

    def rows(self, register: Register, user: Any) -> list[int]:
        """The numbers of the records, as far as they exist for the user."""
        if self.every:
            return bulk.rows_of(register, self.query, user, self.count)
        visible = query.rows(register, Query(), user).filter(pk__in=self.keys)
        found = set(visible.order_by().values_list("pk", flat=True))
        keys = [key for key in self.keys if key in found]
        if not keys:
            raise Refused.because("ledger.nothing-picked", register.label_plural)
        return keys

    def back(self, register: Register) -> str:
        """The list it was picked in."""
        return words.address(register, self.query or words.EVERYTHING)


@require_POST
def act_on_many(request: HttpRequest, app: str, kind: str) -> HttpResponse:
    """Do something to many records."""
    register = find_register(app, kind)
    picked = Picked.of(request)
    if request.POST.get("action") == "change":
        allow(request, Verb.EDIT, register)
        return _form(request, register, picked)
    deed = _deed(request, register)
    if picked.every and picked.count is None:
        return _ask(request, register, picked, deed)
    try:
        return _carry_out(request, register, picked, deed)
    except Refused as refused:
        if deed.kind != "move":
            return _form(request, register, picked, refused)
        if urlsplit(request.headers.get("referer", "")).path != request.path:
            raise
        # Back to where it was picked: the page that asked cannot be fetched again.
        for finding in refused.findings:
            messages.error(request, say(finding, get_language() or "zh"))
        return HttpResponseRedirect(picked.back(register))


def _deed(request: HttpRequest, register: Register) -> Deed:
    """What the pressed button means; 404 when there is no such button."""
    sent, reason = request.POST, request.POST.get("reason", "").strip()[:500]
    if move := states.ACTIONS.get(sent.get("action", "")):
        allow(request, move.verb, register)
        return Deed("move", move.name, (), reason)
    kind, _sign, name = sent.get("do", "").partition(":")
    if kind not in {*bulk.WORDS, "set"} or name not in register.fields:
        raise Http404
    allow(request, Verb.EDIT, register)
    return Deed(kind, name, tuple(sent.getlist(name)), reason)


def _carry_out(
    request: HttpRequest, register: Register, picked: Picked, deed: Deed
) -> HttpResponse:
    user: Any = request.user
    keys = picked.rows(register, user)
    back = picked.back(register)
    if len(keys) > AT_ONCE:
        bulk.check(register, deed, user)
        title = ngettext("{title}: {count} {register}", "{title}: {count} {register}", len(keys))
        names = {"title": bulk.title(register, deed), "register": register.label}
        payload = {
            "register": register.name,
            "query": picked.query,
            "keys": [] if picked.every else keys,
            "count": len(keys),
            "deed": deed.as_json(),
        }
        job = queue.enqueue(
            "desk.bulk", payload, actor=user, title=title.format(count=len(keys), **names)
        )
        return HttpResponseRedirect(f"/jobs/{job.pk}/")
    done = bulk.carry_out(register, keys, deed, actor=user)
    _tell(request, register, keys, deed, done)
    return HttpResponseRedirect(back)


def _tell(
    request: HttpRequest, register: Register, keys: list[int], deed: Deed, done: Done
) -> None:
    """What came of it: how many, the undoing, and why not the others."""
    language = get_language() or "zh"
    if done.batch is not None:
        messages.success(
            request, done_text(deed, done.done), extra_tags=f"undo:/batches/{done.batch.pk}/undo/"
        )
    if done.same:
        text = ngettext(
            "{count} record was like that already.",
            "{count} records were like that already.",
            done.same,
        )
        messages.info(request, text.format(count=done.same))
    if not done.refused:
        return
    left = bulk.named(register, keys, done.refused)
    request.session[KEPT] = {
        "register": register.name,
        "title": bulk.title(register, deed),
        "records": [(one.number, one.label) for one in left],
        "findings": told.pack(one.finding for one in left),
    }
    text = ngettext(
        "{count} record was left as it is: {reasons}",
        "{count} records were left as they are: {reasons}",
        done.refused_count,
    )
    reasons = list(bulk.reasons(done.refused))
    said = " ".join(say(finding, language) for finding, _count in reasons[:REASONS_TOLD])
    said += " …" if len(reasons) > REASONS_TOLD else ""
    messages.warning(
        request,
        text.format(count=done.refused_count, reasons=said),
        extra_tags=f"see:/{register.path}/act/refused/",
    )


def done_text(deed: Deed, count: int) -> str:
    """``37 records verified.``"""
    if deed.kind != "move":
        return ngettext("{count} record changed.", "{count} records changed.", count).format(
            count=count
        )
    text = ngettext("{count} record {done}.", "{count} records {done}.", count)
    return text.format(count=count, done=states.ACTIONS[deed.name].done)


def _ask(request: HttpRequest, register: Register, picked: Picked, deed: Deed) -> HttpResponse:
    """The list had stopped counting: say how many they are, and ask."""
    count = len(bulk.rows_of(register, picked.query, request.user))
    context = {
        "register": register,
        "picked": picked,
        "count": count,
        "deed": deed,
        "title": bulk.title(register, deed),
        "button": request.POST.get("do", ""),
        "chips": words.chips(register, parse(picked.query)),
        "back": picked.back(register),
    }
    return render(request, "desk/bulk_ask.html", context)


def _form(
    request: HttpRequest, register: Register, picked: Picked, refused: Refused | None = None
) -> HttpResponse:
    """Words to add and take away, and fields to set; after a refusal with what was wrong."""
    user: Any = request.user
    try:
        keys = picked.rows(register, user)
    except Refused as changed:
        if not any(finding.code == "bulk.count-changed" for finding in changed.findings):
            raise
        refused, keys = changed, bulk.rows_of(register, picked.query, user)
    language = get_language() or "zh"
    inputs = _inputs(register, user, request)
    rows = query.rows(register, Query(), user).filter(pk__in=keys[:AT_ONCE])
    verified = query.bare(rows).filter(state=State.VERIFIED).exists() or len(keys) > AT_ONCE
    context = {
        "register": register,
        "picked": picked,
        "count": len(keys),
        "words": [inputs[known.name] for known in bulk.word_fields(register)],
        "fields": [inputs[known.name] for known in bulk.settable_fields(register)],
        "verified": verified,
        "reason": request.POST.get("reason", ""),
        "errors": [say(finding, language) for finding in refused.findings] if refused else [],
        "back": picked.back(register),
    }
    return render(request, "desk/bulk_form.html", context, status=422 if refused else 200)


def _inputs(register: Register, user: Any, request: HttpRequest) -> dict[str, Input]:
    """The inputs of a form for one record, emptied: nothing has to be filled in here."""
    form = RecordForm(register, user, language=get_language() or "zh")
    found = {}
    for _title, inputs in form.sections:
        for one in inputs:
            one.required, one.error, one.hint = False, "", ""
            one.value = request.POST.get(one.name, "")
            one.chosen = tuple(request.POST.getlist(one.name))
            found[one.name] = one
    return found


def _kept(request: HttpRequest, register: Register) -> dict[str, Any]:
    kept: dict[str, Any] = request.session.get(KEPT) or {}
    if kept.get("register") != register.name:
        raise Http404
    return kept


def _refusals(kept: dict[str, Any]) -> list[tuple[int, str, str]]:
    """Number, name and reason of each record that was left as it is."""
    language = get_language() or "zh"
    found: list[Finding] = told.unpack(kept["findings"])
    return [
        (number, label, say(finding, language))
        for (number, label), finding in zip(kept["records"], found, strict=False)
    ]


@require_GET
def show_refused(request: HttpRequest, app: str, kind: str) -> HttpResponse:
    """The records to which the last press could not be done, each with its reason."""
    register = find_register(app, kind)
    kept = request.session.get(KEPT) or {}
    if kept.get("register") != register.name:
        return HttpResponseRedirect(words.address(register))
    context = {"register": register, "title": kept["title"], "lines": _refusals(kept)}
    return render(request, "desk/bulk_refused.html", context)


@require_GET
def refused_csv(request: HttpRequest, app: str, kind: str) -> HttpResponseBase:
    """The same as a table."""
    register = find_register(app, kind)
    kept = _kept(request, register)
    target = io.BytesIO()
    write_csv(target, [_("Record"), _("Reason")], [line[1:] for line in _refusals(kept)])
    target.seek(0)
    name = _("Left as they are.csv")
    return FileResponse(target, as_attachment=True, filename=name, content_type="text/csv")
