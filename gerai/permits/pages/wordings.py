"""The agency's administrator words a permit: text on one side, the paper with invented answers on the other."""

import base64
from datetime import date
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext
from django.views.decorators.http import require_http_methods, require_safe

from gerai.agencies import queries as agencies
from gerai.agencies.access import role
from gerai.agencies.models import Agency
from gerai.catalogue import asking, permit_checks, permit_text, rewording
from gerai.catalogue import queries as catalogue
from gerai.catalogue.rules import FileRefused, WordingUnchanged
from gerai.core import clock
from gerai.core.errors import NotFound
from gerai.permits import paper, sampling, wording
from gerai.permits.pages.parts import quiet

CHOSEN = "contoh."  # fields that choose an invented answer begin so
LANGUAGES = ("id", "en")


def _agency(request: HttpRequest, code: str) -> Agency:
    """The agency, if the person may change it: their own, or any for the mall's manager."""
    member = request.member  # type: ignore[attr-defined]
    if member.agency_id and member.agency.code != code:
        raise NotFound
    return agencies.agency(member.mall, code)


@role("mall_manager", "agency_admin")
@require_safe
def choose(request: HttpRequest) -> HttpResponse:
    """The permits whose wording the person may change."""
    member = request.member  # type: ignore[attr-defined]
    own = member.agency.code if member.agency_id else None
    issued = [s for s in catalogue.published(member.mall, own) if s.edition.content.get("permit")]
    return render(request, "permits/wordings.html", {"services": issued})


@role("mall_manager", "agency_admin")
@require_http_methods(["GET", "POST"])
def edit(request: HttpRequest, agency: str, code: str) -> HttpResponse:
    """Look at a wording, try another, propose it to a second person."""
    found = _agency(request, agency)
    draft = rewording.draft(found.mall, found, code, request.user)
    sent = request.method == "POST"
    text = {x: request.POST.get(x, "").replace("\0", "") if sent else draft.text[x] for x in LANGUAGES}
    content = rewording.worded(draft.content, text)
    problems = rewording.problems(content)
    today = agencies.calendar(found.mall).local(clock.now()).date()
    if sent and not problems:
        if request.POST.get("act") == "pdf":
            return _pdf(request, found, content, today)
        if request.POST.get("act") == "propose" and (made := _propose(request, found, code, text)):
            return made
    written = {x: permit_text.lines(text[x]) for x in LANGUAGES}
    context = {
        "agency": found,
        "service": catalogue.find(found.mall, agency, code),
        "waiting": draft.waiting,
        "others": catalogue.proposals(found.mall, agency).exclude(made_by_id=request.user.pk),
        "text": text,
        "problems": [{**p, "written": _line(written[p["language"]], p["line"])} for p in problems],
        "names": permit_text.NAMES,
        "fields": _fields(content),
        **({} if problems else _preview(request, found, content, today)),
    }
    return quiet(render(request, "permits/wording.html", context, status=422 if problems else 200))


def _line(lines: list[str], number: int) -> str:
    return lines[number - 1] if number <= len(lines) else ""


def _propose(request: HttpRequest, agency: Agency, code: str, text: dict[str, str]) -> HttpResponse | None:
    """The proposal's page, or None where the page is shown again with what is in the way."""
    try:
        made = rewording.propose(
            mall=agency.mall,
            agency=agency,
            service_code=code,
            text=text,
            person=request.user,
            now=clock.now(),
        )
    except WordingUnchanged as refused:
        messages.info(request, refused.sentence.said(gettext))
        return None
    except (
        FileRefused
    ) as refused:  # the file was published in another time, or another service of it is wrong
        messages.error(request, f"{refused.sentence.said(gettext)} {refused.problems[0]}")
        return None
    messages.success(
        request, gettext("Usulan disimpan. Orang kedua kini dapat memeriksa dan menerbitkannya.")
    )
    return redirect("catalogue:proposal", pk=made.pk)


def _fields(content: dict[str, Any]) -> list[dict[str, Any]]:
    """What answers there are to put in, and which of them are personal."""
    hidden = permit_checks.personal(content)
    asked = [field for section in content["questions"] for field in section["fields"]]
    return [{**f, "hidden": f["key"] in hidden, "computed": f["type"] == asking.COMPUTED} for f in asked]


def _sample(request: HttpRequest, agency: Agency, content: dict[str, Any], today: date) -> dict[str, Any]:
    service = catalogue.find(agency.mall, agency.code, request.resolver_match.kwargs["code"])  # type: ignore[union-attr]
    chosen = {k.removeprefix(CHOSEN): str(v) for k, v in request.POST.items() if k.startswith(CHOSEN)}
    return sampling.paper(agency, service, content, sampling.answers(content, chosen, today), today)


def _pdf(request: HttpRequest, agency: Agency, content: dict[str, Any], today: date) -> HttpResponse:
    made = _sample(request, agency, content, today)
    pdf = paper.render(made, link="", certified=False, preview=sampling.MARK)
    response = HttpResponse(pdf, content_type="application/pdf")
    response["Content-Disposition"] = 'inline; filename="contoh.pdf"'
    return quiet(response)


def _preview(request: HttpRequest, agency: Agency, content: dict[str, Any], today: date) -> dict[str, Any]:
    made = _sample(request, agency, content, today)
    pages = paper.pictures(made, preview=sampling.MARK)
    choosing = [
        {
            **field,
            "name": f"{CHOSEN}{field['key']}",
            "options": sampling.options(field),
            "value": request.POST.get(f"{CHOSEN}{field['key']}", ""),
        }
        for field in sampling.deciding(content)
    ]
    return {
        "pages": ["data:image/png;base64," + base64.b64encode(page).decode() for page in pages],
        "choosing": choosing,
        "english": made.get("text", {}).get("en", []),
        "spoken": [words for words, _ in wording.paragraphs(made.get("text", {}).get("id", []))],
    }
