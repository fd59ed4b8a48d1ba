"""What officers write beside a case: notes, questions to other agencies, and what an outside system decided."""

from django.conf import settings
from django.db import models
from django.db.models import Q

from gerai.agencies.models import Agency
from gerai.core.ids import uuid7
from gerai.documents.models import Document

PERSON = settings.AUTH_USER_MODEL


class Note(models.Model):
    """An internal note on a case, sealed. Written once: the database refuses to change it; it may be struck."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    case = models.ForeignKey("Case", on_delete=models.PROTECT, related_name="notes")
    agency = models.ForeignKey(
        Agency, on_delete=models.PROTECT, related_name="+"
    )  # the author's, at that task
    author = models.ForeignKey(PERSON, on_delete=models.PROTECT, related_name="+")
    written_at = models.DateTimeField()
    for_route = models.BooleanField()  # every agency of the route reads it; else the author's alone
    text_sealed = models.BinaryField()
    struck_at = models.DateTimeField(null=True)
    struck_by = models.ForeignKey(PERSON, null=True, on_delete=models.PROTECT, related_name="+")
    struck_reason = models.CharField(max_length=300, default="", blank=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                name="note_struck_with_reason",
                condition=Q(struck_at=None, struck_by=None, struck_reason="")
                | (Q(struck_at__isnull=False, struck_by__isnull=False) & ~Q(struck_reason="")),
            )
        ]

    def __str__(self) -> str:
        return f"note {self.pk} on {self.case_id}"


class StoodAside(models.Model):
    """An officer who has an interest in a case and said so: it is not for their hands any more."""

    case = models.ForeignKey("Case", on_delete=models.CASCADE, related_name="stood_aside")
    person = models.ForeignKey(PERSON, on_delete=models.CASCADE, related_name="+")
    at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["person", "case"], name="stood_aside_once")]

    def __str__(self) -> str:
        return f"{self.person_id} aside of {self.case_id}"


class Opinion(models.Model):
    """A question to another agency about a case, its answer, and what of the file was shown for it. Sealed."""

    task = models.OneToOneField("Task", on_delete=models.PROTECT, primary_key=True, related_name="opinion")
    of_task = models.ForeignKey(
        "Task", on_delete=models.PROTECT, related_name="asked"
    )  # who needs the answer
    asker = models.ForeignKey(PERSON, on_delete=models.PROTECT, related_name="+")
    asked_at = models.DateTimeField()
    question_sealed = models.BinaryField()
    personal = models.BooleanField(default=False)  # personal answers are shown, for the reason
    files = models.JSONField(default=list)  # codes of the requirements whose documents are shown
    reason_sealed = models.BinaryField(null=True)
    answer_sealed = models.BinaryField(null=True)

    def __str__(self) -> str:
        return f"question {self.pk}"


class OutsideResult(models.Model):
    """
    What the system of record decided: its reference, day, result and proof. A correction is a further row.

    Gerai numbers and issues nothing here.
    """

    task = models.ForeignKey("Task", on_delete=models.PROTECT, related_name="results")
    system = models.CharField(max_length=120)
    result = models.CharField(max_length=8)
    reference = models.CharField(max_length=80)
    decided_on = models.DateField()
    where = models.CharField(max_length=300, default="", blank=True)  # the address to see it at
    document = models.ForeignKey(Document, null=True, on_delete=models.PROTECT, related_name="+")
    recorded_by = models.ForeignKey(PERSON, on_delete=models.PROTECT, related_name="+")
    recorded_at = models.DateTimeField()
    replaces = models.OneToOneField("self", null=True, on_delete=models.PROTECT, related_name="replaced_by")
    reason = models.CharField(max_length=300, default="", blank=True)  # of a correction

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["task"], condition=Q(replaces=None), name="outside_first_once_per_task"
            ),
            models.CheckConstraint(
                name="outside_correction_has_reason", condition=Q(replaces=None) | ~Q(reason="")
            ),
            models.CheckConstraint(
                name="outside_result_known", condition=Q(result__in=["granted", "rejected", "returned"])
            ),
        ]

    def __str__(self) -> str:
        return f"{self.system} {self.result}"
