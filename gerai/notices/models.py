"""Messages to people: written once by key, sent by a job, tried again when the way is blocked."""

from django.conf import settings
from django.db import models
from django.db.models import Q


class Notice(models.Model):
    """One message to one person. The address is sealed; text holds no more personal data than needed."""

    mall = models.CharField(max_length=12)
    key = models.CharField(max_length=120, unique=True)
    person = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT)
    channel = models.CharField(max_length=8)  # email | text | none
    subject = models.CharField(max_length=160)
    body = models.TextField()
    status = models.CharField(max_length=8, default="queued")
    attempts = models.IntegerField(default=0)
    created_at = models.DateTimeField()
    sent_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                name="notice_status_known", condition=Q(status__in=["queued", "sent", "failed", "silent"])
            )
        ]

    def __str__(self) -> str:
        return self.key
