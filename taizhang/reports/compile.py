"""A report of a unit and a period: facts gathered, outline compiled, written as a file."""

from __future__ import annotations

import html
import json
from dataclasses import dataclass
from datetime import datetime, time, timedelta, timezone
from fractions import Fraction
from importlib.resources import files
from pathlib import Path
from typing import Any, BinaryIO

from taizhang.documents.docx_writer import write_docx
from taizhang.documents.files import opened
from taizhang.documents.layout import DocProperties
from taizhang.documents.pdf import write_pdf
from taizhang.engines.findings import Finding, Refused
from taizhang.engines.outlines.compile import Compiled, ReportFact, compile_outline
from taizhang.engines.outlines.parse import Outline
from taizhang.engines.periods import Period
from taizhang.engines.tree import FigureRun, Paragraph, Run
from taizhang.evidence.models import Strength
from taizhang.figures import breakdown
from taizhang.figures.facts import Fact, facts
from taizhang.figures.scope import period_label
from taizhang.org.models import Unit
from taizhang.wording import say

WEAK_SHARE = Fraction(3, 10)
"""From this share of rows without proof of their day a figure's proof is called weak."""
KINDS = ("docx", "pdf", "html")
BEIJING = timezone(timedelta(hours=8))
"""A fixed offset, as PDF wants it; the mainland has had no other since 1991."""


@dataclass(frozen=True)
class Report:
    """A compiled report with the facts it stands on."""

    outline: Outline
    unit: Unit
    period: Period
    compiled: Compiled
    facts: dict[str, Fact]
    strengths: dict[str, dict[int, int]]

    @property
    def title(self) -> str:
        """The printed title on one line."""
        return self.compiled.document.title

    def missing(self) -> list[Finding]:
        """The findings that must be cured before the report can go out."""
        return [finding for finding in self.compiled.findings if finding.severity == "must"]


def report(outline: Outline, unit: Unit, period: Period) -> Report:
    """Compile an outline for a unit and a period, in a fixed number of queries."""
    found = facts(outline.figures(), unit.code, period)
    groups = breakdown.shared_rows(found.values())
    strengths: dict[str, dict[int, int]] = {}
    by_rows: dict[str, dict[int, int]] = {}
    for code, fact in found.items():
        key = fact.address or code
        if key not in by_rows:
            by_rows[key] = breakdown.strength(fact)
        strengths[code] = by_rows[key]
    given = {
        code: ReportFact(
            code=code,
            name=fact.definition.name.say("zh"),
            value=fact.value,
            rows=fact.rows,
            unit=fact.definition.unit,
            style=fact.definition.style,
            zero=fact.definition.zero,
            query=fact.address,
            row_group=groups.get(code),
            row_group_size=fact.rows,
            weak=_weak(strengths[code]),
        )
        for code, fact in found.items()
    }
    compiled = compile_outline(outline, given, _variables(unit, period))
    return Report(outline, unit, period, compiled, found, strengths)


def _weak(strength: dict[int, int]) -> bool:
    total = sum(strength.values())
    weak = strength.get(Strength.LATER, 0) + strength.get(Strength.NONE, 0)
    return bool(total) and Fraction(weak, total) >= WEAK_SHARE


def _variables(unit: Unit, period: Period) -> dict[str, str]:
    last = period.last
    return {
        "unit": unit.name,
        "year": str(period.year),
        "next_year": str(period.year + 1),
        "period": f"{period.year}年" if period.kind == "year" else period_label(period),
        "version": "送审稿",
        "date": f"{last.year}年{last.month}月{last.day}日",
    }


def control_facts(made: Report) -> dict[str, dict[str, Any]]:
    """What each content control carries: its fact, so that an edited file can be read back."""
    return {
        run.id: {
            "code": run.code,
            "value": run.value,
            "unit": run.unit,
            "rows": run.rows,
            "query": run.query,
            "period": made.period.text,
            "unit_code": made.unit.code,
            "prints": run.text,
            "definition": made.facts[run.code].definition.hash,
        }
        for run in made.compiled.document.figures()
    }


def write(made: Report, kind: str, target: Path | BinaryIO) -> list[Finding]:
    """Write a report as .docx, .pdf or .html; returns what the writer had to say."""
    properties = DocProperties(
        title=made.title,
        # A report speaks of its period's last day; so the same rows give the same bytes.
        created=datetime.combine(made.period.last, time(), BEIJING),
        creator=made.unit.name,
    )
    if kind == "docx":
        write_docx(made.compiled.document, target, facts=control_facts(made), properties=properties)
        return []
    if kind == "pdf":
        return write_pdf(made.compiled.document, target, properties=properties)
    if kind == "html":
        with opened(target) as file:
            file.write(standalone_html(made).encode())
        return []
    raise Refused.because("report.unknown-kind", kind, kinds="、".join(KINDS))


def standalone_html(made: Report) -> str:
    """The report as one page without a server: each number tells what it counts.

    Styles are inside the file, for it is opened from a folder; nothing is fetched.
    """
    css = (files("taizhang.reports") / "standalone.css").read_text("utf-8")
    body = "\n".join(
        _block(made, block)
        for block in made.compiled.document.blocks
        if isinstance(block, Paragraph)
    )
    notes = "\n".join(_note(made, run) for run in made.compiled.document.figures())
    findings = "\n".join(
        f'<li><a href="#{html.escape(f.where)}">{html.escape(say(f, "zh"))}</a></li>'
        for f in made.compiled.findings
    )
    data = json.dumps(control_facts(made), ensure_ascii=False).replace("<", "\\u003c")
    title = html.escape(made.title)
    return (
        f'<!doctype html>\n<html lang="zh-Hans">\n<head>\n<meta charset="utf-8">\n'
        f'<meta name="viewport" content="width=device-width, initial-scale=1">\n'
        f"<title>{title}</title>\n<style>\n{css}</style>\n</head>\n<body>\n"
        f'<main class="paper">\n{body}\n</main>\n'
        f'<section class="notes">\n<h2>问题提示</h2>\n<ol>\n{findings}\n</ol>\n'
        f"<h2>数据来源</h2>\n<ol>\n{notes}\n</ol>\n</section>\n"
        f'<script type="application/json" id="facts">{data}</script>\n</body>\n</html>\n'
    )


_TAGS = {"title": "h1", "heading1": "h2", "heading2": "h3", "heading3": "h4"}


def _block(made: Report, block: Paragraph) -> str:
    tag = _TAGS.get(block.role, "p")
    runs = "".join(_run(made, run) for run in block.runs)
    return f'<{tag} id="{block.id}" class="{block.role}">{runs}</{tag}>'


def _run(made: Report, run: Run) -> str:
    text = html.escape(run.text)
    if not isinstance(run, FigureRun):
        return text
    name = html.escape(made.facts[run.code].definition.name.zh)
    exact = html.escape(f"{name}：{run.value or '–'}{run.unit}")
    marks = " ".join(("fig", *run.marks))
    return f'<a class="{marks}" id="{run.id}" href="#n-{run.id}" title="{exact}">{text}</a>'


def _note(made: Report, run: FigureRun) -> str:
    fact = made.facts[run.code]
    rows = f"{fact.rows} 条记录" if fact.address else "由其他指标算得"
    query = f"<br><code>{html.escape(fact.address)}</code>" if fact.address else ""
    return (
        f'<li id="n-{run.id}"><a href="#{run.id}">{html.escape(run.text)}</a> '
        f"{html.escape(fact.definition.name.zh)}：{html.escape(fact.text or '–')}"
        f"{html.escape(run.unit)}，{rows}{query}</li>"
    )
