"""The public API, version 1: additive inside a version; separate from what the pages use.

Reading is open. Acting needs a token: of a paired machine (`gerai device NAME`), or of an officer for twelve hours
(`gerai token EMAIL`); the rights behind it are checked on every call.
"""

import hashlib
from typing import Any

from django.conf import settings
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.urls import URLPattern
from django.utils.translation import get_language_from_request, gettext, override
from ninja import Body, File, NinjaAPI, Schema, UploadedFile
from ninja.errors import AuthenticationError, ValidationError

from gerai.agencies import queries as agencies
from gerai.api import answers, counters
from gerai.api.callers import TOKEN, Caller, caller_of
from gerai.catalogue import queries as catalogue
from gerai.core import clock
from gerai.core.access import mark, public
from gerai.core.errors import DomainError, NotFound
from gerai.permits import credentials
from gerai.permits import queries as permits
from gerai.permits import services as permit_files
from gerai.visits import queries as visits
from gerai.visits import services as arriving
from gerai.visits.blocks import PAPER
from gerai.visits.models import Visit

FILE_LIMIT = 10 * 1024 * 1024
GUARDED = frozenset({"arrive", *counters.GUARDED})


class Api(NinjaAPI):
    """Ninja, with our access mark on every address: a bearer token, or open to all."""

    def _get_urls(self) -> list[Any]:
        found = super()._get_urls()
        for pattern in found:
            if isinstance(pattern, URLPattern):
                mark(pattern.callback, "token" if pattern.name in GUARDED else "public")
        return found


class TokenWrong(DomainError):
    """No token, or one that opens nothing."""

    code = "token_wrong"
    text = "Token tidak ada atau tidak berlaku. Pasangkan perangkat lagi."
    status = 401


class BodyWrong(DomainError):
    """A body or parameter of another shape."""

    code = "body_wrong"
    text = "Isi permintaan tidak sesuai. Periksa: {fields}"


api = Api(title="Gerai", version="1", description=answers.ABOUT, urls_namespace="api-v1", docs_url=None)


def _refusal(request: HttpRequest, error: DomainError, **more: Any) -> HttpResponse:
    """A stable code and a sentence, in the language that is asked for (Accept-Language); Indonesian by default."""
    with override(get_language_from_request(request)):
        told = {"code": error.code, "text": error.sentence.said(gettext), **more}
    return JsonResponse(told, status=error.status)


@api.exception_handler(DomainError)
def refused(request: HttpRequest, error: Any) -> HttpResponse:
    """A refusal by a rule."""
    return _refusal(request, error)


@api.exception_handler(AuthenticationError)
def unknown(request: HttpRequest, error: Any) -> HttpResponse:
    """No token, or one that opens nothing."""
    return _refusal(request, TokenWrong())


@api.exception_handler(ValidationError)
def malformed(request: HttpRequest, error: Any) -> HttpResponse:
    """A body or parameter of another shape."""
    fields = [".".join(map(str, one["loc"][1:])) for one in error.errors]
    return _refusal(request, BodyWrong(fields=", ".join(fields)), fields=fields)


class Arrival(Schema):
    """Who comes, for what."""

    services: list[str]  # "AGENCY/SERVICE"
    entrance: str = "A"
    priority: str = ""
    party: int = 1
    company: str = ""
    language: str = "id"


def _visit(visit: Visit) -> dict[str, Any]:
    told = [
        {
            "id": errand.pk,
            "state": str(errand.state),
            "service": f"{errand.agency.code}/{errand.service.code}",
            "counter": errand.counter.number if errand.counter else None,
            "low": errand.said_low,
            "high": errand.said_high,
        }
        for errand in getattr(visit, "fresh", None) or visits.errands(visit)
    ]
    address = f"{settings.BASE_URL}/kunjungan/{visit.secret}/"
    return {"number": str(visit), "secret": visit.secret, "address": address, "errands": told}


@api.get(
    "/mall",
    summary="The mall now: waiting, counters, waits per agency",
    response={200: answers.Mall},
    auth=None,
)
def mall(request: HttpRequest) -> HttpResponse:
    """The state that the boards show."""
    here, now = agencies.the_mall(), clock.now()
    queues = [
        {
            "agency": queue["agency"].code,
            "waiting": queue["waiting"],
            "low": queue["wait"].low if queue["wait"] else None,
            "high": queue["wait"].high if queue["wait"] else None,
        }
        for queue in visits.queues(here, now)
    ]
    state = visits.now(here, now)
    hits = {"right": state["hits"].right, "of": state["hits"].of} if state["hits"] else None
    return JsonResponse({"code": here.code, "name": here.name, **state, "hits": hits, "queues": queues})


