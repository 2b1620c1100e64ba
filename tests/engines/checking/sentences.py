"""Sentences and short reports kept as text (``texts/``), so that a person can read and add to them.

A line ``- …`` is wrong, ``+ …`` is right; ``[kind]`` above them names the mistake; ``#`` begins a
remark. ``\\n`` and ``\\t`` stand for a new line and a tab.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

FOLDER = Path(__file__).parent / "texts"


@dataclass(frozen=True, slots=True)
class Line:
    """One text, what kind of mistake it is about, and whether it is right."""

    kind: str
    right: bool
    text: str


def read(name: str) -> list[Line]:
    """The lines of a file; anything that is no line is refused by its number."""
    found, kind = [], ""
    for number, line in enumerate((FOLDER / name).read_text("utf-8").splitlines(), start=1):
        if not line or line.startswith("#"):
            continue
        if line.startswith("[") and line.endswith("]"):
            kind = line[1:-1]
            continue
        if line[:2] not in ("- ", "+ "):
            raise ValueError(f"{name}, line {number}: begins with neither - nor +")
        text = line[2:].replace("\\n", "\n").replace("\\t", "\t")
        found.append(Line(kind, line.startswith("+"), text))
    return found


def right(name: str) -> list[str]:
    """The texts of a file that are right."""
    return [line.text for line in read(name) if line.right]


def wrong(name: str) -> list[str]:
    """The texts of a file that are wrong."""
    return [line.text for line in read(name) if not line.right]


def pairs(name: str) -> list[tuple[str, str, str]]:
    """Kind, the wrong text and the right one that follows it."""
    lines = read(name)
    both = list(zip(lines[::2], lines[1::2], strict=True))
    for bad, good in both:
        if bad.right or not good.right or bad.kind != good.kind:
            raise ValueError(f"{name}: no pair: {bad.text} / {good.text}")
    return [(bad.kind, bad.text, good.text) for bad, good in both]
