"""Reading reports back: characters a second, and beside it what general recognizers do.

Needs no ledger: ``python -m bench.checking``. The text is the open marked-up reports, which have a
quantity every sixteen characters, three times as many as real reports, and the real ones where they
are beside the checkout. recognizers-text-suite is measured where it can be imported.
"""

from __future__ import annotations

import importlib.util
import subprocess
import sys
import tempfile
from collections.abc import Callable
from pathlib import Path
from statistics import median
from typing import Any

from taizhang.engines.checking import check, extract
from tests.engines.checking import markup

from .measures import Measure, table, timed

ROOT = Path(__file__).resolve().parents[1]
OPEN = ROOT / "tests/engines/checking/reports/open"
REFERENCE = ROOT.parent / "shared" / "reference"
PEER = "recognizers-text-suite"


def measure() -> list[Measure]:
    """Extraction, all checks, a report of 5,000 characters, the command on it, ten times as much text."""
    reports = list(markup.read_all(OPEN))
    dense = "\n".join(report.text for report in reports) + "\n"
    found = _of("marked-up reports", dense, targets=not REFERENCE.is_dir())
    if REFERENCE.is_dir():
        real = "".join(path.read_text("utf-8") for path in sorted(REFERENCE.glob("*.txt")))
        found = _of("real reports", real, targets=True) + found
    return found + _peer(reports)


def _of(name: str, text: str, *, targets: bool) -> list[Measure]:
    group = f"reading reports back: {name}"
    million = _long(text, 1_000_000)
    short = _long(text, 5_000)
    extraction = _rate(extract, million)
    tenfold = _rate(extract, _long(text, 10_000_000), rounds=1)
    checks = _rate(check, million)
    tenth = _rate(check, million[:100_000])
    one = median(timed(lambda: check(short))[0] for _round in range(15)) * 1000
    goal: dict[str, Any] = (
        {"extract": 1.0, "check": 0.4, "one": 20.0, "start": 300.0} if targets else {}
    )
    return [
        Measure(group, "quantities", extraction, "M/s", at_least=goal.get("extract")),
        Measure(group, "all checks with them", checks, "M/s", at_least=goal.get("check")),
        Measure(group, "a report of 5,000 characters", one, "ms", at_most=goal.get("one")),
        Measure(group, "taizhang check of it", _command(short), "ms", at_most=goal.get("start")),
        Measure(group, "ten million, slower by", extraction / tenfold, "times", at_most=1.3),
        Measure(group, "checks of a million, by", tenth / checks, "times", at_most=1.3),
    ]


def _command(text: str) -> float:
    """Milliseconds from the start of ``taizhang check`` to its end, on a file with the text."""
    with tempfile.NamedTemporaryFile("w", suffix=".txt", encoding="utf-8") as file:
        file.write(text)
        file.flush()
        command = [sys.executable, "-m", "taizhang.cli", "check", file.name]
        return 1000 * median(
            timed(lambda: subprocess.run(command, capture_output=True, check=False))[0]
            for _round in range(7)
        )


def _long(text: str, length: int) -> str:
    return (text * (length // len(text) + 1))[:length]


def _rate(work: Callable[[str], object], text: str, rounds: int = 3) -> float:
    """Millions of characters a second, the best of some rounds: others use the machine too."""
    return len(text) / min(timed(lambda: work(text))[0] for _round in range(rounds)) / 1e6


def _peer(reports: list[markup.MarkedReport]) -> list[Measure]:
    """The same reports read by the models for Chinese numbers, money and dimensions."""
    group = f"beside it: {PEER}"
    if importlib.util.find_spec("recognizers_number_with_unit") is None:
        note = f"not installed: pip install {PEER} 'emoji<2'"
        return [Measure(group, "number and unit models", float("nan"), "M/s", note=note)]
    from recognizers_number import recognize_number  # type: ignore[import-not-found]
    from recognizers_number_with_unit import (  # type: ignore[import-not-found]
        recognize_currency,
        recognize_dimension,
    )

    marked = found = ours = 0
    spent = size = 0.0
    for report in reports:
        seconds, results = timed(
            lambda: [
                result
                for model in (recognize_number, recognize_currency, recognize_dimension)
                for result in model(report.text, "zh-cn")  # noqa: B023
            ]
        )
        spent, size = spent + seconds, size + len(report.text)
        read = {(one.start, one.end, one.value, one.unit) for one in extract(report.text)}
        for one in report.quantities:
            if not one.optional and one.value is not None:
                marked += 1
                ours += (one.start, one.end, one.value, one.unit) in read
                found += any(_says_the_same(result, one) for result in results)
    note = f"value and unit of {found} of {marked} quantities; ours: {ours}"
    return [Measure(group, "number and unit models", size / spent / 1e6, "M/s", note=note)]


def _says_the_same(result: Any, one: markup.Quantity) -> bool:
    """Whether a result stands there, has a unit and the value, be it written out in 元."""
    said = result.resolution or {}
    if (
        not said.get("unit")
        or not said.get("value")
        or not (result.start < one.end and one.start <= result.end)
    ):
        return False
    scale = {"万元": 10**4, "亿元": 10**8}.get(one.unit, 1)
    return one.value is not None and float(said["value"]) == float(one.value * scale)


if __name__ == "__main__":
    print(table(measure()))
