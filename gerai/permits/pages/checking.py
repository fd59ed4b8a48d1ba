"""Anybody checks a document: by its QR, by its number with or without the code, by its file, by its credential."""

from datetime import date
from typing import Any

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.utils.translation import gettext
from django.views.decorators.http import require_http_methods, require_safe

from gerai.core import clock
from gerai.core.access import public
from gerai.permits import credentials, queries, rules, services
from gerai.permits.pages.parts import dated, quiet

LIMIT = 10 * 1024 * 1024


@public
@require_http_methods(["GET", "POST"])
def check(request: HttpRequest) -> HttpResponse:
    """Check a document: by its number, by its file, or by the text of its credential."""
    context: dict[str, Any] = {"number": "", "code": "", "errors": {}, "found": [], "now": clock.now()}
    if request.method == "POST" and request.POST.get("kredensial", "").strip():
        _check_credential(request.POST["kredensial"], context)
    elif request.method == "POST":
        _check_file(request, context)
    elif "nomor" in request.GET:
        _check_number(request, context)
        if request.GET.get("format") == "json" and "nomor" not in context["errors"]:
            return quiet(JsonResponse(_for_machines(context["found"])))
    context["found"] = [dated(told) for told in context["found"]]
    status = 422 if context["errors"] else 200
    return quiet(render(request, "permits/check.html", context, status=status))


def _check_number(request: HttpRequest, context: dict[str, Any]) -> None:
    context["number"] = number = request.GET["nomor"].replace("\0", "").strip()[:120]
    # Who pastes the whole address under the QR has typed the code as well.
    context["code"] = code = (
        request.GET.get("kode", "").replace("\0", "").strip().rstrip("/").rpartition("/")[2][:40]
    )
    if not number:
        context["errors"]["nomor"] = gettext("Tulis nomor yang tercetak di dokumen.")
        return
    found = queries.by_number(number, code)
    if code and not found:
        context["errors"]["kode"] = gettext(
            "Kode ini tidak cocok dengan nomornya. Periksa huruf besar dan kecilnya, atau kosongkan kodenya."
        )
        return
    now = context["now"]
    # The code is on the paper only: who has it sees what the QR shows. A number may have been guessed.
    told = [queries.public(permit, now, by_guess=not code) for permit in found]
    context["found"] = told or [queries.public(None, now)]


def _for_machines(found: list[dict[str, Any]]) -> dict[str, Any]:
    """One document as it is. Several agencies with the same number: all of them, each with its agency."""
    if len(found) > 1:
        return {"status": "several", "found": found}
    return found[0] if found else {"status": rules.Shown.UNKNOWN.value}


def _check_file(request: HttpRequest, context: dict[str, Any]) -> None:
    sent = request.FILES.get("berkas")
    credential = "kredensial" in request.POST  # the form for credentials was sent
    if credential and (sent is None or not sent.size):
        context["errors"]["kredensial"] = gettext("Tempel dulu teks kredensialnya, atau pilih berkasnya.")
        return
    if sent is None or not sent.size:
        context["errors"]["berkas"] = gettext("Pilih dulu berkas PDF yang akan diperiksa.")
        return
    if sent.size > LIMIT:
        context["errors"]["berkas"] = gettext("Berkas lebih dari 10 MB. Dokumen dari mal tidak sebesar itu.")
        return
    data = sent.read()
    if credential or data.lstrip()[:2] == b"ey":  # it begins with {" in base64, whichever form it came by
        _check_credential(data.decode("utf-8", "replace"), context)
        return
    if data[:5] != b"%PDF-":
        context["errors"]["berkas"] = gettext(
            "Ini bukan PDF. Unggah berkas PDF asli, bukan foto atau cetakan."
        )
        return
    verdict, permit, checked = services.check_file(data)
    context |= {"verdict": verdict, "checked": checked, "file_name": sent.name}
    if permit:
        # Who holds the very file sees what it prints; a changed one only names what it claims to be.
        context["found"] = [queries.public(permit, context["now"], by_guess=verdict != "ours")]


def _check_credential(text: str, context: dict[str, Any]) -> None:
    """Nothing is shown but what the credential itself discloses."""
    try:
        checked = credentials.check(text, context["now"])
    except rules.NoCredential as error:
        context["errors"]["kredensial"] = error.sentence.said(gettext)
        return
    days = {name: checked.claims.get(name) for name in ("valid_from", "valid_until")}
    dates = {name: date.fromisoformat(day) if day else None for name, day in days.items()}
    context["credential"] = {"verdict": checked.verdict, "state": checked.state, **checked.claims, **dates}


@public
@require_safe
def verify(request: HttpRequest, secret: str) -> HttpResponse:
    """What the QR code leads to: how the permit stands today, and what the paper itself says."""
    now = clock.now()
    told = queries.public(queries.by_secret(secret), now)
    status = 404 if told["status"] == rules.Shown.UNKNOWN else 200
    if request.GET.get("format") == "json":
        return quiet(JsonResponse(told, status=status))
    context = {"told": dated(told), "now": now}
    return quiet(render(request, "permits/verify.html", context, status=status))
