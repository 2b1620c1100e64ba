"""Files in and out on the command line; the words of the pages, with a progress bar."""

from __future__ import annotations

import shutil
import sys
import tempfile
from collections.abc import Callable, Sequence
from contextlib import AbstractContextManager
from pathlib import Path
from typing import Any

from taizhang.engines.findings import Refused
from taizhang.ledger import catalogue, states
from taizhang.ledger.models import Batch
from taizhang.ledger.register import Register
from taizhang.wording import say

from . import beside, blank, carry, files, plans, returned

Bar = Callable[[str, int], AbstractContextManager[Callable[[int], None]]]
_TOLD = 30
"""Reasons of each sheet that are printed; the workbook that comes back has them all."""
_WORDS = {"zh": ("新增", "改动", "相同", "有误"), "en": ("new", "changed", "same", "invalid")}


def plan(
    path: Path, register: Register | None, *, actor: Any, unit: Any, language: str, bar: Bar
) -> plans.FilePlan:
    """Read and check a file, and print what it would do."""
    with bar(path.name, 0) as tick:
        made = files.plan_file(path, path.name, register, actor=actor, unit=unit, progress=tick)
    for note in made.notes:
        print(f"{note.where}: {say(note, language)}", file=sys.stderr)
    for one in made.plans:
        counted = zip(_WORDS[language], plans.VERDICTS, strict=True)
        print(
            f"{one.register.label_plural}: {'  '.join(f'{w} {one.counts[v]}' for w, v in counted)}"
        )
        _print_reasons(one, language)
    return made


def _print_reasons(plan: plans.Plan, language: str) -> None:
    told = [reason for row in plan.rows for reason in (*row.troubles, *_doubts(row))]
    for place, name, finding in told[:_TOLD]:
        label = plan.register.fields[name].label if name else ""
        print(f"  {plan.sheet}!{place} {label}: {say(finding, language)}", file=sys.stderr)
    if len(told) > _TOLD:
        print(f"  … +{len(told) - _TOLD}", file=sys.stderr)


def _doubts(row: plans.Row) -> list[tuple[str, str, Any]]:
    return [(str(row.number), finding.where, finding) for finding in row.doubts]


def bring_back(source: Path, made: plans.FilePlan, target: Path, actor: Any) -> None:
    """Write the rows that cannot be imported as a workbook with the reasons."""
    with tempfile.TemporaryDirectory(prefix="taizhang-") as folder:
        copy = Path(folder) / f"source{source.suffix.lower()}"
        shutil.copyfile(source, copy)
        beside.keep(copy, made)
        returned.write(target, copy, source.name, actor)
    print(target)


def write(
    made: plans.FilePlan, name: str, *, actor: Any, reason: str, submit: bool, bar: Bar
) -> Batch:
    """Write everything in one batch, and submit it if that was asked for."""
    total = made.counts[plans.NEW] + made.counts[plans.CHANGED]
    with bar(name, total) as tick:
        batch = carry.carry_out(made.plans, actor=actor, source=name, reason=reason, progress=tick)
    if submit:
        for one in made.plans:
            submit_batch(one.register, batch, actor)
    print(f"+{batch.created} ~{batch.changed}")
    return batch


def submit_batch(register: Register, batch: Batch, actor: Any) -> int:
    """Submit what a batch wrote; returns how many records moved."""
    keys = batch.entries.filter(register=register.name).values_list("record_id", flat=True)
    rows = register.queryset().filter(pk__in=list(keys), state="draft")
    return int(
        states.act(register, list(rows), states.ACTIONS["submit"], actor=actor, batch=batch).done
    )


def template(names: Sequence[str], target: Path, actor: Any) -> None:
    """Write the template of these registers, or of all this person may import into."""
    registers = [catalogue.get(name) for name in names] or blank.for_whom(actor)
    if target.suffix.lower() != ".xlsx":
        raise Refused.because("export.unknown-kind", str(target), kinds=".xlsx")
    blank.write(target, registers, actor)
    print(target)
