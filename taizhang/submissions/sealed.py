"""A signed report as it is printed: its frozen text, its numbers, and its seal underneath.

Nothing of it is taken from the ledger of today, so the same file gives the same bytes for ever.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from taizhang.documents.layout import Mark
from taizhang.engines.periods import Period
from taizhang.engines.sealing.frozen import CAPTION
from taizhang.engines.sealing.printed import PrintedSeal
from taizhang.outlines.files import BEIJING, Note, Printed

from .stored import Frozen

_WORK = (("wrote", "起草"), ("reviewed", "审核"), ("signed", "签发"))
"""A report is a Chinese document: so is what is printed under it."""


def printed(frozen: Frozen) -> Printed:
    """The signed report as it is printed."""
    head, figures = frozen.head, frozen.figures
    seal = seal_of(frozen)
    return Printed(
        document=frozen.document,
        unit_name=head["unit"]["name"],
        period=Period.parse(head["period"]),
        notes={code: _note(one) for code, one in figures.items()},
        controls={
            run.id: _control(head, run.text, figures[run.code]) for run in frozen.document.figures()
        },
        seal=f"第{head['version']}版　封存值 {seal.groups()[:39]}…　{CAPTION}",
        mark=Mark(seal.text(), tuple(_lines(frozen, seal))),
    )


def seal_of(frozen: Frozen) -> PrintedSeal:
    """What the QR code under a signed report says."""
    head, seal = frozen.head, frozen.parts["seal"]
    return PrintedSeal(
        unit=head["unit"]["code"],
        report=head["code"],
        period=head["period"],
        version=head["version"],
        size=seal["size"],
        root=seal["root"],
    )


def _lines(frozen: Frozen, seal: PrintedSeal) -> list[str]:
    head = frozen.head
    lines = [f"第{head['version']}版" + _restated(head)]
    if head["one_person"]:
        lines.append("本单位实行一人办理：起草、审核、签发可由同一人完成。")
    lines += [f"{word}　{_who(head['people'][key])}" for key, word in _WORK]
    for one in frozen.parts["signatures"]:
        if one["role"] == "parent":
            lines.append(f"上级会签 {one['unit']}　{one['who']}　{_day(one['at'])}")
    lines.append(f"封存值（{seal.hash}）{seal.groups()}")
    lines.append(CAPTION)
    return lines


def _restated(head: Mapping[str, Any]) -> str:
    old = head["restates"]
    if old is None:
        return ""
    return f"，更正第{old['version']}版（{old['root'][:16]}…）：{head['reason']}"


def _who(person: Mapping[str, str]) -> str:
    return f"{person['name']} {_day(person['at'])}"


def _day(at: str) -> str:
    moment = datetime.fromisoformat(at).astimezone(BEIJING)
    return f"{moment.year}年{moment.month}月{moment.day}日"


def _note(figure: Mapping[str, Any]) -> Note:
    return Note(
        figure["name"], figure["value"] or "", figure["unit"], figure["rows"], figure["query"]
    )


def _control(head: Mapping[str, Any], text: str, figure: Mapping[str, Any]) -> dict[str, Any]:
    return {
        "code": figure["id"],
        "value": figure["value"],
        "unit": figure["unit"],
        "rows": figure["rows"],
        "query": figure["query"],
        "period": head["period"],
        "unit_code": head["unit"]["code"],
        "prints": text,
        "definition": figure["definition"],
    }
