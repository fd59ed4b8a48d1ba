"""A person's documents: what they sent, and what outside systems gave them. Reads only."""

from typing import Any
from uuid import UUID

from gerai.applications import answers as form
from gerai.applications.models import Application, Attachment
from gerai.applications.queries import theirs
from gerai.core.errors import NotFound
from gerai.documents.models import Document


def of(person: Any) -> list[dict[str, Any]]:
    """A person's own documents, newest first: the document, what it shows, and the applications it was used for."""
    seen = Application.objects.filter(theirs(person)).values("pk")
    used = Attachment.objects.filter(document__owner_id=person.pk, application__in=seen)
    rows: dict[UUID, dict[str, Any]] = {}
    for one in used.select_related("document", "application__edition", "application__service").order_by(
        "-document__created_at", "application__created_at"
    ):
        labels = form.labels(one.application.edition.content)
        name = labels.get(f"file:{one.requirement}") or labels.get(f"answer:{one.requirement}")
        row = rows.setdefault(one.document_id, {"document": one.document, "name": name, "uses": []})
        row["uses"].append({"application": one.application, "requirement": one.requirement})
    return [*_results(person), *rows.values()]


def _results(person: Any) -> list[dict[str, Any]]:
    """The documents of outside systems that ended a person's applications, as rows of the wallet."""
    ended = Application.objects.filter(
        theirs(person), applicant_id=person.pk, outside__document__isnull=False
    )
    found = [
        a for a in ended.select_related("service").order_by("-decided_at") if (a.outside or {})["document"]
    ]
    there = Document.objects.in_bulk([UUID(a.outside["document"]) for a in found if a.outside])
    return [
        {"document": there[UUID(a.outside["document"])], "name": a.service.name, "uses": [{"application": a}]}
        for a in found
        if a.outside
    ]


def outside_document(application: Application) -> Document:
    """
    The document that an outside system gave out, for a reader of the application who has been checked.

    :raises NotFound: if there is none
    """
    key = (application.outside or {}).get("document")
    found = Document.objects.filter(pk=key).first() if key else None
    if found is None:
        raise NotFound
    return found
