"""Several services applied for together. `models` brings these tables in."""

from django.conf import settings
from django.db import models
from django.db.models import Q

from gerai.agencies.models import Mall
from gerai.catalogue.models import Service
from gerai.core.ids import uuid7


class Bundle(models.Model):
    """What one person applies for together: the services of a moment of life, or what the screener named."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    mall = models.ForeignKey(Mall, on_delete=models.PROTECT)
    person = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="bundles")
    business = models.ForeignKey(  # for whom, where it is not for the person themself
        "accounts.Business", null=True, on_delete=models.PROTECT, related_name="+"
    )
    occasion = models.CharField(max_length=60)  # the code of `catalogue.queries.occasion`
    # As they were when it was begun: moments of life are written anew when they change.
    name = models.JSONField()
    after = models.JSONField(default=dict)
    at_mall = models.JSONField(default=list)  # codes of what belongs to it and is done in the mall
    created_at = models.DateTimeField()
    closed_at = models.DateTimeField(null=True)  # all of it had ended when the next one was begun

    class Meta:
        constraints = [
            # A double click on "apply for all" leaves one.
            models.UniqueConstraint(
                fields=["mall", "person", "occasion"],
                condition=Q(closed_at__isnull=True, business__isnull=True),
                name="bundle_one_open",
            ),
            models.UniqueConstraint(
                fields=["mall", "person", "occasion", "business"],
                condition=Q(closed_at__isnull=True, business__isnull=False),
                name="bundle_one_open_business",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.occasion} {self.id}"


class BundleItem(models.Model):
    """One service of a bundle and its application: the latest, where an earlier one ended without a permit."""

    bundle = models.ForeignKey(Bundle, on_delete=models.CASCADE, related_name="items")
    position = models.IntegerField()
    service = models.ForeignKey(Service, on_delete=models.PROTECT, related_name="+")
    application = models.ForeignKey(
        "applications.Application", on_delete=models.CASCADE, related_name="bundled"
    )
    # "answer:<key>" and "file:<code>" that were taken from the others, to be shown as such.
    carried = models.JSONField(default=list)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["bundle", "service"], name="bundle_service_once")]

    def __str__(self) -> str:
        return f"{self.bundle_id} {self.position}"
