"""Small words of the import pages."""

from __future__ import annotations

from django import template

from taizhang.exchange.columns import referred
from taizhang.exchange.hints import how_to_write as hint
from taizhang.ledger.fields import Field
from taizhang.ledger.register import Register

register = template.Library()


@register.filter
def how_to_write(of: Register, known: Field) -> str:
    """How a field's cells are filled in."""
    return hint(of, known)


@register.filter
def refers_to(of: Register) -> str:
    """The registers whose rows a register's rows refer to."""
    return "、".join(other.label_plural for other in referred(of) if other is not of)
