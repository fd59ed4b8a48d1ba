"""An inspection at work: visits agreed with the applicant, reports, photos. `models` brings them in."""

from django.conf import settings
from django.db import models
from django.db.models import Q

from gerai.core.ids import uuid7
from gerai.documents.models import Document
from gerai.reviews.inspecting import OPEN, Finding, State


class SiteVisit(models.Model):
    """One try to meet at the place: proposed by an officer, agreed or not. A new proposal is a new row."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    task = models.ForeignKey("reviews.Task", on_delete=models.PROTECT, related_name="visits")
    officer = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    state = models.CharField(max_length=10, default=State.PROPOSED.value)
    proposed_at = models.DateTimeField()
    silent_since = models.DateTimeField()  # of the first proposal that the applicant has not answered
    starts_at = models.DateTimeField(null=True)  # once agreed, or set by notice
    by_notice = models.BooleanField(default=False)
    revision = models.IntegerField(default=0)  # of its calendar entry
    ended_at = models.DateTimeField(null=True)
    reason_sealed = models.BinaryField(
        null=True
    )  # why it was declined or called off, or what was found closed
    absent = models.CharField(max_length=10, default="", blank=True)  # who was not there: applicant, officer

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["task"], condition=Q(state__in=[s.value for s in OPEN]), name="site_visit_one_open"
            ),
            models.CheckConstraint(
                name="site_visit_state_known", condition=Q(state__in=[s.value for s in State])
            ),
            models.CheckConstraint(
                name="site_visit_agreed_has_time",
                condition=~Q(state=State.AGREED.value) | Q(starts_at__isnull=False),
            ),
        ]
        indexes = [
            models.Index(fields=["starts_at"], condition=Q(state=State.AGREED.value), name="site_visit_ahead")
        ]

    def __str__(self) -> str:
        return f"{self.state} visit of {self.task_id}"


class VisitTime(models.Model):
    """An hour that was proposed. While it is held no other visit of this officer can have it."""

    visit = models.ForeignKey(SiteVisit, on_delete=models.PROTECT, related_name="times")
    officer = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    starts_at = models.DateTimeField()
    held = models.BooleanField(default=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["officer", "starts_at"], condition=Q(held=True), name="visit_time_one_place"
            ),
            models.UniqueConstraint(fields=["visit", "starts_at"], name="visit_time_once"),
        ]

    def __str__(self) -> str:
        return f"{self.starts_at} of {self.visit_id}"


class Report(models.Model):
    """What an officer saw. Written once and never changed: who looks again writes another one."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    key = models.UUIDField(
        unique=True
    )  # of the phone or form that wrote it: sent again, it is the same report
    task = models.ForeignKey("reviews.Task", on_delete=models.PROTECT, related_name="reports")
    visit = models.ForeignKey(SiteVisit, null=True, on_delete=models.PROTECT, related_name="reports")
    officer = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    made_at = models.DateTimeField()  # at the place, by the phone's clock
    received_at = models.DateTimeField()
    finding = models.CharField(max_length=10)
    sealed = models.BinaryField()  # {"answers", "place", "text"}

    class Meta:
        constraints = [
            models.CheckConstraint(
                name="report_finding_known", condition=Q(finding__in=[f.value for f in Finding])
            )
        ]

    def __str__(self) -> str:
        return f"report {self.id}"


class Photo(models.Model):
    """A photo of an inspection. It comes before its report, which then takes it in."""

    key = models.UUIDField(primary_key=True)
    task = models.ForeignKey("reviews.Task", on_delete=models.PROTECT, related_name="photos")
    report_key = models.UUIDField()
    report = models.ForeignKey(Report, null=True, on_delete=models.PROTECT, related_name="photos")
    point = models.CharField(
        max_length=40, default="", blank=True
    )  # of the checklist; empty: the whole place
    officer = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    document = models.OneToOneField(Document, on_delete=models.PROTECT, related_name="+")
    taken_at = models.DateTimeField()

    def __str__(self) -> str:
        return f"photo {self.key}"