@api.get(
    "/services", summary="All services that people can get now", response={200: answers.Services}, auth=None
)
def services(request: HttpRequest, q: str = "") -> HttpResponse:
    """The catalogue in short, or what a search finds."""
    here = agencies.the_mall()
    found = [
        {
            "code": f"{one.agency.code}/{one.code}",
            "name": one.name,
            "minutes": one.counter_minutes,
            "online": one.online,
        }
        for one in (catalogue.search(here, q) if q else catalogue.published(here))
    ]
    return JsonResponse({"services": found})


@api.post(
    "/visits",
    summary="Take a number. The same Idempotency-Key gives the same number",
    response={201: answers.Ticket, **answers.REFUSED},
    auth=TOKEN,
)
def arrive(request: HttpRequest, arrival: Body[Arrival]) -> HttpResponse:
    """One number for all errands."""
    key = request.headers.get("Idempotency-Key", "")
    return JsonResponse(take_number(caller_of(request, "kiosk", "counter_api"), arrival, key), status=201)


def take_number(caller: Caller, arrival: Arrival, key: str) -> dict[str, Any]:
    """One number for all errands; the same key again gives the same one."""
    entrance = arrival.entrance.strip().upper()
    if not (1 <= len(entrance) <= 2 and entrance.isascii() and entrance.isalpha()) or entrance == PAPER:
        raise EntranceWrong
    visit = arriving.arrive(
        mall=caller.mall,
        chosen=[visits.offered(caller.mall, one) for one in dict.fromkeys(arrival.services)],
        entrance=entrance,
        actor=caller.actor,
        now=clock.now(),
        priority=arrival.priority,
        party=arrival.party,
        company=arrival.company,
        language="en" if arrival.language == "en" else "id",
        request_key=hashlib.sha256(f"{caller.actor.id}:{key}".encode()).hexdigest() if key else None,
    )
    return _visit(visit)


class EntranceWrong(DomainError):
    """An entrance is named by one or two letters."""

    code = "entrance_wrong"
    text = "Pintu masuk ditulis dengan satu atau dua huruf, misalnya A."


@api.get(
    "/visits/{secret}",
    summary="A ticket by its secret",
    response={200: answers.Ticket, 404: answers.Refusal},
    auth=None,
)
def ticket(request: HttpRequest, secret: str) -> HttpResponse:
    """What the phone page shows. The secret is the key."""
    return JsonResponse(_visit(visits.ticket(secret, clock.now())))


class FileToCheckWrong(DomainError):
    """A PDF, or a credential, of the size that a document of the mall has."""

    code = "file_to_check_wrong"
    text = "Kirim satu berkas PDF atau kredensial (SD-JWT), paling besar 10 MB, di bagian file."
    status = 422


@api.post(
    "/permits/check",
    summary="Check a permit by its file: a PDF or a credential",
    response={200: answers.CheckedFile, 422: answers.Refusal},
    auth=None,
)
def check_file(request: HttpRequest, file: File[UploadedFile]) -> HttpResponse:
    """
    What the file is worth, and how the permit stands today; never more than the permit itself prints.

    Of a PDF `verdict` is ours, changed, foreign or unsigned; of a credential what `credentials.check` says.
    """
    data, now = file.read(FILE_LIMIT + 1), clock.now()
    if len(data) > FILE_LIMIT:
        raise FileToCheckWrong
    if data.lstrip()[:2] == b"ey":  # {" in base64
        checked = credentials.check(data.decode("utf-8", "replace"), now)
        return JsonResponse({"verdict": checked.verdict, "status": checked.state, "claims": checked.claims})
    if data[:5] != b"%PDF-":
        raise FileToCheckWrong
    verdict, found, seal = permit_files.check_file(data)
    told = permits.public(found, now, by_guess=verdict != "ours") if found else None
    return JsonResponse(
        {
            "verdict": verdict,
            "intact": seal.intact,
            "signer": seal.signer or None,
            "signed_at": seal.signed_at.isoformat() if seal.signed_at else None,
            "permit": told,
        }
    )


@api.get(
    "/permits/{secret}",
    summary="Check a permit by the secret in its QR",
    response={200: answers.Permit},
    auth=None,
)
def permit(request: HttpRequest, secret: str) -> HttpResponse:
    """valid, not_yet, expired, suspended, revoked or unknown."""
    return JsonResponse(permits.public(permits.by_secret(secret), clock.now()))


api.add_router("", counters.router)


@public
def no_such_address(request: HttpRequest, rest: str) -> HttpResponse:
    """A mistyped address is refused as everything else: a program cannot read our page."""
    return _refusal(request, NotFound())
