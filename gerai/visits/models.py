"""Visits and their errands: one number for everything somebody came for."""

import secrets

from django.conf import settings
from django.db import models
from django.db.models import Q

from gerai.agencies.models import Agency, Counter, Mall
from gerai.applications.models import Application
from gerai.catalogue.models import Service
from gerai.core.ids import uuid7
from gerai.permits.models import Permit
from gerai.visits.rules import ACTIVE, State


def new_secret() -> str:
    """An unguessable, view-only address for the ticket's QR."""
    return secrets.token_urlsafe(16)


class NumberSeries(models.Model):
    """The last number given at an entrance on a day."""

    mall = models.ForeignKey(Mall, on_delete=models.PROTECT, related_name="+")
    day = models.DateField()
    entrance = models.CharField(max_length=2)
    last = models.IntegerField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["mall", "day", "entrance"], name="visit_series_once")]

    def __str__(self) -> str:
        return f"{self.day} {self.entrance} {self.last}"


class Visit(models.Model):
    """One person's coming to the mall on one day. Its letter names the entrance, never an agency."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    mall = models.ForeignKey(Mall, on_delete=models.PROTECT)
    day = models.DateField()
    entrance = models.CharField(max_length=2)
    number = models.IntegerField()
    secret = models.CharField(max_length=32, default=new_secret, unique=True)
    request_key = models.CharField(max_length=64, null=True, unique=True)  # a double tap gives one number
    person = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="visits"
    )
    priority = models.CharField(max_length=10, default="", blank=True)
    language = models.CharField(max_length=2, default="id")
    arrived_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["mall", "day", "entrance", "number"], name="visit_number_once")
        ]

    def __str__(self) -> str:
        return f"{self.entrance} {self.number:03d}"


class Errand(models.Model):
    """One service that a visitor came for."""

    visit = models.ForeignKey(Visit, on_delete=models.PROTECT, related_name="errands")
    mall = models.ForeignKey(Mall, on_delete=models.PROTECT)
    agency = models.ForeignKey(Agency, on_delete=models.PROTECT)
    service = models.ForeignKey(Service, on_delete=models.PROTECT)
    application = models.ForeignKey(Application, null=True, on_delete=models.PROTECT)
    permit = models.ForeignKey(Permit, null=True, on_delete=models.PROTECT)
    sequence = models.IntegerField()
    state = models.CharField(max_length=10, default=State.PLANNED.value)
    rank_at = models.DateTimeField(null=True)
    joined_at = models.DateTimeField(null=True)
    called_at = models.DateTimeField(null=True)
    started_at = models.DateTimeField(null=True)
    ended_at = models.DateTimeField(null=True)
    counter = models.ForeignKey(Counter, null=True, on_delete=models.PROTECT)
    officer = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+"
    )
    calls = models.IntegerField(default=0)
    said_low = models.IntegerField(null=True)  # the wait we told, in minutes
    said_high = models.IntegerField(null=True)
    hit = models.BooleanField(null=True)  # whether the call came within it

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["visit"],
                condition=Q(state__in=[State.WAITING.value, State.CALLED.value, State.SERVING.value]),
                name="errand_one_live_place",  # one live place: nobody is called by two
            ),
            models.CheckConstraint(
                name="errand_state_known", condition=Q(state__in=[s.value for s in State])
            ),
            models.CheckConstraint(
                name="errand_waiting_has_rank", condition=~Q(state="waiting") | Q(rank_at__isnull=False)
            ),
        ]
        indexes = [
            models.Index(
                fields=["mall", "agency", "rank_at", "id"], condition=Q(state="waiting"), name="errand_next"
            ),
            models.Index(
                fields=["mall", "counter"],
                condition=Q(state__in=["called", "serving"]),
                name="errand_at_counter",
            ),
            models.Index(fields=["mall", "called_at"], name="errand_called"),
        ]

    def __str__(self) -> str:
        return f"{self.service_id} of {self.visit_id} ({self.state})"

    @property
    def active(self) -> bool:
        """Whether something is still to happen with it."""
        return self.state in ACTIVE
