"""What the pages of filling in and of following share: the steps, the answers and the files of an application."""

from datetime import date
from typing import Any, NamedTuple
from uuid import UUID

from django.http import HttpRequest
from django.utils.translation import get_language

from gerai.applications import acting, bundle_queries, queries, services
from gerai.applications.models import Application
from gerai.applications.rules import Status
from gerai.applications.showing import told
from gerai.catalogue.asking import COMPUTED, FILE
from gerai.core import clock, ids
from gerai.core.errors import DomainError
from gerai.documents import services as documents

WITH_APPLICANT = (Status.DRAFT, Status.RETURNED)


class Step(NamedTuple):
    """One page of filling in."""

    key: str
    title: dict[str, str]
    url: str


def steps(application: Application) -> list[Step]:
    """The pages of an application: its sections, the files, the check."""
    pk = application.pk
    found = [
        Step(s["key"], s["title"], f"/permohonan/{pk}/isi/{s['key']}/")
        for s in queries.sections(application)
        if any(
            f["type"] != COMPUTED and services.may_change(application, f"answer:{f['key']}")
            for f in s["fields"]
        )
    ]
    files = queries.files_required(application)
    if any(services.may_change(application, f"file:{r['code']}") for r in files):
        title = {"id": "Berkas", "en": "Documents"}
        found.append(Step("files", title, f"/permohonan/{pk}/berkas/"))
    title = {"id": "Periksa dan kirim", "en": "Check and send"}
    found.append(Step("check", title, f"/permohonan/{pk}/periksa/"))
    return found


def after(application: Application, key: str) -> str:
    """The page that comes after this one."""
    found = steps(application)
    place = next((n for n, step in enumerate(found) if step.key == key), len(found) - 2)
    return found[min(place + 1, len(found) - 1)].url


def filling(request: HttpRequest, pk: UUID) -> Application:
    """The person's application while it is with them to fill in or to mend."""
    application = queries.get(request.user, pk, clock.now())
    if application.status not in WITH_APPLICANT:
        raise services.NotOpenForChange
    return application


def context(application: Application, key: str, **more: Any) -> dict[str, Any]:
    """What every page of filling in shows."""
    found = steps(application)
    number = next((n for n, s in enumerate(found, 1) if s.key == key), 1)
    return {
        "application": application,
        "service": application.service,
        "steps": found,
        "editable": {step.key for step in found},
        "current": key,
        "step_number": number,
        "previous": found[number - 2].url if number > 1 else f"/permohonan/{application.pk}/",
        "notes": {c["what"]: c["text"] for c in application.corrections},
        "warning": acting.warning(application),
        "bundles": bundle_queries.holding(application.applicant, application),
        **more,
    }


def first_page(application: Application) -> str:
    return steps(application)[0].url


def first_lacking(application: Application, missing: dict[str, str]) -> str:
    """The page where the first missing thing can be filled in."""
    lacking = {
        s["key"]
        for s in queries.sections(application)
        if any(f"answer:{f['key']}" in missing for f in s["fields"])
    }
    if any(key.startswith("file:") for key in missing):
        lacking.add("files")
    return next((step.url for step in steps(application) if step.key in lacking), first_page(application))


def going_on(application: Application) -> str:
    """Where somebody who comes back goes on: of a return and of what follows a permit, with its first page."""
    if application.status != Status.DRAFT or application.follows_id:
        return first_page(application)
    lacking = services.missing(application)
    return first_lacking(application, lacking) if lacking else steps(application)[-1].url


UNTIL = ":until"  # after the name of a file: the input for its last day


def day(text: str | None) -> date | None:
    """A day as a browser sends it; None for nothing, and for what is none."""
    try:
        return date.fromisoformat(text or "")
    except ValueError:
        return None


def behalf(request: HttpRequest) -> tuple[str, UUID | None]:
    """
    For whom one wants to apply, as `_behalf.html` asks it: "business" or "mandate" and its id; empty for oneself.

    :raises NotFound: if what came is not an id
    """
    kind, _sep, text = request.POST.get("behalf", "").partition(":")
    return kind, ids.named(text) if kind else None


def attach(request: HttpRequest, application: Application, names: list[str]) -> dict[str, str]:
    """Take in the files of these names that came along; a sentence for each that cannot be taken."""
    wrong: dict[str, str] = {}
    for name in names:
        file = request.FILES.get(name)
        if file is None:
            continue
        try:
            if (file.size or 0) > documents.LIMIT:
                raise documents.FileTooBig
            services.attach(
                person=request.user,
                application_id=application.pk,
                requirement=name,
                name=file.name or name,
                data=file.read(),
                valid_until=day(request.POST.get(f"{name}{UNTIL}")),
                now=clock.now(),
            )
        except DomainError as error:
            wrong[name] = error.sentence
    return wrong


def file_rows(application: Application, wrong: dict[str, str]) -> list[dict[str, Any]]:
    attached = {a.requirement: a.document for a in application.attachments.select_related("document")}
    notes = {c["what"]: c["text"] for c in application.corrections}
    return [
        {
            "requirement": r,
            "document": attached.get(r["code"]),
            "error": wrong.get(r["code"]),
            "note": notes.get(f"file:{r['code']}"),
            "open": services.may_change(application, f"file:{r['code']}"),
        }
        for r in queries.files_required(application)
    ]


def sections(application: Application, missing: dict[str, str]) -> list[dict[str, Any]]:
    """What was answered, section by section; a file beside its question."""
    values, language = queries.answers_of(application), get_language() or "id"
    attached = {a.requirement: a.document for a in application.attachments.select_related("document")}

    def row(field: dict[str, Any]) -> dict[str, Any]:
        return {
            "key": field["key"],
            "what": f"answer:{field['key']}",
            "label": field["label"],
            "document": attached.get(field["key"]) if field["type"] == FILE else None,
            "error": missing.get(f"answer:{field['key']}"),
            **told(field, values.get(field["key"]), language),
        }

    found = queries.sections(application)
    return [{"key": s["key"], "title": s["title"], "rows": [row(f) for f in s["fields"]]} for s in found]
