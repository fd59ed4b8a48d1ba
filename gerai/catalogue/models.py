"""Services and their frozen editions, life events."""

from django.conf import settings
from django.db import models
from django.db.models import Q

from gerai.agencies.models import Agency, Mall
from gerai.core.ids import uuid7


class Service(models.Model):
    """One thing that people can get done at an agency (layanan)."""

    agency = models.ForeignKey(Agency, on_delete=models.PROTECT, related_name="services")
    code = models.CharField(max_length=30)
    name = models.JSONField()  # {"id", "en"}
    keywords = models.JSONField(default=list)  # everyday words that people search by
    kind = models.CharField(max_length=24)
    online = models.BooleanField(default=False)
    counter_minutes = models.IntegerField()
    active = models.BooleanField(default=True)

    edition: "Edition"  # the published one; there only where the query that found the service says so

    class Meta:
        constraints = [models.UniqueConstraint(fields=["agency", "code"], name="service_once_per_agency")]

    def __str__(self) -> str:
        return self.code


class Edition(models.Model):
    """One published, frozen version of a service's standard. The database refuses to change it."""

    service = models.ForeignKey(Service, on_delete=models.PROTECT, related_name="editions")
    number = models.IntegerField()
    content = models.JSONField()  # see catalogue/README.md
    status = models.CharField(max_length=12)  # published | superseded
    published_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["service", "number"], name="edition_number_once"),
            models.UniqueConstraint(
                fields=["service"], condition=Q(status="published"), name="edition_one_published"
            ),
            models.CheckConstraint(
                name="edition_status_known", condition=Q(status__in=["published", "superseded"])
            ),
        ]

    def __str__(self) -> str:
        return f"{self.service_id} #{self.number}"


class LifeEvent(models.Model):
    """A moment of life (a child is born) with the services it needs, in order."""

    mall = models.ForeignKey(Mall, on_delete=models.PROTECT)
    code = models.CharField(max_length=30)
    name = models.JSONField()
    services = models.JSONField()  # service codes, in order
    after = models.JSONField(default=dict)  # service code -> the codes whose permit it needs first

    class Meta:
        constraints = [models.UniqueConstraint(fields=["mall", "code"], name="life_event_once")]

    def __str__(self) -> str:
        return self.code


class Screener(models.Model):
    """The questions of "which permits do I need?", one set for a mall. Its shape: catalogue/README.md."""

    mall = models.OneToOneField(Mall, primary_key=True, on_delete=models.PROTECT)
    content = models.JSONField()

    def __str__(self) -> str:
        return str(self.mall_id)


class Proposal(models.Model):
    """An agency's file that one person brought and a second one publishes."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    mall = models.ForeignKey(Mall, on_delete=models.PROTECT)
    agency_code = models.CharField(max_length=20)
    text = models.TextField()
    made_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    made_at = models.DateTimeField()
    published_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+"
    )
    published_at = models.DateTimeField(null=True)
    withdrawn_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                name="proposal_two_people",
                condition=Q(published_by__isnull=True) | ~Q(published_by=models.F("made_by")),
            )
        ]

    def __str__(self) -> str:
        return f"{self.agency_code} {self.made_at}"
