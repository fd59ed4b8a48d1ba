"""Writing the catalogue: an agency joins by one file, a second person publishes, editions are frozen."""

from collections.abc import Set as AbstractSet
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import transaction

from gerai.agencies import services as agencies
from gerai.agencies.models import Agency, Mall
from gerai.catalogue import joining, moments, queries, screening
from gerai.catalogue.models import Edition, LifeEvent, Proposal, Screener, Service
from gerai.catalogue.rules import FileRefused, LifeEventWrong, NotYourAgency, ProposalClosed, SamePerson
from gerai.core.errors import NotFound
from gerai.ledger import services as ledger
from gerai.ledger.rules import ActorRef


@dataclass(frozen=True, slots=True)
class Joined:
    """What a file brought. `published` are the services with a new edition."""

    agency: Agency
    changes: list[dict[str, Any]]
    published: list[str]


def checked(
    *, mall: Mall, text: str, others: AbstractSet[str] = frozenset(), only_agency: str | None = None
) -> joining.Plan:
    """
    The plan of a file without a mistake.

    `others` are agencies that are about to join; `only_agency` is whose file it must be.

    :raises FileRefused: with every mistake
    :raises NotYourAgency: if it is the file of another
    """
    plan = joining.check(
        text, agencies=queries.agency_codes(mall) | others, taken=queries.taken_counters(mall)
    )
    if plan.problems:
        raise FileRefused(plan.problems)
    if only_agency and plan.agency["code"] != only_agency:
        raise NotYourAgency
    return plan


@transaction.atomic
def join(
    *,
    mall: Mall,
    text: str,
    actor: ActorRef,
    now: datetime,
    others: AbstractSet[str] = frozenset(),
    only_agency: str | None = None,
) -> Joined:
    """
    Bring an agency in, or up to date, from its file. Only its own things are touched; twice is once.

    :raises FileRefused, NotYourAgency: nothing is written then
    """
    Mall.objects.select_for_update().get(
        pk=mall.pk
    )  # one file at a time, so that counters are not taken twice
    plan = checked(mall=mall, text=text, others=others, only_agency=only_agency)
    return _carry_out(mall, plan, actor, now)


def _carry_out(mall: Mall, plan: joining.Plan, actor: ActorRef, now: datetime) -> Joined:
    changes = queries.changes(mall, plan)
    agency = agencies.put_agency(mall=mall, actor=actor, now=now, **plan.agency)
    agencies.place_counters(agency=agency, counters=plan.counters, actor=actor, now=now)
    published = _publish(agency, plan, now)
    if changes:
        ledger.append(
            mall=mall.pk,
            kind="catalogue.published",
            subject=f"agency:{agency.code}",
            actor=actor,
            now=now,
            data={"agency": agency.code, "services": published, "changes": changes},
        )
    return Joined(agency, changes, published)


def _publish(agency: Agency, plan: joining.Plan, now: datetime) -> list[str]:
    """Write services and the editions that differ; retire what the file no longer names."""
    present = queries.current(agency.mall, agency.code)
    fresh, mended = [], []
    for wanted in plan.services:
        service, _ = present.get(wanted["code"], (None, None))
        if service is None:
            values = {name: wanted[name] for name in queries.SERVICE_FIELDS}
            fresh.append(Service(agency=agency, code=wanted["code"], **values))
        elif not service.active or any(
            getattr(service, name) != wanted[name] for name in queries.SERVICE_FIELDS
        ):
            for name in queries.SERVICE_FIELDS:
                setattr(service, name, wanted[name])
            service.active = True
            mended.append(service)
    Service.objects.bulk_create(fresh)
    Service.objects.bulk_update(mended, [*queries.SERVICE_FIELDS, "active"])
    named = {s["code"] for s in plan.services}
    Service.objects.filter(agency=agency, active=True).exclude(code__in=named).update(active=False)
    rows = {s.code: s for s in Service.objects.filter(agency=agency)}
    return _freeze(rows, present, plan, now)


def _freeze(
    rows: dict[str, Service],
    present: dict[str, tuple[Service, Edition | None]],
    plan: joining.Plan,
    now: datetime,
) -> list[str]:
    superseded, editions = [], []
    for wanted in plan.services:
        _, old = present.get(wanted["code"], (None, None))
        if old is not None and old.content == wanted["content"]:
            continue
        if old is not None:
            superseded.append(old.pk)
        editions.append(
            Edition(
                service=rows[wanted["code"]],
                number=old.number + 1 if old else 1,
                content=wanted["content"],
                status="published",
                published_at=now,
            )
        )
    Edition.objects.filter(pk__in=superseded).update(status="superseded")
    Edition.objects.bulk_create(editions)
    return [edition.service.code for edition in editions]


