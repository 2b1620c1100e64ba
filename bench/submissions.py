"""Signing a large report: freezing it, checking its file, and what has changed since."""

from __future__ import annotations

import tomllib
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import Any
from unittest import mock

from taizhang.figures import definitions as known

from .measures import Measure, stopwatch, timed
from .pages import browser
from .world import CITY, FORMS, SETTINGS, Size

MANY, SOME = 100, 25
"""Figures of a report over a hundred thousand records, and over a million."""
CODE = "bench"
PERIOD = "2021"
FREEZE, VERIFY, DRIFT = 60.0, 30.0, 2.0
CHANGED = 40


def measure(user: Any, size: Size, figures: int = MANY) -> list[Measure]:
    """Seconds to freeze, to verify and to list the drift of a report over all activities."""
    with _figures(figures):
        return list(_measured(user, size, figures))


def _measured(user: Any, size: Size, figures: int) -> Iterator[Measure]:
    from taizhang.engines.periods import Period
    from taizhang.engines.sealing.checking import check_lines
    from taizhang.jobs.worker import run_waiting
    from taizhang.org.models import Unit
    from taizhang.outlines.compile import report
    from taizhang.seals import keys
    from taizhang.submissions import flow
    from taizhang.submissions.freezing import fingerprint
    from taizhang.submissions.stored import Frozen

    unit = Unit.objects.get(code=CITY)
    flow.set_one_person(unit, True, actor=user)
    with stopwatch() as compiling:
        made = report(_outline(), unit, Period.parse(PERIOD))
    old = flow.latest(unit, made.period, CODE)
    shown = fingerprint(made)
    submission = flow.submit(made, shown, actor=user, reason="again" if old else "")
    flow.review(submission, shown, actor=user)
    flow.sign(submission, shown, actor=user)
    with stopwatch() as freezing:
        run_waiting()
    submission.refresh_from_db()
    assert submission.is_signed, submission.state
    frozen = Frozen(submission.root)
    with stopwatch() as verifying, frozen.path.open("rb") as file:
        assert check_lines(file, keys.known_keys(), submission.root) == []
    _change(user)
    client = browser(user)
    page = f"/submissions/{submission.pk}/drift/"

    def look() -> None:
        response = client.get(page)
        assert response.status_code == 200, response.status_code

    first = timed(look)[0]
    again = timed(look)[0]
    group = f"a report of {figures} figures over {submission.row_count:,} records"
    size_note = f"{frozen.path.stat().st_size / 1e6:.0f} MB"
    large = submission.row_count > size.activities
    yield Measure(group, "compile", compiling[0], "s")
    yield Measure(group, "freeze and seal", freezing[0], "s", at_most=FREEZE, note=size_note)
    yield Measure(group, "verify", verifying[0], "s", at_most=VERIFY)
    limit = None if large else DRIFT  # promised for a hundred thousand records
    yield Measure(group, "drift page, after a write", first, "s", at_most=limit)
    yield Measure(group, "drift page, once more", again, "s", at_most=limit)


def _change(user: Any) -> None:
    """Correct some verified records, as a township does weeks later."""
    from taizhang.activities.models import Activity
    from taizhang.ledger import catalogue, write
    from taizhang.ledger.models import State

    register = catalogue.get("activities.activity")
    rows = register.queryset().filter(state=State.VERIFIED).order_by("pk")[:CHANGED]
    changes: list[tuple[Any, dict[str, Any]]] = [
        (row, {"attendance": (row.attendance or 0) + 1}) for row in rows
    ]
    assert len(changes) == min(CHANGED, Activity.objects.count())
    write.change_many(register, changes, actor=user, reason="bench")


def _outline() -> Any:
    from taizhang.outlines import catalogue

    return catalogue.outlines()[CODE]


@contextmanager
def _figures(count: int) -> Iterator[None]:
    """So many figures over the activities, and a report with all of them."""
    from taizhang.engines.outlines.parse import parse_outline
    from taizhang.outlines import catalogue

    real = known.parse_definitions

    def more(documents: Mapping[str, Mapping[str, Any]]) -> Any:
        return real({**documents, "bench.toml": {CODE: _definitions(count)}})

    with mock.patch.object(known, "parse_definitions", more):
        _forget()
        outline = parse_outline(tomllib.loads(_toml(count)), known.definitions(), "bench")
        shipped = {**catalogue.outlines(), CODE: outline}
        with mock.patch.object(catalogue, "outlines", return_value=shipped):
            yield
    _forget()


def _forget() -> None:
    known.shipped.cache_clear()
    known._all.cache_clear()


def _definitions(count: int) -> dict[str, Any]:
    """Figures of every kind of condition; the first counts everything that is not void."""
    conditions = ["state!=void"]
    for setting in SETTINGS[:5]:
        for form in FORMS[:5]:
            conditions += [
                f"setting={setting}&form={form}",
                f"setting={setting}&form={form}&themes=volunteering",
                f"setting={setting}&form={form}&themes=rural",
                f"setting={setting}&form={form}&themes!=minority",
            ]
    return {
        f"f{number:03}": {
            "name": {"zh": f"指标{number}", "en": f"Figure {number}"},
            "unit": "人次" if number % 2 else "场次",
            "rows": f"activities.activity?{text}",
            "measure": "sum:attendance" if number % 2 else "count",
            "time": "cumulative:held_on",
            "zero": "无",
        }
        for number, text in enumerate(conditions[:count])
    }


def _toml(count: int) -> str:
    lines = "".join(f'    "指标{n}{{{CODE}.f{n:03}}}。",\n' for n in range(count))
    return (
        f'code = "{CODE}"\nname = {{zh = "测量", en = "Bench"}}\ntitle = ["测量"]\nbyline = ""\n'
        f'[[parts]]\nheading = "测量"\nparagraphs = [\n{lines}]\n'
    )
