"""Reading applications. The first argument says who asks."""

import json
from datetime import date, datetime
from typing import Any
from uuid import UUID

from django.db.models import Q, QuerySet

from gerai.accounts import queries as people
from gerai.agencies import queries as agencies
from gerai.agencies.models import Mall
from gerai.agencies.places import NOWHERE, Places
from gerai.agencies.rules import WorkCalendar
from gerai.applications import answers as form
from gerai.applications import statements
from gerai.applications.models import Application
from gerai.applications.rules import FINAL, Status, Why
from gerai.catalogue import asking, expressions
from gerai.catalogue.models import Service
from gerai.core import encryption
from gerai.core.errors import NotFound

_WITH = ("service", "agency", "edition", "mall", "applicant", "helper", "business")


def theirs(person: Any) -> Q:
    """A person's own, and those of the proven businesses they act for: who has left one sees nothing of it."""
    inside = people.acting_for(person).order_by().values("business_id")
    return Q(applicant_id=person.pk, business=None) | Q(business_id__in=inside)


def owned_by(person: Any, now: datetime) -> QuerySet[Application]:
    """
    What a person may see as theirs: `theirs`, and what they type for somebody: at the desk until the day ends,
    with a mandate as long as it lasts.
    """
    helping = Q(helper_id=person.pk, helped_until__gt=now)
    return Application.objects.select_related(*_WITH).filter(theirs(person) | helping)


def of(person: Any) -> QuerySet[Application]:
    """The applications a person began, newest first, without withdrawn drafts."""
    found = Application.objects.select_related("service", "agency", "business").filter(
        theirs(person), applicant_id=person.pk
    )
    return found.exclude(status=Status.WITHDRAWN, submitted_at__isnull=True).order_by("-created_at")


def own_cases(person: Any) -> QuerySet[Application]:
    """What was sent and is the person's own affair (`acting.is_own`): they do not work on it as an officer."""
    # Read first: beside a subquery the database would look at every application instead of at three indexes.
    firms = list(people.acting_for(person).values_list("business_id", flat=True))
    own = Q(applicant_id=person.pk) | Q(business_id__in=firms) | Q(helper_id=person.pk, mandate__isnull=False)
    return Application.objects.filter(own, submitted_at__isnull=False)


def of_business(person: Any, business_id: UUID) -> QuerySet[Application]:
    """
    The applications of a business, newest first, for who acts for it.

    :raises NotFound: for everybody else
    """
    found = Application.objects.select_related("service", "agency", "applicant").filter(
        business_id=people.acts_for(person, business_id).business_id
    )
    return found.exclude(status=Status.WITHDRAWN, submitted_at__isnull=True).order_by("-created_at")


def whose(applicant_id: Any, business_id: UUID | None) -> dict[str, Any]:
    """The look-up of what one applicant asked: a business, whoever typed for it, or a person for themself."""
    return {"business_id": business_id} | ({} if business_id else {"applicant_id": applicant_id})


def last_sent(person: Any, service: Service, business_id: UUID | None = None) -> Application | None:
    """A person's own latest application for a service, for themself or for a business, that was sent."""
    found = Application.objects.filter(
        theirs(person),
        Q(business_id=business_id),
        applicant_id=person.pk,
        service=service,
        submitted_at__isnull=False,
    )
    return found.order_by("-submitted_at").first()


def get(person: Any, application_id: UUID, now: datetime) -> Application:
    """
    One application of a person.

    :raises NotFound: if it does not exist or is somebody else's
    """
    found = owned_by(person, now).filter(pk=application_id).first()
    if found is None:
        raise NotFound
    return found


def helped(officer: Any, now: datetime) -> QuerySet[Application]:
    """What an officer of the desk types for others today, the latest first."""
    found = Application.objects.select_related("service", "applicant").filter(
        helper_id=officer.pk, helped_until__gt=now, mandate=None
    )
    return found.exclude(status=Status.WITHDRAWN).order_by("-created_at")


def numbered(mall: Mall, number: str, nik: str) -> Application | None:
    """The application of this number if its applicant has this (checked) NIK: what paper and card say together."""
    found = Application.objects.filter(mall=mall, number="".join(number.split())).select_related("applicant")
    application = found.first()
    if application is None or not people.has_nik(application.applicant, nik):
        return None
    if not Application.objects.filter(theirs(application.applicant), pk=application.pk).exists():
        return None  # of a business that they have left
    return application


def of_entry(subject: str) -> Application:
    """The application a ledger entry is about, for a consumer."""
    found = statements.read(subject.removeprefix("application:"))
    if found is None:
        raise NotFound
    return found


def fee_of(application: Application) -> int:
    """The fee by the edition's rule from the answers, in rupiah."""
    return expressions.fee({"fee": fee_rule(application)}, answers_of(application))


