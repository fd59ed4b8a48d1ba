"""Reading permits. What the public sees is decided in `public`; the sealed values open only for printing."""

import hashlib
import json
from datetime import date, datetime
from typing import Any
from uuid import UUID

from django.db.models import Q, QuerySet

from gerai.agencies import queries as agencies
from gerai.agencies.models import Agency
from gerai.core import encryption
from gerai.core.errors import NotFound
from gerai.permits import rules
from gerai.permits.models import Permit, PermitSeries
from gerai.permits.rules import Kind, Status

OFFICERS = ("signer", "verifier")


def _all() -> QuerySet[Permit]:
    return Permit.objects.select_related("agency", "service", "mall", "document")


def of(person: Any) -> QuerySet[Permit]:
    """A person's signed permits and letters, newest first."""
    return _all().filter(holder_id=person.pk).exclude(status=Status.SIGNING).order_by("-decided_at")


def waiting_for_pickup(person: Any) -> QuerySet[Permit]:
    """Signed permits of a person whose paper has not been fetched."""
    return of(person).filter(kind=Kind.PERMIT, status=Status.VALID, handed_over_at=None)


def by_secret(secret: str) -> Permit | None:
    """The signed permit behind a public address, or None."""
    return _all().exclude(status=Status.SIGNING).filter(secret=secret).first()


def by_number(number: str) -> Permit | None:
    """The signed permit of this number, however it was spaced or capitalised, or None."""
    wanted = "".join(number.split())
    return _all().exclude(status=Status.SIGNING).filter(number__iexact=wanted).order_by("id").first()


def by_file(data: bytes) -> Permit | None:
    """The permit whose file this is, byte for byte, or None."""
    digest = hashlib.sha256(data).hexdigest()
    return _all().exclude(status=Status.SIGNING).filter(document__sha256=digest).first()


def for_application(application_id: UUID | str) -> Permit | None:
    """The signed permit or letter that ended an application, or None."""
    return _all().exclude(status=Status.SIGNING).filter(application_id=application_id).first()


def get(person: Any, permit_id: UUID | str) -> Permit:
    """
    A signed permit that the person may open: their own, or of the agency whose signer or verifier they are.

    :raises NotFound: if it is not theirs or not signed yet
    """
    held = agencies.memberships(person).filter(role__in=OFFICERS, agency__isnull=False)
    mine = Q(holder_id=person.pk) | Q(agency_id__in=held.values("agency_id"))
    found = _all().filter(mine, pk=permit_id).exclude(status=Status.SIGNING).first()
    if found is None:
        raise NotFound
    return found


def may_revoke(person: Any, permit: Permit) -> bool:
    """Whether the person may withdraw it: a signing official of the agency that gave it."""
    return permit.kind == Kind.PERMIT and agencies.has_role(person.pk, "signer", agency_id=permit.agency_id)


def told(permit_id: str) -> Permit:
    """The permit that a ledger entry is about, with its holder. For the consumer that sends notices."""
    return Permit.objects.select_related("holder", "service").get(pk=permit_id)


def unsigned(before: datetime) -> list[UUID]:
    """What was decided before this moment and still waits for its signature."""
    waiting = Permit.objects.filter(status=Status.SIGNING, decided_at__lt=before)
    return list(waiting.order_by("decided_at").values_list("pk", flat=True)[:200])


def next_number(agency: Agency, service_code: str, day: date, kind: str = Kind.PERMIT) -> str:
    """The number that would come next. Provisional: another decision may take it first."""
    series = PermitSeries.objects.filter(agency=agency, kind=kind, year=day.year).first()
    return rules.number(
        agency.permit_pattern,
        running=(series.last if series else 0) + 1,
        agency=agency.code,
        service=service_code,
        day=day,
        kind=kind,
    )


def printed(permit: Permit) -> dict[str, Any]:
    """What the paper says, the sealed values opened. For the signer's paper only, never for a page."""
    content: dict[str, Any] = json.loads(json.dumps(permit.content))
    if permit.content_sealed:
        opened = json.loads(encryption.unseal(permit.content_sealed, place=f"permits.content:{permit.pk}"))
        for index, value in opened.items():
            content["rows"][int(index)]["value"] = value
    return content


def today(permit: Permit, now: datetime) -> date:
    """The day it is in the permit's mall."""
    return agencies.calendar(permit.mall).local(now).date()


def state(permit: Permit | None, now: datetime) -> str:
    """What the public page says: valid, not_yet, expired, revoked or unknown."""
    if permit is None:
        return rules.Shown.UNKNOWN.value
    return rules.shown_status(
        permit.status, first=permit.valid_from, last=permit.valid_until, today=today(permit, now)
    ).value


def public(permit: Permit | None, now: datetime, *, by_guess: bool = False) -> dict[str, Any]:
    """
    What anybody may know.

    Who has the secret has the paper in hand and sees what it prints, without the personal rows. Who only
    has a number may have guessed it (`by_guess`) and gets the name veiled and no rows.
    """
    told: dict[str, Any] = {"status": state(permit, now)}
    if permit is None:
        return told
    holder = permit.content["holder"]
    told |= {
        "kind": permit.kind,
        "number": permit.number,
        "title": permit.content["title"],
        "agency": permit.content["agency"],
        "holder": rules.veiled(holder) if by_guess else holder,
        "decided_on": permit.valid_from.isoformat(),
        "valid_until": permit.valid_until.isoformat() if permit.valid_until else None,
        "certified": permit.certified,
        "demo": bool(permit.content.get("demo")),
    }
    if permit.status == Status.REVOKED and permit.revoked_at:
        told["revoked_at"] = permit.revoked_at.isoformat()
    if not by_guess:
        rows = permit.content["rows"]
        told["rows"] = [r for r in rows if not r.get("personal") and permit.kind == Kind.PERMIT]
        told["sha256"] = permit.document.sha256 if permit.document else None
    return told