@transaction.atomic
def propose(*, mall: Mall, text: str, person: Any, now: datetime, only_agency: str | None = None) -> Proposal:
    """
    Keep a checked file for a second person to publish. The same file twice is one proposal.

    :raises FileRefused, NotYourAgency: nothing is kept then
    """
    plan = checked(mall=mall, text=text, only_agency=only_agency)
    code = plan.agency["code"]
    Mall.objects.select_for_update().get(pk=mall.pk)
    found = queries.proposals(mall, code).filter(text=text, made_by=person).first()
    if found:
        return found
    proposal = Proposal.objects.create(mall=mall, agency_code=code, text=text, made_by=person, made_at=now)
    _record(proposal, "catalogue.proposed", person, now)
    return proposal


def _record(proposal: Proposal, kind: str, person: Any, now: datetime) -> None:
    ledger.append(
        mall=proposal.mall_id,
        kind=kind,
        subject=f"agency:{proposal.agency_code}",
        actor=ActorRef("person", str(person.pk)),
        now=now,
        data={"agency": proposal.agency_code, "proposal": str(proposal.pk)},
    )


def _open_proposal(mall: Mall, proposal_id: UUID | str, only_agency: str | None) -> Proposal:
    found = Proposal.objects.select_for_update().filter(mall=mall, pk=proposal_id)
    proposal = (found.filter(agency_code=only_agency) if only_agency else found).first()
    if proposal is None:
        raise NotFound
    if proposal.published_at or proposal.withdrawn_at:
        raise ProposalClosed
    return proposal


@transaction.atomic
def publish(
    *, mall: Mall, proposal_id: UUID | str, person: Any, now: datetime, only_agency: str | None = None
) -> Joined:
    """
    Publish what somebody else proposed. It is checked once more: the mall may have changed since.

    :raises SamePerson, ProposalClosed, FileRefused: nothing is published then
    """
    proposal = _open_proposal(mall, proposal_id, only_agency)
    if proposal.made_by_id == person.pk:
        raise SamePerson
    joined = join(
        mall=mall,
        text=proposal.text,
        actor=ActorRef("person", str(person.pk)),
        now=now,
        only_agency=only_agency,
    )
    proposal.published_by, proposal.published_at = person, now
    proposal.save(update_fields=["published_by", "published_at"])
    return joined


@transaction.atomic
def withdraw(
    *, mall: Mall, proposal_id: UUID | str, person: Any, now: datetime, only_agency: str | None = None
) -> None:
    """
    Take a proposal back, or refuse it.

    :raises ProposalClosed: if it was published or withdrawn already
    """
    proposal = _open_proposal(mall, proposal_id, only_agency)
    proposal.withdrawn_at = now
    proposal.save(update_fields=["withdrawn_at"])
    _record(proposal, "catalogue.proposal_withdrawn", person, now)


@transaction.atomic
def set_life_events(*, mall: Mall, events: list[dict[str, Any]], actor: ActorRef, now: datetime) -> bool:
    """
    Make these {code, name, services, after} the mall's moments of life. Tells whether anything changed.

    :raises LifeEventWrong: nothing is changed then
    """
    events = [{"after": {}, **event} for event in events]
    if any(not e["services"] or not (e["name"].get("id") and e["name"].get("en")) for e in events):
        raise LifeEventWrong
    if any(moments.misplaced(e["services"], e["after"]) for e in events):
        raise LifeEventWrong
    Mall.objects.select_for_update().get(pk=mall.pk)
    present = {e.code: e for e in queries.life_events(mall)}
    fields = ("code", "name", "services", "after")
    same = [tuple(e[field] for field in fields) for e in events]
    if [tuple(getattr(e, field) for field in fields) for e in present.values()] == same:
        return False
    LifeEvent.objects.filter(mall=mall).delete()
    LifeEvent.objects.bulk_create(LifeEvent(mall=mall, **{f: e[f] for f in fields}) for e in events)
    ledger.append(
        mall=mall.pk,
        kind="catalogue.life_events_changed",
        subject=f"mall:{mall.pk}",
        actor=actor,
        now=now,
        data={"codes": [e["code"] for e in events]},
    )
    return True


@transaction.atomic
def set_screener(*, mall: Mall, text: str, actor: ActorRef, now: datetime) -> bool:
    """
    Make this file the mall's "which permits do I need?". Tells whether anything changed; twice is once.

    :raises FileRefused: with every mistake; nothing is changed then
    """
    Mall.objects.select_for_update().get(pk=mall.pk)
    content, problems = screening.check(text, queries.service_codes(mall))
    if problems:
        raise FileRefused(problems)
    present = Screener.objects.filter(mall=mall).first()
    if present is not None and present.content == content:
        return False
    Screener.objects.update_or_create(mall=mall, defaults={"content": content})
    ledger.append(
        mall=mall.pk,
        kind="catalogue.screener_changed",
        subject=f"mall:{mall.pk}",
        actor=actor,
        now=now,
        data={"questions": len(content["questions"]), "results": len(content["results"])},
    )
    return True
