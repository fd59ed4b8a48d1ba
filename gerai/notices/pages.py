"""One's own messages, how and where one wants to get them, and the address that the gateway calls back."""

import json
from datetime import timedelta
from typing import Any

from django.conf import settings
from django.contrib import messages
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.utils.module_loading import import_string
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from gerai.core import clock
from gerai.core.access import public, signed_in
from gerai.core.errors import DomainError
from gerai.core.typed import whole
from gerai.notices import devices, queries, reports, returning, rules, services, subscribing


@signed_in
@never_cache
@require_http_methods(["GET", "POST"])
def mine(request: HttpRequest) -> HttpResponse:
    """My messages, newest first; what is shown counts as read. And what I want to get."""
    person: Any = request.user
    refusal, status, now = "", 200, clock.now()
    if "trust" in request.POST:
        returning.trust_again(person=person)
        messages.success(request, _("Baik. Pesan berikutnya kami kirim ke alamat itu lagi."))
        return redirect("notices:mine")
    if request.method == "POST":
        try:
            services.choose(
                mall=settings.MALL_CODE,
                person=person,
                channel=request.POST.get("channel", ""),
                reminders="reminders" in request.POST,
                news="news" in request.POST,
                now=now,
            )
            messages.success(request, _("Pilihan Anda tersimpan."))
            return redirect("notices:mine")
        except DomainError as error:
            refusal, status = error.sentence, error.status
    before = whole(request.GET.get("sebelum", ""))
    rows, more = queries.inbox(person, before)
    services.mark_read(person=person, ids=[n.pk for n in rows if n.read_at is None], now=now)
    context = {
        "rows": [(n, rules.linked(n.body, n.path)) for n in rows],
        "more": more,
        "later": before is not None,
        "choice": queries.choice_of(person),
        "both": bool(person.email and person.phone),
        "unreachable": not (person.email or person.phone),
        "returned": returning.is_unreachable(person.email),
        "now": now,
        "push_key": import_string(settings.PUSH_KEY)(),
        "here": devices.of_browser(person, request.COOKIES.get(settings.BROWSER_COOKIE, "")),
        "devices": queries.devices(person),
        "refusal": refusal,
    }
    return render(request, "notices/mine.html", context, status=status)


@signed_in
@require_POST
def device(request: HttpRequest) -> HttpResponse:
    """Switch pushed messages on in this browser, off in it, or off in all."""
    person: Any = request.user
    known = request.COOKIES.get(settings.BROWSER_COOKIE, "")
    given: dict[str, Any] = {"mall": settings.MALL_CODE, "person": person, "now": clock.now()}
    response = redirect("notices:mine")
    if "subscription" in request.POST:
        try:
            subscription = json.loads(request.POST["subscription"])
        except ValueError as error:
            raise subscribing.SubscriptionMalformed from error
        _device, word = devices.switch_on(subscription=subscription, browser=known, **given)
        response.set_cookie(
            settings.BROWSER_COOKIE,
            word,
            max_age=timedelta(days=365),
            httponly=True,
            samesite="Lax",
            secure=settings.SECURE,
        )
        messages.success(request, _("Pemberitahuan menyala di perangkat ini."))
    else:
        off = devices.switch_off(browser=None if "all" in request.POST else known, **given)
        if off:
            messages.success(request, _("Pemberitahuan dimatikan."))
        else:
            messages.info(request, _("Tidak ada pemberitahuan yang menyala di sini."))
    return response


@public
@require_safe
def worker(request: HttpRequest) -> HttpResponse:
    """The script in the browser that shows a pushed message and opens its page. It knows nobody."""
    return render(request, "notices/worker.js", content_type="text/javascript")


@public
@csrf_exempt
@require_POST
def report(request: HttpRequest) -> HttpResponse:
    """The gateway tells what became of a text. Repeats are answered with 200, or it would never stop."""
    try:
        result = reports.take(
            body=request.body, header=request.headers.get("X-Signature", ""), now=clock.now()
        )
    except DomainError as error:
        return JsonResponse({"code": error.code, "text": str(error)}, status=error.status)
    return JsonResponse({"result": result})
