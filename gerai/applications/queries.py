"""Reading applications. The first argument says who asks."""

import json
from typing import Any
from uuid import UUID

from django.db.models import QuerySet

from gerai.accounts import queries as people
from gerai.agencies.models import Mall
from gerai.applications.models import Application
from gerai.applications.rules import FINAL, Status
from gerai.catalogue import asking
from gerai.core import encryption
from gerai.core.errors import NotFound


def owned_by(person: Any) -> QuerySet[Application]:
    """What a person may see as theirs: their own, and what they typed for somebody as a helper."""
    found = Application.objects.select_related("service", "agency", "edition", "mall", "applicant", "helper")
    return found.filter(applicant_id=person.pk) | found.filter(helper_id=person.pk)


def of(person: Any) -> QuerySet[Application]:
    """A person's own applications, newest first, without withdrawn drafts."""
    found = Application.objects.select_related("service", "agency").filter(applicant_id=person.pk)
    return found.exclude(status=Status.WITHDRAWN, submitted_at__isnull=True).order_by("-created_at")


def get(person: Any, application_id: UUID) -> Application:
    """
    One application of a person.

    :raises NotFound: if it does not exist or is somebody else's
    """
    found = owned_by(person).filter(pk=application_id).first()
    if found is None:
        raise NotFound
    return found


def helped(officer: Any) -> QuerySet[Application]:
    """What an officer of the desk types or typed for others, the latest first."""
    found = Application.objects.select_related("service", "applicant").filter(helper_id=officer.pk)
    return found.exclude(status=Status.WITHDRAWN).order_by("-created_at")


def numbered(mall: Mall, number: str, nik: str) -> Application | None:
    """The application of this number if its applicant has this (checked) NIK: what paper and card say together."""
    found = Application.objects.filter(mall=mall, number="".join(number.split())).select_related("applicant")
    application = found.first()
    if application is None or not people.has_nik(application.applicant, nik):
        return None
    return application


def of_entry(subject: str) -> Application:
    """The application a ledger entry is about, for a consumer."""
    found = Application.objects.select_related("applicant", "service")
    return found.get(pk=subject.removeprefix("application:"))


def is_final(application: Application) -> bool:
    """Whether nothing more will happen to it."""
    return Status(application.status) in FINAL


def answers_of(application: Application) -> dict[str, Any]:
    """The answers that count, with what is computed from them; the sealed personal ones opened."""
    return asking.settle(application.edition.content, kept_answers(application))


def kept_answers(application: Application) -> dict[str, Any]:
    """All that was answered, also where a later answer makes it uncalled for (it would come back with another one)."""
    answers: dict[str, Any] = dict(application.answers)
    if application.answers_sealed:
        place = f"applications.answers:{application.pk}"
        answers.update(json.loads(encryption.unseal(application.answers_sealed, place=place)))
    return answers


RECENT = 20  # applications that are looked at for shared answers


def shared_answers(application: Application) -> dict[str, Any]:
    """What the applicant answered in earlier applications to the shared questions of this one, the latest first."""
    wanted = {
        f["key"]: f["type"]
        for s in application.edition.content["questions"]
        for f in s["fields"]
        if f.get("shared")
    }
    if not wanted:
        return {}
    earlier = Application.objects.filter(applicant_id=application.applicant_id, submitted_at__isnull=False)
    found: dict[str, Any] = {}
    for one in (
        earlier.exclude(pk=application.pk).select_related("edition").order_by("-submitted_at", "-id")[:RECENT]
    ):
        answers = answers_of(one)
        for field in (f for s in one.edition.content["questions"] for f in s["fields"]):
            key = field["key"]
            if field.get("shared") and wanted.get(key) == field["type"] and key in answers:
                found.setdefault(key, answers[key])
    return found


def files_required(application: Application) -> list[dict[str, Any]]:
    """The requirements that are shown as a file when applying online, by the answers given so far."""
    wanted = asking.requirements(application.edition.content, answers_of(application))
    return [r for r in wanted if r.get("file")]


def sections(application: Application) -> list[dict[str, Any]]:
    """The sections with the questions that are asked, by the answers given so far."""
    return asking.sections(application.edition.content, answers_of(application))


def to_fill_in(application: Application, section: str) -> dict[str, Any]:
    """
    One section with the questions that people answer; what is computed is left out.

    :raises NotFound: if nothing of it is asked
    """
    found = next((s for s in sections(application) if s["key"] == section), None)
    fields = [f for f in found["fields"] if f["type"] != asking.COMPUTED] if found else []
    if found is None or not fields:
        raise NotFound
    return {**found, "fields": fields}
