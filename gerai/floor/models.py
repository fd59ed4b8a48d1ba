"""Officers at counters; kiosks, boards and counter programs that we have paired."""

import secrets

from django.conf import settings
from django.db import models
from django.db.models import Q

from gerai.agencies.models import Agency, Counter, Mall
from gerai.catalogue.models import Service
from gerai.core.ids import uuid7
from gerai.floor.hall import KINDS


def new_secret() -> str:
    """An unguessable address."""
    return secrets.token_urlsafe(16)


class Duty(models.Model):
    """An officer at a counter, from sign-on to sign-off or until a colleague takes over."""

    mall = models.ForeignKey(Mall, on_delete=models.PROTECT)
    counter = models.ForeignKey(Counter, on_delete=models.PROTECT, related_name="duty")
    person = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    opened_at = models.DateTimeField()
    services = models.ManyToManyField(
        Service, blank=True, related_name="+"
    )  # only these; none: all of the counter
    paused_at = models.DateTimeField(null=True)
    pause_reason = models.CharField(max_length=10, default="", blank=True)
    pauses = models.IntegerField(default=0)
    paused_seconds = models.IntegerField(default=0)  # of the pauses that have ended
    closed_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["counter"], condition=Q(closed_at=None), name="duty_one_per_counter"
            ),
            models.UniqueConstraint(
                fields=["person"], condition=Q(closed_at=None), name="duty_one_per_person"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.counter_id} {self.person_id}"


class Answer(models.Model):
    """
    What became of an action that a counter sent under a key of its own.

    A counter that lost the line sends again; the key makes it happen once, and the answer is the same.
    """

    duty = models.ForeignKey(Duty, on_delete=models.CASCADE, related_name="answers")
    key = models.CharField(max_length=64)
    at = models.DateTimeField()
    errand = models.BigIntegerField(null=True)  # the errand it was about, or that it called
    refusal = models.CharField(max_length=40, default="", blank=True)  # the code; empty: it was done
    sentence = models.CharField(max_length=300, default="", blank=True)
    status = models.IntegerField(default=200)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["duty", "key"], name="answer_once_per_key")]
        indexes = [models.Index(fields=["at"], name="answer_at")]

    def __str__(self) -> str:
        return f"{self.duty_id} {self.key}"


class Device(models.Model):
    """
    A machine of the hall, let in by a code and shut out any day. Only the hash of its token is kept.

    Where it stands decides what it shows: a board without zones shows the whole mall.
    """

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    mall = models.ForeignKey(Mall, on_delete=models.PROTECT)
    kind = models.CharField(max_length=12)  # see rules.KINDS
    name = models.CharField(max_length=60)
    token_hash = models.CharField(max_length=64, unique=True)
    # A counter program acts in the name of one officer, with no more rights than they have.
    person = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+"
    )
    hall = models.CharField(max_length=40, default="", blank=True)  # in one hall one board speaks at a time
    zones = models.JSONField(default=list, blank=True)  # codes of the mall's zones; empty: all of them
    entrance = models.CharField(max_length=2, default="", blank=True)  # the letter of a kiosk's numbers
    speaks = models.BooleanField(default=True)  # whether a board says the calls
    flash = models.BooleanField(default=False)  # for people who do not hear: the whole board lights up
    address = models.CharField(max_length=60, default="", blank=True)  # host:port of a printer
    printer = models.ForeignKey("self", null=True, on_delete=models.SET_NULL, related_name="kiosks")
    paired_at = models.DateTimeField()
    seen_at = models.DateTimeField(null=True)
    trouble = models.CharField(max_length=16, default="", blank=True)  # see rules.TROUBLES
    trouble_at = models.DateTimeField(null=True)
    revoked_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.CheckConstraint(name="device_kind_known", condition=Q(kind__in=sorted(KINDS))),
            models.CheckConstraint(
                name="device_counter_has_officer", condition=~Q(kind="counter_api") | Q(person__isnull=False)
            ),
            models.CheckConstraint(
                name="device_printer_has_address", condition=~Q(kind="printer") | ~Q(address="")
            ),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.name}"


