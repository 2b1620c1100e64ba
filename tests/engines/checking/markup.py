"""Marked-up reports: the development set of the checker as text a person can read and extend.

A file is three parts, divided by lines of ``---``::

    title: 某县科协2023年工作总结
    year: 2023
    clean: no
    ---
    全年开展科普活动⟦24场次|24|场次|exact|科普活动⟧，参训⟪1:⟦3356余人|3356|人|over|参训人员⟧⟫。
    ---
    1 exact_with_over error 精确到个位又加“余”

``⟦text|value|unit|qualifier|subject⟧`` is a quantity: the value is the number written (empty where none can be
given, ``3..5`` for a range), two qualifiers are joined by ``+``, ``⟦?…⟧`` may be reported or not. ``⟪n:…⟫`` is a
span of issue *n* and may hold quantities and other spans. After the second ``---`` every issue has a line: number,
type, severity, perhaps ``doubtful``, then a comment for the reader. ``reports/README.md`` has the conventions.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from decimal import Decimal, InvalidOperation
from functools import partial
from pathlib import Path

TYPES = (
    "conflict",
    "duplicate_reuse",
    "exact_with_over",
    "redundant_approx",
    "sum_mismatch",
    "arithmetic",
    "unit_mix",
    "date_or_year",
    "placeholder",
    "other",
)
SEVERITIES = ("error", "warning", "hint")
QUALIFIERS = (
    "exact",
    "over",
    "nearly",
    "about",
    "at_least",
    "at_most",
    "less_than",
    "range",
    "vague",
)

_MARK = re.compile(r"⟦|⟧|⟪(\d+):|⟪|⟫")
_ISSUE = re.compile(r"(\d+) (\w+) (\w+)( doubtful)?(?: (.*))?")


class MarkupError(ValueError):
    """A marked-up report that cannot be read; the message names the file and the line."""


@dataclass(frozen=True, slots=True)
class Quantity:
    """One quantity as the annotator saw it; offsets are characters of the text without marks."""

    start: int
    end: int
    text: str
    value: Decimal | None
    value_max: Decimal | None
    unit: str
    qualifier: str
    subject: str
    optional: bool = False


@dataclass(frozen=True, slots=True)
class Issue:
    """One inconsistency with all its spans (start, end, text), in reading order."""

    number: int
    type: str
    severity: str
    doubtful: bool
    comment: str
    spans: tuple[tuple[int, int, str], ...]


@dataclass(frozen=True, slots=True)
class MarkedReport:
    """A report of the development set: its plain text and what is in it."""

    name: str
    title: str
    year: int | None
    clean: bool
    text: str
    quantities: tuple[Quantity, ...] = field(default=())
    issues: tuple[Issue, ...] = field(default=())

    def as_gold(self) -> dict[str, object]:
        """The same in the shape of the gold annotations (``quantities`` and ``issues`` as plain dictionaries)."""
        return {
            "doc": self.name,
            "quantities": [
                {
                    "start": each.start,
                    "end": each.end,
                    "text": each.text,
                    "value": _plain(each.value),
                    "value_max": _plain(each.value_max),
                    "unit": each.unit,
                    "qualifier": each.qualifier,
                    "subject": each.subject,
                    **({"optional": True} if each.optional else {}),
                }
                for each in self.quantities
            ],
            "issues": [
                {
                    "type": each.type,
                    "severity": each.severity,
                    "spans": [list(span) for span in each.spans],
                    "reason": each.comment,
                    **({"doubtful": True} if each.doubtful else {}),
                }
                for each in self.issues
            ],
        }


def read(path: Path) -> MarkedReport:
    """Parse one file; raises MarkupError with the place of the mistake."""
    return parse(path.read_bytes().decode("utf-8"), name=path.stem)


def read_all(folder: Path) -> Iterator[MarkedReport]:
    """Every report of a folder, by name; a file may hold several, divided by lines of ``=====``."""
    for path in sorted(folder.glob("*.txt")):
        sources = re.split(r"(?m)^=====\n", path.read_bytes().decode("utf-8"))
        for number, source in enumerate(sources, start=1):
            yield parse(source, name=f"{path.stem}-{number}" if len(sources) > 1 else path.stem)


def parse(source: str, *, name: str = "report") -> MarkedReport:
    """Parse marked-up text into a report; raises MarkupError with file and line."""
    parts = re.split(r"(?m)^---\n", source)
    if len(parts) != 3:
        raise MarkupError(
            f"{name}: three parts divided by two lines of --- expected, found {len(parts)}"
        )
    header, body, footer = parts
    facts = {}
    for line in header.splitlines():
        key, colon, value = line.partition(":")
        if not colon or key not in ("title", "year", "clean"):
            raise MarkupError(f"{name}: “{line}” is not title:, year: or clean:")
        facts[key] = value.strip()
    if facts.get("clean") not in ("yes", "no") or not facts.get("title"):
        raise MarkupError(f"{name}: the header needs a title: and clean: yes or no")
    text, quantities, spans = _strip(
        body.removesuffix("\n"), name, first_line=header.count("\n") + 2
    )
    issues = _issues(footer, spans, name)
    if (facts["clean"] == "yes") != (not any(issue.severity != "hint" for issue in issues)):
        raise MarkupError(f"{name}: clean: {facts['clean']} does not fit its issues")
    year = int(facts["year"]) if facts.get("year") else None
    return MarkedReport(
        name, facts["title"], year, facts["clean"] == "yes", text, quantities, issues
    )


def _strip(
    body: str, name: str, *, first_line: int
) -> tuple[str, tuple[Quantity, ...], dict[int, list[tuple[int, int, str]]]]:
    """Take the marks out of the body; quantities by start, spans of issues by number."""
    plain: list[str] = []
    length = position = 0
    quantity_from: int | None = None
    open_spans: list[tuple[int, int]] = []
    quantities: list[Quantity] = []
    spans: dict[int, list[tuple[int, int, str]]] = {}

    def wrong(at: int, message: str) -> MarkupError:
        return MarkupError(f"{name}, line {first_line + body.count(chr(10), 0, at)}: {message}")

    for mark in _MARK.finditer(body):
        between = body[position : mark.start()]
        position = mark.end()
        sign = mark.group()
        if quantity_from is not None:
            if sign != "⟧":
                raise wrong(mark.start(), f"{sign} inside a quantity")
            quantity, shown = _quantity(between, length, partial(wrong, mark.start()))
            quantities.append(quantity)
            plain.append(shown)
            length += len(shown)
            quantity_from = None
            continue
        plain.append(between)
        length += len(between)
        if sign == "⟦":
            quantity_from = mark.start()
        elif mark.group(1):
            open_spans.append((int(mark.group(1)), length))
        elif sign == "⟫" and open_spans:
            number, start = open_spans.pop()
            spans.setdefault(number, []).append((start, length, "".join(plain)[start:length]))
        else:
            raise wrong(mark.start(), f"{sign} without a partner")
    if quantity_from is not None or open_spans:
        raise wrong(len(body), "a mark is not closed")
    plain.append(body[position:])
    return "".join(plain), tuple(quantities), spans


def _quantity(inside: str, start: int, wrong: Callable[[str], MarkupError]) -> tuple[Quantity, str]:
    fields = inside.split("|")
    if len(fields) != 5:
        raise wrong(f"“{inside}” needs five fields: text|value|unit|qualifier|subject")
    text, value, unit, qualifier, subject = fields
    optional = text.startswith("?")
    text = text.removeprefix("?")
    low, _, high = value.partition("..")
    try:
        numbers = [Decimal(each) if each else None for each in (low, high)]
    except InvalidOperation:
        raise wrong(f"“{value}” is not a number") from None
    if not text or not subject:
        raise wrong(f"“{inside}” needs a text and a subject")
    if unknown := set(qualifier.split("+")) - set(QUALIFIERS):
        raise wrong(
            f"unknown qualifier {', '.join(sorted(unknown))}; one of {', '.join(QUALIFIERS)}"
        )
    if (numbers[1] is not None) != ("range" in qualifier.split("+")):
        raise wrong(f"“{inside}”: a range has two values, and only a range")
    joined = qualifier.replace("+", "|")
    return Quantity(
        start, start + len(text), text, numbers[0], numbers[1], unit, joined, subject, optional
    ), text


def _issues(
    footer: str, spans: dict[int, list[tuple[int, int, str]]], name: str
) -> tuple[Issue, ...]:
    issues = []
    for line in footer.splitlines():
        match = _ISSUE.fullmatch(line)
        if not match:
            raise MarkupError(f"{name}: “{line}” is not: number type severity [doubtful] [comment]")
        number, kind, severity = int(match.group(1)), match.group(2), match.group(3)
        if kind not in TYPES or severity not in SEVERITIES:
            raise MarkupError(f"{name}: issue {number}: “{kind} {severity}” is unknown")
        if number not in spans or any(number == issue.number for issue in issues):
            raise MarkupError(
                f"{name}: issue {number} needs spans ⟪{number}:…⟫ in the text and one line"
            )
        marked = tuple(sorted(spans[number]))
        issues.append(
            Issue(number, kind, severity, bool(match.group(4)), match.group(5) or "", marked)
        )
    if orphans := set(spans) - {issue.number for issue in issues}:
        raise MarkupError(f"{name}: spans of issues without a line: {sorted(orphans)}")
    return tuple(issues)


def _plain(value: Decimal | None) -> int | float | None:
    if value is None:
        return None
    return int(value) if value == value.to_integral_value() else float(value)
