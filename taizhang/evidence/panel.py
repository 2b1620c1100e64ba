"""The gallery of proofs on a record's page: what is there, what is lacking, what to look at."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from django.conf import settings
from django.utils import timezone
from django.utils.translation import get_language

from taizhang.ledger.models import Record
from taizhang.ledger.register import Register
from taizhang.wording import say

from .models import Evidence
from .notices import Notice, notices
from .proof import standings

BIN_SHOWN = 10


@dataclass(frozen=True, slots=True)
class Said:
    """A notice as a sentence, with the address of the record it speaks of."""

    text: str
    url: str


def said(notice: Notice) -> Said:
    """The sentence of a notice, in the language of the moment."""
    return Said(say(notice.finding, get_language() or "zh"), notice.url)


class EvidencePanel:
    """Draws the evidence of a record."""

    template = "evidence/panel.html"

    def context(
        self, register: Register, record: Record, may_write: bool, user: Any
    ) -> dict[str, Any]:
        """The proofs, strongest first, each with what the user should look at; and what is lacking."""
        here = Evidence.everything.filter(register=register.name, record_id=record.pk)
        proofs = list(here.filter(removed_at__isnull=True).select_related("blob"))
        told: dict[int, list[Said]] = defaultdict(list)
        for notice in notices(register, record, proofs, user):
            told[notice.proof.pk].append(said(notice))
        gone: list[Evidence] = []
        if may_write:
            since = timezone.now() - timedelta(days=settings.BIN_DAYS)
            removed = here.filter(removed_at__gte=since).select_related("removed_by")
            gone = list(removed.order_by("-removed_at")[:BIN_SHOWN])
        return {
            "proofs": [(proof, told[proof.pk]) for proof in proofs],
            "standings": standings(register, [record])[record.pk],
            "gone": gone,
            "bin_days": settings.BIN_DAYS,
            "kinds": Evidence.Kind.choices,
            "limit": settings.UPLOAD_LIMIT_MB,
        }
