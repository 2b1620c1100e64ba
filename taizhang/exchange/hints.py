"""How each kind of column is filled in, in a sentence: on the import page and in templates."""

from __future__ import annotations

from django.utils.translation import gettext as _

from taizhang.ledger.fields import Field
from taizhang.ledger.register import Register


def how_to_write(register: Register, known: Field) -> str:
    """What may stand in a field's cells, with an example where it helps."""
    if known.kind == "date":
        return _("2021-9-18, 2021.9.18, 2021年9月18日 or an Excel date")
    if known.kind == "integer":
        return _("a whole number; estimates such as “over 400” are refused")
    if known.kind == "decimal":
        return _("a number with at most {places} decimals").format(
            places=known.source.decimal_places
        )
    if known.kind == "boolean":
        return _("yes or no")
    if known.kind == "terms":
        return _("one or several of the list, with 、 between them")
    if known.kind in ("choice", "term"):
        return _("one of the list")
    if known.kind == "reference":
        return _("number or name")
    if known.name == "code" and register.code_prefix:
        return _(
            "an existing number means that record; left empty, a new record is made and numbered"
        )
    if known.name == "code":
        return _("an existing number means that record, another one makes a new record")
    limit = known.source.max_length
    return _("text of at most {limit} characters").format(limit=limit) if limit else _("text")
