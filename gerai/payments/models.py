"""Invoices and payments, in whole rupiah."""

from django.conf import settings
from django.db import models
from django.db.models import Q

from gerai.agencies.models import Agency, Mall
from gerai.applications.models import Application
from gerai.core.ids import uuid7
from gerai.payments.rules import Owed
from gerai.payments.statement import Kind


class Invoice(models.Model):
    """What an applicant owes for one application."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    mall = models.ForeignKey(Mall, on_delete=models.PROTECT)
    agency = models.ForeignKey(Agency, on_delete=models.PROTECT)
    application = models.OneToOneField(Application, on_delete=models.PROTECT, related_name="invoice")
    number = models.CharField(max_length=32)
    amount = models.BigIntegerField()
    lines = models.JSONField()
    status = models.CharField(max_length=10, default="open")
    confirmed = models.BooleanField()
    created_at = models.DateTimeField()
    pay_by = models.DateTimeField(null=True)  # the end of its last day
    # The present charge at the provider. One that has expired is replaced by the next attempt.
    charge_ref = models.CharField(max_length=64, default="")
    charge_url = models.CharField(max_length=300, default="")
    charge_qris = models.TextField(default="")
    charge_account = models.CharField(max_length=24, default="")
    charge_expires_at = models.DateTimeField(null=True)
    charge_attempt = models.IntegerField(default=0)
    asked_at = models.DateTimeField(null=True)  # when the provider was last asked about it

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["mall", "number"], name="invoice_number_once"),
            models.CheckConstraint(name="invoice_amount_positive", condition=Q(amount__gt=0)),
            models.CheckConstraint(
                name="invoice_status_known", condition=Q(status__in=["open", "paid", "cancelled", "waived"])
            ),
        ]
        indexes = [models.Index(fields=["pay_by"], condition=Q(status="open"), name="invoice_to_pay")]

    def __str__(self) -> str:
        return self.number


class Payment(models.Model):
    """Money that the provider says has arrived. At most one per provider reference, and one per invoice."""

    invoice = models.OneToOneField(Invoice, on_delete=models.PROTECT, related_name="payment")
    provider_ref = models.CharField(max_length=64, unique=True)
    amount = models.BigIntegerField()
    paid_at = models.DateTimeField()  # as the provider tells it
    received_at = models.DateTimeField(null=True)  # when we heard of it
    channel = models.CharField(max_length=20)
    statement_day = models.DateField(null=True)  # the day whose file of the provider lists it

    def __str__(self) -> str:
        return self.provider_ref


class Refund(models.Model):
    """Money that arrived and is owed back. Its reference is the payment's where it had settled the invoice first."""

    invoice = models.ForeignKey(Invoice, on_delete=models.PROTECT, related_name="refunds")
    provider_ref = models.CharField(max_length=64, unique=True)
    amount = models.BigIntegerField()
    reason = models.CharField(max_length=20)
    received_at = models.DateTimeField()
    returned_at = models.DateTimeField(null=True)
    returned_ref = models.CharField(
        max_length=40, default="", blank=True
    )  # the bank's, for the money's way back
    statement_day = models.DateField(null=True)  # the day whose file of the provider lists it

    class Meta:
        constraints = [
            models.CheckConstraint(name="refund_amount_positive", condition=Q(amount__gt=0)),
            models.CheckConstraint(
                name="refund_reason_known", condition=Q(reason__in=[o.value for o in Owed])
            ),
        ]

    def __str__(self) -> str:
        return f"{self.provider_ref} {self.reason}"


class CallBack(models.Model):
    """A call-back of the provider, kept once by its event id, also when it was refused."""

    event_id = models.CharField(max_length=64, unique=True)
    body = models.JSONField()
    received_at = models.DateTimeField()
    result = models.CharField(max_length=30)

    def __str__(self) -> str:
        return self.event_id


class InvoiceSeries(models.Model):
    """The last invoice number of a mall in a year."""

    mall = models.ForeignKey(Mall, on_delete=models.PROTECT)
    year = models.IntegerField()
    last = models.IntegerField(default=0)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["mall", "year"], name="invoice_series_once")]

    def __str__(self) -> str:
        return f"{self.mall_id} {self.year}"


class Waiver(models.Model):
    """An invoice that need not be paid, by whose decision and on what ground."""

    invoice = models.OneToOneField(Invoice, on_delete=models.PROTECT, related_name="waiver")
    ground = models.CharField(max_length=300)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField()

    def __str__(self) -> str:
        return self.ground


class Reconciliation(models.Model):
    """A day of a mall's money, compared with the provider's file, or why it could not be compared so far."""

    mall = models.ForeignKey(Mall, on_delete=models.PROTECT)
    day = models.DateField()
    lines = models.IntegerField(default=0)
    compared_at = models.DateTimeField(null=True)
    trouble = models.CharField(
        max_length=12, default="", blank=True
    )  # statement.Trouble, until it is compared
    trouble_line = models.IntegerField(null=True)  # the first line of its file that cannot be read
    tried_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["mall", "day"], name="reconciliation_once_a_day")]

    def __str__(self) -> str:
        return f"{self.mall_id} {self.day}"


class Difference(models.Model):
    """Where the provider's file and our books differ; open until somebody notes what was done."""

    reconciliation = models.ForeignKey(Reconciliation, on_delete=models.PROTECT, related_name="differences")
    kind = models.CharField(max_length=20)
    reference = models.CharField(max_length=64)
    invoice = models.CharField(max_length=40)  # as the file, or else we, name it
    told = models.BigIntegerField(null=True)
    ours = models.BigIntegerField(null=True)
    result = models.CharField(max_length=20, default="")  # what settling by itself came to
    closed_at = models.DateTimeField(null=True)
    closed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+"
    )
    note = models.CharField(max_length=300, default="")

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["reconciliation", "kind", "reference"], name="difference_once"),
            models.CheckConstraint(
                name="difference_kind_known", condition=Q(kind__in=[k.value for k in Kind])
            ),
            models.CheckConstraint(
                name="difference_closed_with_word",
                condition=Q(closed_at=None) | ~Q(note="", result=""),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.reference} {self.kind}"
