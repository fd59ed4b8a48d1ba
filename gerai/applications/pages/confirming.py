"""What an officer typed, confirmed by the applicant: the officer's screen, the applicant's phone, the signature."""

import secrets
from typing import Any
from uuid import UUID

import segno
from django.conf import settings
from django.contrib import messages
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from gerai.applications import acting, confirm_queries, confirming, queries, services
from gerai.applications import answers as form
from gerai.applications.confirm_models import Confirmation
from gerai.applications.models import Application
from gerai.applications.pages import parts
from gerai.core import clock
from gerai.core.access import public, signed_in
from gerai.core.errors import DomainError, NotFound
from gerai.documents import services as documents
from gerai.ledger.rules import ActorRef

DEVICE = "gerai_benar"  # the cookie of the device that opened a link; it is sent to that link only


def _helped(request: HttpRequest, pk: UUID) -> Application:
    """What this officer types for somebody at the desk."""
    application = queries.get(request.user, pk, clock.now())
    if not acting.at_desk(request.user, application):
        raise NotFound
    return application


@signed_in
@never_cache
@require_http_methods(["GET", "POST"])
def ask(request: HttpRequest, pk: UUID) -> HttpResponse:
    """The officer's screen: the code to open on the applicant's phone, and what became of it."""
    application = _helped(request, pk)
    if request.method == "POST":
        confirming.ask(officer=request.user, application_id=pk, now=clock.now())
        return redirect("applications:ask", pk=pk)
    last = confirm_queries.last(application)
    state = confirm_queries.state(last, application, clock.now())
    if state == "right":
        messages.success(request, _("Pemohon sudah membenarkan. Permohonan terkirim."))
    if state == "sent":
        messages.success(request, _("Permohonan sudah terkirim."))
    if state in ("right", "sent", "none") or last is None:
        return redirect("applications:show" if state in ("right", "sent") else "applications:check", pk=pk)
    said = confirm_queries.said(last)
    context = {
        "application": application,
        "service": application.service,
        "state": state,
        "opened_at": last.opened_at,
        "reached": bool(application.applicant.phone or application.applicant.email),
        "note": said["note"],
        "marked": _marked(application, said["marked"]),
        **(_code(last) if state == "waiting" else {}),
    }
    return render(request, "applications/ask.html", context)


def _code(confirmation: Confirmation) -> dict[str, str]:
    kept = confirm_queries.secret(confirmation)
    address = settings.BASE_URL + confirm_queries.path(kept["token"])
    qr = segno.make(address, error="m").svg_data_uri(scale=6, border=2)
    return {
        "qr": qr,
        "code": f"{kept['code'][:4]} {kept['code'][4:]}",
        "enter": settings.BASE_URL + confirm_queries.ENTER,
    }


def _marked(application: Application, marked: list[str]) -> list[dict[str, Any]]:
    """What the applicant marked, with the page where it is mended."""
    labels = form.labels(application.edition.content)
    urls = {
        f"answer:{f['key']}": f"/permohonan/{application.pk}/isi/{s['key']}/"
        for s in queries.sections(application)
        for f in s["fields"]
    }
    files = f"/permohonan/{application.pk}/berkas/"
    return [{"label": labels.get(what), "url": urls.get(what, files)} for what in marked]


@signed_in
@never_cache
@require_safe
def state(request: HttpRequest, pk: UUID) -> HttpResponse:
    """For the officer's screen, which asks every few seconds."""
    application = _helped(request, pk)
    last = confirm_queries.last(application)
    return JsonResponse({"state": confirm_queries.state(last, application, clock.now())})


@signed_in
@never_cache
@require_http_methods(["GET", "POST"])
def sign(request: HttpRequest, pk: UUID) -> HttpResponse:
    """The counter's screen, turned to the applicant: everything in large words, and a box to sign in."""
    application = _helped(request, pk)
    refusal, status = "", 200
    if request.method == "POST":
        try:
            confirming.sign(
                officer=request.user,
                application_id=pk,
                seen=request.POST.get("seen", ""),
                picture=request.POST.get("picture", ""),
                now=clock.now(),
            )
            return redirect("applications:show", pk=pk)
        except NotFound:
            raise
        except DomainError as error:
            refusal, status = error.sentence, error.status
            application = _helped(request, pk)
    if application.status not in parts.WITH_APPLICANT:
        return redirect("applications:show", pk=pk)
    if services.missing(application):
        return redirect("applications:check", pk=pk)
    context = {
        **_shown(application),
        "refusal": refusal,
        "seen": confirm_queries.digest(application).hex(),
    }
    return render(request, "applications/sign.html", context, status=status)


