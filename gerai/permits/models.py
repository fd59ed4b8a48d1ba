"""Permits and refusal letters with their gapless numbers. The database refuses to change what was decided."""

import secrets

from django.conf import settings
from django.db import models
from django.db.models import Q

from gerai.agencies.models import Agency, Mall
from gerai.applications.models import Application
from gerai.catalogue.models import Edition, Service
from gerai.core.ids import uuid7
from gerai.documents.models import Document
from gerai.permits.rules import Kind, Status


def new_secret() -> str:
    """The unguessable part of a permit's public address: 144 random bits."""
    return secrets.token_urlsafe(18)


class Permit(models.Model):
    """One numbered, signed document that ends an application: a permit, or a refusal letter."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    mall = models.ForeignKey(Mall, on_delete=models.PROTECT)
    agency = models.ForeignKey(Agency, on_delete=models.PROTECT, related_name="permits")
    service = models.ForeignKey(Service, on_delete=models.PROTECT)
    edition = models.ForeignKey(Edition, on_delete=models.PROTECT)
    application = models.OneToOneField(Application, on_delete=models.PROTECT, related_name="permit")
    holder = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="permits")
    kind = models.CharField(max_length=8, default=Kind.PERMIT.value)
    number = models.CharField(max_length=120)
    content = models.JSONField()  # what is printed, without the personal values
    content_sealed = models.BinaryField(null=True)  # the personal values, by row
    status = models.CharField(max_length=8, default=Status.SIGNING.value)
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
    revoked_at = models.DateTimeField(null=True)
    revoke_reason = models.CharField(max_length=1000, default="", blank=True)
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
        ]
        indexes = [
            models.Index(fields=["holder", "-decided_at"], name="permit_of"),
            models.Index(fields=["decided_at"], condition=Q(status="signing"), name="permit_unsigned"),
        ]

    def __str__(self) -> str:
        return f"{self.number} ({self.status})"


class PermitSeries(models.Model):
    """The last number of an agency's register in a year; the row is locked to take the next."""

    agency = models.ForeignKey(Agency, on_delete=models.PROTECT)
    kind = models.CharField(max_length=8)
    year = models.IntegerField()
    last = models.IntegerField(default=0)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["agency", "kind", "year"], name="permit_series_once")]

    def __str__(self) -> str:
        return f"{self.agency_id} {self.kind} {self.year} {self.last}"
