"""Refusals become pages (or JSON) with a sentence that helps; anything else is a bug and is logged as one."""

from collections.abc import Callable

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.utils.translation import gettext

from gerai.core.errors import DomainError


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
        text = gettext(error.text)
        text = text.format(**error.data) if error.data and "{" in text else text
        if "application/json" in request.headers.get("Accept", ""):
            return JsonResponse({"code": error.code, "text": text}, status=error.status)
        return render(request, "refusal.html", {"sentence": text, "code": error.code}, status=error.status)
