"""The mark for screens of the hall: only a paired machine of that kind enters, by the token in its cookie."""

from collections.abc import Callable
from functools import wraps
from typing import Any
from uuid import UUID

from django.conf import settings
from django.http import HttpRequest, HttpResponse, HttpResponseBase

from gerai.core import clock
from gerai.core.access import View, mark
from gerai.floor import devices, pairing
from gerai.floor.hall import NotPaired
from gerai.floor.models import Device, Pairing

TOKEN, REQUEST = "gerai_{}", "gerai_pairing_{}"  # cookies, one for each kind of machine
FOR_EVER = 10 * 365 * 24 * 3600  # until revoked


def machine(request: HttpRequest, kind: str) -> Device | None:
    """The paired machine of this kind that asks, or None."""
    token = request.COOKIES.get(TOKEN.format(kind), "")
    found = devices.by_token(token) if token else None
    return found if found is not None and found.kind == kind else None


def device(kind: str, otherwise: Callable[..., HttpResponse] | None = None) -> Callable[[View], View]:
    """
    Let in a paired machine of this kind; the view gets `request.device`.

    Others get the page `otherwise`, or the refusal NotPaired: a screen that was shut out closes.
    """

    def decorate(view: View) -> View:
        @wraps(view)
        def guarded(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
            found = machine(request, kind)
            if found is None:
                if otherwise is not None and request.method == "GET":
                    return otherwise(request)
                raise NotPaired
            devices.seen(found, clock.now())
            request.device = found  # type: ignore[attr-defined]
            return view(request, *args, **kwargs)

        return mark(guarded, f"device:{kind}")

    return decorate


def asked(request: HttpRequest, kind: str) -> tuple[str, str] | None:
    """The id and the secret of the code that this box shows."""
    own, _, secret = request.COOKIES.get(REQUEST.format(kind), "").partition(".")
    try:
        return str(UUID(own)), secret
    except ValueError:
        return None


def keep_request(answer: HttpResponse, made: Pairing, secret: str) -> None:
    """Let the box remember its code, out of reach of scripts."""
    _set(answer, REQUEST.format(made.kind), f"{made.pk}.{secret}", 1200)


def keep_token(answer: HttpResponse, kind: str, token: str) -> None:
    """Let the box remember its token, out of reach of scripts, and forget the code."""
    _set(answer, TOKEN.format(kind), token, FOR_EVER)
    answer.delete_cookie(REQUEST.format(kind), samesite="Lax")


def _set(answer: HttpResponse, name: str, value: str, seconds: int) -> None:
    answer.set_cookie(name, value, max_age=seconds, httponly=True, samesite="Lax", secure=settings.SECURE)


def open_code(request: HttpRequest, kind: str) -> str | None:
    """The code that this box shows, while it is good."""
    own = asked(request, kind)
    if own is None:
        return None
    found = pairing.waiting(*own, kind, clock.now())
    return pairing.code_of(*own) if found is not None and found.confirmed_at is None else None
