"""The register of permits: page by page for the agency's officers, without persons for everybody, and what ends."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID

from django.db.models import Exists, F, Max, Min, OuterRef, Q, QuerySet

from gerai.agencies import queries as agencies
from gerai.agencies.models import Agency, Mall
from gerai.applications.models import Application
from gerai.applications.rules import FINAL, Why
from gerai.catalogue.models import Service
from gerai.notices import queries as notices
from gerai.permits import rules
from gerai.permits.models import Permit
from gerai.permits.rules import Kind, Shown, Status

PER_PAGE = 50
STATES = (Shown.VALID, Shown.NOT_YET, Shown.EXPIRED, Shown.SUSPENDED, Shown.REVOKED, Shown.REPLACED)
CHUNK = 500
# The columns of the open data, in this order. Only ever add at the end (README, "Open data").
COLUMNS = (
    *("number", "agency_code", "agency", "service_code", "service", "kind", "status"),
    *("issued_on", "valid_until", "certified", "demo", "replaced_by"),
)

_READ = (
    *("id", "number", "agency__code", "agency__name", "service__code", "service__name", "kind", "status"),
    *("valid_from", "valid_until", "certified", "content__demo"),
    *("replacement__number", "lat", "lon"),
)


@dataclass(frozen=True, slots=True)
class Wanted:
    """What an officer looks for. There is no search by name: letters tried one by one would spell it."""

    number: str = ""
    service: str = ""
    state: str = ""
    year: int | None = None
    after: UUID | None = None


@dataclass(frozen=True, slots=True)
class Line:
    """One permit as a list shows it, the holder veiled."""

    id: UUID
    number: str
    service: dict[str, str]
    kind: str
    state: str
    issued: date
    until: date | None
    holder: str


def in_state(state: str, today: date) -> Q:
    """Those that `rules.shown_status` calls so; letters have no state."""
    over = Q(valid_until__lt=today)
    begun = Q(valid_from__lte=today)
    found = {
        Shown.VALID: Q(status=Status.VALID) & begun & ~over,
        Shown.NOT_YET: Q(status=Status.VALID) & ~begun & ~over,
        Shown.EXPIRED: Q(status__in=(Status.VALID, Status.SUSPENDED)) & over,
        Shown.SUSPENDED: Q(status=Status.SUSPENDED) & ~over,
        Shown.REVOKED: Q(status=Status.REVOKED),
        Shown.REPLACED: Q(status=Status.REPLACED),
    }
    return found[Shown(state)] & Q(kind=Kind.PERMIT)


def _signed(agency: Agency) -> QuerySet[Permit]:
    return Permit.objects.filter(agency=agency).exclude(status=Status.SIGNING)


def page(agency: Agency, wanted: Wanted, now: datetime) -> tuple[list[Line], UUID | None]:
    """
    Fifty of the agency's permits and letters, newest first, and after which one the next page begins.

    Masked values only, so no opening. Each page begins behind the last one's end: no row is shown twice or
    skipped when others are issued meanwhile, and a late page costs no more than the first.
    """
    today = agencies.calendar(agency.mall).local(now).date()
    found = _signed(agency)
    if wanted.number:
        found = found.filter(number__icontains="".join(wanted.number.split()))
    if wanted.service:
        found = found.filter(service__code=wanted.service)
    if wanted.state:
        found = found.filter(in_state(wanted.state, today))
    if wanted.year:
        found = found.filter(valid_from__year=wanted.year)
    if wanted.after:
        last = _signed(agency).filter(pk=wanted.after).first()
        if last:
            older = Q(decided_at__lt=last.decided_at) | Q(decided_at=last.decided_at, pk__lt=last.pk)
            found = found.filter(decided_at__lte=last.decided_at).filter(older)
    rows = list(found.select_related("service").order_by("-decided_at", "-id")[: PER_PAGE + 1])
    more = rows[PER_PAGE - 1].pk if len(rows) > PER_PAGE else None
    return [_line(permit, today) for permit in rows[:PER_PAGE]], more


def _line(permit: Permit, today: date) -> Line:
    return Line(
        id=permit.pk,
        number=permit.number,
        service=permit.service.name,
        kind=permit.kind,
        state=state_of(permit, today),
        issued=permit.valid_from,
        until=permit.valid_until,
        holder=rules.veiled(permit.content["holder"]),
    )


def state_of(permit: Permit, today: date) -> str:
    """How it stands on a day."""
    return rules.shown_status(
        permit.status, first=permit.valid_from, last=permit.valid_until, today=today
    ).value


def choices(agency: Agency) -> tuple[list[Service], list[int]]:
    """What the register can be narrowed to: the services that stand in it, and its years, newest first."""
    stands = Exists(_signed(agency).filter(service=OuterRef("pk")))
    services = list(Service.objects.filter(stands, agency=agency).order_by("code"))
    span = _signed(agency).aggregate(first=Min("valid_from"), last=Max("valid_from"))
    if span["first"] is None:
        return services, []
    return services, list(range(span["last"].year, span["first"].year - 1, -1))


def open_data(mall: Mall, now: datetime, size: int = CHUNK) -> Iterator[dict[str, Any]]:
    """
    Every permit of a mall by the open columns, oldest first, in small readings. Nothing of it is personal.

    Letters of refusal are left out: with the check by number they would tell whom an agency has turned down.
    """
    today = agencies.calendar(mall).local(now).date()
    return (_open(row, today) for row in _read(_open_to_all(mall), size))


def placed(mall: Mall, now: datetime, size: int = CHUNK) -> Iterator[tuple[dict[str, Any], float, float]]:
    """The same of what has a place on the map, with latitude and longitude."""
    today = agencies.calendar(mall).local(now).date()
    found = _read(_open_to_all(mall).filter(lat__isnull=False), size)
    return ((_open(row, today), row["lat"], row["lon"]) for row in found)


def _open_to_all(mall: Mall) -> QuerySet[Permit]:
    return Permit.objects.filter(mall=mall, kind=Kind.PERMIT).exclude(status=Status.SIGNING)


def _read(permits: QuerySet[Permit], size: int) -> Iterator[dict[str, Any]]:
    last: UUID | None = None
    while True:
        rest = permits.filter(pk__gt=last) if last else permits
        rows = list(rest.order_by("pk").values(*_READ)[:size])  # what is personal is not even read
        yield from rows
        if len(rows) < size:
            return
        last = rows[-1]["id"]


def _open(row: dict[str, Any], today: date) -> dict[str, Any]:
    until = row["valid_until"]
    state = rules.shown_status(row["status"], first=row["valid_from"], last=until, today=today)
    told = (
        *(row["number"], row["agency__code"], row["agency__name"]["id"]),
        *(row["service__code"], row["service__name"]["id"], row["kind"], state.value),
        *(row["valid_from"].isoformat(), until.isoformat() if until else None),
        *(row["certified"], bool(row["content__demo"])),
        row["replacement__number"] if state == Shown.REPLACED else None,
    )
    return dict(zip(COLUMNS, told, strict=True))


def _renewals_sent() -> QuerySet[Application]:
    """What asks to renew a permit, has been sent and is not ended."""
    sent = Application.objects.filter(
        follows=OuterRef("application"), why=Why.RENEW, submitted_at__isnull=False
    )
    return sent.exclude(status__in=FINAL)


def ending(mall: Mall, days: int, today: date) -> Iterator[tuple[Permit, str]]:
    """
    The permits that end in `days` days and whose holder has not been told so, each with its notice's key.

    A day on which the job did not run is made good for a week. One that never had so many days is not
    announced: its holder has just got it. Suspended and revoked ones are left alone, and those whose renewal was sent.
    """
    last = today + timedelta(days=days)
    ends = Permit.objects.filter(
        mall=mall, kind=Kind.PERMIT, status=Status.VALID,
        valid_until__range=(last - rules.REMIND_LATE, last),
        valid_from__lt=F("valid_until") - timedelta(days=days),
    ).filter(~Exists(_renewals_sent())).select_related("application__applicant", "service")  # fmt: skip
    after: UUID | None = None
    while True:
        rest = ends.filter(pk__gt=after) if after else ends
        rows = list(rest.order_by("pk")[:CHUNK])
        keys = {f"permit-ends-{days}:{permit.pk}": permit for permit in rows}
        told = notices.known(keys)
        yield from ((permit, key) for key, permit in keys.items() if key not in told)
        if len(rows) < CHUNK:
            return
        after = rows[-1].pk
