"""Plans that programs send: kept as they came, worked out anew whenever they are looked at."""

from __future__ import annotations

import json
import secrets
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from django.conf import settings
from django.db import transaction
from django.utils import timezone

from taizhang.documents.files import atomic_target
from taizhang.engines.findings import Refused
from taizhang.exchange import carry, work
from taizhang.exchange.json_rows import sheet_of_json
from taizhang.exchange.models import ImportPlan
from taizhang.exchange.plans import Plan
from taizhang.exchange.plans import make as make_plan
from taizhang.ledger import access
from taizhang.ledger.access import Verb
from taizhang.ledger.register import Register
from taizhang.ledger.write import Progress, silent


class Moved(Refused):
    """The ledger gives another plan than the one that was looked at: it comes along."""

    def __init__(self, plan: Plan) -> None:
        super().__init__(*Refused.because("import.plan-changed", "digest").findings)
        self.plan = plan


@dataclass(frozen=True, slots=True)
class Answer:
    """Yes to a plan: the one with this digest.

    ``reason`` is why verified records change; ``looked`` says that somebody found the unusual
    values right.
    """

    digest: str
    reason: str = ""
    looked: bool = False


def make(
    register: Register, document: dict[str, Any], *, actor: Any, name: str
) -> tuple[ImportPlan, Plan]:
    """Plan the rows of a document, ``{"rows": […], "unit": "east"}``, and keep it.

    ``unit`` owns rows that name none. Refuses what is no such document.
    """
    code = document.get("unit")
    if code is not None and not isinstance(code, str):
        raise Refused.because("api.not-a-text", "unit", name="unit")
    plan = _planned(register, document, code or "", actor, silent)
    folder: Path = settings.UPLOAD_ROOT
    folder.mkdir(parents=True, exist_ok=True)
    work.forget_old(folder)
    path = folder / f"{secrets.token_hex(16)}.json"
    with atomic_target(path) as file:
        file.write(json.dumps(document, ensure_ascii=False).encode())
    kept = ImportPlan.objects.create(
        register=register.name,
        unit_code=code or "",
        actor=actor,
        at=timezone.now(),
        name=name[:200],
        stored=path.name,
        digest=plan.digest(),
        rows=len(plan.rows),
    )
    return kept, plan


def find(register: Register, actor: Any, pk: int) -> ImportPlan | None:
    """A plan that this person's programs made for this register."""
    kept = ImportPlan.objects.filter(
        pk=pk, actor=actor, register=register.name, stored__endswith=".json"
    )
    return kept.select_related("batch").first()


def again(register: Register, kept: ImportPlan, *, actor: Any) -> Plan:
    """The plan as the ledger gives it now; from now on this is the one to say yes to."""
    plan = _again(register, kept, actor, silent)
    if kept.digest != plan.digest():
        kept.digest = plan.digest()
        kept.save(update_fields=["digest"])
    return plan


def agreed(
    register: Register,
    kept: ImportPlan,
    answer: Answer,
    *,
    actor: Any,
    progress: Progress = silent,
) -> Plan:
    """The plan that was said yes to. Raises Moved when it is another one by now."""
    plan = _again(register, kept, actor, progress)
    if plan.digest() != answer.digest:
        ImportPlan.objects.filter(pk=kept.pk).update(digest=plan.digest())
        raise Moved(plan)
    return plan


def _again(register: Register, kept: ImportPlan, actor: Any, progress: Progress) -> Plan:
    try:
        content = _path(kept).read_bytes()
    except FileNotFoundError:
        raise Refused.because("import.file-gone", kept.name) from None
    return _planned(register, json.loads(content), kept.unit_code, actor, progress)


def _planned(
    register: Register, document: dict[str, Any], code: str, actor: Any, progress: Progress
) -> Plan:
    sheet, owner = sheet_of_json(register, document), _owner(register, code, actor)
    return make_plan(register, sheet, actor=actor, unit=owner, progress=progress)


def _owner(register: Register, code: str, actor: Any) -> Any:
    if not code:
        return access.default_unit(actor)
    number = access.unit_id(code)
    if number is None or number not in access.of(actor).where(Verb.IMPORT, register):
        raise Refused.because("query.unknown-unit", "unit", code=code)
    return access.provider.unit(number)


def write(
    kept: ImportPlan, plan: Plan, answer: Answer, *, actor: Any, progress: Progress = silent
) -> ImportPlan:
    """Write the plan as one batch, unless that was done before."""
    with transaction.atomic():
        # Two requests, two workers: the second waits here and then finds it done.
        locked = ImportPlan.objects.select_for_update(of=("self",)).get(pk=kept.pk)
        if locked.batch_id is None:
            locked.batch = carry.carry_out(
                [plan],
                actor=actor,
                source=kept.name,
                reason=answer.reason,
                looked=answer.looked,
                progress=progress,
            )
            locked.save(update_fields=["batch"])
    return locked


def tidy(kept: ImportPlan) -> None:
    """Forget the rows of a plan that was carried out."""
    _path(kept).unlink(missing_ok=True)


def drop(kept: ImportPlan) -> None:
    """Forget a plan that was not carried out."""
    if kept.batch_id is None:
        tidy(kept)
        kept.delete()


def _path(kept: ImportPlan) -> Path:
    root: Path = settings.UPLOAD_ROOT
    return root / kept.stored
