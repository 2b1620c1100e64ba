"""The gallery of proofs on a record's page."""

from __future__ import annotations

from typing import Any

from taizhang.ledger.models import Record
from taizhang.ledger.register import Register

from .models import Evidence


class EvidencePanel:
    """Draws the evidence of a record."""

    template = "evidence/panel.html"

    def context(self, register: Register, record: Record, may_write: bool) -> dict[str, Any]:
        """The proofs of the record, strongest first, and how often each file is used elsewhere."""
        proofs = list(
            Evidence.objects.filter(register=register.name, record_id=record.pk).select_related(
                "blob"
            )
        )
        return {"proofs": proofs, "kinds": Evidence.Kind.choices}
