"""What people keep for themselves: filters of lists, and how they like a list to look."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _


class SavedFilter(models.Model):
    """A list's query under a name; with a ``unit`` everybody in its subtree has it too."""

    register = models.CharField(max_length=60)
    name = models.CharField(_("Name of the filter"), max_length=40)
    query = models.CharField(max_length=2000)
    owner = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="+")
    unit = models.ForeignKey(
        "org.Unit", models.CASCADE, null=True, related_name="+", verbose_name=_("Shared with")
    )
    at = models.DateTimeField()

    class Meta:
        ordering = ["pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["register", "owner", "name"], name="desk_savedfilter_name"
            ),
            models.CheckConstraint(
                name="desk_savedfilter_filled", condition=~Q(name="") & ~Q(query="")
            ),
        ]
        indexes = [
            models.Index(
                fields=["register", "unit"],
                name="desk_savedfilter_shared",
                condition=Q(unit__isnull=False),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.register} {self.name}"


class ListChoice(models.Model):
    """How one user wants the list of one register: its columns, and the filter it opens with.

    No ``columns`` means those the register declares.
    """

    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="+")
    register = models.CharField(max_length=60)
    columns = models.JSONField(default=list)
    home = models.ForeignKey(SavedFilter, models.SET_NULL, null=True, related_name="+")

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["user", "register"], name="desk_listchoice_once"),
        ]

    def __str__(self) -> str:
        return f"{self.user_id} {self.register}"


class FormDraft(models.Model):
    """What a user typed into the form of a record and did not save yet; nobody else reads it.

    ``record_id`` is 0 in the form of a new record, ``place`` the parent row it is for. ``cells`` are
    the texts of the inputs, ``base`` what stood in them when the form was opened on ``version``.
    ``window`` and ``tick`` say which showing of the form sent it, and as its how many-eth.

    Once the form is saved only the trace ``saved_as`` (the record) and ``digest`` (of what was sent)
    stays for a day, so that a second press does not write a second record.
    """

    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="+")
    token = models.CharField(max_length=32)
    register = models.CharField(max_length=60)
    record_id = models.BigIntegerField(default=0)
    place = models.CharField(max_length=200, blank=True)
    version = models.PositiveIntegerField(default=0)
    base = models.JSONField(default=dict)
    cells = models.JSONField(default=dict)
    window = models.CharField(max_length=16)
    tick = models.PositiveIntegerField(default=0)
    saved_at = models.DateTimeField(db_index=True)
    saved_as = models.BigIntegerField(null=True)
    digest = models.CharField(max_length=64, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["user", "token"], name="desk_formdraft_once"),
        ]
        indexes = [
            models.Index(fields=["user", "register", "record_id"], name="desk_formdraft_form"),
        ]

    def __str__(self) -> str:
        return f"{self.register} {self.record_id or '+'}"
