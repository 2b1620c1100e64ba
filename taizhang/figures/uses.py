"""Where a figure is used: the layers above say so, the figure's page shows it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Use:
    """A place where a figure stands: a report and the part of it."""

    title: str
    place: str
    url: str


Finder = Callable[[str, str, str], list[Use]]
"""(figure, unit, period) → uses."""

_finders: list[Finder] = []


def add_finder(finder: Finder) -> None:
    """A layer above introduces itself."""
    _finders.append(finder)


def uses(code: str, unit_code: str, period: str) -> list[Use]:
    """Every place where the figure is used."""
    return [use for finder in _finders for use in finder(code, unit_code, period)]


Holder = Callable[[str], list[Use]]
"""figure → every text that names it, of whatever unit and period."""

_holders: list[Holder] = []


def add_holder(holder: Holder) -> None:
    """A layer above introduces itself."""
    _holders.append(holder)


def held(code: str) -> list[Use]:
    """Every text that would miss the figure if it were gone."""
    return [use for holder in _holders for use in holder(code)]
