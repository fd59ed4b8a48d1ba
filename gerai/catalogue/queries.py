"""Reading the catalogue: services with their published edition, search, what a file would change."""

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from django.db.models import Count, Max, QuerySet

from gerai.agencies.models import Agency, Counter, Mall
from gerai.catalogue import searching, words
from gerai.catalogue.joining import Plan
from gerai.catalogue.models import Edition, LifeEvent, Proposal, Screener, Service
from gerai.core.errors import NotFound
from gerai.ledger.models import Entry

# What of a service and of an agency stands beside the editions and may change.
SERVICE_FIELDS = ("name", "keywords", "kind", "online", "counter_minutes")
AGENCY_FIELDS = ("name", "short", "kind", "opening", "source")


SCREENED = "izin-"  # before the first answer: the occasion of who came by "which permits do I need?"


@dataclass(frozen=True, slots=True)
class Occasion:
    """Services that belong together, in order, and whose permit which of them needs first."""

    code: str
    name: dict[str, str]
    services: list[str]
    after: dict[str, list[str]]


def _with_edition(editions: QuerySet[Edition]) -> list[Service]:
    found = []
    for edition in editions.select_related("service__agency__mall"):
        edition.service.edition = edition
        found.append(edition.service)
    return found


def published(mall: Mall, agency_code: str | None = None) -> list[Service]:
    """Every service that people can get now, each with its `.edition`."""
    editions = Edition.objects.filter(
        status="published",
        service__active=True,
        service__agency__mall=mall,
        service__agency__live_at__isnull=False,
    )
    if agency_code:
        editions = editions.filter(service__agency__code=agency_code)
    return _with_edition(editions.order_by("service__agency__code", "service__code"))


def counts(mall: Mall) -> dict[str, int]:
    """How many services people can get now, from how many agencies."""
    found = Edition.objects.filter(
        status="published",
        service__active=True,
        service__agency__mall=mall,
        service__agency__live_at__isnull=False,
    )
    return found.aggregate(services=Count("id"), agencies=Count("service__agency", distinct=True))


def find(mall: Mall, agency_code: str, service_code: str) -> Service:
    """
    One service with its `.edition`.

    :raises NotFound: if it is not offered in this mall
    """
    editions = Edition.objects.filter(
        status="published",
        service__active=True,
        service__agency__mall=mall,
        service__agency__live_at__isnull=False,
        service__agency__code=agency_code,
        service__code=service_code,
    )
    found = _with_edition(editions[:1])
    if not found:
        raise NotFound
    return found[0]


def by_codes(mall: Mall, codes: list[str]) -> list[Service]:
    """Services by code, in the order asked for; what is not offered is left out."""
    editions = Edition.objects.filter(
        status="published",
        service__active=True,
        service__agency__mall=mall,
        service__agency__live_at__isnull=False,
        service__code__in=codes,
    )
    found = {service.code: service for service in _with_edition(editions)}
    return [found[code] for code in codes if code in found]


def edition(edition_id: int) -> Edition:
    """
    One edition, published or not.

    :raises NotFound: if there is none
    """
    found = Edition.objects.select_related("service__agency").filter(pk=edition_id).first()
    if found is None:
        raise NotFound
    return found


@lru_cache(maxsize=1000)
def frozen(edition_id: int) -> Edition:
    """One edition, for its content: read once per process, for what is published never changes (a trigger)."""
    return Edition.objects.get(pk=edition_id)


def agency_wide(standard: Mapping[str, Any]) -> list[tuple[dict[str, str], Any]]:
    """The components that an agency states once for all its services: label and text, in the law's order."""
    return [(label, standard[name]) for name, label in words.COMPONENTS.items() if name in standard]


def editions(service: Service) -> QuerySet[Edition]:
    """All editions of a service, newest first."""
    return Edition.objects.filter(service=service).order_by("-number")


def life_events(mall: Mall) -> QuerySet[LifeEvent]:
    """The moments of life of this mall."""
    return LifeEvent.objects.filter(mall=mall).order_by("id")


def life_event(mall: Mall, code: str) -> LifeEvent:
    """
    One moment of life.

    :raises NotFound: if there is none of that code
    """
    found = LifeEvent.objects.filter(mall=mall, code=code).first()
    if found is None:
        raise NotFound
    return found


def screener(mall: Mall) -> dict[str, Any] | None:
    """The content of "which permits do I need?", if this mall has one."""
    return Screener.objects.filter(mall=mall).values_list("content", flat=True).first()


def has_screener(mall: Mall) -> bool:
    """Whether this mall has one."""
    return Screener.objects.filter(mall=mall).exists()


def service_codes(mall: Mall) -> frozenset[str]:
    """The codes of all services that are offered, also by agencies that are not at work yet."""
    found = Service.objects.filter(agency__mall=mall, active=True)
    return frozenset(found.values_list("code", flat=True))


def needed_first(mall: Mall) -> dict[str, list[str]]:
    """Whose permit a service needs first, over all moments of life: what is true in one is true elsewhere."""
    found: dict[str, list[str]] = {}
    for after in LifeEvent.objects.filter(mall=mall).values_list("after", flat=True):
        for code, needed in after.items():
            found[code] = list(dict.fromkeys([*found.get(code, []), *needed]))
    return found


