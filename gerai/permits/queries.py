"""Reading permits. What the public sees is decided in `public`; the sealed values open only for printing."""

import hashlib
import json
from datetime import date, datetime
from typing import Any
from uuid import UUID

from django.db.models import Max, Q, QuerySet
from django.db.models.lookups import Exact

from gerai.accounts import queries as people
from gerai.agencies import queries as agencies
from gerai.agencies.models import Agency, Membership
from gerai.applications import acting
from gerai.core import encryption
from gerai.core.errors import NotFound
from gerai.permits import rules, wording
from gerai.permits.models import Permit, PermitSeries, Suspension, bare_number
from gerai.permits.rules import Kind, Status

OFFICERS = ("signer", "verifier")  # who may open the file with its personal rows
READERS = (*OFFICERS, "agency_admin")  # who may see the register and what a page says of a permit
MOST_FOUND = 20


def _all() -> QuerySet[Permit]:
    return Permit.objects.select_related("agency", "service", "mall", "document", "replacement")


def of(person: Any) -> QuerySet[Permit]:
    """The signed permits and letters of a person and of the businesses they act for, newest first."""
    return _all().filter(_theirs(person)).exclude(status=Status.SIGNING).order_by("-decided_at")


def waiting_for_pickup(person: Any) -> QuerySet[Permit]:
    """Signed permits of a person whose paper has not been fetched."""
    return of(person).filter(kind=Kind.PERMIT, status=Status.VALID, handed_over_at=None)


def by_secret(secret: str) -> Permit | None:
    """The signed permit behind a public address, or None."""
    return _all().exclude(status=Status.SIGNING).filter(secret=secret).first()


def by_number(number: str, code: str = "") -> list[Permit]:
    """
    The signed permits of this number, however it was spaced or capitalised: each agency has its own numbers.

    With the code printed beside the QR, or more of it: only the one whose paper that is.
    """
    wanted = "".join(number.split()).upper()
    signed = _all().exclude(status=Status.SIGNING).filter(Exact(bare_number(), wanted))
    found = list(signed.order_by("mall_id", "agency__code", "id")[:MOST_FOUND])
    return [permit for permit in found if rules.proves(code, permit.secret)] if code else found


def by_file(data: bytes) -> Permit | None:
    """The permit whose file this is, byte for byte, or None."""
    digest = hashlib.sha256(data).hexdigest()
    return _all().exclude(status=Status.SIGNING).filter(document__sha256=digest).first()


def for_application(application_id: UUID | str) -> Permit | None:
    """The signed permit or letter that ended an application, or None."""
    return _all().exclude(status=Status.SIGNING).filter(application_id=application_id).first()


def get(person: Any, permit_id: UUID | str, now: datetime, roles: tuple[str, ...] = READERS) -> Permit:
    """
    A signed permit that the person may see: theirs, asked for with a mandate, or of the agency where they hold a role.

    :raises NotFound: if it is not theirs or not signed yet
    """
    held = agencies.memberships(person).filter(role__in=roles, agency__isnull=False)
    seen = _theirs(person) | _by_mandate(person, now) | Q(agency_id__in=held.values("agency_id"))
    found = _all().filter(seen, pk=permit_id).exclude(status=Status.SIGNING).first()
    if found is None:
        raise NotFound
    return found


def _theirs(person: Any) -> Q:
    """A person's own, and those of the proven businesses they act for: who has left one has nothing of it any more."""
    inside = people.acting_for(person).order_by().values("business_id")
    return Q(holder_id=person.pk, application__business=None) | Q(application__business_id__in=inside)


def _by_mandate(person: Any, now: datetime) -> Q:
    """What they asked for with somebody's mandate, as long as it lasts: to read and to bring, not to change."""
    lasts = Q(application__mandate__isnull=False, application__helped_until__gt=now)
    return lasts & Q(application__helper_id=person.pk)


def is_theirs(person: Any, permit: Permit) -> bool:
    """Whether it is the person's own, or of a business they act for."""
    return Permit.objects.filter(_theirs(person), pk=permit.pk).exists()


def of_application(person: Any, application_id: UUID, now: datetime) -> Permit | None:
    """The signed permit or letter of an application of theirs, or that they made with a mandate; or None."""
    seen = _theirs(person) | _by_mandate(person, now)
    return _all().filter(seen, application_id=application_id).exclude(status=Status.SIGNING).first()


def numbered(permit_id: UUID, number: str) -> Permit | None:
    """The signed permit, if it is still the one of this number."""
    return _all().exclude(status=Status.SIGNING).filter(pk=permit_id, number=number).first()


def reads_for(person: Any) -> QuerySet[Membership]:
    """The agencies whose register the person may see, one membership each."""
    held = agencies.memberships(person).filter(role__in=READERS, agency__isnull=False)
    return held.order_by("agency_id", "id").distinct("agency_id")


def get_file(person: Any, permit_id: UUID | str, now: datetime) -> Permit:
    """
    A signed permit whose file the person may open: their own or a mandate's, or as the agency's signer or verifier.

    :raises NotFound: if it is not theirs or not signed yet
    """
    return get(person, permit_id, now, OFFICERS)


def may_open_file(person: Any, permit: Permit, now: datetime) -> bool:
    """Whether the person may open the file, with the personal rows that a page does not show."""
    held = agencies.memberships(person).filter(role__in=OFFICERS, agency_id=permit.agency_id)
    mine = _theirs(person) | _by_mandate(person, now)
    return held.exists() or Permit.objects.filter(mine, pk=permit.pk).exists()


