"""Pages by which an agency joins or changes its services by one file, published by a second person."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import get_language, gettext_noop
from django.utils.translation import gettext as _

from gerai.agencies import queries as agencies
from gerai.agencies.access import role
from gerai.agencies.models import Mall
from gerai.catalogue import before_after, comparing, exporting, lacking, queries, services
from gerai.catalogue.joining import Plan
from gerai.catalogue.rules import FileRefused
from gerai.catalogue.yaml_lines import LIMIT, Problem
from gerai.core import clock
from gerai.core.errors import DomainError, NotFound

WHAT = {
    "agency_new": gettext_noop("Instansi baru bergabung"),
    "agency_changed": gettext_noop("Keterangan instansi berubah"),
    "counters": gettext_noop("Loket instansi"),
    "service_new": gettext_noop("Layanan baru"),
    "service_changed": gettext_noop("Layanan berubah"),
    "service_gone": gettext_noop("Layanan tidak lagi ditawarkan"),
}
PARTS = {
    "name": gettext_noop("nama"),
    "short": gettext_noop("nama pendek"),
    "kind": gettext_noop("jenis"),
    "opening": gettext_noop("jam layanan"),
    "permit_pattern": gettext_noop("pola nomor"),
    "keywords": gettext_noop("kata pencarian"),
    "online": gettext_noop("pengajuan dari rumah"),
    "counter_minutes": gettext_noop("lama di loket"),
    "active": gettext_noop("ditawarkan kembali"),
    "summary": gettext_noop("ringkasan"),
    "standard": gettext_noop("standar layanan"),
    "requirements": gettext_noop("persyaratan"),
    "questions": gettext_noop("pertanyaan"),
    "fee": gettext_noop("biaya"),
    "route": gettext_noop("tahapan"),
    "permit": gettext_noop("dokumen yang terbit"),
    "amend": gettext_noop("biaya perubahan izin"),
    "deemed": gettext_noop("fiktif positif"),
    "system_of_record": gettext_noop("sistem pencatat"),
    "form": gettext_noop("formulir"),
    "proof": gettext_noop("dokumen hasilnya"),
    "objection": gettext_noop("tempat mengajukan keberatan"),
    "source": gettext_noop("sumber"),
    "time": gettext_noop("waktu"),
    "counters": gettext_noop("nomor loket"),
    "rest": gettext_noop("lain-lain, seperti tertulis di berkas"),
}


def _only(request: HttpRequest) -> str | None:
    """The agency whose file alone this person may bring; None for the mall's manager."""
    member = request.member  # type: ignore[attr-defined]
    return member.agency.code if member.agency_id else None


def _told(changes: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """The changes in the reader's words."""
    tongue = "en" if (get_language() or "id").startswith("en") else "id"
    return [
        {
            **change,
            "what": _(WHAT[change["what"]]),
            "new": change["what"].endswith("_new"),
            "differences": [
                {**comparing.worded(d, tongue), "part": _(PARTS.get(d.part, d.part))}
                for d in change["differences"]
            ],
        }
        for change in changes
    ]


def _shown(mall: Mall, plan: Plan) -> dict[str, Any]:
    """What publishing this file would change, and what it still lacks."""
    return {"changes": _told(before_after.changes(mall, plan)), "warnings": lacking.warnings(mall, plan)}


def _beside(text: str, problems: list[Problem]) -> list[tuple[Problem, str]]:
    """Each mistake with the words of its line: lines are not counted by eye."""
    lines = text.splitlines()
    return [
        (one, lines[one.line - 1].strip()[:160] if 0 < one.line <= len(lines) else "") for one in problems
    ]


def _text(request: HttpRequest) -> str:
    """What was uploaded or, without a file, pasted."""
    file = request.FILES.get("file")
    if file is None:
        return request.POST.get("text", "").replace("\r\n", "\n")[: LIMIT + 1]
    data: bytes = file.read(LIMIT + 1)
    return data.decode("utf-8", "replace").replace("\r\n", "\n")


@role("mall_manager", "agency_admin")
def joining(request: HttpRequest) -> HttpResponse:
    """Bring a file: see its mistakes by line, or what it will change, then hand it to a second person."""
    mall, only = request.member.mall, _only(request)  # type: ignore[attr-defined]
    shown: dict[str, Any] = {
        "only": only,
        "waiting": queries.proposals(mall, only),
        "agencies": agencies.agencies(mall),
    }
    if only:
        shown["agencies"] = shown["agencies"].filter(code=only)
    if request.method != "POST":
        return render(request, "catalogue/joining.html", shown)
    shown["text"] = text = _text(request)
    try:
        if request.POST.get("act") == "propose":
            made = services.propose(
                mall=mall, text=text, person=request.user, now=clock.now(), only_agency=only
            )
            messages.success(
                request, _("Usulan disimpan. Orang kedua kini dapat memeriksa dan menerbitkannya.")
            )
            return redirect("catalogue:proposal", pk=made.pk)
        plan = services.checked(mall=mall, text=text, only_agency=only)
    except FileRefused as refused:
        shown["problems"] = _beside(text, refused.problems)
        return render(request, "catalogue/joining.html", shown, status=422)
    except DomainError as refused:
        return render(
            request,
            "catalogue/joining.html",
            {**shown, "refusal": refused.sentence.said(_)},
            status=refused.status,
        )
    return render(request, "catalogue/joining.html", {**shown, "plan": plan, **_shown(mall, plan)})


@role("mall_manager", "agency_admin")
def proposal(request: HttpRequest, pk: UUID) -> HttpResponse:
    """What a proposal changes; another person publishes it, anyone with the role takes it back."""
    mall, only = request.member.mall, _only(request)  # type: ignore[attr-defined]
    found = queries.proposal(mall, pk, only)
    if request.method == "POST":
        here = {
            "mall": mall,
            "proposal_id": pk,
            "person": request.user,
            "now": clock.now(),
            "only_agency": only,
        }
        if request.POST.get("act") == "withdraw":
            services.withdraw(**here)
            messages.success(request, _("Usulan ditarik. Tidak ada yang berubah."))
            return redirect("catalogue:joining")
        services.publish(**here)
        messages.success(request, _("Sudah terbit. Warga dan petugas melihatnya sekarang."))
        return redirect("catalogue:proposal", pk=pk)
    shown: dict[str, Any] = {"proposal": found, "mine": found.made_by_id == request.user.pk}
    if found.published_at is None and found.withdrawn_at is None:
        shown["open"] = True
        try:
            plan = services.checked(mall=mall, text=found.text, only_agency=only)
            shown |= _shown(mall, plan)
        except FileRefused as refused:
            shown["problems"] = _beside(found.text, refused.problems)
    return render(request, "catalogue/proposal.html", shown)


@role("mall_manager", "agency_admin")
def download(request: HttpRequest, code: str) -> HttpResponse:
    """An agency's file as it stands now, to change and bring again."""
    if _only(request) not in (None, code):
        raise NotFound
    agency = agencies.agency(request.member.mall, code)  # type: ignore[attr-defined]
    response = HttpResponse(exporting.file_of(agency), content_type="application/yaml; charset=utf-8")
    response["Content-Disposition"] = f'attachment; filename="{agency.code}.yaml"'
    return response
