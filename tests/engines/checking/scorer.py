"""How well the checker reads the marked-up reports: ``make score``.

Precision, recall and F1 of quantities (span, value and unit together), how often the qualifier is
right, the same per type of issue, and false alarms on clean reports. The frozen reports, marked
before a rule was written, and the unread ones, marked later by somebody who did not know the rules,
stand apart from the open ones: of them totals are told and nothing else. The passages are no reports but
a few sentences each, about one mistake or what only looks like it; in the contradictions only that is
marked which is told twice with two numbers.

An issue counts as found when one of the same type touches one of its spans. Optional quantities,
doubtful issues and issues of severity hint count for nothing, found or not.
"""

from __future__ import annotations

import argparse
from collections.abc import Iterable
from dataclasses import dataclass, field
from pathlib import Path

from taizhang.engines.checking import Issue, Quantity, check

from . import markup

REPORTS = Path(__file__).parent / "reports"
SETS = {
    "frozen": REPORTS / "frozen",
    "unread": REPORTS / "unread",
    "open": REPORTS / "open",
    "passages": Path(__file__).parent / "passages",
    "contradictions": Path(__file__).parent / "contradictions",
}
ONLY = {"contradictions": frozenset({"conflict"})}
"""Sets in which nothing else is marked, neither quantities nor other issues."""


@dataclass
class Tally:
    """Hits, misses and false alarms."""

    hits: int = 0
    missed: int = 0
    false: int = 0

    @property
    def precision(self) -> float:
        """The share of what was reported that is right; 1 when nothing was."""
        return self.hits / (self.hits + self.false) if self.hits + self.false else 1.0

    @property
    def recall(self) -> float:
        """The share of what there is that was reported; 1 when there is nothing."""
        return self.hits / (self.hits + self.missed) if self.hits + self.missed else 1.0

    @property
    def f1(self) -> float:
        """The harmonic mean of the two."""
        both = self.precision + self.recall
        return 2 * self.precision * self.recall / both if both else 0.0

    def __str__(self) -> str:
        return (
            f"P {self.precision:6.3f}  R {self.recall:6.3f}  F1 {self.f1:6.3f}"
            f"   ({self.hits} found, {self.missed} missed, {self.false} false)"
        )


@dataclass
class Score:
    """What a set of reports gave; ``notes`` names each mistake."""

    reports: int = 0
    characters: int = 0
    clean_characters: int = 0
    quantities: Tally = field(default_factory=Tally)
    qualifiers: Tally = field(default_factory=Tally)
    issues: Tally = field(default_factory=Tally)
    by_type: dict[str, Tally] = field(default_factory=dict)
    false_alarms: int = 0
    hints: int = 0
    notes: list[str] = field(default_factory=list)

    @property
    def qualifier_share(self) -> float:
        """How many of the quantities found have the right qualifier."""
        return self.qualifiers.precision

    @property
    def false_alarm_rate(self) -> float:
        """Errors and warnings per 1,000 characters of clean reports."""
        return 1000 * self.false_alarms / self.clean_characters if self.clean_characters else 0.0

    def table(self) -> str:
        """The score as lines of text."""
        lines = [
            f"{self.reports} reports, {self.characters:,} characters",
            f"  quantities          {self.quantities}",
            f"  qualifiers right    {self.qualifier_share:6.3f}",
            f"  issues              {self.issues}",
        ]
        lines += [f"    {kind:<17} {tally}" for kind, tally in sorted(self.by_type.items())]
        lines.append(
            f"  clean reports: {self.false_alarms} false alarms in {self.clean_characters:,}"
            f" characters, {self.false_alarm_rate:.2f} per 1,000; hints: {self.hints}"
        )
        return "\n".join(lines)


def score(reports: Iterable[markup.MarkedReport], only: frozenset[str] = frozenset()) -> Score:
    """Run the checker over the reports and count; ``only``: the types of issue that are marked in them."""
    total = Score()
    for report in reports:
        result = check(report.text, year=report.year)
        total.reports += 1
        total.characters += len(report.text)
        if not only:
            _score_quantities(report, result.quantities, total)
        issues = tuple(one for one in result.issues if not only or one.type in only)
        _score_issues(report, issues, total)
    return total