def fee_rule(application: Application) -> dict[str, Any]:
    """The edition's rule for the fee: a change of a permit may have its own, the office's own mistake costs nothing."""
    content: dict[str, Any] = application.edition.content
    rule: dict[str, Any] = content["fee"]
    if application.why == Why.CORRECT:
        return {**rule, "amount": "0"}
    if application.why == Why.AMEND:
        rule = content.get("amend", {}).get("fee", rule)
    return rule


def earlier_of(application: Application, limit: int = 5) -> list[Application]:
    """What the same applicant or business asked of the same agency before, the latest first."""
    found = Application.objects.select_related("service").filter(
        **whose(application.applicant_id, application.business_id),
        agency_id=application.agency_id,
        submitted_at__isnull=False,
    )
    return list(found.exclude(pk=application.pk).order_by("-submitted_at")[:limit])


def forecast_of(application: Application) -> dict[str, Any] | None:
    """When it will probably be done, as days, and how often such a forecast was right. None where nothing is told."""
    told = application.forecast
    return {**told, **{end: date.fromisoformat(told[end]) for end in ("low", "high")}} if told else None


def calendar_days(application: Application, now: datetime, calendar: WorkCalendar) -> int | None:
    """Calendar days since it was first sent, to its decision or to now: returns cannot polish it. None for a draft."""
    if application.submitted_at is None:
        return None
    end = application.decided_at or now
    return (calendar.local(end).date() - calendar.local(application.submitted_at).date()).days


def today(application: Application, now: datetime) -> date:
    """The mall's day."""
    return agencies.calendar(application.mall).local(now).date()


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


def files_of(application: Application) -> dict[str, str]:
    """The documents that are attached now, by what they are for."""
    return {a.requirement: str(a.document_id) for a in application.attachments.all()}


def before_return(application: Application) -> dict[str, Any] | None:
    """What stood there when it was last returned: {"answers", "files": requirement -> document}. None if never."""
    if not application.before_sealed:
        return None
    kept: dict[str, Any] = json.loads(
        encryption.unseal(application.before_sealed, place=f"applications.before:{application.pk}")
    )
    return {**kept, "answers": asking.settle(application.edition.content, kept["answers"])}


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
    earlier = Application.objects.filter(
        Q(business_id=application.business_id),
        applicant_id=application.applicant_id,
        submitted_at__isnull=False,
    )
    found: dict[str, Any] = {}
    for one in (
        earlier.exclude(pk=application.pk).select_related("edition").order_by("-submitted_at", "-id")[:RECENT]
    ):
        answers = answers_of(one)
        for field in (f for s in one.edition.content["questions"] for f in s["fields"]):
            key = field["key"]
            if (
                field.get("shared")
                and wanted.get(key) == field["type"]
                and answers.get(key) not in (None, [])
            ):
                found.setdefault(key, answers[key])
    return found


def files_required(application: Application) -> list[dict[str, Any]]:
    """The requirements that are shown as a file when applying online, by the answers given so far."""
    wanted = asking.requirements(application.edition.content, answers_of(application))
    return [r for r in wanted if r.get("file")]


def file_questions(application: Application) -> list[dict[str, Any]]:
    """The questions of the form that are answered with a file, by the answers given so far."""
    asked = asking.fields(application.edition.content, answers_of(application))
    return [field for field in asked if field["type"] == asking.FILE]


def asked_files(application: Application) -> dict[str, str]:
    """The files that are asked for, by the name under which they are kept: "file:<code>" or "answer:<key>"."""
    papers = {r["code"]: f"file:{r['code']}" for r in files_required(application)}
    return papers | {f["key"]: f"answer:{f['key']}" for f in file_questions(application)}


def missing(application: Application) -> dict[str, str]:
    """What is still wrong or missing: "answer:<key>" or "file:<code>" -> sentence."""
    wrong = form.recheck(application.edition.content, answers_of(application), places_of(application))
    found = {f"answer:{key}": sentence for key, sentence in wrong.items()}
    have = {attachment.requirement for attachment in application.attachments.all()}
    for requirement in files_required(application):
        if requirement.get("required", True) and requirement["code"] not in have:
            found[f"file:{requirement['code']}"] = form.SENTENCES["not_sent"]
    for field in file_questions(application):
        if field.get("required", True) and field["key"] not in have:
            found[f"answer:{field['key']}"] = form.SENTENCES["not_sent"]
    return found


def places_of(application: Application) -> Places:
    """Where its mall is, if a question asks for a place."""
    asked = form.fields(application.edition.content)
    kinds = {one["type"] for field in asked for one in (field, *field.get("fields", ()))}
    return agencies.places(application.mall) if kinds & {asking.ADDRESS, asking.POINT} else NOWHERE


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
