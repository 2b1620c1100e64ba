"""A frozen report as it lies in its file: its head and text at once, any record by its number.

A million records are some 300 MB. What pages show stands before and behind them, and an index
beside the file tells where each record's line begins; it can always be made again.
"""

from __future__ import annotations

import json
import os
import re
import secrets
from array import array
from bisect import bisect_left
from collections.abc import Iterator, Mapping, Sequence
from functools import cached_property
from pathlib import Path
from typing import Any, NamedTuple

from django.conf import settings

from taizhang.engines.findings import Finding, Refused
from taizhang.engines.sealing import layout
from taizhang.engines.sealing.canonical import canonical
from taizhang.engines.tree import Block, Document, FigureRun, Paragraph, Run, Table, Text

_ROWS = b'"rows":[\n'
_ID = re.compile(rb'"id":(\d+),"key":')
_REGISTER = re.compile(rb'"register":"([a-z0-9_.]+)"')


class Index(NamedTuple):
    """Where the lines begin: ``numbers`` and ``offsets`` of the records, and what is whose.

    ``spans`` gives each register the first and the last place, exclusive, of its records. The
    records begin at ``rows`` and have ended at ``behind``.
    """

    numbers: array[int]
    offsets: array[int]
    spans: Mapping[str, tuple[int, int]]
    rows: int
    behind: int


class Frozen:
    """A signed report's file."""

    def __init__(self, root: str) -> None:
        self.root = root
        self.path: Path = path_of(root)
        if not self.path.exists():
            raise Refused.because("submission.file-gone", root[:16], root=root[:16])

    @cached_property
    def index(self) -> Index:
        """The index beside the file; made when it is not there."""
        beside = self.path.with_suffix(".index")
        try:
            return _load(beside)
        except (OSError, ValueError, EOFError):
            made = _scan(self.path)
            _save(made, beside)
            return made

    @cached_property
    def parts(self) -> dict[str, Any]:
        """Everything but the records and the list of hashes."""
        with self.path.open("rb") as file:
            before = file.read(self.index.rows)
            file.seek(self.index.behind)
            behind = _until_leaves(file)
        found: dict[str, Any] = {"format": layout.FORMAT}
        for part in layout.ALL:
            found[part] = {} if part in layout.MAPPINGS else []
        pieces = before.splitlines(keepends=True)
        for line in layout.scan([*pieces[1:], *behind, *self._signatures()]):
            if isinstance(line, Finding):
                raise _damaged(self.root)
            key, value, _data = layout.read_line(line)
            if key is None:
                raise _damaged(self.root)
            if isinstance(found[line.part], dict):
                found[line.part][key] = value
            else:
                found[line.part].append(value)
        return found

    def add_signature(self, entry: Mapping[str, object]) -> None:
        """Add a counter-signature behind the seal; nothing of what is sealed is touched."""
        tail = self._signatures()
        entries = [*self.parts["signatures"], dict(entry)]
        fresh = self.path.with_suffix(".new")
        with self.path.open("rb") as old, fresh.open("wb") as file:
            left = self.path.stat().st_size - sum(map(len, tail))
            while left > 0:
                left -= file.write(old.read(min(left, 1 << 20)))
            file.writelines(layout.section("signatures", map(canonical, entries)))
            file.write(layout.last_line())
            file.flush()
            os.fsync(file.fileno())
        os.replace(fresh, self.path)
        self.__dict__.pop("parts", None)

    def _signatures(self) -> list[bytes]:
        """The last part of the file, read from its end."""
        with self.path.open("rb") as file:
            end = file.seek(0, 2)
            size = 1 << 16
            while True:
                file.seek(max(0, end - size))
                tail = file.read()
                at = tail.rfind(b'\n"signatures":[\n')
                if at >= 0 or size >= end:
                    return tail[at + 1 :].splitlines(keepends=True)
                size *= 4

    @property
    def head(self) -> dict[str, Any]:
        """What report it is, and who wrote, reviewed and signed it."""
        found: dict[str, Any] = self.parts["head"]
        return found

    @cached_property
    def figures(self) -> dict[str, dict[str, Any]]:
        """The frozen figures by code."""
        return {one["id"]: one for one in self.parts["figures"]}

    @cached_property
    def document(self) -> Document:
        """The text as it was signed."""
        blocks = tuple(_block(one, self.figures) for one in self.parts["text"])
        return Document(self.head["title"], "zh-Hans", blocks)

    def row(self, register: str, number: int) -> dict[str, Any] | None:
        """A record as it was frozen; None when it was not among those counted."""
        return next(iter(self.rows(register, [number])), None)

    def rows(self, register: str, wanted: Sequence[int] | None = None) -> Iterator[dict[str, Any]]:
        """The frozen records of a register: those of these numbers, or all of them."""
        start, stop = self.index.spans.get(register, (0, 0))
        numbers, offsets = self.index.numbers, self.index.offsets
        with self.path.open("rb") as file:
            if wanted is None:
                if start < stop:
                    file.seek(offsets[start])
                for _place in range(start, stop):
                    yield _row(file.readline())
                return
            for number in wanted:
                place = bisect_left(numbers, number, start, stop)
                if place < stop and numbers[place] == number:
                    file.seek(offsets[place])
                    yield _row(file.readline())


