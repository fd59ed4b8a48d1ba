"""Reading the ledger."""

from django.db.models import QuerySet

from gerai.ledger.models import Entry


def history(mall: str, subject: str) -> QuerySet[Entry]:
    """Everything that happened to one subject, oldest first."""
    return Entry.objects.filter(mall=mall, subject=subject).order_by("id")
