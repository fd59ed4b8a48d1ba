"""The ledger's rows. The database itself refuses to change or delete an entry (see the migrations)."""

from django.db import models


class Entry(models.Model):
    """One thing that happened. Written in the transaction that made it true; never changed."""

    mall = models.CharField(max_length=12)
    kind = models.CharField(max_length=60)
    subject = models.CharField(max_length=120)
    actor_kind = models.CharField(max_length=12)
    actor_id = models.CharField(max_length=60)
    at = models.DateTimeField()
    data = models.JSONField(default=dict)
    cause = models.BigIntegerField(null=True)
    # `xid` (pg_current_xact_id) is added by SQL: Django has no xid8 field.

    class Meta:
        indexes = [
            models.Index(fields=["mall", "subject", "id"], name="entry_subject"),
            models.Index(fields=["mall", "kind", "at"], name="entry_kind_at"),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.subject}"


class Position(models.Model):
    """The gapless place of an entry in its mall's history, given after commit by the sequencer."""

    entry = models.OneToOneField(Entry, on_delete=models.PROTECT, primary_key=True)
    mall = models.CharField(max_length=12)
    position = models.BigIntegerField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["mall", "position"], name="position_once_per_mall")]

    def __str__(self) -> str:
        return f"{self.mall} {self.position}"


class Sequencer(models.Model):
    """One row: every entry of a transaction below `done_below` has its position."""

    done_below = models.BigIntegerField(default=0)

    def __str__(self) -> str:
        return str(self.done_below)


class Subscription(models.Model):
    """How far one consumer has read one mall's history."""

    consumer = models.CharField(max_length=60)
    mall = models.CharField(max_length=12)
    position = models.BigIntegerField(default=0)
    failures = models.IntegerField(default=0)
    error = models.TextField(default="")
    retry_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["consumer", "mall"], name="subscription_once")]

    def __str__(self) -> str:
        return f"{self.consumer} {self.mall} {self.position}"


class Seal(models.Model):
    """A block of entries under one Merkle root, chained to the seal before it."""

    mall = models.CharField(max_length=12)
    first = models.BigIntegerField()
    last = models.BigIntegerField()
    root = models.BinaryField()
    chained = models.BinaryField()
    signature = models.BinaryField()
    at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["mall", "first"], name="seal_once")]

    def __str__(self) -> str:
        return f"{self.mall} {self.first}-{self.last}"
