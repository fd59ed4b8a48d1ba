"""Applications: what somebody asks of a service, from draft to outcome."""

from datetime import datetime, timedelta

from django.conf import settings
from django.db import models
from django.db.models import Q

from gerai.accounts.models import Business
from gerai.agencies.models import Agency, Mall
from gerai.applications.bundle_models import Bundle as Bundle
from gerai.applications.confirm_models import Confirmation as Confirmation
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
    helped_until = models.DateTimeField(null=True)  # consent at the desk ends with the day
    business = models.ForeignKey(  # for which the applicant asks
        Business, null=True, on_delete=models.PROTECT, related_name="applications"
    )
    mandate = models.ForeignKey("Mandate", null=True, on_delete=models.PROTECT, related_name="applications")
    # Whose permit this asks to change or to renew, and until which day it may be sent (permits keeps that true).
    follows = models.ForeignKey("self", null=True, on_delete=models.PROTECT, related_name="followers")
    why = models.CharField(max_length=8, default="", blank=True)
    follow_by = models.DateField(null=True)
    number = models.CharField(max_length=32, null=True)  # given at first submission
    status = models.CharField(max_length=12, default=Status.DRAFT.value)
    answers = models.JSONField(default=dict)
    answers_sealed = models.BinaryField(null=True)  # the answers marked personal
    round = models.IntegerField(default=1)
    corrections = models.JSONField(default=list)  # [{"what": key, "text": sentence}] of the open return
    correct_by = models.DateTimeField(null=True)  # of the open return: silence until then ends the file
    # What stood there before the last return, so that officers see what was mended. Sealed: it may be personal.
    before_sealed = models.BinaryField(null=True)
    created_at = models.DateTimeField()
    submitted_at = models.DateTimeField(null=True)  # first submission; set once
    complete_at = models.DateTimeField(null=True)  # set once, never reset
    promised_at = models.DateTimeField(null=True)
    # When it will probably be done, for its applicant: {"low", "high": days, "hits": of a hundred such, or null}.
    forecast = models.JSONField(null=True)
    decided_at = models.DateTimeField(null=True)
    rejection = models.JSONField(null=True)  # {"ground": legal ground, "text": why}
    # What the system of record decided, where that is not Gerai: {"system", "result", "reference", "on", "where",
    # "document": id in the wallet or null}.
    outside = models.JSONField(null=True)
    ready_for_pickup = models.BooleanField(default=False)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["mall", "number"], name="application_number_once"),
            # A double click on "start" leaves one draft per person, service and business.
            models.UniqueConstraint(
                fields=["applicant", "service"],
                condition=Q(status="draft", business__isnull=True, follows__isnull=True),
                name="application_one_draft",
            ),
            models.UniqueConstraint(
                fields=["applicant", "service", "business"],
                condition=Q(status="draft", business__isnull=False, follows__isnull=True),
                name="application_one_business_draft",
            ),
            models.UniqueConstraint(
                fields=["follows"],
                condition=Q(status="draft", follows__isnull=False),
                name="application_one_following_draft",
            ),
            models.CheckConstraint(
                name="application_follows_for_a_reason",
                condition=Q(follows__isnull=True, why="")
                | Q(follows__isnull=False, why__in=["amend", "renew", "correct"]),
            ),
            models.CheckConstraint(
                name="application_status_known", condition=Q(status__in=[s.value for s in Status])
            ),
            models.CheckConstraint(
                name="application_submitted_has_number",
                condition=Q(submitted_at__isnull=True) | Q(number__isnull=False),
            ),
        ]
        indexes = [
            models.Index(fields=["applicant", "-created_at"], name="application_of"),
            models.Index(fields=["correct_by"], condition=Q(status="returned"), name="application_to_mend"),
        ]

    def __str__(self) -> str:
        return f"{self.number or self.id} ({self.status})"


class Mandate(models.Model):
    """One person lets another apply for them. Offered to a contact; whoever takes it up by it is the holder."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    mall = models.ForeignKey(Mall, on_delete=models.PROTECT)
    grantor = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="mandates_given"
    )
    holder = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="mandates_held"
    )
    service = models.ForeignKey(Service, null=True, on_delete=models.PROTECT)  # without: all of the mall
    contact_index = models.BinaryField()
    contact_sealed = models.BinaryField()
    until = models.DateTimeField()
    created_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True)

    class Meta:
        indexes = [models.Index(fields=["contact_index"], name="mandate_contact")]

    @property
    def last_moment(self) -> datetime:
        """Of its last day, to be shown: `until` is the midnight after it."""
        return self.until - timedelta(seconds=1)

    def __str__(self) -> str:
        return str(self.id)


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
