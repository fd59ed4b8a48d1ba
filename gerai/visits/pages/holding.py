"""Which device holds a ticket: a signed cookie with the secret whose hash the visit keeps."""

import hmac

from django.conf import settings
from django.http import HttpRequest, HttpResponse

from gerai.visits import rules, ticket
from gerai.visits.models import Visit

AGE = 16 * 60 * 60  # the ticket dies at the end of its day


def _name(visit: Visit) -> str:
    return f"ticket-{visit.pk.hex[-12:]}"


def remember(answer: HttpResponse, visit: Visit, token: str) -> HttpResponse:
    """Let this browser hold the ticket."""
    answer.set_signed_cookie(
        _name(visit), token, max_age=AGE, httponly=True, samesite="Lax", secure=settings.SECURE
    )
    return answer


def holds(request: HttpRequest, visit: Visit) -> bool:
    """Whether this browser may change the visit: the device that claimed it, or the person it belongs to."""
    if visit.person_id is not None and request.user.is_authenticated and request.user.pk == visit.person_id:
        return True
    token = request.get_signed_cookie(_name(visit), default="") or ""
    return bool(visit.claim_hash) and hmac.compare_digest(ticket.hashed(token), visit.claim_hash)


def check(request: HttpRequest, visit: Visit) -> None:
    """:raises rules.NotYourDevice: unless this browser holds the ticket."""
    if not holds(request, visit):
        raise rules.NotYourDevice
