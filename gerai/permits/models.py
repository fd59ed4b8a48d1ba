"""Permits and refusal letters with their gapless numbers. The database refuses to change what was decided."""

import secrets

from django.conf import settings
from django.db import models
from django.db.models import F, Func, Q, Value
from django.db.models.functions import Replace, Upper

from gerai.agencies.models import Agency, Mall
from gerai.applications.models import Application
from gerai.catalogue.models import Edition, Service
from gerai.core.ids import uuid7
from gerai.documents.models import Document
from gerai.permits.rules import LIST_SIZE, Kind, Status


def new_secret() -> str:
    """The unguessable part of a permit's public address: 144 random bits."""
    return secrets.token_urlsafe(18)


def bare_number() -> Func:
    """A number as people type it: without spaces, in any letters."""
    return Upper(Replace(F("number"), Value(" "), Value("")))


class Permit(models.Model):
    """One numbered, signed document that ends an application: a permit, or a refusal letter."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    mall = models.ForeignKey(Mall, on_delete=models.PROTECT)
    agency = models.ForeignKey(Agency, on_delete=models.PROTECT, related_name="permits")
    service = models.ForeignKey(Service, on_delete=models.PROTECT)
    edition = models.ForeignKey(Edition, on_delete=models.PROTECT)
    application = models.OneToOneField(Application, on_delete=models.PROTECT, related_name="permit")
    holder = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="permits")
    replaces = (
        models.OneToOneField(  # what it changed or renewed; ended in the moment that this one was signed
            "self", null=True, on_delete=models.PROTECT, related_name="replacement"
        )
    )
    kind = models.CharField(max_length=8, default=Kind.PERMIT.value)
    number = models.CharField(max_length=120)
    lat = models.FloatField(
        null=True
    )  # on the public map: only where the edition names a place that is not personal
    lon = models.FloatField(null=True)
    content = models.JSONField()  # what is printed, without the personal values
    content_sealed = models.BinaryField(null=True)  # the personal values, by row
    status = models.CharField(max_length=16, default=Status.SIGNING.value)
    secret = models.CharField(max_length=40, unique=True, default=new_secret)
    decided_by = models.ForeignKey(  # empty: approved by law when nobody answered in time
        settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+"
    )
    decided_name = models.CharField(max_length=120)
    decided_title = models.CharField(max_length=200)
    decided_at = models.DateTimeField()
    valid_from = models.DateField()
    valid_until = models.DateField(null=True)
    document = models.OneToOneField(Document, null=True, on_delete=models.PROTECT, related_name="permit")
    certified = models.BooleanField(default=False)  # signed with a certificate of a recognised provider
    signed_at = models.DateTimeField(null=True)
    sign_failed_at = models.DateTimeField(null=True)  # the last time that signing it failed
    sign_failure = models.CharField(max_length=40, default="", blank=True)  # the code of why it did
    held_until = models.DateTimeField(null=True)  # until then a running batch of its official has it
    revoked_at = models.DateTimeField(null=True)
    revoke_reason = models.CharField(max_length=1000, default="", blank=True)
    replaced_at = models.DateTimeField(null=True)
    handed_over_at = models.DateTimeField(null=True)
    receiver = models.CharField(max_length=120, default="", blank=True)
    proof = models.CharField(max_length=200, default="", blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["agency", "number"], name="permit_number_once_per_agency"),
            models.CheckConstraint(
                name="permit_status_known", condition=Q(status__in=[s.value for s in Status])
            ),
            models.CheckConstraint(name="permit_kind_known", condition=Q(kind__in=[k.value for k in Kind])),
            models.CheckConstraint(
                name="permit_signed_has_file",
                condition=Q(status=Status.SIGNING.value) | Q(document__isnull=False, signed_at__isnull=False),
            ),
            models.CheckConstraint(
                name="permit_place_whole",
                condition=Q(lat=None, lon=None)
                | Q(lat__isnull=False, lon__isnull=False, lat__range=(-90, 90), lon__range=(-180, 180)),
            ),
            models.CheckConstraint(
                name="permit_replaced_has_time",
                condition=(Q(replaced_at=None) & ~Q(status=Status.REPLACED.value))
                | Q(replaced_at__isnull=False, status=Status.REPLACED.value),
            ),
        ]
        indexes = [
            models.Index(fields=["holder", "-decided_at"], name="permit_of"),
            models.Index(fields=["decided_at"], condition=Q(status="signing"), name="permit_unsigned"),
            models.Index(fields=["agency", "-decided_at", "-id"], name="permit_register"),
            models.Index(fields=["valid_until"], condition=Q(status="valid"), name="permit_ends"),
            models.Index(bare_number(), name="permit_by_number"),
            models.Index(fields=["mall", "lat"], condition=Q(lat__isnull=False), name="permit_on_map"),
            # The few that a status list has to name.
            models.Index(
                fields=["status"],
                condition=Q(status__in=["suspended", "revoked", "replaced"]),
                name="permit_withdrawn",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.number} ({self.status})"


class Suspension(models.Model):
    """A time in which a permit did not hold. A revocation ends it too, and leaves it as it was."""

    permit = models.ForeignKey(Permit, on_delete=models.PROTECT, related_name="suspensions")
    reason = models.CharField(max_length=1000)
    ground = models.CharField(max_length=300)
    suspended_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    suspended_at = models.DateTimeField()
    lift_reason = models.CharField(max_length=1000, default="", blank=True)
    lift_ground = models.CharField(max_length=300, default="", blank=True)
    lifted_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+"
    )
    lifted_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["permit"], condition=Q(lifted_at=None), name="suspension_one_at_a_time"
            ),
            models.CheckConstraint(
                name="suspension_lifted_whole",
                condition=Q(lifted_at=None, lifted_by=None)
                | Q(lifted_at__isnull=False, lifted_by__isnull=False),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.permit_id} {self.suspended_at}"


class PermitSeries(models.Model):
    """
    The last number of an agency's register in a year; the row is locked to take the next.

    Year 0: the series of a pattern without the year, which never starts anew.
    """

    agency = models.ForeignKey(Agency, on_delete=models.PROTECT)
    kind = models.CharField(max_length=8)
    year = models.IntegerField()
    last = models.IntegerField(default=0)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["agency", "kind", "year"], name="permit_series_once")]

    def __str__(self) -> str:
        return f"{self.agency_id} {self.kind} {self.year} {self.last}"


class StatusList(models.Model):
    """One public list of statuses of a mall's credentials; the row is locked to give the next place."""

    mall = models.ForeignKey(Mall, on_delete=models.PROTECT)
    number = models.IntegerField()  # 1, 2, 3 in its mall; the public address is the key
    given = models.IntegerField(default=0)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["mall", "number"], name="status_list_once")]

    def __str__(self) -> str:
        return f"{self.mall_id} {self.number}"


class StatusPlace(models.Model):
    """A permit's place in a status list. Given once, for all its credentials, and never changed."""

    permit = models.OneToOneField(Permit, on_delete=models.PROTECT, related_name="place")
    status_list = models.ForeignKey(StatusList, on_delete=models.PROTECT, related_name="places")
    index = models.IntegerField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["status_list", "index"], name="status_place_once"),
            models.CheckConstraint(
                name="status_place_in_list", condition=Q(index__gte=0, index__lt=LIST_SIZE)
            ),
        ]

    def __str__(self) -> str:
        return f"{self.status_list_id} {self.index}"
