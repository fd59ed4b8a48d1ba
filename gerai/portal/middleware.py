"""Refusals become pages (or JSON) with a sentence that helps; anything else is a bug and is logged as one."""

from collections.abc import Callable

from django.conf import settings
from django.contrib.auth import SESSION_KEY
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext

from gerai.core.errors import DomainError


class NotKept:
    """What a signed-in person sees is not kept by the browser: on a shared computer the next one presses Back."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Say so, unless the page has said something of its own."""
        response = self.get_response(request)
        if settings.SESSION_COOKIE_NAME in request.COOKIES and SESSION_KEY in request.session:
            response.headers.setdefault("Cache-Control", "no-store")
        return response


class Refusals:
    """Turn a DomainError that a view let through into its page."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Pass on."""
        return self.get_response(request)

    def process_exception(self, request: HttpRequest, error: Exception) -> HttpResponse | None:
        """The page for a refusal, with its status."""
        if not isinstance(error, DomainError):
            return None
        text = error.sentence.said(gettext)
        if request.path.startswith("/api/") or "application/json" in request.headers.get("Accept", ""):
            return JsonResponse({"code": error.code, "text": text}, status=error.status)
        if error.status == 404:
            return render(request, "404.html", status=404)
        told = {"sentence": text, "code": error.code, "back": _back(request)}
        return render(request, "refusal.html", told, status=error.status)


def _back(request: HttpRequest) -> str:
    """The page the person came from, if it is ours."""
    came = request.headers.get("Referer", "")
    return came if url_has_allowed_host_and_scheme(came, allowed_hosts={request.get_host()}) else ""
