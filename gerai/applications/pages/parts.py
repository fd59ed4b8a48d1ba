"""What the pages of filling in and of following share: the steps, the answers and the files of an application."""

from typing import Any, NamedTuple

from django.utils.translation import get_language

from gerai.applications import answers as form
from gerai.applications import queries, services
from gerai.applications.models import Application
from gerai.applications.rules import Status
from gerai.catalogue.asking import COMPUTED

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
    values = queries.answers_of(application)
    language = get_language() or "id"
    return [
        {
            "key": s["key"],
            "title": s["title"],
            "rows": [
                {
                    "label": f["label"],
                    "value": form.shown(f, values.get(f["key"]), language),
                    "error": missing.get(f"answer:{f['key']}"),
                }
                for f in s["fields"]
            ],
        }
        for s in queries.sections(application)
    ]
