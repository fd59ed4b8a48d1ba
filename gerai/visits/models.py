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
from gerai.visits.feeds import CalendarFeed  # noqa: F401 - Django finds models here
from gerai.visits.numbers import NumberBlock, NumberSeries  # noqa: F401
from gerai.visits.rules import ACTIVE, AHEAD, LIVE, Stage, State


def new_secret() -> str:
    """An unguessable, view-only address for the ticket's QR."""
    return secrets.token_urlsafe(16)


class Visit(models.Model):
    """One person's coming to the mall on one day. Its letter names the entrance, never an agency."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    mall = models.ForeignKey(Mall, on_delete=models.PROTECT)
    day = models.DateField()
    stage = models.CharField(max_length=10, default=Stage.ARRIVED.value)
    entrance = models.CharField(max_length=2, default="")
    number = models.IntegerField(null=True)  # an appointment gets its number at check-in
    secret = models.CharField(max_length=32, default=new_secret, unique=True)
    request_key = models.CharField(max_length=64, null=True, unique=True)  # a double tap gives one number
    person = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="visits"
    )
    # The device that holds the ticket: the QR alone only shows it.
    claim_hash = models.CharField(max_length=64, default="", blank=True)
    priority = models.CharField(max_length=10, default="", blank=True)
    party = models.IntegerField(default=1)  # how many people come for the same errands
    company = models.CharField(
        max_length=12, default="", db_default="", blank=True
    )  # who comes along to help
    language = models.CharField(max_length=2, default="id")
    code = models.CharField(max_length=6, null=True)  # typed at a kiosk to check in; of appointments only
    slot_at = models.DateTimeField(null=True)  # when the first errand is due; None for a walk-in
    booked_at = models.DateTimeField(null=True)
    reserved_until = models.DateTimeField(null=True)
    coming_at = models.DateTimeField(null=True)  # when they said "I am coming"
    revision = models.IntegerField(
        default=0
    )  # SEQUENCE of the calendar entry (RFC 5545): grows with each change
    arrived_at = models.DateTimeField(null=True)
    own_order = models.BooleanField(default=False)  # the visitor chose the order: we do not re-plan it
    call_by_text = models.BooleanField(default=False, db_default=False)  # its person asked for it
    away_until = models.DateTimeField(null=True)  # "I go and pray; back in 20 minutes": not called before
    ended_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["mall", "day", "entrance", "number"], name="visit_number_once"),
            models.UniqueConstraint(fields=["mall", "day", "code"], name="visit_code_once"),
            models.CheckConstraint(name="visit_stage_known", condition=Q(stage__in=[s.value for s in Stage])),
            models.CheckConstraint(
                name="visit_arrived_has_number",
                condition=~Q(stage__in=["arrived", "ended"])
                | Q(number__isnull=False, arrived_at__isnull=False),
            ),
            models.CheckConstraint(
                name="visit_appointment_has_slot",
                condition=~Q(stage__in=[s.value for s in AHEAD])
                | Q(slot_at__isnull=False, person__isnull=False),
            ),
            models.CheckConstraint(
                name="visit_reserved_expires",
                condition=~Q(stage="reserved") | Q(reserved_until__isnull=False),
            ),
            models.CheckConstraint(name="visit_party_counts", condition=Q(party__gte=1, party__lte=10)),
        ]
        indexes = [
            models.Index(
                fields=["mall", "slot_at"],
                condition=Q(stage__in=[s.value for s in AHEAD]),
                name="visit_ahead",
            ),
            models.Index(fields=["mall", "day"], condition=Q(stage="arrived"), name="visit_in_the_mall"),
            models.Index(fields=["person", "-day"], name="visit_of"),
        ]

    def __str__(self) -> str:
        return f"{self.entrance} {self.number:03d}" if self.number else "-"


class Slot(models.Model):
    """
    A stretch of an agency's day with the counter minutes that may be booked in it.

    The row is locked to book. The constraint stands behind it: never overbooked, however many race.
    """

    mall = models.ForeignKey(Mall, on_delete=models.PROTECT)
    agency = models.ForeignKey(Agency, on_delete=models.PROTECT)
    starts_at = models.DateTimeField()
    capacity = models.IntegerField()  # minutes
    booked = models.IntegerField(default=0)  # minutes

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["agency", "starts_at"], name="slot_once"),
            models.CheckConstraint(
                name="slot_not_overbooked", condition=Q(booked__gte=0, booked__lte=models.F("capacity"))
            ),
        ]

    def __str__(self) -> str:
        return f"{self.agency_id} {self.starts_at} {self.booked}/{self.capacity}"


class SlotShare(models.Model):
    """The minutes that one errand takes of one slot; given back when it is moved or cancelled."""

    slot = models.ForeignKey(Slot, on_delete=models.PROTECT, related_name="shares")
    errand = models.ForeignKey("Errand", on_delete=models.CASCADE, related_name="shares")
    minutes = models.IntegerField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["slot", "errand"], name="slot_share_once"),
            models.CheckConstraint(name="slot_share_counts", condition=Q(minutes__gt=0)),
        ]

    def __str__(self) -> str:
        return f"{self.errand_id} {self.minutes}"


class WaitingListEntry(models.Model):
    """Somebody who would come on a day that is full: offered what becomes free, first come first served."""

    mall = models.ForeignKey(Mall, on_delete=models.PROTECT)
    person = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    services = models.ManyToManyField(Service, related_name="+")
    day = models.DateField()
    party = models.SmallIntegerField(default=1, db_default=1)
    joined_at = models.DateTimeField()
    offered = models.ForeignKey(Visit, null=True, on_delete=models.PROTECT, related_name="+")
    closed_at = models.DateTimeField(null=True)  # taken, let pass, or withdrawn

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["person", "day"], condition=Q(closed_at=None), name="waiting_list_once_a_day"
            )
        ]
        indexes = [
            models.Index(
                fields=["mall", "day", "joined_at"], condition=Q(closed_at=None), name="waiting_list"
            )
        ]

    def __str__(self) -> str:
        return f"{self.person_id} {self.day}"


class Errand(models.Model):
    """One service that a visitor came for."""

    visit = models.ForeignKey(Visit, on_delete=models.PROTECT, related_name="errands")
    mall = models.ForeignKey(Mall, on_delete=models.PROTECT)
    agency = models.ForeignKey(Agency, on_delete=models.PROTECT)
    service = models.ForeignKey(Service, on_delete=models.PROTECT)
    application = models.ForeignKey(Application, null=True, on_delete=models.PROTECT)
    permit = models.ForeignKey(Permit, null=True, on_delete=models.PROTECT)
    sequence = models.IntegerField()
    party = models.SmallIntegerField(
        default=1, db_default=1
    )  # of its visit: so many times the service's minutes
    state = models.CharField(max_length=10, default=State.PLANNED.value)
    slot_at = models.DateTimeField(null=True)  # when it is booked for
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
    outcome = models.CharField(max_length=12, default="", blank=True)  # how it ended: see floor.rules
    note = models.TextField(default="", blank=True)  # from one counter to the next; no personal data
    # The live forecast of the call, as instants; refreshed in one pass per agency.
    forecast_low_at = models.DateTimeField(null=True)
    forecast_high_at = models.DateTimeField(null=True)
    said_low = models.IntegerField(null=True)  # the wait we told, in minutes
    said_high = models.IntegerField(null=True)
    # What the model itself believed, before the interval was made honest; and how long the line was.
    model_low = models.FloatField(null=True)
    model_high = models.FloatField(null=True)
    load_class = models.IntegerField(null=True)
    hit = models.BooleanField(null=True)  # whether the call came within it

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["visit"],
                condition=Q(state__in=[s.value for s in LIVE]),
                name="errand_one_live_place",  # one live place: nobody is called by two
            ),
            models.UniqueConstraint(
                fields=["mall", "counter"],
                condition=Q(state__in=["called", "serving"]),
                name="errand_one_at_counter",  # two clicks at once call one
            ),
            models.CheckConstraint(
                name="errand_state_known", condition=Q(state__in=[s.value for s in State])
            ),
            models.CheckConstraint(
                name="errand_waiting_has_rank", condition=~Q(state="waiting") | Q(rank_at__isnull=False)
            ),
            models.CheckConstraint(
                name="errand_booked_has_slot", condition=~Q(state="booked") | Q(slot_at__isnull=False)
            ),
        ]
        indexes = [
            models.Index(
                fields=["mall", "agency", "rank_at", "id"], condition=Q(state="waiting"), name="errand_next"
            ),
            models.Index(fields=["mall", "called_at"], name="errand_called"),
        ]

    def __str__(self) -> str:
        return f"{self.service_id} of {self.visit_id} ({self.state})"

    @property
    def takes(self) -> int:
        """Minutes that it should take at a counter, by the catalogue, for everybody who comes for it."""
        return self.service.counter_minutes * self.party

    @property
    def active(self) -> bool:
        """Whether something is still to happen with it."""
        return self.state in ACTIVE


class Learnt(models.Model):
    """What past days taught about a service: how long it takes at a counter."""

    service = models.OneToOneField(Service, on_delete=models.PROTECT, primary_key=True, related_name="learnt")
    served = models.IntegerField()  # on how many services it rests
    minutes = models.FloatField()  # mean, drawn towards the catalogue's minutes while few are known
    spread = models.FloatField()  # coefficient of variation
    updated_at = models.DateTimeField()

    def __str__(self) -> str:
        return f"{self.service_id} {self.minutes:.1f}"


class Calibration(models.Model):
    """What keeps an agency's forecasts honest: its intervals by length of line, and the pace of the day."""

    agency = models.OneToOneField(
        Agency, on_delete=models.PROTECT, primary_key=True, related_name="calibration"
    )
    intervals = models.JSONField(default=dict)  # load class -> foresight.intervals.Adaptive
    speed = models.FloatField(default=1.0)  # today's minutes over the usual ones
    forecast_at = models.DateTimeField(null=True)  # the last pass over the agency's queue

    def __str__(self) -> str:
        return str(self.agency_id)


class Closure(models.Model):
    """An agency, or one service of it, that serves nobody more on one day; it can open again."""

    mall = models.ForeignKey(Mall, on_delete=models.PROTECT)
    agency = models.ForeignKey(Agency, on_delete=models.PROTECT, related_name="+")
    service = models.ForeignKey(Service, null=True, on_delete=models.PROTECT, related_name="+")
    day = models.DateField()
    reason = models.CharField(max_length=200)
    closed_at = models.DateTimeField()
    reopened_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["agency", "service", "day"],
                condition=Q(reopened_at=None),
                name="closure_once",
                nulls_distinct=False,
            )
        ]
        indexes = [
            models.Index(fields=["mall", "day"], condition=Q(reopened_at=None), name="closure_today"),
        ]

    def __str__(self) -> str:
        return f"{self.agency_id} {self.day}"