def _score_quantities(
    report: markup.MarkedReport, found: tuple[Quantity, ...], total: Score
) -> None:
    gold = {(q.start, q.end): q for q in report.quantities}
    optional = [q for q in report.quantities if q.optional]
    hit = set()
    for one in found:
        known = gold.get((one.start, one.end))
        right = known is not None and (one.value, one.value_max, one.unit) == (
            known.value if known.value is None else _two(known.value, one.value),
            known.value_max,
            known.unit,
        )
        if any(one.start < q.end and q.start < one.end for q in optional):
            continue
        if known is None or not right:
            total.quantities.false += 1
            around = report.text[max(0, one.start - 10) : one.end + 8].replace("\n", "/")
            said = f"{one.text} {one.value} {one.value_max} {one.unit}"
            total.notes.append(f"{report.name}: quantity too much: {said} | {around}")
            continue
        hit.add((one.start, one.end))
        total.quantities.hits += 1
        same = set(one.qualifier.split("|")) == set(known.qualifier.split("|"))
        total.qualifiers.hits += same
        total.qualifiers.false += not same
        if not same:
            said = f"{one.text}: {one.qualifier}, not {known.qualifier}"
            total.notes.append(f"{report.name}: qualifier of {said}")
    for place, known in gold.items():
        if place not in hit and not known.optional:
            total.quantities.missed += 1
            said = f"{known.text} {known.value} {known.value_max} {known.unit}"
            total.notes.append(f"{report.name}: quantity missed: {said}")


def _two(known: object, found: object) -> object:
    """A third of a hundred is written 33.33: the gold rounds to two places."""
    if found is not None and known is not None and abs(known - found) < 0.005:  # type: ignore[operator]
        return found
    return known


def _score_issues(report: markup.MarkedReport, found: tuple[Issue, ...], total: Score) -> None:
    pairs = sorted(
        (
            (-_touches(one, known), number, at)
            for number, known in enumerate(report.issues)
            for at, one in enumerate(found)
            if one.type == known.type and _touches(one, known)
        ),
    )
    taken: dict[int, int] = {}
    for _count, number, at in pairs:
        if number not in taken and at not in taken.values():
            taken[number] = at
    # What only says again what another one said of the same place is no false alarm.
    left = [one for at, one in enumerate(found) if all(at != each for _c, _n, each in pairs)]
    for number, known in enumerate(report.issues):
        if known.doubtful or known.severity == "hint":
            continue
        tally = total.by_type.setdefault(known.type, Tally())
        for each in (tally, total.issues):
            each.hits += number in taken
            each.missed += number not in taken
        if number not in taken:
            spans = " … ".join(text for _start, _end, text in known.spans)
            total.notes.append(f"{report.name}: issue missed: {known.type} {spans} {known.comment}")
    for one in left:
        texts = " … ".join(report.text[span.start : span.end] for span in one.spans)
        if one.severity == "hint":
            total.hints += 1
            total.notes.append(f"{report.name}: hint: {one.code} {texts} {dict(one.params)}")
            continue
        total.by_type.setdefault(one.type, Tally()).false += 1
        total.issues.false += 1
        total.notes.append(f"{report.name}: issue too much: {one.code} {texts} {dict(one.params)}")
        if report.clean:
            total.false_alarms += 1
    total.clean_characters += len(report.text) if report.clean else 0


def _touches(found: Issue, known: markup.Issue) -> int:
    """How many of the known spans it touches."""
    return sum(
        any(span.start < end and start < span.end for span in found.spans)
        for start, end, _text in known.spans
    )


def main() -> None:
    """Print the score of each set, with every mistake in the ones that may be read if asked."""
    asker = argparse.ArgumentParser(description=__doc__)
    asker.add_argument("--mistakes", action="store_true", help="name each mistake in the open ones")
    asked = asker.parse_args()
    for name, folder in SETS.items():
        found = score(markup.read_all(folder), ONLY.get(name, frozenset()))
        print(f"\n{name}: {found.table()}")
        if asked.mistakes and name not in ("frozen", "unread"):
            print("\n".join(found.notes))


if __name__ == "__main__":
    main()
