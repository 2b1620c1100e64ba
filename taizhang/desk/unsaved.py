"""A note in the margin of a record: here you typed something that is not saved yet."""

from __future__ import annotations

from typing import Any

from taizhang.ledger.models import Record
from taizhang.ledger.register import Register

from . import drafts


class UnsavedAside:
    """Draws the way back to what the viewer typed into the record's form."""

    template = "desk/_unsaved.html"

    def context(self, register: Register, record: Record, user: Any) -> dict[str, Any] | None:
        """The viewer's own draft, or None; one query."""
        draft = drafts.find(user, register, record.pk)
        return {"draft": drafts.offer(draft), "at": drafts.clock(draft.saved_at)} if draft else None
