"""Filters of the inbox that an officer keeps under a name."""

from django.conf import settings
from django.db import models


class SavedFilter(models.Model):
    """What of their open tasks an officer wants to see with one press. A habit of theirs: no entry tells of it."""

    person = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+")
    name = models.CharField(max_length=40)
    who = models.CharField(max_length=4, default="", blank=True)
    service = models.CharField(max_length=51, default="", blank=True)  # AGENCY/CODE
    kind = models.CharField(max_length=16, default="", blank=True)
    saved_at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["person", "name"], name="filter_name_once")]

    def __str__(self) -> str:
        return f"filter {self.pk}"
