"""Plans and what comes of them as programs read them."""

from __future__ import annotations

from typing import Any

from taizhang.exchange.models import ImportPlan
from taizhang.exchange.plans import Plan
from taizhang.exchange.rows import CHANGED, INVALID, NEW
from taizhang.jobs import show
from taizhang.jobs.models import Job
from taizhang.ledger import problems
from taizhang.ledger.models import Entry
from taizhang.ledger.relations import key_length

from .shape import BASE, batch_as_json


def address(kept: ImportPlan) -> str:
    """Where the plan is read again, confirmed (``confirm/``) and given up."""
    return f"{BASE}/{kept.register.replace('.', '/')}/plans/{kept.pk}/"


def waiting(kept: ImportPlan, plan: Plan, job: Job | None = None) -> dict[str, Any]:
    """A plan that waits, with the verdict on each row; ``job`` tried to carry it out and failed."""
    counts = plan.counts
    return {
        "id": kept.pk,
        "register": kept.register,
        "state": "waiting",
        "address": address(kept),
        "digest": plan.digest(),
        "counts": counts,
        "ready": not counts[INVALID] and counts[NEW] + counts[CHANGED] > 0,
        "needs_reason": plan.corrections > 0,
        "ignored": plan.ignored,
        "rows": _rows(plan),
        "job": job_as_json(job) if job else None,
    }


def _rows(plan: Plan) -> list[dict[str, Any]]:
    fields, whole = plan.register.fields, key_length(plan.register)
    return [
        {
            "row": row.number - 1,
            "verdict": row.verdict,
            "key": row.key if row.key.count("/") + 1 >= whole else None,
            "changes": [
                {"field": name, "label": fields[name].label, "old": old, "new": new}
                for name, old, new in row.changes
            ],
            "troubles": [problems.as_json(f.at(place)) for place, _field, f in row.troubles],
            "doubts": [
                problems.as_json(f.at(f"rows[{row.number - 1}].{f.where}")) for f in row.doubts
            ],
        }
        for row in plan.rows
    ]


def going(kept: ImportPlan, job: Job) -> dict[str, Any]:
    """A plan that a job is carrying out."""
    return {
        "id": kept.pk,
        "register": kept.register,
        "state": "going",
        "address": address(kept),
        "job": job_as_json(job),
    }


def done(kept: ImportPlan) -> dict[str, Any]:
    """A plan that was carried out, and the records it wrote, in the order of the rows."""
    assert kept.batch is not None
    entries = Entry.objects.filter(batch=kept.batch, register=kept.register).order_by("pk")
    return {
        "id": kept.pk,
        "register": kept.register,
        "state": "done",
        "address": address(kept),
        "batch": batch_as_json(kept.batch),
        "records": [
            {"id": number, "verb": verb}
            for number, verb in entries.values_list("record_id", "verb")
        ],
    }


def job_as_json(job: Job) -> dict[str, Any]:
    """How far a job is, and why it failed if it did."""
    shown = show.one(job)
    return {
        "id": job.pk,
        "address": f"{BASE}/jobs/{job.pk}/",
        "state": str(job.state),
        "total": shown.total,
        "done": shown.done,
        "findings": [problems.as_json(finding) for finding in job.told],
    }