def path_of(root: str) -> Path:
    """Where the frozen report of that root lies."""
    if not re.fullmatch(r"[0-9a-f]{64}", root):
        raise Refused.because("submission.file-gone", root[:16], root=root[:16])
    folder: Path = settings.FROZEN_ROOT
    return folder / f"{root}.json"


def as_blocks(document: Document) -> list[dict[str, Any]]:
    """The text of a report as plain data: numbers name their figures."""
    return [_plain(block) for block in document.blocks]


def _plain(block: Block) -> dict[str, Any]:
    if isinstance(block, Paragraph):
        return {"id": block.id, "role": block.role, "runs": [_plain_run(r) for r in block.runs]}
    rows = [[[_plain_run(run) for run in cell] for cell in row] for row in block.rows]
    return {"id": block.id, "table": rows, "header_rows": block.header_rows}


def _plain_run(run: Run) -> Any:
    if isinstance(run, FigureRun):
        return {"id": run.id, "figure": run.code, "text": run.text, "marks": list(run.marks)}
    return run.text


def _block(one: Mapping[str, Any], figures: Mapping[str, Mapping[str, Any]]) -> Block:
    def runs(given: Sequence[Any]) -> tuple[Run, ...]:
        return tuple(_run(run, figures) for run in given)

    if "table" in one:
        rows = tuple(tuple(runs(cell) for cell in row) for row in one["table"])
        return Table(one["id"], rows, one["header_rows"])
    return Paragraph(one["id"], one["role"], runs(one["runs"]))


def _run(given: Any, figures: Mapping[str, Mapping[str, Any]]) -> Run:
    if isinstance(given, str):
        return Text(given)
    known = figures[given["figure"]]
    return FigureRun(
        id=given["id"],
        code=given["figure"],
        text=given["text"],
        value=known["value"],
        unit=known["unit"],
        rows=known["rows"],
        query=known["query"],
        marks=tuple(given["marks"]),
    )


def _row(line: bytes) -> dict[str, Any]:
    found: dict[str, Any] = json.loads(line.rstrip(b",\n"))
    return found


def _until_leaves(file: Any) -> list[bytes]:
    found: list[bytes] = []
    for line in file:
        if line == b'"leaves":[\n':
            # Left out, but named: what reads the lines expects every part.
            return [*found, line, b"],\n"]
        found.append(line)
    return found


def _scan(path: Path) -> Index:
    numbers, offsets = array("q"), array("q")
    spans: dict[str, tuple[int, int]] = {}
    at = rows = 0
    with path.open("rb") as file:
        for line in file:
            if rows and line.startswith(b"]"):
                return Index(numbers, offsets, spans, rows, at)
            if line == _ROWS:
                rows = at + len(line)
            elif rows:
                told, name = _ID.search(line), _REGISTER.search(line)
                if told is None or name is None:
                    break
                register = name[1].decode()
                start, _stop = spans.get(register, (len(numbers), 0))
                numbers.append(int(told[1]))
                offsets.append(at)
                spans[register] = start, len(numbers)
            at += len(line)
    raise _damaged(path.stem)


def _damaged(root: str) -> Refused:
    return Refused.because("submission.file-damaged", root[:16], root=root[:16])


def _save(index: Index, path: Path) -> None:
    fresh = path.with_suffix(f".{secrets.token_hex(4)}.index")
    with fresh.open("wb") as file:
        told = {"spans": index.spans, "rows": index.rows, "behind": index.behind}
        file.write(json.dumps(told | {"count": len(index.numbers)}).encode() + b"\n")
        index.numbers.tofile(file)
        index.offsets.tofile(file)
    fresh.replace(path)


def _load(path: Path) -> Index:
    with path.open("rb") as file:
        told = json.loads(file.readline())
        numbers, offsets = array("q"), array("q")
        numbers.fromfile(file, told["count"])
        offsets.fromfile(file, told["count"])
    spans = {name: (first, last) for name, (first, last) in told["spans"].items()}
    return Index(numbers, offsets, spans, told["rows"], told["behind"])
