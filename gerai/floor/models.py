"""Officers at counters."""

from django.conf import settings
from django.db import models
from django.db.models import Q

from gerai.agencies.models import Counter, Mall


class Duty(models.Model):
    """An officer at a counter, from sign-on to sign-off."""

    mall = models.ForeignKey(Mall, on_delete=models.PROTECT)
    counter = models.ForeignKey(Counter, on_delete=models.PROTECT, related_name="duty")
    person = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    opened_at = models.DateTimeField()
    paused_at = models.DateTimeField(null=True)
    closed_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["counter"], condition=Q(closed_at=None), name="duty_one_per_counter"
            ),
            models.UniqueConstraint(fields=["person"], condition=Q(closed_at=None), name="duty_one_per_person"),
        ]

    def __str__(self) -> str:
        return f"{self.counter_id} {self.person_id}"
