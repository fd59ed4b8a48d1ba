"""A case is an application at work: its clock, its tasks, the pauses of its clock."""

from django.conf import settings
from django.db import models
from django.db.models import Q

from gerai.agencies.models import Agency, Mall
from gerai.applications.models import Application
from gerai.reviews.rules import Kind, Outcome


class Case(models.Model):
    """One application under review. `due_at` is stored, so that what is late is one indexed query."""

    application = models.OneToOneField(
        Application, on_delete=models.PROTECT, primary_key=True, related_name="case"
    )
    mall = models.ForeignKey(Mall, on_delete=models.PROTECT)
    agency = models.ForeignKey(Agency, on_delete=models.PROTECT)
    stage = models.IntegerField(default=-1)  # index into the route; -1 = completeness
    fee_amount = models.BigIntegerField(null=True)
    started_at = models.DateTimeField(null=True)  # the legal clock, = application.complete_at
    due_at = models.DateTimeField(null=True)
    warned = models.IntegerField(default=0)
    warn_at = models.DateTimeField(
        null=True
    )  # of the next warning; empty before the clock, in a pause, when late
    closed_at = models.DateTimeField(null=True)

    class Meta:
        indexes = [
            models.Index(fields=["mall", "due_at"], condition=Q(closed_at=None), name="case_open_due"),
            models.Index(fields=["warn_at"], condition=Q(closed_at=None), name="case_open_warn"),
        ]

    def __str__(self) -> str:
        return str(self.application_id)


class Task(models.Model):
    """One piece of work on a case, for a role at an agency, with a due date in working days."""

    case = models.ForeignKey(Case, on_delete=models.PROTECT, related_name="tasks")
    agency = models.ForeignKey(Agency, on_delete=models.PROTECT)
    role = models.CharField(max_length=20)
    kind = models.CharField(max_length=16)
    key = models.CharField(max_length=40)
    round = models.IntegerField(default=1)
    title = models.JSONField()
    days = models.IntegerField()
    opened_at = models.DateTimeField()
    due_at = models.DateTimeField()
    warned = models.IntegerField(default=0)
    warn_at = models.DateTimeField(null=True)  # of the next warning; empty when late
    done_at = models.DateTimeField(null=True)
    done_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+"
    )
    outcome = models.CharField(max_length=12, default="")
    note = models.TextField(default="")

    class Meta:
        constraints = [
            # Opening a task twice (a repeated ledger entry) leaves one.
            models.UniqueConstraint(fields=["case", "key", "round"], name="task_once_per_round"),
            models.CheckConstraint(name="task_kind_known", condition=Q(kind__in=[k.value for k in Kind])),
            models.CheckConstraint(
                name="task_outcome_known",
                condition=Q(done_at__isnull=True, outcome="")
                | Q(done_at__isnull=False, outcome__in=[*(o.value for o in Outcome), "cancelled"]),
            ),
        ]
        indexes = [
            models.Index(fields=["agency", "role", "due_at"], condition=Q(done_at=None), name="task_inbox"),
            models.Index(fields=["due_at"], condition=Q(done_at=None), name="task_open_due"),
            models.Index(fields=["warn_at"], condition=Q(done_at=None), name="task_open_warn"),
            models.Index(
                fields=["due_at"],
                condition=Q(done_at=None, kind=Kind.COMPLETENESS.value),
                name="task_silence",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.key} of {self.case_id}"


class Pause(models.Model):
    """A stretch in which only the applicant can act (payment): the clock stands still."""

    case = models.ForeignKey(Case, on_delete=models.PROTECT, related_name="pauses")
    reason = models.CharField(max_length=30)
    began_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["case"], condition=Q(ended_at=None), name="pause_one_open")
        ]

    def __str__(self) -> str:
        return f"{self.case_id} {self.reason}"
