"""``taizhang check FILE…``: any report, without a ledger and without Django."""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from taizhang.checker.rendering import as_html, as_json, as_lines, counts
from taizhang.checker.words import word
from taizhang.documents.manuscripts import Manuscript, read_manuscript
from taizhang.engines.checking import Report, check
from taizhang.engines.findings import Finding, Refused
from taizhang.wording import say

FORMATS = ("text", "json", "html", "docx")
CLEAN, FOUND, UNREADABLE = 0, 1, 2


def options(command: argparse.ArgumentParser) -> None:
    """The options of the command."""
    command.add_argument("files", nargs="+", type=Path, metavar="FILE", help=".docx / .txt")
    command.add_argument("--json", action="store_true", help="同 --format json  the same")
    command.add_argument(
        "--format",
        choices=FORMATS,
        default="text",
        help="输出方式；html 和 docx（带批注的副本）写成文件  html and docx are written as files",
    )
    command.add_argument("--year", type=int, metavar="2021", help="报告年度 the year reported on")
    command.add_argument(
        "-o", "--output", type=Path, metavar="FILE", help="html、docx 的文件或文件夹 file or folder"
    )


@dataclass(frozen=True, slots=True)
class Checked:
    """A file and what came of it: a report, or the refusal to read it."""

    path: Path
    manuscript: Manuscript | None = None
    report: Report | None = None
    refused: tuple[Finding, ...] = ()

    def why(self, language: str) -> str:
        """Why it could not be read."""
        return " ".join(say(finding, language) for finding in self.refused)


def run(asked: argparse.Namespace) -> int:
    """Check the files; 0 when no error was found, 1 when one was, 2 when a file is unreadable."""
    kind = "json" if asked.json else asked.format
    if kind in ("text", "json") and asked.output is not None:
        raise Refused.because("manuscript.no-output", str(asked.output), formats="html、docx")
    many = len(asked.files) > 1
    if many and asked.output is not None and not asked.output.is_dir():
        raise Refused.because("manuscript.not-a-folder", str(asked.output), path=str(asked.output))
    found = []
    for done in _each(asked.files, asked.year, bar=many and sys.stderr.isatty()):
        found.append(done)
        if done.refused and kind != "json":
            print(f"{done.path}: {done.why(asked.language)}", file=sys.stderr)
        elif kind in ("html", "docx") and done.report is not None:
            print(_written(done, kind, asked.output, asked.language))
    if kind == "json":
        _print_json(found, many=many, language=asked.language)
    elif kind == "text":
        lines = _table(found, asked.language) if many else _lines(found, asked.language)
        print("\n".join(lines))
    return _exit(found)


def _each(files: Sequence[Path], year: int | None, *, bar: bool) -> Iterator[Checked]:
    paths: Iterable[Path] = files
    if bar:
        from tqdm import tqdm

        paths = tqdm(files, unit="file", leave=False)
    for path in paths:
        try:
            manuscript = read_manuscript(path)
        except Refused as refused:
            yield Checked(path, refused=refused.findings)
        else:
            yield Checked(path, manuscript, check(manuscript.tree, year=year))


def _print_json(found: Sequence[Checked], *, many: bool, language: str) -> None:
    answers = []
    for done in found:
        name = {"file": str(done.path)} if many else {}
        if done.report is None:
            answers.append(name | {"error": done.why(language)})
            if not many:
                print(done.why(language), file=sys.stderr)
        else:
            answers.append(name | as_json(done.report, language))
    print(json.dumps(answers if many else answers[0], ensure_ascii=False, indent=1))


def _lines(found: Sequence[Checked], language: str) -> list[str]:
    lines: list[str] = []
    for done in found:
        if done.report is not None:
            lines += as_lines(done.path.name, done.report, language)
            if not done.report.issues:
                lines.append(f"  {word('nothing', language)}")
    return lines


def _table(found: Sequence[Checked], language: str) -> list[str]:
    """One line for each file; columns are as wide as Chinese needs."""
    heads = [word(f"column-{name}", language) for name in ("file", "length", "quantities")]
    heads += [word(level, language) for level in ("error", "warning", "hint")]
    rows = [heads]
    for done in found:
        if done.report is None:
            rows.append([str(done.path), word("unreadable", language), *[""] * 4])
            continue
        numbers = [len(done.report.text.plain), len(done.report.quantities)]
        numbers += counts(done.report).values()
        rows.append([str(done.path), *map(str, numbers)])
    widths = [max(_width(row[n]) for row in rows) for n in range(len(heads))]
    return ["  ".join(_padded(row, widths)).rstrip() for row in rows]


def _padded(row: Sequence[str], widths: Sequence[int]) -> Iterator[str]:
    for n, (cell, width) in enumerate(zip(row, widths, strict=True)):
        room = " " * (width - _width(cell))
        yield room + cell if n else cell + room


def _width(text: str) -> int:
    return sum(2 if ord(sign) > 0x2E7F else 1 for sign in text)


def _written(done: Checked, kind: str, output: Path | None, language: str) -> Path:
    """Write the page or the commented copy beside the file, or where it was asked for."""
    assert done.report is not None
    assert done.manuscript is not None
    name = f"{done.path.stem}-{word('suffix', language)}.{kind}"
    target = done.path.with_name(name) if output is None else output
    if target.is_dir():
        target /= name
    if kind == "html":
        from taizhang.documents.files import atomic_target

        with atomic_target(target) as file:
            file.write(as_html(done.path.name, done.report, language).encode("utf-8"))
    else:
        from taizhang.checker import commenting

        commenting.write(done.path, done.manuscript, done.report, target, language=language)
    return target


def _exit(found: Sequence[Checked]) -> int:
    if any(done.report is None for done in found):
        return UNREADABLE
    errors = any(counts(done.report)["error"] for done in found if done.report is not None)
    return FOUND if errors else CLEAN
