"""The page of one's authenticator app: set it up, see it, take it away."""

from typing import Any

import segno
from django.conf import settings
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods

from gerai.accounts import authenticator
from gerai.core import clock
from gerai.core.access import signed_in
from gerai.core.errors import DomainError, NotFound

ISSUER = "Gerai"


@signed_in
@never_cache
@sensitive_post_parameters()
@require_http_methods(["GET", "POST"])
def app(request: HttpRequest) -> HttpResponse:
    """One's authenticator app."""
    refusal, status, codes = "", 200, list[str]()
    if request.method == "POST":
        try:
            codes = _act(request)
            if not codes:
                return redirect("accounts:authenticator")
        except NotFound:
            raise
        except DomainError as error:
            refusal, status = error.sentence, error.status
    context: dict[str, Any] = {"refusal": refusal, "codes": codes}
    if here := authenticator.of(request.user):
        context |= {"here": here, "left": authenticator.left(here)}
    elif waiting := authenticator.pending(request.user, ISSUER):
        secret, uri = waiting
        groups = (secret[n : n + 4] for n in range(0, len(secret), 4))
        picture = segno.make_qr(uri, error="m").svg_data_uri(scale=4, border=4, light="white")
        context |= {"secret": " ".join(groups), "qr": picture}
    return render(request, "accounts/authenticator.html", context, status=status)


def _act(request: HttpRequest) -> list[str]:
    """One press on the page; the recovery codes, if it made them."""
    act, person, now = request.POST.get("act"), request.user, clock.now()
    password, digits = request.POST.get("password", ""), request.POST.get("digits", "")
    given: Any = {"person": person, "now": now}
    if act == "begin":
        authenticator.begin(password=password, **given)
    elif act == "confirm":
        return authenticator.confirm(mall=settings.MALL_CODE, digits=digits, **given)
    elif act == "remove":
        authenticator.remove(mall=settings.MALL_CODE, password=password, digits=digits, **given)
        messages.success(request, _("Aplikasi autentikator dicabut. Kode dikirim lewat surel atau SMS lagi."))
    else:
        raise NotFound
    return []
