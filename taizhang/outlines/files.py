"""A report as files: .docx and .pdf on paper, .html to open from a folder.

A draft is printed from what was compiled just now, a signed report from what was frozen.
"""

from __future__ import annotations

import html
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, time, timedelta, timezone
from importlib.resources import files
from pathlib import Path
from typing import Any, BinaryIO

from taizhang.documents import qr
from taizhang.documents.docx_writer import write_docx
from taizhang.documents.files import opened
from taizhang.documents.layout import DocProperties, Mark
from taizhang.documents.pdf import write_pdf
from taizhang.engines.findings import Finding, Refused
from taizhang.engines.periods import Period
from taizhang.engines.tree import Document, FigureRun, Paragraph, Run, Table
from taizhang.wording import say

from .compile import Report, control_facts

KINDS = ("docx", "pdf", "html")
BEIJING = timezone(timedelta(hours=8))
"""A fixed offset, as PDF wants it; the mainland has had no other since 1991."""


@dataclass(frozen=True)
class Note:
    """What a reader is told of a figure: its exact value, and where its records are."""

    name: str
    value: str
    unit: str
    rows: int
    address: str | None


@dataclass(frozen=True)
class Printed:
    """A report as it is printed; ``controls`` is what each number carries, by the run's id."""

    document: Document
    unit_name: str
    period: Period
    notes: Mapping[str, Note]
    controls: Mapping[str, Mapping[str, Any]]
    findings: Sequence[Finding] = ()
    seal: str = ""
    mark: Mark | None = None


def printed(made: Report) -> Printed:
    """A draft as it is printed."""
    notes = {
        code: Note(
            fact.definition.name.zh, fact.text, fact.definition.unit, fact.rows, fact.address
        )
        for code, fact in made.facts.items()
    }
    return Printed(
        made.compiled.document,
        made.unit.name,
        made.period,
        notes,
        control_facts(made),
        made.compiled.findings,
    )


def write(paper: Printed, kind: str, target: Path | BinaryIO) -> list[Finding]:
    """Write a report as .docx, .pdf or .html; returns what the writer had to say.

    The same report gives the same bytes.
    """
    properties = DocProperties(
        title=paper.document.title,
        # A report speaks of its period's last day; so the same rows give the same bytes.
        created=datetime.combine(paper.period.last, time(), BEIJING),
        creator=paper.unit_name,
        seal=paper.seal,
        mark=paper.mark,
    )
    if kind == "docx":
        write_docx(paper.document, target, facts=paper.controls, properties=properties)
        return []
    if kind == "pdf":
        return write_pdf(paper.document, target, properties=properties)
    if kind == "html":
        with opened(target) as file:
            file.write(standalone_html(paper).encode())
        return []
    raise Refused.because("report.unknown-kind", kind, kinds="、".join(KINDS))


def standalone_html(paper: Printed) -> str:
    """The report as one page without a server: each number tells what it counts.

    Styles are inside the file, for it is opened from a folder; nothing is fetched.
    """
    css = (files("taizhang.outlines") / "standalone.css").read_text("utf-8")
    body = "\n".join(_block(paper, block) for block in paper.document.blocks)
    notes = "\n".join(_note(paper, run) for run in paper.document.figures())
    findings = "\n".join(
        f'<li><a href="#{html.escape(f.where)}">{html.escape(say(f, "zh"))}</a></li>'
        for f in paper.findings
    )
    told = f"<h2>问题提示</h2>\n<ol>\n{findings}\n</ol>\n" if findings else ""
    data = json.dumps(paper.controls, ensure_ascii=False).replace("<", "\\u003c")
    title = html.escape(paper.document.title)
    return (
        f'<!doctype html>\n<html lang="zh-Hans">\n<head>\n<meta charset="utf-8">\n'
        f'<meta name="viewport" content="width=device-width, initial-scale=1">\n'
        f"<title>{title}</title>\n<style>\n{css}</style>\n</head>\n<body>\n"
        f'<main class="paper">\n{body}\n{_mark(paper.mark)}</main>\n'
        f'<section class="notes">\n{told}<h2>数据来源</h2>\n<ol>\n{notes}\n</ol>\n</section>\n'
        f'<script type="application/json" id="facts">{data}</script>\n</body>\n</html>\n'
    )


_TAGS = {"title": "h1", "heading1": "h2", "heading2": "h3", "heading3": "h4"}


def _block(paper: Printed, block: Paragraph | Table) -> str:
    if isinstance(block, Table):
        rows = "".join(
            "<tr>" + "".join(f"<td>{_runs(paper, cell)}</td>" for cell in row) + "</tr>"
            for row in block.rows
        )
        return f'<table id="{html.escape(block.id)}">{rows}</table>'
    tag = _TAGS.get(block.role, "p")
    block_id = html.escape(block.id)
    return f'<{tag} id="{block_id}" class="{block.role}">{_runs(paper, block.runs)}</{tag}>'


def _runs(paper: Printed, runs: Sequence[Run]) -> str:
    return "".join(_run(paper, run) for run in runs)


def _run(paper: Printed, run: Run) -> str:
    text = html.escape(run.text)
    if not isinstance(run, FigureRun):
        return text
    name = html.escape(paper.notes[run.code].name)
    exact = html.escape(f"{name}：{run.value or '–'}{run.unit}")
    marks = html.escape(" ".join(("fig", *run.marks)))
    return f'<a class="{marks}" id="{run.id}" href="#n-{run.id}" title="{exact}">{text}</a>'


def _note(paper: Printed, run: FigureRun) -> str:
    note = paper.notes[run.code]
    rows = f"{note.rows} 条记录" if note.address else "由其他指标算得"
    query = f"<br><code>{html.escape(note.address)}</code>" if note.address else ""
    return (
        f'<li id="n-{run.id}"><a href="#{run.id}">{html.escape(run.text)}</a> '
        f"{html.escape(note.name)}：{html.escape(note.value or '–')}"
        f"{html.escape(note.unit)}，{rows}{query}</li>"
    )


def _mark(mark: Mark | None) -> str:
    if mark is None:
        return ""
    lines = "".join(f"<p>{html.escape(line)}</p>" for line in mark.lines)
    return f'<div class="mark"><div>{qr.svg(mark.code)}</div><div>{lines}</div></div>\n'
