"""What happens to exhibits: renewals and loans."""

from __future__ import annotations

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from taizhang.ledger.models import Record

from .premises import Place


class Renewal(Record):
    """Exhibits of a place that were added, replaced or repaired on one occasion."""

    class Kind(models.TextChoices):
        ADDED = "added", _("Newly added")
        REPLACED = "replaced", _("Replaced")
        REPAIRED = "repaired", _("Repaired")
        REMOVED = "removed", _("Taken out")

    place = models.ForeignKey(
        Place, models.CASCADE, related_name="renewals", verbose_name=_("Place")
    )
    done_on = models.DateField(_("Done on"))
    kind = models.CharField(_("Kind of renewal"), max_length=10, choices=Kind)
    what = models.CharField(_("What was renewed"), max_length=120)
    pieces = models.PositiveIntegerField(_("Pieces"))
    cost = models.DecimalField(
        _("Cost (yuan)"), max_digits=12, decimal_places=2, null=True, blank=True
    )

    class Meta(Record.Meta):
        verbose_name = _("exhibit renewal")
        verbose_name_plural = _("exhibit renewals")
        ordering = ["-done_on", "-id"]
        constraints = [
            *Record.Meta.constraints,
            models.UniqueConstraint(
                fields=["place", "done_on", "what"],
                name="places_renewal_once",
                violation_error_message=_("This renewal is already recorded for that day."),
            ),
            models.CheckConstraint(
                name="places_renewal_cost",
                condition=Q(cost__isnull=True) | Q(cost__gte=0),
                violation_error_message=_("An amount cannot be negative."),
            ),
        ]

    def __str__(self) -> str:
        return self.what


class Loan(Record):
    """Exhibits that are on loan: lent to somebody, or borrowed, until they are back."""

    class Way(models.TextChoices):
        LENT = "lent", _("Lent to others")
        BORROWED = "borrowed", _("Borrowed from others")

    place = models.ForeignKey(Place, models.CASCADE, related_name="loans", verbose_name=_("Place"))
    number = models.PositiveIntegerField(_("Number of the loan"))
    way = models.CharField(_("Lent or borrowed"), max_length=10, choices=Way)
    what = models.CharField(_("Exhibits on loan"), max_length=120)
    pieces = models.PositiveIntegerField(_("Pieces"))
    other_side = models.CharField(_("The other side"), max_length=100)
    lent_on = models.DateField(_("Lent on"))
    due_on = models.DateField(_("Due back on"), null=True, blank=True)
    returned_on = models.DateField(_("Came back on"), null=True, blank=True)

    class Meta(Record.Meta):
        verbose_name = _("exhibit loan")
        verbose_name_plural = _("exhibit loans")
        ordering = ["-lent_on", "-id"]
        constraints = [
            *Record.Meta.constraints,
            models.UniqueConstraint(
                fields=["place", "number"],
                name="places_loan_number",
                violation_error_message=_("This place already has a loan of that number."),
            ),
            models.CheckConstraint(
                name="places_loan_returned_after_lent",
                condition=(Q(returned_on__isnull=True) | Q(returned_on__gte=F("lent_on")))
                & (Q(due_on__isnull=True) | Q(due_on__gte=F("lent_on"))),
                violation_error_message=_("It cannot come back before it was lent."),
            ),
        ]

    def __str__(self) -> str:
        return self.what
