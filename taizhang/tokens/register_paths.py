"""The addresses of one register in ``openapi.json``."""

from __future__ import annotations

from django.utils.translation import gettext as _

from taizhang.evidence.models import Evidence
from taizhang.ledger import kinds
from taizhang.ledger.fields import Computed
from taizhang.ledger.register import Register

from . import schemas
from .asked import LIMIT, MOST
from .operations import JSON, Operation, operation, parameter
from .paging import names_people
from .register_schemas import schema_name
from .schemas import TEXT, TEXT_OR_NULL, WHOLE, listed, ref, shaped
from .shape import BASE


def paths(register: Register) -> dict[str, Operation]:
    """Every address of a register with its operations."""
    name, base = schema_name(register), f"{BASE}/{register.path}/"
    label, tags = register.label_plural, [register.name]
    number = parameter("id", _("number of the record"), {**WHOLE, "minimum": 1}, "path")
    plan = parameter("plan", _("number of the plan"), {**WHOLE, "minimum": 1}, "path")
    record = ref(f"{name}_record")
    entries = shaped(
        {
            "register": TEXT,
            "record": WHOLE,
            "entries": listed(ref("entry")),
            "next": TEXT_OR_NULL,
        }
    )
    rows = shaped({"rows": listed(ref(f"{name}_row")), "unit": TEXT}, ("unit",))
    looked = {**schemas.TRUTH, "description": _("somebody found the unusual values right")}
    confirmed = shaped(
        {"digest": TEXT, "reason": TEXT_OR_NULL, "looked": looked}, ("reason", "looked")
    )
    either = {"oneOf": [ref("plan"), ref("going"), ref("done")]}
    confirm = operation(
        f"{name}_confirm",
        _("Carry a plan out in one batch; once, however often it is asked for"),
        ref("done"),
        parameters=[plan],
        body=confirmed,
        problems=[404, 409, 411, 413, 415, 422],
        tags=tags,
    )
    confirm["responses"]["202"] = {
        "description": _("It is large: a job carries it out"),
        "content": {JSON: {"schema": ref("going")}},
    }
    proofs = _proofs(register, number, tags) if register.takes_evidence else {}
    return proofs | {
        base: {
            "get": operation(
                f"{name}_list",
                _("Rows of {register}").format(register=label),
                _page(record),
                parameters=_list_parameters(register),
                problems=[404],
                tags=tags,
            )
        },
        f"{base}{{id}}/": {
            "get": operation(
                f"{name}_show",
                _("One record of {register}").format(register=label),
                record,
                parameters=[number, _fields(register)],
                problems=[404],
                tags=tags,
            )
        },
        f"{base}{{id}}/history/": {
            "get": operation(
                f"{name}_history",
                _("What happened to a record of {register}").format(register=label),
                entries,
                parameters=[number, _cursor(), _limit()],
                problems=[404],
                tags=tags,
            )
        },
        f"{base}plans/": {
            "post": operation(
                f"{name}_plan",
                _("Plan rows for {register}; nothing is written").format(register=label),
                ref("plan"),
                body=rows,
                status=201,
                problems=[404, 411, 413, 415, 422],
                tags=tags,
            )
        },
        f"{base}plans/{{plan}}/": {
            "get": operation(
                f"{name}_plan_show",
                _("A plan as it would be carried out now"),
                either,
                parameters=[plan],
                problems=[404],
                tags=tags,
            ),
            "delete": operation(
                f"{name}_plan_drop",
                _("Give a plan up"),
                None,
                parameters=[plan],
                status=204,
                problems=[404],
                tags=tags,
            ),
        },
        f"{base}plans/{{plan}}/confirm/": {"post": confirm},
    }


def _proofs(register: Register, number: Operation, tags: list[str]) -> dict[str, Operation]:
    """The addresses of the files that prove a record."""
    name, base = schema_name(register), f"{BASE}/{register.path}/{{id}}/evidence/"
    label = register.label_plural
    kinds = {"enum": list(Evidence.Kind.values)}
    parts = shaped(
        {
            "file": {"type": "string", "format": "binary"},
            "kind": kinds,
            "taken_on": {**TEXT, "format": "date"},
        },
        ("taken_on",),
    )
    attach = operation(
        f"{name}_attach",
        _("Attach a file to a record of {register}").format(register=label),
        ref("evidence"),
        parameters=[number],
        status=201,
        problems=[404, 413, 415],
        tags=tags,
    )
    attach["requestBody"] = {
        "required": True,
        "content": {"multipart/form-data": {"schema": parts}},
    }
    answered = shaped({"register": TEXT, "record": WHOLE, "evidence": listed(ref("evidence"))})
    proof = parameter("proof", _("number of the file"), {**WHOLE, "minimum": 1}, "path")
    fetched = operation(
        f"{name}_file",
        _("A file that proves a record"),
        None,
        parameters=[number, proof],
        problems=[404],
        tags=tags,
    )
    fetched["responses"]["200"]["content"] = {"*/*": {}}
    return {
        base: {
            "get": operation(
                f"{name}_evidence",
                _("The files that prove a record of {register}").format(register=label),
                answered,
                parameters=[number],
                problems=[404],
                tags=tags,
            ),
            "post": attach,
        },
        f"{base}{{proof}}/": {"get": fetched},
    }


def _page(record: schemas.Schema) -> schemas.Schema:
    return shaped(
        {
            "register": TEXT,
            "rows": listed(record),
            "next": {**TEXT_OR_NULL, "description": _("the address of the rows that follow")},
            "resume": {**TEXT_OR_NULL, "description": _("the since of the next reading")},
            "count": {**WHOLE, "description": _("how many rows; counting stops at 10,000")},
            "count_capped": schemas.TRUTH,
        },
        ("resume", "count", "count_capped"),
    )


def _cursor() -> Operation:
    return parameter("cursor", _("where to go on; use the address in next instead"), TEXT)


def _limit() -> Operation:
    schema = {**WHOLE, "minimum": 1, "maximum": MOST, "default": LIMIT}
    return parameter("limit", _("how many rows at most"), schema)


def _fields(register: Register) -> Operation:
    meaning = _("names of fields, separated by commas; all of them when left out")
    named = list(register.columns[:2])
    return parameter("fields", meaning, {**TEXT, "examples": [",".join(named)]})


def _list_parameters(register: Register) -> list[Operation]:
    sortable = [
        name
        for name, field in register.fields.items()
        if not field.many and not isinstance(field, Computed) and not names_people(field)
    ]
    orders = [order for name in sortable for order in (name, f"-{name}")]
    found = [
        _cursor(),
        _limit(),
        _fields(register),
        parameter("count", _("exact: count the rows too"), {"enum": ["exact"]}),
        parameter(
            "since",
            _("only what changed since then, in the order of its change"),
            {**TEXT, "examples": ["2021-09-01", "2021-09-01T08:00:00+08:00"]},
        ),
        parameter("sort", _("order; by number when left out"), {"enum": orders}),
        parameter("q", _("words to look for"), TEXT),
        parameter("unit", _("code of a unit: the unit and everything below it"), TEXT),
    ]
    for path in register.filters:
        _prefix, field, way = kinds.resolve_path(register, path)
        label = "·".join([*(step.label for step in way), field.label])
        meaning = _("{field}: a value, or a range a..b; not so with {name}!=").format(
            field=label, name=path
        )
        found.append(parameter(path, meaning, TEXT))
    return found
