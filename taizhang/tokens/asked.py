"""What the address of a list asks for: the query of the pages, and how to read it in parts."""

from __future__ import annotations

import hashlib
import re
from dataclasses import dataclass
from datetime import date, datetime, time
from urllib.parse import unquote_to_bytes

from django.utils import timezone

from taizhang.engines.findings import Finding, Refused
from taizhang.engines.names import nearest
from taizhang.engines.queries import Query, parse
from taizhang.ledger.fields import SYSTEM, Computed
from taizhang.ledger.register import Register

PARAMETERS = ("cursor", "limit", "fields", "count", "since")
LIMIT, MOST = 100, 500
_UNSIGNED_ZONE = re.compile(r" (\d\d:?\d\d)$")
_FIRST_YEAR, _LAST_YEAR = 1900, 9998


@dataclass(frozen=True, slots=True)
class Asked:
    """A list as it was asked for. ``fields`` is None for all of them."""

    query: Query
    cursor: str = ""
    limit: int = LIMIT
    fields: tuple[str, ...] | None = None
    count: bool = False
    since: datetime | None = None

    def fingerprint(self) -> str:
        """Equal for lists with the same rows in the same order: a cursor belongs to one of them."""
        text = f"{self.query.canonical()}|{self.since.isoformat() if self.since else ''}"
        return hashlib.sha256(text.encode()).hexdigest()[:12]


def read(register: Register, query_string: str) -> Asked:
    """Read the query string of a list; refuses everything that is wrong with it at once."""
    given, rest, findings = _divided(query_string)
    asked: dict[str, object] = {}
    for name, text in given.items():
        try:
            match name:
                case "cursor":
                    asked[name] = text
                case "limit":
                    asked[name] = _limit(text)
                case "fields":
                    asked[name] = _fields(register, text)
                case "count":
                    asked[name] = _count(text)
                case "since":
                    asked[name] = _since(text)
        except Refused as refused:
            findings.extend(refused.findings)
    query = Query()
    try:
        query = parse(rest)
    except Refused as refused:
        findings.extend(refused.findings)
    if query.page != 1 or query.per is not None:
        findings.append(Finding("api.no-pages", "must", "page"))
    if query.sort is not None and "since" in asked:
        findings.append(Finding("api.since-has-its-order", "must", "sort"))
    if findings:
        raise Refused(*findings)
    return Asked(query, **asked)  # type: ignore[arg-type]


def _divided(query_string: str) -> tuple[dict[str, str], str, list[Finding]]:
    """Our own parameters, the query string without them, and what is wrong with them."""
    given: dict[str, str] = {}
    rest: list[str] = []
    findings: list[Finding] = []
    for piece in query_string.split("&"):
        raw_name, _equals, raw = piece.partition("=")
        name = unquote_to_bytes(raw_name).decode("utf-8", "replace")
        if name not in PARAMETERS:
            rest.append(piece)
        elif name in given:
            findings.append(Finding("query.given-twice", "must", name, {"path": name}))
        else:
            try:
                given[name] = unquote_to_bytes(raw.replace("+", " ")).decode()
            except UnicodeError:
                findings.append(Finding("query.bad-value", "must", name, {"text": raw}))
    return given, "&".join(rest), findings


def _limit(text: str) -> int:
    if text.isascii() and text.isdecimal() and len(text) < 6 and 1 <= int(text) <= MOST:
        return int(text)
    raise Refused.because("api.bad-limit", "limit", text=text, most=MOST)


def _fields(register: Register, text: str) -> tuple[str, ...]:
    names = tuple(dict.fromkeys(name.strip() for name in text.split(",") if name.strip()))
    known = [*field_names(register), *computed_names(register)]
    unknown = [name for name in names if name not in known]
    if unknown:
        raise Refused(
            *(
                Finding(
                    "query.unknown-field",
                    "must",
                    "fields",
                    {
                        "name": name,
                        "register": register.label_plural,
                        "nearest": nearest(name, known) or "、".join(known),
                    },
                )
                for name in unknown
            )
        )
    return names


def field_names(register: Register) -> list[str]:
    """The fields of a record's ``values``; state, version and the like stand beside them."""
    return [name for name in register.fields if name not in SYSTEM]


def computed_names(register: Register) -> list[str]:
    """The fields of a record's ``computed``, worked out of other rows; they cannot be written."""
    return [name for name, field in register.fields.items() if isinstance(field, Computed)]


def _count(text: str) -> bool:
    if text == "exact":
        return True
    raise Refused.because("api.bad-count", "count", text=text)


def _since(text: str) -> datetime:
    """A day or a moment; one without a zone is meant in the zone of the ledger."""
    # A plus sign that nobody encoded has become a blank.
    written = _UNSIGNED_ZONE.sub(r"+\1", text.strip()) if "T" in text else text.strip()
    try:
        if len(written) == 10:
            found = datetime.combine(date.fromisoformat(written), time.min)
        else:
            found = datetime.fromisoformat(written)
        if not _FIRST_YEAR <= found.year <= _LAST_YEAR:
            raise ValueError(text)
        return found if found.tzinfo else timezone.make_aware(found)
    except ValueError:
        raise Refused.because("api.bad-since", "since", text=text) from None
