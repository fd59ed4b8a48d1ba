"""Who may act through the API: paired machines, and officers for twelve hours. Checked on every call."""

from dataclasses import dataclass
from typing import Any

from django.core import signing
from django.http import HttpRequest
from ninja.security import HttpBearer

from gerai.accounts.models import Person
from gerai.agencies.models import Mall
from gerai.core.errors import DomainError
from gerai.floor import devices
from gerai.ledger.rules import ActorRef


class MayNot(DomainError):
    """The token is good, but not for this."""

    code = "token_may_not"
    text = "Perangkat ini tidak berhak melakukan itu. Pakai token petugas loket atau kios."
    status = 403


TOKEN_AGE = 12 * 60 * 60


@dataclass(frozen=True, slots=True)
class Caller:
    """Who asks: where, as whom in the ledger, which officer (None: a kiosk), and under which id for repeats."""

    mall: Mall
    actor: ActorRef
    kind: str
    person: Person | None


class Token(HttpBearer):
    """`Authorization: Bearer ...` of a paired machine, or of an officer."""

    def authenticate(self, request: HttpRequest | None, token: str) -> Caller | None:
        """The caller, or None."""
        if ":" in token:  # a signed one; those of machines have no colon
            return _officer_by(token)
        device = devices.by_token(token)
        if device is None:
            return None
        return Caller(device.mall, ActorRef("device", str(device.pk)), device.kind, device.person)


def _officer_by(token: str) -> Caller | None:
    try:
        person_id = signing.loads(token, salt="api", max_age=TOKEN_AGE)
    except signing.BadSignature:
        return None
    held = devices.officer(person_id)
    if held is None:
        return None
    return Caller(held.mall, ActorRef("person", str(person_id)), "counter_api", held.person)


def token_for(person: Person) -> str:
    """An officer's token that works for twelve hours, as long as they hold a role."""
    return signing.dumps(str(person.pk), salt="api")


TOKEN = Token()


def caller_of(request: HttpRequest, *kinds: str) -> Caller:
    """Who asks.

    :raises MayNot: if this kind of machine has no business here
    """
    caller: Caller = request.auth  # type: ignore[attr-defined]
    if caller.kind not in kinds:
        raise MayNot
    return caller


def officer_of(request: HttpRequest) -> Any:
    """The officer in whose name a counter program asks."""
    return caller_of(request, "counter_api").person
