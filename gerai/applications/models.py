"""Applications: what somebody asks of a service, from draft to outcome."""

from django.conf import settings
from django.db import models
from django.db.models import Q

from gerai.agencies.models import Agency, Mall
from gerai.applications.rules import Status
from gerai.catalogue.models import Edition, Service
from gerai.core.ids import uuid7
from gerai.documents.models import Document


class Application(models.Model):
    """One request by one applicant for one service, in the edition it was begun with."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    mall = models.ForeignKey(Mall, on_delete=models.PROTECT)
    agency = models.ForeignKey(Agency, on_delete=models.PROTECT)
    service = models.ForeignKey(Service, on_delete=models.PROTECT)
    edition = models.ForeignKey(Edition, on_delete=models.PROTECT)
    applicant = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="applications"
    )
    helper = models.ForeignKey(  # the desk officer who typed for somebody without a phone
        settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+"
    )
    number = models.CharField(max_length=32, null=True)  # given at first submission
    status = models.CharField(max_length=12, default=Status.DRAFT.value)
    answers = models.JSONField(default=dict)
    answers_sealed = models.BinaryField(null=True)  # the answers marked personal
    round = models.IntegerField(default=1)
    corrections = models.JSONField(default=list)  # [{"what": key, "text": sentence}] of the open return
    created_at = models.DateTimeField()
    submitted_at = models.DateTimeField(null=True)  # first submission; set once
    complete_at = models.DateTimeField(null=True)  # set once, never reset
    promised_at = models.DateTimeField(null=True)
    decided_at = models.DateTimeField(null=True)
    rejection = models.JSONField(null=True)  # {"ground": legal ground, "text": why}
    ready_for_pickup = models.BooleanField(default=False)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["mall", "number"], name="application_number_once"),
            # A double click on "start" leaves one draft per person and service.
            models.UniqueConstraint(
                fields=["applicant", "service"], condition=Q(status="draft"), name="application_one_draft"
            ),
            models.CheckConstraint(
                name="application_status_known", condition=Q(status__in=[s.value for s in Status])
            ),
            models.CheckConstraint(
                name="application_submitted_has_number",
                condition=Q(submitted_at__isnull=True) | Q(number__isnull=False),
            ),
        ]
        indexes = [models.Index(fields=["applicant", "-created_at"], name="application_of")]

    def __str__(self) -> str:
        return f"{self.number or self.id} ({self.status})"


class Attachment(models.Model):
    """A document shown for a requirement of an application."""

    application = models.ForeignKey(Application, on_delete=models.CASCADE, related_name="attachments")
    requirement = models.CharField(max_length=30)
    document = models.ForeignKey(Document, on_delete=models.PROTECT)
    round = models.IntegerField(default=1)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["application", "requirement"], name="attachment_one_per_requirement"
            )
        ]

    def __str__(self) -> str:
        return f"{self.application_id} {self.requirement}"


class NumberSeries(models.Model):
    """The last application number of a mall in a year; the row is locked to take the next."""

    mall = models.ForeignKey(Mall, on_delete=models.PROTECT)
    year = models.IntegerField()
    last = models.IntegerField(default=0)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["mall", "year"], name="number_series_once")]

    def __str__(self) -> str:
        return f"{self.mall_id} {self.year} {self.last}"
