"""JSON Schemas: what they are made of, and those that do not depend on a register."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext as _

from taizhang.evidence.models import Evidence
from taizhang.jobs.models import State as JobState

Schema = dict[str, Any]

TEXT: Schema = {"type": "string"}
TEXT_OR_NULL: Schema = {"type": ["string", "null"]}
WHOLE: Schema = {"type": "integer"}
TRUTH: Schema = {"type": "boolean"}
MOMENT: Schema = {"type": "string", "format": "date-time"}
_ANYTHING: Schema = {}


def ref(name: str) -> Schema:
    """A schema of the document by name."""
    return {"$ref": f"#/components/schemas/{name}"}


def shaped(properties: dict[str, Schema], optional: tuple[str, ...] = (), **more: Any) -> Schema:
    """An object with exactly these members."""
    required = [name for name in properties if name not in optional]
    return {
        "type": "object",
        "properties": properties,
        "required": required,
        "additionalProperties": False,
        **more,
    }


def listed(items: Schema) -> Schema:
    """A list of these."""
    return {"type": "array", "items": items}


def common() -> dict[str, Schema]:
    """What answers of every register have in common, by name."""
    finding = shaped(
        {
            "code": {**TEXT, "description": _("to act on; it does not change")},
            "where": {**TEXT, "description": _("the place, as rows[3].held_on")},
            "params": {"type": "object"},
            "sentence": {**TEXT, "description": _("to show to people")},
        }
    )
    problem = {
        "type": "object",
        "description": "RFC 9457",
        "properties": {
            "type": {**TEXT, "format": "uri"},
            "title": TEXT,
            "status": WHOLE,
            "detail": TEXT,
            "instance": TEXT,
            "findings": listed(ref("finding")),
        },
        "required": ["type", "title", "status", "detail", "instance", "findings"],
    }
    change = shaped({"field": TEXT, "personal": TRUTH, "old": _ANYTHING, "new": _ANYTHING})
    entry = shaped(
        {
            "id": WHOLE,
            "at": MOMENT,
            "actor": TEXT_OR_NULL,
            "register": TEXT,
            "record": WHOLE,
            "verb": TEXT,
            "version": WHOLE,
            "reason": TEXT,
            "batch": {"type": ["integer", "null"]},
            "changes": listed(change),
        }
    )
    return {
        "finding": finding,
        "problem": problem,
        "entry": entry,
        "batch": shaped({"id": WHOLE, "at": MOMENT, "created": WHOLE, "changed": WHOLE}),
        "evidence": _evidence(),
        "plan": _plan(),
        "going": _going(),
        "done": _done(),
        "job": _job(),
        "field": _field(),
    }


def _evidence() -> Schema:
    return shaped(
        {
            "id": WHOLE,
            "name": TEXT,
            "kind": {"enum": list(Evidence.Kind.values)},
            "strength": {**WHOLE, "description": _("1 machine, 2 file, 3 entered later")},
            "media_type": TEXT,
            "size": WHOLE,
            "taken_on": {"type": ["string", "null"], "format": "date"},
            "added_at": MOMENT,
            "added_by": TEXT,
            "file": {**TEXT, "description": _("where the file is fetched")},
        }
    )


def _plan() -> Schema:
    change = shaped({"field": TEXT, "label": TEXT, "old": TEXT, "new": TEXT})
    planned = shaped(
        {
            "row": {**WHOLE, "description": _("counted from 0")},
            "verdict": {"enum": ["new", "changed", "same", "invalid"]},
            "key": TEXT_OR_NULL,
            "changes": listed(change),
            "troubles": {**listed(ref("finding")), "description": _("why a row is invalid")},
            "doubts": {
                **listed(ref("finding")),
                "description": _("unusual values; they do not hinder"),
            },
        }
    )
    counts = shaped(dict.fromkeys(("new", "changed", "same", "invalid"), WHOLE))
    return shaped(
        {
            "id": WHOLE,
            "register": TEXT,
            "state": {"const": "waiting"},
            "address": TEXT,
            "digest": {**TEXT, "description": _("to be sent back when the plan is confirmed")},
            "counts": counts,
            "ready": {**TRUTH, "description": _("nothing is invalid and something changes")},
            "needs_reason": {**TRUTH, "description": _("verified records would change")},
            "ignored": {**listed(TEXT), "description": _("fields that cannot be written")},
            "rows": listed(planned),
            "job": {"oneOf": [ref("job"), {"type": "null"}]},
        }
    )


def _job() -> Schema:
    return shaped(
        {
            "id": WHOLE,
            "address": TEXT,
            "state": {"enum": list(JobState.values)},
            "total": WHOLE,
            "done": WHOLE,
            "findings": {**listed(ref("finding")), "description": _("why it failed")},
        }
    )


def _going() -> Schema:
    return shaped(
        {
            "id": WHOLE,
            "register": TEXT,
            "state": {"const": "going"},
            "address": {**TEXT, "description": _("ask here until the state is done")},
            "job": ref("job"),
        }
    )


def _done() -> Schema:
    written = shaped({"id": WHOLE, "verb": TEXT})
    return shaped(
        {
            "id": WHOLE,
            "register": TEXT,
            "state": {"const": "done"},
            "address": TEXT,
            "batch": ref("batch"),
            "records": listed(written),
        }
    )


def _field() -> Schema:
    choice = shaped({"code": TEXT, "label": TEXT})
    properties: dict[str, Schema] = {
        "name": TEXT,
        "label": TEXT,
        "kind": TEXT,
        **dict.fromkeys(("required", "writable", "many", "personal"), TRUTH),
        "register": TEXT,
        "terms": TEXT,
        "choices": listed(choice),
        "max_length": WHOLE,
    }
    return shaped(properties, ("register", "terms", "choices", "max_length"))
