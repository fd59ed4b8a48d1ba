"""A case is an application at work: its clock, its tasks, the pauses of its clock."""

from django.conf import settings
from django.db import models
from django.db.models import Q

from gerai.agencies.models import Agency, Mall, Substitution
from gerai.applications.models import Application
from gerai.catalogue.models import Service
from gerai.reviews.filter_models import SavedFilter as SavedFilter
from gerai.reviews.inspection_models import SiteVisit as SiteVisit
from gerai.reviews.rules import ANSWERED, ASKED_AGAIN, CANCELLED, Kind, Outcome
from gerai.reviews.together_models import Note as Note
from gerai.reviews.together_models import Opinion as Opinion
from gerai.reviews.together_models import OutsideResult as OutsideResult

ENDINGS = (CANCELLED, ASKED_AGAIN, ANSWERED)


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
    extra_days = models.IntegerField(default=0)  # by which a supervisor extended it, once
    promise_days = models.IntegerField(null=True)  # working days, where the law sets others than the standard
    deemed_at = models.DateTimeField(null=True)  # granted by law, in silence
    closed_at = models.DateTimeField(null=True)
    # When it will probably be done (`foretelling`): now, as it was told first, and whether that came true.
    expected_low = models.DateField(null=True)
    expected_high = models.DateField(null=True)
    said_low = models.DateField(null=True)
    said_high = models.DateField(null=True)
    hit = models.BooleanField(null=True)
    breach = models.FloatField(null=True)  # the chance that it is late
    likely_late = models.BooleanField(default=False)  # that has been said, and not taken back

    class Meta:
        indexes = [
            models.Index(fields=["mall", "due_at"], condition=Q(closed_at=None), name="case_open_due"),
            models.Index(fields=["warn_at"], condition=Q(closed_at=None), name="case_open_warn"),
            models.Index(fields=["due_at"], condition=Q(closed_at=None, deemed_at=None), name="case_silence"),
        ]

    def __str__(self) -> str:
        return str(self.application_id)


class Task(models.Model):
    """One piece of work on a case, for a role at an agency, with a due date in working days."""

    case = models.ForeignKey(Case, on_delete=models.PROTECT, related_name="tasks")
    agency = models.ForeignKey(Agency, on_delete=models.PROTECT)
    role = models.CharField(max_length=20)
    kind = models.CharField(max_length=16)
    # Of the application: the lists of tasks are counted and narrowed by it without a look at a hundred thousand others.
    service = models.ForeignKey(
        Service, null=True, on_delete=models.PROTECT, related_name="+", db_index=False
    )
    key = models.CharField(max_length=40)
    round = models.IntegerField(default=1)
    again = models.IntegerField(default=0)  # asked for a second time within the round: 1, 2, ...
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
    corrections = models.JSONField(
        default=list
    )  # of a return: [{"what", "text"}], told together with the others'
    taken_by = models.ForeignKey(  # who works on it; nobody: whoever comes first
        settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+"
    )
    given_by = models.ForeignKey(  # the head who last gave it or took it back, and why
        settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+"
    )
    given_at = models.DateTimeField(null=True)
    given_reason = models.CharField(max_length=300, default="", blank=True)
    done_for = models.ForeignKey(  # the absent officer for whom a substitute did it, and as what
        settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+"
    )
    done_as = models.CharField(max_length=4, default="", blank=True)
    stand_in: Substitution | None = None  # by which the officer in hand holds the role; set by `lock_task`

    class Meta:
        constraints = [
            # Opening a task twice (a repeated ledger entry) leaves one.
            models.UniqueConstraint(fields=["case", "key", "round", "again"], name="task_once_per_round"),
            models.CheckConstraint(name="task_kind_known", condition=Q(kind__in=[k.value for k in Kind])),
            models.CheckConstraint(
                name="task_outcome_known",
                condition=Q(done_at__isnull=True, outcome="")
                | Q(done_at__isnull=False, outcome__in=[*(o.value for o in Outcome), *ENDINGS]),
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


class Objection(models.Model):
    """An applicant's objection to a rejection (keberatan, UU 30/2014 pasal 77), and its answer. Sealed."""

    case = models.OneToOneField(Case, on_delete=models.PROTECT, primary_key=True, related_name="objection")
    filed_at = models.DateTimeField()
    due_at = models.DateTimeField()  # silence until then grants it
    text_sealed = models.BinaryField()
    answered_at = models.DateTimeField(null=True)
    granted = models.BooleanField(null=True)
    answer = models.JSONField(null=True)  # {"ground", "text"} of a refusal; empty where the law granted it
    # The application that goes on instead, with the same answers, to be decided anew.
    successor = models.OneToOneField(
        Application, null=True, on_delete=models.PROTECT, related_name="came_from"
    )

    class Meta:
        indexes = [models.Index(fields=["due_at"], condition=Q(answered_at=None), name="objection_open")]

    def __str__(self) -> str:
        return f"objection to {self.case_id}"


class Pause(models.Model):
    """A stretch in which the clock stands still: the applicant has to pay, or a supervisor named the legal ground."""

    case = models.ForeignKey(Case, on_delete=models.PROTECT, related_name="pauses")
    reason = models.CharField(max_length=30)
    began_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True)
    ground = models.CharField(max_length=300, default="", blank=True)
    until_at = models.DateTimeField(null=True)  # of a supervisor's stop: by then it ends by itself
    days = models.PositiveSmallIntegerField(
        null=True
    )  # and so many working days that is, by whatever calendar

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["case"], condition=Q(ended_at=None), name="pause_one_open")
        ]

    def __str__(self) -> str:
        return f"{self.case_id} {self.reason}"
