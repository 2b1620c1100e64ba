"""A manuscript read, checked and compared with the ledger: everything its page shows.

gather (the file, the unit's figures, what the unit has set aside) → decide (``engines.checking``)
→ the lines of the page.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from taizhang.documents.manuscripts import Manuscript as Read
from taizhang.documents.manuscripts import of_text, read_manuscript
from taizhang.engines.checking import Issue, Quantity, Report, Span, check
from taizhang.engines.checking.ledger import Known, Verdict, judge
from taizhang.engines.findings import Refused
from taizhang.engines.periods import Period
from taizhang.figures.facts import Fact, facts
from taizhang.figures.scope import visible_unit

from .actions import path_of
from .models import Dismissal, Manuscript

LEDGER = "ledger.differs"
_BEFORE = 10
"""Characters before a place that tell it from another place with the same words."""


@dataclass(frozen=True)
class Remark:
    """One line beside the text: an issue of the checker, or a number that the ledger has otherwise.

    ``fact`` is the ledger's figure where one is compared, ``dismissal`` why it was set aside.
    """

    key: str
    issue: Issue | None
    spans: tuple[Span, ...]
    severity: str
    quantity: Quantity | None = None
    fact: Fact | None = None
    dismissal: Dismissal | None = None

    @property
    def code(self) -> str:
        """The stable code of what it says."""
        return self.issue.code if self.issue else LEDGER


@dataclass(frozen=True)
class Compared:
    """A manuscript with everything known about it."""

    read: Read
    report: Report
    verdicts: tuple[Verdict, ...]
    facts: Mapping[str, Fact]
    remarks: tuple[Remark, ...]

    def open(self, *severities: str) -> list[Remark]:
        """The remarks of these severities that nobody has set aside."""
        return [r for r in self.remarks if r.severity in severities and r.dismissal is None]

    @property
    def dismissed(self) -> list[Remark]:
        """The remarks that were set aside."""
        return [remark for remark in self.remarks if remark.dismissal is not None]


def compared(manuscript: Manuscript, user: Any) -> Compared:
    """Read, check and compare; a fixed number of queries. Refuses a file that is gone."""
    read = _read(manuscript)
    period = Period.parse(manuscript.period)
    own = facts(None, manuscript.unit.code, period)
    report = check(read.tree, synonyms=_synonyms(own))
    named, foreign = _named(read, report.quantities, manuscript.unit.code, period, user)
    known = [_known(code, fact) for code, fact in own.items()]
    known += [_known(key, fact) for key, fact in foreign.items()]
    verdicts = judge(report.text.plain, report.quantities, known, named)
    every = {**own, **foreign}
    remarks = _remarks(report, verdicts, every, _set_aside(manuscript))
    return Compared(read, report, verdicts, every, remarks)


def _read(manuscript: Manuscript) -> Read:
    path = path_of(manuscript)
    if not path.is_file():
        raise Refused.because("manuscript.gone", manuscript.name)
    if manuscript.kind == Manuscript.Kind.DOCX:
        return read_manuscript(path, manuscript.name)
    return _txt(path, manuscript.name)


def _txt(path: Any, name: str) -> Read:
    if name.lower().endswith(".txt"):
        return read_manuscript(path, name)
    return of_text(path.read_text("utf-8"), name)  # pasted: we wrote it ourselves


def _synonyms(known: Mapping[str, Fact]) -> dict[str, str]:
    """The words a figure is counted under, each to the first of them."""
    found: dict[str, str] = {}
    for fact in known.values():
        first, *others = fact.definition.subject or ("",)
        for other in others:
            found.setdefault(other, first)
    return found


def _known(key: str, fact: Fact) -> Known:
    definition = fact.definition
    # A figure that the report names by a control is looked for nowhere else.
    subjects = () if "@" in key else tuple(definition.subject)
    return Known(key, definition.name.zh, subjects, definition.unit, fact.value)


def _named(
    read: Read, quantities: Sequence[Quantity], unit: str, period: Period, user: Any
) -> tuple[dict[int, str], dict[str, Fact]]:
    """Which quantity is which figure because a control of ours says so.

    A report of another unit or period is compared with these, as far as the user may see them;
    their figures have keys of their own (``code@unit@period``).
    """
    named: dict[int, str] = {}
    wanted: dict[tuple[str, str], set[str]] = {}
    for number, quantity in enumerate(quantities):
        code, _, rest = quantity.fact.partition("@")
        if not rest:
            continue
        where = (rest.partition("@")[0], rest.partition("@")[2])
        if where == (unit, period.text):
            named[number] = code
        else:
            wanted.setdefault(where, set()).add(code)
            named[number] = quantity.fact
    foreign: dict[str, Fact] = {}
    for (other, text), codes in sorted(wanted.items())[:1]:
        if visible_unit(user, other) is None:
            continue
        try:
            found = facts(None, other, Period.parse(text))
        except Refused:
            continue
        foreign |= {f"{c}@{other}@{text}": found[c] for c in sorted(codes) if c in found}
    return named, foreign


def _set_aside(manuscript: Manuscript) -> dict[str, Dismissal]:
    rows = Dismissal.objects.filter(unit_id=manuscript.unit_id).select_related("by")
    return {row.key: row for row in rows}


def _remarks(
    report: Report,
    verdicts: Sequence[Verdict],
    known: Mapping[str, Fact],
    aside: Mapping[str, Dismissal],
) -> tuple[Remark, ...]:
    """What differs from the ledger first, then errors, warnings and hints, each in reading order."""
    plain = report.text.plain
    found: list[Remark] = []
    for quantity, verdict in zip(report.quantities, verdicts, strict=True):
        if verdict.state != "differs":
            continue
        fact = known[verdict.code]
        key = fingerprint(f"{LEDGER} {fact.code} {fact.text}", plain, [quantity.span])
        found.append(Remark(key, None, (quantity.span,), "error", quantity, fact, aside.get(key)))
    order = ("error", "warning", "hint")
    for issue in sorted(report.issues, key=lambda issue: order.index(issue.severity)):
        key = fingerprint(issue.code, plain, issue.spans)
        found.append(Remark(key, issue, issue.spans, issue.severity, dismissal=aside.get(key)))
    return tuple(_once(found))


def _once(remarks: Iterable[Remark]) -> list[Remark]:
    """Two remarks with the same words at the same kind of place are told apart by their order."""
    seen: dict[str, int] = {}
    found = []
    for remark in remarks:
        seen[remark.key] = seen.get(remark.key, 0) + 1
        if seen[remark.key] == 1:
            found.append(remark)
    return found


def fingerprint(code: str, plain: str, spans: Iterable[Span]) -> str:
    """What tells a remark again in the next version: its check, its words, and those before them."""
    digest = hashlib.sha256(code.encode())
    for span in spans:
        before = "".join(plain[max(0, span.start - 3 * _BEFORE) : span.start].split())[-_BEFORE:]
        words = "".join(plain[span.start : span.end].split())
        digest.update(f"\n{before}|{words}".encode())
    return digest.hexdigest()
