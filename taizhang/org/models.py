"""Units in a tree that changes over the years, and the people of the association."""

from __future__ import annotations

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from taizhang.ledger.models import Record


class Unit(Record):
    """An organisation or a part of one. ``parent`` is where it stood when it was founded; later
    moves are placements."""

    class Kind(models.TextChoices):
        ASSOCIATION = "association", _("Science association")
        SOCIETY = "society", _("Learned society")
        TOWN = "town", _("Township association")
        DEPARTMENT = "department", _("Department")
        VENUE = "venue", _("Venue")
        ENTERPRISE = "enterprise", _("Enterprise association")
        SCHOOL = "school", _("School association")
        OTHER = "other", _("Other unit")

    code = models.SlugField(_("Unit code"), max_length=40, unique=True)
    name = models.CharField(_("Unit name"), max_length=100)
    short_name = models.CharField(_("Short name"), max_length=40, blank=True)
    kind = models.CharField(_("Kind of unit"), max_length=12, choices=Kind)
    parent = models.ForeignKey(
        "self",
        models.PROTECT,
        null=True,
        blank=True,
        related_name="founded_below",
        verbose_name=_("Parent when founded"),
    )
    opened_on = models.DateField(_("Founded on"), null=True, blank=True)
    closed_on = models.DateField(_("Dissolved on"), null=True, blank=True)

    class Meta(Record.Meta):
        verbose_name = _("unit")
        verbose_name_plural = _("units")
        ordering = ["code"]
        constraints = [
            *Record.Meta.constraints,
            models.CheckConstraint(
                name="org_unit_closed_after_opened",
                condition=Q(closed_on__isnull=True)
                | Q(opened_on__isnull=True)
                | Q(closed_on__gte=F("opened_on")),
                violation_error_message=_("The last day lies before the first."),
            ),
        ]

    def __str__(self) -> str:
        return self.short_name or self.name


class Placement(Record):
    """From ``first_on`` the unit stands under ``parent``, until its next placement."""

    unit = models.ForeignKey(
        Unit, models.CASCADE, related_name="placements", verbose_name=_("Unit")
    )
    parent = models.ForeignKey(
        Unit, models.PROTECT, related_name="placed_below", verbose_name=_("New parent")
    )
    first_on = models.DateField(_("From"))
    document = models.CharField(_("Decision"), max_length=120, blank=True)

    class Meta(Record.Meta):
        verbose_name = _("placement")
        verbose_name_plural = _("placements")
        ordering = ["first_on"]
        constraints = [
            *Record.Meta.constraints,
            models.UniqueConstraint(
                fields=["unit", "first_on"],
                name="org_placement_once_a_day",
                violation_error_message=_("This unit already has a placement from that day."),
            ),
            models.CheckConstraint(
                name="org_placement_not_below_itself",
                condition=~Q(unit=F("parent")),
                violation_error_message=_("A unit cannot stand under itself."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.unit} → {self.parent}"


class Path(models.Model):
    """The tree as it stood: ``descendant`` was below (or is) ``ancestor`` from ``first`` to ``last``.

    Worked out from units and placements in the transaction that changes them; both days belong to
    the span, an open end is 9999-12-31.
    """

    ancestor = models.ForeignKey(Unit, models.CASCADE, related_name="+")
    descendant = models.ForeignKey(Unit, models.CASCADE, related_name="+")
    first = models.DateField()
    last = models.DateField()
    depth = models.PositiveSmallIntegerField()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["ancestor", "descendant", "first"], name="org_path_once"
            ),
            models.CheckConstraint(name="org_path_span", condition=Q(last__gte=F("first"))),
        ]

    def __str__(self) -> str:
        return f"{self.ancestor_id} ⊇ {self.descendant_id} {self.first}–{self.last}"


