"""How an applicant confirmed what an officer typed for them."""

from enum import StrEnum

from django.conf import settings
from django.db import models
from django.db.models import Q

from gerai.core.ids import uuid7
from gerai.documents.models import Document


class Way(StrEnum):
    """How it was confirmed, as the ledger says it with the sending."""

    SPOKEN = "spoken"  # read out at the desk, as before
    PHONE = "phone"
    SIGNATURE = "signature"


class Confirmation(models.Model):
    """One showing of an application to its applicant. Bound to one device and to what was shown to it."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    application = models.ForeignKey(
        "applications.Application", on_delete=models.CASCADE, related_name="confirmations"
    )
    way = models.CharField(max_length=10)
    officer = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    round = models.IntegerField(default=0)  # the sending that a signature belongs to
    token_index = models.BinaryField(null=True, unique=True)
    code_index = models.BinaryField(null=True)
    secret_sealed = models.BinaryField(
        null=True
    )  # token and code, to show them again on the officer's screen
    claim_index = models.BinaryField(null=True)  # of the device that opened it first
    digest = models.BinaryField(null=True)  # of what was shown
    outcome = models.CharField(max_length=8, default="", blank=True)  # right | wrong
    said_sealed = models.BinaryField(null=True)  # what is wrong, in the applicant's words
    signature = models.ForeignKey(Document, null=True, on_delete=models.PROTECT, related_name="+")
    until = models.DateTimeField()  # the end of the consent
    created_at = models.DateTimeField()
    opened_at = models.DateTimeField(null=True)
    ended_at = models.DateTimeField(null=True)

    class Meta:
        app_label = "applications"
        constraints = [
            models.UniqueConstraint(
                fields=["application"], condition=Q(ended_at=None), name="confirmation_one_open"
            ),
            models.UniqueConstraint(
                fields=["code_index"], condition=Q(ended_at=None), name="confirmation_code_once"
            ),
            models.CheckConstraint(
                name="confirmation_outcome_known", condition=Q(outcome__in=["", "right", "wrong"])
            ),
        ]

    def __str__(self) -> str:
        return f"{self.application_id} {self.way} {self.outcome}"
