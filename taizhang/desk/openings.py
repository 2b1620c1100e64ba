"""What a form was opened with: it travels with the form, signed, and comes back with every press.

From it the desk knows whose typing this is and where it belongs, even when the session has ended
meanwhile, and what stood in the record when its author began.
"""

from __future__ import annotations

import secrets
import time
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field, replace
from typing import Any

from django.core import signing

from taizhang.engines.merging import Cell
from taizhang.ledger import catalogue
from taizhang.ledger.models import Record
from taizhang.ledger.register import Register

SALT = "taizhang.desk.opening"
GOOD_FOR = 30 * 86_400
"""Seconds for which a form that was left open can still be sent."""

Cells = dict[str, Any]
"""Cells as JSON has them: sets of words as sorted lists."""


@dataclass(frozen=True, slots=True)
class Opening:
    """A form of ``user`` that was opened ``at`` (seconds since 1970).

    ``record`` is 0 in the form of a new one; ``place`` then names the parent row it is for. ``token``
    names what is typed, across windows and days; ``window`` this one showing of the form. ``base``
    is what stood in it, ``version`` that of the record.
    """

    user: int
    register: str
    record: int
    place: str
    token: str
    window: str
    at: float
    version: int = 0
    base: Cells = field(default_factory=dict)

    def signed(self) -> str:
        """The text that goes into the form."""
        return signing.dumps(asdict(self), salt=SALT, compress=True)

    def split(self) -> Opening:
        """The same form keeping what is typed in it under a token of its own."""
        return replace(self, token=secrets.token_hex(8))

    def again(self) -> Opening:
        """The same form shown once more, with what was typed in it."""
        return replace(self, window=secrets.token_hex(4), at=time.time())

    def address(self) -> str:
        """Where the form is opened again with what was typed in it."""
        return address(self.register, self.record, self.token)


def address(register: str, record: int, token: str) -> str:
    """The form of a register in which a certain draft is opened."""
    known = catalogue.get(register)
    return f"/{known.path}/{f'{record}/edit' if record else 'add'}/?draft={token}"


def read(text: str) -> Opening | None:
    """What was signed; None when it was not, is too old, or names a register that is gone."""
    try:
        found = Opening(**signing.loads(text, salt=SALT, max_age=GOOD_FOR))
    except (signing.BadSignature, TypeError):
        return None
    return found if catalogue.find(found.register) else None


def begin(
    user: Any,
    register: Register,
    record: Record | None,
    base: Mapping[str, Cell],
    *,
    place: str = "",
    token: str = "",
) -> Opening:
    """A form that is shown now; with a ``token`` it goes on with what was typed before."""
    return Opening(
        user=user.pk,
        register=register.name,
        record=record.pk if record else 0,
        place=place,
        token=token or secrets.token_hex(8),
        window=secrets.token_hex(4),
        at=time.time(),
        version=record.version if record else 0,
        base=as_json(base),
    )


def as_json(cells: Mapping[str, Cell]) -> Cells:
    """Cells for JSON."""
    return {n: sorted(c) if isinstance(c, frozenset) else c for n, c in cells.items()}


def as_cells(kept: Mapping[str, Any]) -> dict[str, Cell]:
    """Cells out of JSON."""
    return {n: frozenset(c) if isinstance(c, list) else str(c) for n, c in kept.items()}
