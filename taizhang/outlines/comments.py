"""What people say about the blocks of an outline, and that it is settled."""

from __future__ import annotations

from collections import Counter
from typing import Any

from django.db import transaction
from django.db.models import Count, Max
from django.utils import timezone

from taizhang.engines.findings import Refused

from .models import Comment, OwnOutline
from .own import Place, adopted, version_of

LONGEST = 1000
SHOWN = 200
"""So many comments stand beside the paper, the newest."""


def listed(kept: OwnOutline | None) -> list[Comment]:
    """The comments on an outline, open ones first, in the order in which they were made."""
    if kept is None:
        return []
    found = kept.comments.select_related("by", "resolved_by").order_by("-pk")[:SHOWN]
    return sorted(found, key=lambda one: (one.resolved_at is not None, one.pk))


def open_ones(comments: list[Comment]) -> dict[str, int]:
    """How many comments on each block are open."""
    return dict(Counter(one.block for one in comments if one.resolved_at is None))


def mark(kept: OwnOutline | None) -> str:
    """A word that changes whenever a comment is made or settled."""
    if kept is None:
        return "0.0"
    found = kept.comments.aggregate(last=Max("pk"), settled=Count("resolved_at"))
    return f"{found['last'] or 0}.{found['settled']}"


def say(place: Place, block: str, text: str, actor: Any) -> Comment:
    """Comment on a block; refuses a blank text and a block that is not there."""
    words = text.replace("\0", "").strip()
    if not words or len(words) > LONGEST:
        raise Refused.because("outline.needs-comment", most=LONGEST)
    with transaction.atomic():
        kept = adopted(place, actor)
        version_of(kept, kept.version).place(block)
        return Comment.objects.create(
            outline=kept, block=block, text=words, by=actor, at=timezone.now()
        )


def settle(said: Comment, actor: Any, *, settled: bool) -> None:
    """Mark a comment as settled, or open it again."""
    Comment.objects.filter(pk=said.pk).update(
        resolved_by=actor if settled else None, resolved_at=timezone.now() if settled else None
    )