def occasion(mall: Mall, code: str) -> Occasion:
    """
    What services can be applied for together: a moment of life, or "izin-<first answer>" of the screener.

    :raises NotFound: if there is none of that code
    """
    if not code.startswith(SCREENED):
        event = life_event(mall, code)
        return Occasion(code, event.name, event.services, event.after)
    content = screener(mall)
    choices = content["questions"][0]["choices"] if content else []
    chosen = next((c for c in choices if c["value"] == code.removeprefix(SCREENED)), None)
    if content is None or chosen is None:
        raise NotFound
    services = list(dict.fromkeys(result["service"] for result in content["results"]))
    return Occasion(code, chosen["label"], services, needed_first(mall))


def search(mall: Mall, text: str, limit: int = 20) -> list[Service]:
    """Services for everyday words, best first; forgives typing errors. Each has its `.edition`."""
    changes = Entry.objects.filter(mall=mall.pk, kind__in=searching.CHANGES)
    stamp = tuple(changes.aggregate(last=Max("id"), number=Count("id")).values())
    index = searching.cached(mall.pk, stamp)
    if index is None:
        index = searching.Index(published(mall), list(life_events(mall)))
        if any(stamp):  # what no entry tells of, as rows a test makes by itself, has no stamp to be known by
            searching.keep(mall.pk, stamp, index)
    return index.find(text, limit)


def taken_counters(mall: Mall) -> dict[int, frozenset[str]]:
    """Which agencies sit at which counter."""
    found: dict[int, set[str]] = defaultdict(set)
    for number, code in Counter.objects.filter(mall=mall, agencies__isnull=False).values_list(
        "number", "agencies__code"
    ):
        found[number].add(code)
    return {number: frozenset(codes) for number, codes in found.items()}


def agency_codes(mall: Mall) -> frozenset[str]:
    """The agencies of the mall, by code."""
    return frozenset(Agency.objects.filter(mall=mall).values_list("code", flat=True))


def current(mall: Mall, agency_code: str) -> dict[str, tuple[Service, Edition | None]]:
    """All services of an agency by code, each with its published edition (None if never published)."""
    services = list(Service.objects.filter(agency__mall=mall, agency__code=agency_code))
    published = Edition.objects.filter(service__in=services, status="published")
    by_service = {edition.service_id: edition for edition in published}
    return {service.code: (service, by_service.get(service.pk)) for service in services}


def changes(mall: Mall, plan: Plan) -> list[dict[str, Any]]:
    """What a checked file would change: {what, code, parts}. Empty: nothing."""
    agency = Agency.objects.filter(mall=mall, code=plan.agency["code"]).first()
    out: list[dict[str, Any]] = []
    if agency is None:
        out.append({"what": "agency_new", "code": plan.agency["code"], "parts": []})
    else:
        parts = [name for name in AGENCY_FIELDS if getattr(agency, name) != plan.agency[name]]
        if plan.agency["permit_pattern"] and agency.permit_pattern != plan.agency["permit_pattern"]:
            parts.append("permit_pattern")
        if parts:
            out.append({"what": "agency_changed", "code": agency.code, "parts": parts})
    there = {n for n, codes in taken_counters(mall).items() if plan.agency["code"] in codes}
    wanted = {number for number, _, _ in plan.counters}
    if there != wanted:
        out.append({"what": "counters", "code": "", "parts": [str(n) for n in sorted(wanted)]})
    return out + _service_changes(current(mall, plan.agency["code"]), plan)


def _service_changes(present: dict[str, tuple[Service, Edition | None]], plan: Plan) -> list[dict[str, Any]]:
    out: list[dict[str, Any]] = []
    for wanted in plan.services:
        if wanted["code"] not in present:
            out.append({"what": "service_new", "code": wanted["code"], "parts": []})
            continue
        service, edition = present[wanted["code"]]
        parts = [n for n in SERVICE_FIELDS if getattr(service, n) != wanted[n]]
        if not service.active:
            parts.append("active")
        before = edition.content if edition else {}
        after = wanted["content"]
        parts += [part for part in {**after, **before} if before.get(part) != after.get(part)]
        if parts:
            out.append({"what": "service_changed", "code": wanted["code"], "parts": parts})
    named = {s["code"] for s in plan.services}
    out += [
        {"what": "service_gone", "code": code, "parts": []}
        for code, (service, _) in present.items()
        if code not in named and service.active
    ]
    return out


def proposals(mall: Mall, agency_code: str | None = None) -> QuerySet[Proposal]:
    """Files that wait for a second person, newest first; of one agency where one is given."""
    found = Proposal.objects.filter(mall=mall, published_at__isnull=True, withdrawn_at__isnull=True)
    if agency_code:
        found = found.filter(agency_code=agency_code)
    return found.select_related("made_by").order_by("-made_at")


def proposal(mall: Mall, proposal_id: Any, agency_code: str | None = None) -> Proposal:
    """
    One file of the mall (and of the agency where one is given), waiting or published.

    :raises NotFound: if it is not theirs
    """
    found = Proposal.objects.select_related("made_by", "published_by").filter(mall=mall, pk=proposal_id)
    if agency_code:
        found = found.filter(agency_code=agency_code)
    one = found.first()
    if one is None:
        raise NotFound
    return one


def changed_by_people(mall: Mall, agency_code: str) -> bool:
    """Whether somebody has published this agency's file by hand, so that the starter file must not."""
    return (
        Entry.objects.filter(mall=mall.pk, subject=f"agency:{agency_code}", kind="catalogue.published")
        .exclude(actor_kind="system", actor_id="pilot")
        .exists()
    )