def _shown(application: Application) -> dict[str, Any]:
    """Everything that was typed and attached."""
    return {
        "application": application,
        "service": application.service,
        "sections": parts.sections(application, {}),
        "files": [row for row in parts.file_rows(application, {}) if row["document"]],
        "amount": queries.fee_of(application),
    }


# -- the applicant's phone: no account, only the link ---------------------------------------------------


@public
@never_cache
@require_http_methods(["GET", "POST"])
def enter(request: HttpRequest) -> HttpResponse:
    """For a phone that reads no QR code: the short code from the officer's screen."""
    refusal, status = "", 200
    if request.method == "POST":
        now, device = clock.now(), request.POST.get("device", "")
        try:
            token = confirming.token_of_code(
                code=request.POST.get("code", ""),
                address=str(request.META.get("REMOTE_ADDR", "")),
                device=device,
                now=now,
            )
            return _opened(token, device)
        except DomainError as error:
            refusal, status = error.sentence, error.status
    context = {"refusal": refusal, "device": _device(), "sent": request.POST}
    return render(request, "applications/enter_code.html", context, status=status)


def _device() -> str:
    """A word that both of two clicks carry: the device that opens the link is known by it."""
    return secrets.token_urlsafe(24)


def _opened(token: str, device: str) -> HttpResponse:
    device = device or _device()
    confirming.open_link(token=token, device=device, now=clock.now())
    response = redirect("applications:confirm", token=token)
    path = confirm_queries.path(token)
    response.set_cookie(
        DEVICE, device, path=path, httponly=True, samesite="Lax", secure=settings.SECURE, max_age=24 * 3600
    )
    return response


@public
@never_cache
@require_http_methods(["GET", "POST"])
def confirm(request: HttpRequest, token: str) -> HttpResponse:
    """Opened by a press, not by a look: the preview of a message must not take the link away from its reader."""
    confirmation = confirm_queries.by_token(token)
    device, now = request.COOKIES.get(DEVICE, ""), clock.now()
    act = request.POST.get("act", "")
    refusal, status = "", 200
    try:
        if act == "open":
            return _opened(token, request.POST.get("device", ""))
        if act in ("yes", "wrong"):
            _answer(request, token, device)
            return redirect("applications:confirm", token=token)
    except (confirming.ConfirmationOver, confirming.OpenedElsewhere) as error:
        return _over(request, error)
    except NotFound:
        raise
    except DomainError as error:
        refusal, status = error.sentence, error.status
    application = confirm_queries.whole(confirmation)
    own = confirm_queries.is_of(confirmation, device)
    if own and confirmation.outcome:
        context = {
            "application": application,
            "service": application.service,
            "outcome": confirmation.outcome,
        }
        return render(request, "applications/confirmed.html", context)
    if confirm_queries.why_over(confirmation, application, now):
        return _over(request, confirming.ConfirmationOver())
    if confirmation.claim_index is None:
        return render(request, "applications/confirm_open.html", {"device": _device()})
    if not own:
        return _over(request, confirming.OpenedElsewhere())
    context = {
        **_shown(application),
        "token": token,
        "refusal": refusal,
        "marked": request.POST.getlist("mark"),
        "note": request.POST.get("note", ""),
    }
    return render(request, "applications/confirm.html", context, status=status)


def _answer(request: HttpRequest, token: str, device: str) -> None:
    given: dict[str, Any] = {"token": token, "device": device, "now": clock.now()}
    marked = request.POST.getlist("mark")
    if request.POST["act"] == "yes":
        confirming.confirm(marked=marked, **given)
    else:
        confirming.mark_wrong(marked=marked, note=request.POST.get("note", ""), **given)


def _over(request: HttpRequest, error: DomainError) -> HttpResponse:
    context = {"sentence": error.sentence}
    return render(request, "applications/confirm_over.html", context, status=error.status)


@public
@never_cache
@require_safe
def file(request: HttpRequest, token: str, requirement: str) -> HttpResponse:
    """A file, for the device that has the link, as long as it stands."""
    confirmation = confirm_queries.by_token(token)
    application, now = confirm_queries.whole(confirmation), clock.now()
    if not confirm_queries.is_of(confirmation, request.COOKIES.get(DEVICE, "")):
        raise NotFound
    if confirm_queries.why_over(confirmation, application, now):
        return _over(request, confirming.ConfirmationOver())
    attachment = application.attachments.filter(requirement=requirement).select_related("document").first()
    if attachment is None:
        raise NotFound
    actor = ActorRef("device", str(confirmation.pk))
    data = documents.open_file(document=attachment.document, actor=actor, mall=application.mall_id, now=now)
    response = HttpResponse(data, content_type=attachment.document.media_type)
    response["Content-Disposition"] = "inline"
    return response