def looks_as_officer(person: Any, permit: Permit) -> bool:
    """Whether a look at it is an officer's: not the holder's own, nor a colleague's or a mandate holder's."""
    held = agencies.memberships(person).filter(role__in=READERS, agency_id=permit.agency_id)
    return not is_theirs(person, permit) and held.exists()


def may_revoke(person: Any, permit: Permit) -> bool:
    """
    Whether the person may withdraw or suspend it: a signing official of the agency that gave it.

    Nobody lifts, suspends or withdraws a permit of their own, their business's, or that they asked for with a mandate.
    """
    if permit.kind != Kind.PERMIT or not agencies.has_role(person.pk, "signer", agency_id=permit.agency_id):
        return False
    return not acting.is_own(person, permit.application)


def may_correct(person: Any, permit: Permit) -> bool:
    """Whether the person may have a mistake of the office put right: the owner's verifier, of nothing of their own."""
    verifies = agencies.has_role(person.pk, "verifier", agency_id=permit.agency_id)
    return verifies and permit.kind == Kind.PERMIT and not acting.is_own(person, permit.application)


def told(permit_id: str) -> Permit:
    """The permit that a ledger entry is about, with its application. For the consumer that sends notices."""
    return Permit.objects.select_related("application__applicant", "service").get(pk=permit_id)


def suspension(permit: Permit) -> Suspension | None:
    """The suspension that lasts, or None."""
    if permit.status != Status.SUSPENDED:
        return None
    return Suspension.objects.filter(permit=permit, lifted_at=None).first()


def withdrawal_objection_until(permit: Permit) -> date | None:
    """Until when its holder may object to the revocation or the suspension that lasts (UU 30/2014 pasal 77)."""
    lasting = suspension(permit)
    since = lasting.suspended_at if lasting else permit.revoked_at
    if since is None:
        return None
    calendar = agencies.calendar(permit.mall)
    return calendar.add_working_days(calendar.local(since).date(), rules.OBJECTION_DAYS)


def past_suspensions(permit: Permit) -> list[Suspension]:
    """The suspensions that were lifted, oldest first: what was said against it, and why it holds again."""
    return list(Suspension.objects.filter(permit=permit, lifted_at__isnull=False).order_by("suspended_at"))


def begin_of(agency: Agency, kind: str, year: int) -> int:
    """
    After which number a new series counts on.

    A pattern that has just lost its year goes on behind every number that the agency has given so far.
    """
    if year != rules.EVERY_YEAR:
        return 0
    given = PermitSeries.objects.filter(agency=agency, kind=kind).aggregate(last=Max("last"))
    return given["last"] or 0


def next_number(agency: Agency, service_code: str, day: date, kind: str = Kind.PERMIT) -> str:
    """The number that would come next. Provisional: another decision may take it first."""
    year = rules.series_year(agency.permit_pattern, day)
    series = PermitSeries.objects.filter(agency=agency, kind=kind, year=year).first()
    last = series.last if series else begin_of(agency, kind, year)
    return free_number(agency, service_code, day, kind, last)[1]


def free_number(agency: Agency, service_code: str, day: date, kind: str, last: int) -> tuple[int, str]:
    """
    The first number behind `last` that the agency has not given to anybody, with its place in the series.

    Mostly the very next. A changed pattern may spell a number that an older one has spelt: it is passed over, for
    otherwise no decision of the agency would ever get a number again.
    """
    while True:
        last += 1
        made = rules.number(
            agency.permit_pattern, running=last, agency=agency.code, service=service_code, day=day, kind=kind
        )
        if not Permit.objects.filter(agency=agency, number=made).exists():
            return last, made


def printed(permit: Permit) -> dict[str, Any]:
    """What the paper says, the sealed values opened. For the signer's paper only, never for a page."""
    content: dict[str, Any] = json.loads(json.dumps(permit.content))
    if permit.content_sealed:
        opened = json.loads(encryption.unseal(permit.content_sealed, place=f"permits.content:{permit.pk}"))
        return wording.opened(content, opened)
    return content


def today(permit: Permit, now: datetime) -> date:
    """The day it is in the permit's mall."""
    return agencies.calendar(permit.mall).local(now).date()


def state(permit: Permit | None, now: datetime) -> str:
    """What the public page says: valid, not_yet, expired, suspended, revoked or unknown."""
    if permit is None:
        return rules.Shown.UNKNOWN.value
    return rules.shown_status(
        permit.status, first=permit.valid_from, last=permit.valid_until, today=today(permit, now)
    ).value


def may_take(person: Any, permit: Permit, now: datetime) -> bool:
    """Whether the person may take it as a credential: who owns it, of a permit that holds now."""
    return owns(person, permit) and state(permit, now) == rules.Shown.VALID


def owns(person: Any, permit: Permit) -> bool:
    """Whether the permit is the person's own, or of a business of which they are owner or staff."""
    if permit.kind != Kind.PERMIT or not is_theirs(person, permit):
        return False
    return acting.may_decide(person, permit.application)


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
    if permit.status == Status.REPLACED and permit.replaced_at:
        told |= {"replaced_at": permit.replaced_at.isoformat(), "replaced_by": permit.replacement.number}
    if "replaces" in permit.content:
        told["replaces"] = permit.content["replaces"]
    if lasting := suspension(permit):
        told["suspended_at"] = lasting.suspended_at.isoformat()
    if not by_guess:
        rows = permit.content["rows"]
        told["rows"] = [r for r in rows if not r.get("personal") and permit.kind == Kind.PERMIT]
        if text := permit.content.get("text"):
            told["text"] = text  # a personal value in it is none: the paper prints it
        told["sha256"] = permit.document.sha256 if permit.document else None
    return told
