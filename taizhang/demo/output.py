"""What the demo leaves in its output folder: the report, the figures, a workbook with faults."""

from __future__ import annotations

import json
from pathlib import Path

from taizhang.documents.files import atomic_target
from taizhang.documents.workbook_writer import OutColumn, OutSheet, write_xlsx
from taizhang.engines.periods import Period
from taizhang.figures.facts import Fact, facts
from taizhang.figures.listing import fact_table
from taizhang.org.models import Unit
from taizhang.outlines import catalogue, compile, files

from .faulty import build_faulty_workbook
from .load import Progress

UNIT, PERIOD = "banner", "2021"


def write(folder: Path, progress: Progress) -> None:
    """Compile the annual report and the figures of the demo year, and print the figures."""
    folder.mkdir(parents=True, exist_ok=True)
    with progress(str(folder), 6) as tick:
        found = facts(None, UNIT, Period.parse(PERIOD))
        with atomic_target(folder / "figures-2021.json") as file:
            rows = [fact.as_json() for fact in found.values()]
            file.write(json.dumps(rows, ensure_ascii=False, indent=2).encode())
        tick(1)
        _workbook(folder / "figures-2021.xlsx", list(found.values()))
        tick(1)
        unit = Unit.objects.get(code=UNIT)
        made = compile.report(catalogue.get(catalogue.ANNUAL), unit, Period.parse(PERIOD))
        for kind in files.KINDS:
            files.write(files.printed(made), kind, folder / f"annual-report-2021.{kind}")
            tick(1)
        build_faulty_workbook(folder / "faulty-activities.xlsx")
        tick(1)
    print(fact_table(found.values(), "zh"))
    print()
    for path in sorted(folder.iterdir()):
        print(path)


def _workbook(target: Path, found: list[Fact]) -> None:
    columns = [
        OutColumn("代码"),
        OutColumn("指标"),
        OutColumn("数值", "number"),
        OutColumn("单位"),
        OutColumn("报告中的写法"),
        OutColumn("记录数", "number"),
        OutColumn("打开"),
    ]
    rows = [
        [
            f.code,
            f.definition.name.zh,
            f.value,
            f.definition.unit,
            f.prints,
            f.rows,
            f.address or "",
        ]
        for f in found
    ]
    write_xlsx(target, [OutSheet(f"{PERIOD}年指标", columns, rows)])
