"""Pages of permits: anybody checks one, the holder opens theirs, a signing official revokes."""

from datetime import date, datetime
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext
from django.views.decorators.http import require_http_methods, require_safe

from gerai.agencies.access import role
from gerai.applications.services import person_ref
from gerai.core import clock
from gerai.core.access import public, signed_in
from gerai.core.errors import NotFound
from gerai.documents import services as documents
from gerai.permits import queries, rules, services
from gerai.permits.models import Permit

LIMIT = 10 * 1024 * 1024


def _dates(told: dict[str, Any]) -> dict[str, Any]:
    """The same with dates as dates, for the page's words."""
    start, end, at = told.get("decided_on"), told.get("valid_until"), told.get("revoked_at")
    return {
        **told,
        "from": date.fromisoformat(start) if start else None,
        "until": date.fromisoformat(end) if end else None,
        "revoked": datetime.fromisoformat(at) if at else None,
    }


def _quiet(response: HttpResponse) -> HttpResponse:
    """No search engine and no cache keeps what a permit says."""
    response["X-Robots-Tag"] = "noindex"
    response["Cache-Control"] = "no-store"
    return response


@public
@require_http_methods(["GET", "POST"])
def check(request: HttpRequest) -> HttpResponse:
    """Check a document: by its number, or by its file."""
    now = clock.now()
    context: dict[str, Any] = {"number": "", "errors": {}, "now": now}
    if request.method == "POST":
        return _quiet(_check_file(request, context))
    if "nomor" in request.GET:
        context["number"] = request.GET["nomor"].strip()[:120]
        if not context["number"]:
            context["errors"]["nomor"] = gettext("Tulis nomor yang tercetak di dokumen.")
        else:
            found = queries.by_number(context["number"])
            context["told"] = queries.public(found, now, by_guess=True)
    if request.GET.get("format") == "json" and "told" in context:
        return _quiet(JsonResponse(context["told"]))
    if "told" in context:
        context["told"] = _dates(context["told"])
    status = 422 if context["errors"] else 200
    return _quiet(render(request, "permits/check.html", context, status=status))


def _check_file(request: HttpRequest, context: dict[str, Any]) -> HttpResponse:
    sent = request.FILES.get("berkas")
    if sent is None or not sent.size:
        context["errors"]["berkas"] = gettext("Pilih dulu berkas PDF yang akan diperiksa.")
    elif sent.size > LIMIT:
        context["errors"]["berkas"] = gettext("Berkas lebih dari 10 MB. Dokumen dari mal tidak sebesar itu.")
    else:
        data = sent.read()
        if data[:5] != b"%PDF-":
            context["errors"]["berkas"] = gettext(
                "Ini bukan PDF. Unggah berkas PDF asli, bukan foto atau cetakan."
            )
        else:
            verdict, permit, checked = services.check_file(data)
            context |= {"verdict": verdict, "checked": checked, "file_name": sent.name}
            # Who holds the very file sees what it prints; a changed one only names what it claims to be.
            by_guess = verdict != "ours"
            if permit:
                context["told"] = _dates(queries.public(permit, context["now"], by_guess=by_guess))
    status = 422 if context["errors"] else 200
    return render(request, "permits/check.html", context, status=status)


@public
@require_safe
def verify(request: HttpRequest, secret: str) -> HttpResponse:
    """What the QR code leads to: valid, expired, revoked or unknown, and what the paper itself says."""
    now = clock.now()
    told = queries.public(queries.by_secret(secret), now)
    status = 404 if told["status"] == rules.Shown.UNKNOWN else 200
    if request.GET.get("format") == "json":
        return _quiet(JsonResponse(told, status=status))
    return _quiet(render(request, "permits/verify.html", {"told": _dates(told), "now": now}, status=status))


def _page(request: HttpRequest, permit: Permit, status: int = 200, **more: Any) -> HttpResponse:
    now = clock.now()
    until = permit.content.get("objection_until")
    context = {
        "permit": permit,
        "objection_until": date.fromisoformat(until) if until else None,
        "state": queries.state(permit, now),
        "days_left": rules.days_left(permit.valid_until, queries.today(permit, now)),
        "mine": permit.holder_id == request.user.pk,
        "may_revoke": queries.may_revoke(request.user, permit) and permit.status == rules.Status.VALID,
        **more,
    }
    return _quiet(render(request, "permits/show.html", context, status=status))


@signed_in
@require_safe
def of_application(request: HttpRequest, pk: UUID) -> HttpResponse:
    """From an application to its permit or letter, which a job signs soon after the decision."""
    found = queries.of(request.user).filter(application_id=pk).first()
    if found is None:
        messages.info(request, gettext("Dokumennya sedang disiapkan. Coba lagi sebentar lagi."))
        return redirect("applications:show", pk=pk)
    return redirect("permits:show", pk=found.pk)


@signed_in
@require_safe
def show(request: HttpRequest, pk: UUID) -> HttpResponse:
    """A permit or letter, for its holder and for the agency's signer and verifier."""
    return _page(request, queries.get(request.user, pk))


@signed_in
@require_safe
def download(request: HttpRequest, pk: UUID) -> HttpResponse:
    """The signed file. An officer's opening is written where the holder can see it."""
    permit = queries.get(request.user, pk)
    if permit.document is None:  # still being signed
        raise NotFound
    data = documents.open_file(
        document=permit.document, actor=person_ref(request.user), mall=permit.mall_id, now=clock.now()
    )
    name = f"{permit.kind}-{permit.number}".replace("/", "-")
    response = HttpResponse(data, content_type="application/pdf")
    response["Content-Disposition"] = f'attachment; filename="{name}.pdf"'
    return _quiet(response)


@role("signer")
@require_http_methods(["GET", "POST"])
def revoke(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Withdraw a permit, with its reason."""
    permit = queries.get(request.user, pk)
    if request.method != "POST":
        return redirect("permits:show", pk=pk)
    reason = request.POST.get("reason", "")
    try:
        services.revoke(permit=permit, reason=reason, actor=request.user, now=clock.now())
    except rules.ReasonMissing as error:
        return _page(request, permit, 422, error=error.sentence.said(gettext), reason=reason)
    messages.success(request, gettext("Izin dicabut. Pemegangnya diberi tahu."))
    return redirect("permits:show", pk=pk)