class Person(Record):
    """Somebody the association works with: staff, a member of a body, a contact."""

    class Kind(models.TextChoices):
        STAFF = "staff", _("Staff")
        SECONDED = "seconded", _("Seconded")
        EXPERT = "expert", _("Expert")
        CONTACT = "contact", _("Contact")

    unit = models.ForeignKey(Unit, models.PROTECT, related_name="people", verbose_name=_("Unit"))
    code = models.CharField(_("Person number"), max_length=40, blank=True)
    name = models.CharField(pgettext_lazy("of a person", "Name"), max_length=40)
    kind = models.CharField(_("Kind of person"), max_length=10, choices=Kind)
    post = models.CharField(_("Post"), max_length=60, blank=True)
    phone = models.CharField(_("Telephone"), max_length=30, blank=True)
    joined_on = models.DateField(_("In post since"), null=True, blank=True)
    left_on = models.DateField(_("In post until"), null=True, blank=True)

    class Meta(Record.Meta):
        verbose_name = _("person")
        verbose_name_plural = _("people")
        ordering = ["code"]
        constraints = [
            *Record.Meta.constraints,
            models.UniqueConstraint(fields=["unit", "code"], name="org_person_code"),
            models.CheckConstraint(
                name="org_person_left_after_joined",
                condition=Q(left_on__isnull=True)
                | Q(joined_on__isnull=True)
                | Q(left_on__gte=F("joined_on")),
                violation_error_message=_("The last day lies before the first."),
            ),
        ]

    def __str__(self) -> str:
        return self.name


class Post(Record):
    """A post that a unit should have: who fills it how, from when to when; never the holder's name.

    Full time is said by two definitions that clash: by the work of the post (the survey of science
    popularisation) and by the share of working time spent on it (the associations' own statistics).
    """

    class Basis(models.TextChoices):
        ESTABLISHED = "established", _("Established post")
        CONTRACT = "contract", _("Contract post")
        PUBLIC_WELFARE = "public_welfare", _("Public-welfare post")

    class Filling(models.TextChoices):
        OWN = "own", _("Own staff")
        SECONDED = "seconded", _("Seconded from elsewhere")
        LENT = "lent", _("Lent to elsewhere")

    unit = models.ForeignKey(Unit, models.PROTECT, related_name="posts", verbose_name=_("Unit"))
    code = models.CharField(_("Post number"), max_length=40, blank=True)
    title = models.CharField(_("Title of the post"), max_length=60)
    basis = models.CharField(_("Basis of the post"), max_length=16, choices=Basis)
    established_on = models.DateField(_("Post exists since"))
    abolished_on = models.DateField(_("Post existed until"), null=True, blank=True)
    filling = models.CharField(_("Filled by"), max_length=10, choices=Filling, blank=True)
    filled_on = models.DateField(_("Filled since"), null=True, blank=True)
    vacated_on = models.DateField(_("Filled until"), null=True, blank=True)
    full_time_by_work = models.BooleanField(_("Full time by the work of the post"), default=False)
    time_share = models.PositiveSmallIntegerField(
        _("Share of working time on science popularisation (%)"), null=True, blank=True
    )

    class Meta(Record.Meta):
        verbose_name = _("post")
        verbose_name_plural = _("posts")
        ordering = ["unit_id", "code"]
        constraints = [
            *Record.Meta.constraints,
            models.UniqueConstraint(fields=["unit", "code"], name="org_post_code"),
            models.CheckConstraint(
                name="org_post_abolished_after_established",
                condition=Q(abolished_on__isnull=True) | Q(abolished_on__gte=F("established_on")),
                violation_error_message=_("The last day lies before the first."),
            ),
            models.CheckConstraint(
                name="org_post_vacated_after_filled",
                condition=Q(vacated_on__isnull=True)
                | Q(filled_on__isnull=False, vacated_on__gte=F("filled_on")),
                violation_error_message=_("It cannot be vacated before it was filled."),
            ),
            models.CheckConstraint(
                name="org_post_filled_says_how",
                condition=Q(filled_on__isnull=True, filling="")
                | (Q(filled_on__isnull=False) & ~Q(filling="")),
                violation_error_message=_(
                    "A filled post says since when and by whom it is filled."
                ),
            ),
            models.CheckConstraint(
                name="org_post_time_share",
                condition=Q(time_share__isnull=True) | Q(time_share__lte=100),
                violation_error_message=_("A share cannot be more than a hundred per cent."),
            ),
        ]

    def __str__(self) -> str:
        return self.title
