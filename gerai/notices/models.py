"""Messages to people: written once by key, sent by a job, tried again when the way is blocked."""

from django.conf import settings
from django.db import models
from django.db.models import Q


class Notice(models.Model):
    """One message to one person, who can always read it on a page. It holds no more personal data than needed."""

    mall = models.CharField(max_length=12)
    key = models.CharField(max_length=120, unique=True)
    person = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT)
    template = models.CharField(max_length=40, default="", blank=True)
    contact_sealed = models.BinaryField(null=True)  # whom to write to, where it is nobody with an account
    channel = models.CharField(max_length=8)  # email | text | push | none
    urgent = models.BooleanField(default=False)  # it rings at night, too
    subject = models.CharField(max_length=160)
    body = models.TextField()
    path = models.TextField(default="", blank=True)  # the page that the body leads to
    status = models.CharField(max_length=8, default="queued")
    attempts = models.IntegerField(default=0)
    sending = models.IntegerField(default=1)  # a text that its gateway lost goes out under a new key
    text_outcome = models.CharField(
        max_length=14, default="", blank=True
    )  # delivered | failed | undeliverable
    text_outcome_at = models.DateTimeField(null=True)
    last_error = models.CharField(
        max_length=60, default="", blank=True
    )  # a class; its text could name the address
    created_at = models.DateTimeField()
    deliver_at = models.DateTimeField(null=True)  # the end of the quiet hours, for what had to wait
    sent_at = models.DateTimeField(null=True)
    read_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                name="notice_status_known", condition=Q(status__in=["queued", "sent", "failed", "silent"])
            )
        ]
        indexes = [
            models.Index(fields=["person", "-id"], name="notice_inbox"),
            models.Index(fields=["person"], condition=Q(read_at=None), name="notice_unread"),
            models.Index(fields=["mall", "-id"], condition=Q(status="failed"), name="notice_failed"),
            models.Index(fields=["mall", "created_at"], name="notice_recent"),
        ]

    def __str__(self) -> str:
        return self.key


class Choice(models.Model):
    """How a person wants to hear from us, and what they can do without. No row: e-mail first, everything."""

    person = models.OneToOneField(settings.AUTH_USER_MODEL, primary_key=True, on_delete=models.CASCADE)
    channel = models.CharField(max_length=8, default="", blank=True)  # email | text | nothing chosen
    reminders = models.BooleanField(default=True)
    news = models.BooleanField(default=True)
    changed_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                name="notice_choice_channel_known", condition=Q(channel__in=["", "email", "text"])
            )
        ]

    def __str__(self) -> str:
        return str(self.person_id)


class Unreachable(models.Model):
    """An e-mail address that takes no mail: some came back for good. Gone when its owner says that it works again."""

    contact_index = models.BinaryField(unique=True)
    since = models.DateTimeField()

    def __str__(self) -> str:
        return str(self.pk)


class Report(models.Model):
    """What the gateway told of a text, or a mail server of a mail. Each event once; the notice holds what counts."""

    event_id = models.CharField(max_length=64, unique=True)
    notice = models.ForeignKey(Notice, on_delete=models.CASCADE, related_name="reports")
    sending = models.IntegerField()
    outcome = models.CharField(max_length=14)
    at = models.DateTimeField()  # as the gateway says
    received_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.CheckConstraint(
                name="report_outcome_known",
                condition=Q(outcome__in=["delivered", "failed", "undeliverable"]),
            )
        ]

    def __str__(self) -> str:
        return f"{self.notice_id} {self.outcome}"


class Device(models.Model):
    """A browser in which a person switched on pushed messages. Gone when they sign out there."""

    person = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="devices")
    endpoint_index = models.BinaryField(unique=True)
    subscription_sealed = models.BinaryField()  # address and keys: who has them can write to this browser
    browser_index = (
        models.BinaryField()
    )  # of the cookie by which the browser is known at sign-in and sign-out
    password_index = models.BinaryField()  # a new password ends the sessions, and this with them
    since = models.DateTimeField()

    class Meta:
        indexes = [models.Index(fields=["browser_index"], name="device_browser")]

    def __str__(self) -> str:
        return str(self.pk)


class Push(models.Model):
    """One notice on its way to one device."""

    notice = models.ForeignKey(Notice, on_delete=models.CASCADE, related_name="pushes")
    device = models.ForeignKey(Device, on_delete=models.CASCADE, related_name="pushes")
    status = models.CharField(max_length=8, default="queued")  # queued | sent | failed
    attempts = models.IntegerField(default=0)
    last_error = models.CharField(max_length=60, default="", blank=True)
    sent_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["notice", "device"], name="push_once"),
            models.CheckConstraint(
                name="push_status_known", condition=Q(status__in=["queued", "sent", "failed"])
            ),
        ]

    def __str__(self) -> str:
        return f"{self.notice_id} {self.device_id} {self.status}"
