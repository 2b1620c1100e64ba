"""A checked report as JSON, as lines for a terminal, and as a page of its own."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Iterator, Sequence
from decimal import Decimal
from html import escape
from itertools import pairwise
from typing import Any

from taizhang.checker.saying import said
from taizhang.checker.words import word
from taizhang.engines.checking import Issue, Quantity, Report

_SHOWN = 60
"""Characters of a place that a line or a heading quotes."""


def as_json(report: Report, language: str) -> dict[str, Any]:
    """The report as other programs read it; offsets count characters of the text."""
    plain = report.text.plain
    return {
        "quantities": [_quantity(each) for each in report.quantities],
        "issues": [_issue(each, plain, language) for each in report.issues],
    }


def _quantity(each: Quantity) -> dict[str, Any]:
    return {
        "start": each.start,
        "end": each.end,
        "text": each.text,
        "value": number(each.value),
        "value_max": number(each.value_max),
        "unit": each.unit,
        "qualifier": each.qualifier,
        "subject": each.subject,
        "section": each.section,
    }


def _issue(each: Issue, plain: str, language: str) -> dict[str, Any]:
    words = said(each, language)
    return {
        "type": each.type,
        "code": each.code,
        "severity": each.severity,
        "spans": [[span.start, span.end, plain[span.start : span.end]] for span in each.spans],
        "reason": words.reason,
        "suggestion": words.suggestion,
    }


def number(value: Decimal | float | None) -> int | float | None:
    """A value as JSON has numbers."""
    if not isinstance(value, Decimal):
        return value
    return int(value) if value == value.to_integral_value() else float(value)


def counts(report: Report) -> dict[str, int]:
    """How many issues there are of each severity."""
    found = {"error": 0, "warning": 0, "hint": 0}
    for issue in report.issues:
        found[issue.severity] += 1
    return found


def as_lines(name: str, report: Report, language: str) -> Iterator[str]:
    """The report for a terminal: errors first, then warnings, hints last."""
    plain = report.text.plain
    found = counts(report)
    yield word(
        "summary",
        language,
        name=name,
        length=len(plain),
        quantities=len(report.quantities),
        errors=found["error"],
        warnings=found["warning"],
        hints=found["hint"],
    )
    ends = [at for at, sign in enumerate(plain) if sign == "\n"] if report.issues else []
    for issue in by_weight(report.issues):
        words = said(issue, language)
        line = bisect_left(ends, issue.spans[0].start) + 1
        yield f"  {words.level}  {line}: {_quoted(plain, issue)}  {words.heading}"
        yield f"      {words.text}"


def by_weight(issues: Sequence[Issue]) -> list[Issue]:
    """Errors, then warnings, then hints, each in reading order."""
    order = ("error", "warning", "hint")
    return sorted(issues, key=lambda issue: order.index(issue.severity))


def _quoted(plain: str, issue: Issue) -> str:
    quoted = " … ".join(_quote(plain[span.start : span.end]) for span in issue.spans[:4])
    return f"“{quoted}”"


def _quote(text: str) -> str:
    text = " ".join(text.split())
    return text if len(text) <= _SHOWN else f"{text[: _SHOWN - 1]}…"


def as_html(name: str, report: Report, language: str) -> str:
    """The report as a page of its own: the text with its marks, and what is found beside it."""
    issues = by_weight(report.issues)
    numbers = {id(issue): n for n, issue in enumerate(issues, start=1)}
    title = escape(word("page-title", language, name=name))
    summary = next(as_lines(name, report, language))
    items = "".join(_item(report, issue, numbers[id(issue)], language) for issue in issues)
    none = f"<p>{escape(word('nothing', language))}</p>"
    return (
        f'<!doctype html>\n<html lang="{"zh-Hans" if language.startswith("zh") else "en"}"><head>'
        '<meta charset="utf-8"><meta name="viewport" content="width=device-width">'
        f"<title>{title}</title><style>{_STYLE}</style></head><body><h1>{title}</h1>"
        f"<p>{escape(summary)}</p><main><article>{_marked(report, issues)}</article>"
        f"<aside>{f'<ol>{items}</ol>' if items else none}</aside></main></body></html>\n"
    )


_STYLE = (
    "body{font:16px/1.9 serif;margin:2rem auto;max-width:76rem;padding:0 1rem}"
    "main{display:grid;grid-template-columns:minmax(0,2fr) minmax(16rem,1fr);gap:2rem}"
    "@media(max-width:60rem){main{display:block}}article{white-space:pre-wrap}"
    "aside{font:14px/1.7 sans-serif}li{margin-block:.8rem}h3{margin:0;font-size:1em}p{margin:.2em 0}"
    ".q{background:none;border-bottom:1px solid #8aa}.bad{background:#fbe9c6;"
    "border-bottom:2px solid #8a5a12}:target{outline:2px solid #234b82}"
)


def _item(report: Report, issue: Issue, n: int, language: str) -> str:
    words = said(issue, language)
    plain = report.text.plain
    places = " ".join(
        f'<a href="#q{n}-{k}">{escape(_quote(plain[span.start : span.end]))}</a>'
        for k, span in enumerate(issue.spans)
    )
    return (
        f'<li id="k{n}"><h3>{escape(words.heading)} ({escape(words.level)})</h3><p>{places}</p>'
        f"<p>{escape(words.text)}</p></li>"
    )


def _marked(report: Report, issues: Sequence[Issue]) -> str:
    pieces = []
    for piece in Marks(report, issues, [(0, len(report.text.plain))]).pieces(0):
        text = escape(piece.text)
        links = "".join(f'<sup><a href="#k{n}">{n}</a></sup>' for n in piece.ends)
        anchors = "".join(f'<span id="q{n}-{k}"></span>' for n, k in piece.begins)
        if piece.issues:
            text = f'<mark class="bad">{text}</mark>'
        elif piece.quantity is not None:
            text = f'<mark class="q">{text}</mark>'
        pieces.append(f"{anchors}{text}{links}")
    return "".join(pieces)


class Piece:
    """A stretch of text under the same marks.

    ``quantity`` is the place of its quantity in the report's list; ``issues`` are the numbers of
    those that speak of it; ``begins`` the spans (number, which span) that begin here, ``ends`` the
    numbers whose span ends here.
    """

    __slots__ = ("begins", "end", "ends", "issues", "quantity", "start", "text")

    def __init__(self, start: int, end: int, text: str) -> None:
        self.start, self.end, self.text = start, end, text
        self.quantity: int | None = None
        self.issues: list[int] = []
        self.begins: list[tuple[int, int]] = []
        self.ends: list[int] = []


class Marks:
    """The marks of a text, ready to be cut out of it block by block; issue n is ``issues[n - 1]``.

    ``ranges`` are the blocks (start, end) in reading order; a mark is cut at their edges.
    """

    def __init__(
        self, report: Report, issues: Sequence[Issue], ranges: Sequence[tuple[int, int]]
    ) -> None:
        self.plain = report.text.plain
        self.ranges = ranges
        starts = [start for start, _end in ranges]
        self.spans: list[list[tuple[int, int, int, int]]] = [[] for _range in ranges]
        self.quantities: list[list[tuple[int, int, int]]] = [[] for _range in ranges]
        for n, issue in enumerate(issues, start=1):
            for k, span in enumerate(issue.spans):
                at = max(bisect_right(starts, span.start) - 1, 0)
                while at < len(ranges) and ranges[at][0] < span.end:
                    start, end = ranges[at]
                    first, last = max(span.start, start), min(span.end, end)
                    if first < last:
                        self.spans[at].append((first, last, n, k))
                    at += 1
        for place, each in enumerate(report.quantities):
            at = bisect_right(starts, each.start) - 1
            if at >= 0 and each.start < ranges[at][1]:
                self.quantities[at].append((each.start, min(each.end, ranges[at][1]), place))

    def pieces(self, at: int) -> list[Piece]:
        """Block ``at`` cut where a mark begins or ends."""
        start, end = self.ranges[at]
        spans, quantities = self.spans[at], self.quantities[at]
        edges = {start, end}
        edges.update(edge for mark in (*spans, *quantities) for edge in mark[:2])
        cuts = sorted(edges)
        pieces = [Piece(a, b, self.plain[a:b]) for a, b in pairwise(cuts)]
        first = {piece.start: number for number, piece in enumerate(pieces)}
        last = {piece.end: number for number, piece in enumerate(pieces)}
        for a, b, place in quantities:
            for piece in pieces[first[a] : last[b] + 1]:
                piece.quantity = place
        for a, b, n, k in spans:
            inside = pieces[first[a] : last[b] + 1]
            for piece in inside:
                piece.issues.append(n)
            inside[0].begins.append((n, k))
            if n not in inside[-1].ends:
                inside[-1].ends.append(n)
        return pieces
