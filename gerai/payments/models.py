"""Invoices and payments, in whole rupiah."""

from django.db import models
from django.db.models import Q

from gerai.agencies.models import Agency, Mall
from gerai.applications.models import Application
from gerai.core.ids import uuid7


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
    charge_ref = models.CharField(max_length=64, default="")
    charge_url = models.CharField(max_length=300, default="")
    asked_at = models.DateTimeField(null=True)  # when the provider was last asked about it

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["mall", "number"], name="invoice_number_once"),
            models.CheckConstraint(name="invoice_amount_positive", condition=Q(amount__gt=0)),
            models.CheckConstraint(
                name="invoice_status_known", condition=Q(status__in=["open", "paid", "cancelled"])
            ),
        ]

    def __str__(self) -> str:
        return self.number


class Payment(models.Model):
    """Money that the provider says has arrived. At most one per provider reference, and one per invoice."""

    invoice = models.OneToOneField(Invoice, on_delete=models.PROTECT, related_name="payment")
    provider_ref = models.CharField(max_length=64, unique=True)
    amount = models.BigIntegerField()
    paid_at = models.DateTimeField()
    channel = models.CharField(max_length=20)

    def __str__(self) -> str:
        return self.provider_ref


class Refund(models.Model):
    """Money that arrived and is owed back: paid twice, wrong amount, or no longer needed."""

    invoice = models.ForeignKey(Invoice, on_delete=models.PROTECT, related_name="refunds")
    provider_ref = models.CharField(max_length=64, unique=True)
    amount = models.BigIntegerField()
    reason = models.CharField(max_length=20)
    received_at = models.DateTimeField()
    returned_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.CheckConstraint(name="refund_amount_positive", condition=Q(amount__gt=0)),
            models.CheckConstraint(
                name="refund_reason_known",
                condition=Q(reason__in=["paid_twice", "cancelled", "wrong_amount"]),
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
