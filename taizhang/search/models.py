"""What is looked through for each record, and which registers are indexed."""

from __future__ import annotations

from django.db import models
from django.db.models import Q


class Words(models.Model):
    """The text of one record as ``engines.wordsearch`` makes it.

    ``id`` names the area (a register) and the record in one number, see ``index.Area``. The grams
    of the text stand in an index that each database keeps its own way; those of a ``fresh`` row do
    not stand there yet, so its text is looked through.
    """

    id = models.BigAutoField(primary_key=True)
    text = models.TextField()
    fresh = models.BooleanField(default=False)

    class Meta:
        indexes = [models.Index("id", name="search_words_fresh", condition=Q(fresh=True))]

    def __str__(self) -> str:
        return self.text.partition("\n")[0]


class Built(models.Model):
    """An area whose records all stand in the index, and in which format."""

    area = models.CharField(max_length=80, primary_key=True)
    format = models.PositiveSmallIntegerField()

    def __str__(self) -> str:
        return self.area
