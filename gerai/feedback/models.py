"""Ratings and complaints."""

import secrets

from django.db import models
from django.db.models import Q

from gerai.agencies.models import Agency, Mall
from gerai.core.ids import uuid7


def new_secret() -> str:
    """An unguessable address to follow a complaint."""
    return secrets.token_urlsafe(16)


class Survey(models.Model):
    """One rating of one visit or application at one agency."""

    mall = models.ForeignKey(Mall, on_delete=models.PROTECT)
    agency = models.ForeignKey(Agency, on_delete=models.PROTECT)
    service = models.CharField(max_length=30, default="")
    subject = models.CharField(max_length=80)
    score = models.IntegerField()
    elements = models.JSONField(default=dict)
    at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["subject", "agency"], name="survey_once"),
            models.CheckConstraint(name="survey_score_known", condition=Q(score__in=[1, 2, 3, 4])),
        ]

    def __str__(self) -> str:
        return f"{self.subject} {self.score}"


class Complaint(models.Model):
    """What somebody complained of; words and contact are sealed."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    mall = models.ForeignKey(Mall, on_delete=models.PROTECT)
    agency = models.ForeignKey(Agency, null=True, on_delete=models.PROTECT)
    number = models.CharField(max_length=32, null=True)
    kind = models.CharField(max_length=12)
    text_sealed = models.BinaryField()
    contact_sealed = models.BinaryField(null=True)
    secret = models.CharField(max_length=32, default=new_secret, unique=True)
    created_at = models.DateTimeField()
    check_due_at = models.DateTimeField(null=True)
    checked_at = models.DateTimeField(null=True)
    due_at = models.DateTimeField()
    answered_at = models.DateTimeField(null=True)
    answer = models.TextField(default="")

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["mall", "number"], name="complaint_number_once"),
            models.CheckConstraint(
                name="complaint_kind_known",
                condition=Q(kind__in=["service", "illegal_fee", "facility", "other"]),
            ),
        ]

    def __str__(self) -> str:
        return self.number or str(self.id)


class ComplaintSeries(models.Model):
    """The last complaint number of a mall in a year. Illegal-fee reports have their own: a gap would tell of them."""

    mall = models.ForeignKey(Mall, on_delete=models.PROTECT)
    prefix = models.CharField(max_length=3)
    year = models.IntegerField()
    last = models.IntegerField(default=0)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["mall", "prefix", "year"], name="complaint_series_once")
        ]

    def __str__(self) -> str:
        return f"{self.mall_id} {self.year}"