class Advice(models.Model):
    """
    One sentence to whoever runs the floor: open a counter, close one, or what is short; and what became of it.

    `wait` is the predicted wait without it, `people` would each wait `minutes` less with it.
    """

    mall = models.ForeignKey(Mall, on_delete=models.PROTECT)
    agency = models.ForeignKey(Agency, on_delete=models.PROTECT, related_name="+")
    kind = models.CharField(max_length=6)  # open | close | short
    made_at = models.DateTimeField()
    ahead = models.IntegerField(default=0)  # minutes until the wait is that long; 0: now
    waiting = models.IntegerField()
    counters = models.IntegerField()  # open when it was given
    wait = models.FloatField()
    people = models.IntegerField(default=0)
    minutes = models.FloatField(default=0)
    lack = models.IntegerField(default=0)  # counters missing in the coming hour even if every free one opens
    accepted_at = models.DateTimeField(null=True)  # somebody on call is coming
    ended_at = models.DateTimeField(null=True)
    outcome = models.CharField(max_length=10, default="", blank=True)  # followed | lapsed
    measured_at = models.DateTimeField(null=True)
    real_wait = models.FloatField(null=True)  # mean of those called in the half hour after it was followed

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["agency"], condition=Q(ended_at=None), name="advice_one_open"),
            models.CheckConstraint(
                name="advice_kind_known", condition=Q(kind__in=["open", "close", "short"])
            ),
        ]
        indexes = [models.Index(fields=["mall", "-made_at"], name="advice_recent")]

    def __str__(self) -> str:
        return f"{self.kind} {self.agency_id}"


class CallOut(models.Model):
    """One person on call asked to come to a counter. The secret is the address by which they answer."""

    advice = models.ForeignKey(Advice, on_delete=models.PROTECT, related_name="calls")
    person = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    secret = models.CharField(max_length=32, default=new_secret, unique=True)
    asked_at = models.DateTimeField()
    answered_at = models.DateTimeField(null=True)
    answer = models.CharField(max_length=6, default="", blank=True)  # yes | no | silent

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["advice", "person"], name="call_out_once"),
            models.UniqueConstraint(fields=["advice"], condition=Q(answer=""), name="call_out_one_at_a_time"),
        ]

    def __str__(self) -> str:
        return f"{self.advice_id} {self.person_id} {self.answer}"


class Pairing(models.Model):
    """A code that a box shows until the manager types it. Neither code nor the box's secret is kept readable."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    mall = models.ForeignKey(Mall, on_delete=models.PROTECT)
    kind = models.CharField(max_length=12)
    code_index = models.BinaryField(unique=True)
    claim_hash = models.CharField(max_length=64)  # of the secret that only this box holds
    place_index = models.BinaryField(default=b"")  # blind index of the network address that asked
    address = models.CharField(max_length=60, default="", blank=True)  # of a printer that printed the code
    created_at = models.DateTimeField()
    confirmed_at = models.DateTimeField(null=True)
    device = models.ForeignKey(Device, null=True, on_delete=models.CASCADE, related_name="+")

    class Meta:
        indexes = [models.Index(fields=["mall", "created_at"], name="pairing_recent")]

    def __str__(self) -> str:
        return f"{self.kind} {self.created_at}"


class WrongCode(models.Model):
    """A code that fitted nothing: too many of them in a row, and no code is taken for a while."""

    mall = models.ForeignKey(Mall, on_delete=models.PROTECT)
    created_at = models.DateTimeField()

    class Meta:
        indexes = [models.Index(fields=["mall", "created_at"], name="wrong_code_recent")]

    def __str__(self) -> str:
        return str(self.created_at)


class Announcement(models.Model):
    """Something the manager tells the hall: shown on the boards, and spoken."""

    mall = models.ForeignKey(Mall, on_delete=models.PROTECT)
    text = models.JSONField()  # {"id": ..., "en": ...}
    zones = models.JSONField(default=list, blank=True)  # empty: everywhere
    from_at = models.DateTimeField()
    until_at = models.DateTimeField()
    every_minutes = models.IntegerField(default=0)  # 0: spoken once
    ended_at = models.DateTimeField(null=True)  # taken back before its time

    class Meta:
        constraints = [
            models.CheckConstraint(
                name="announcement_has_an_end", condition=Q(until_at__gt=models.F("from_at"))
            )
        ]
        indexes = [
            models.Index(fields=["mall", "until_at"], condition=Q(ended_at=None), name="announcement_live")
        ]

    def __str__(self) -> str:
        return str(self.text.get("id", ""))[:40]


class Said(models.Model):
    """One turn of a board's voice: from when it may speak until it tells us that it has."""

    device = models.ForeignKey(Device, on_delete=models.CASCADE, related_name="said")
    key = models.CharField(max_length=40)  # which call or announcement
    holds_until = models.DateTimeField()  # then the hall's voice is free again, should no word come
    done_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["device", "key"], name="said_once")]
        indexes = [models.Index(fields=["holds_until"], name="said_holds")]

    def __str__(self) -> str:
        return f"{self.device_id} {self.key}"
