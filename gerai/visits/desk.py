"""The information desk: a number gets the person who holds it, and the priority that the desk has seen. Writes."""

from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from django.db import transaction
from django.db.models import QuerySet

from gerai.accounts import services as accounts
from gerai.core.errors import DomainError
from gerai.ledger import services as ledger
from gerai.ledger.rules import ActorRef
from gerai.visits import rules, who
from gerai.visits.models import Errand, Visit
from gerai.visits.services import hint, rank_of, what_it_is_about
from gerai.visits.ticket import OPEN


class VisitOfAnother(DomainError):
    """Another person is on this number."""

    code = "visit_of_another"
    text = "Nomor ini sudah atas nama orang lain. Periksa nomornya, atau ambilkan nomor baru."
    status = 409


class VisitEnded(DomainError):
    """There is nothing left to be called for."""

    code = "visit_ended"
    text = "Kunjungan dengan nomor ini sudah selesai. Ambilkan nomor baru."
    status = 409


@transaction.atomic
def identify(*, visit: Visit, person: Any, card_seen: bool, officer: Any, now: datetime) -> Visit:
    """
    Put a person on today's number, so that the counters see what is ready for them.

    The card counts as seen only if the officer says so; the account is proven by it. Again, it changes nothing.

    :raises rules.TicketOver, VisitEnded, VisitOfAnother: nothing is changed then
    :raises accounts.rules.AlreadyProven: if another account holds the card
    """
    # Who is at a counter before the visit, as the counters lock them; who waits after it, as the ticket does.
    served = list(_locked(visit).exclude(state__in=OPEN))
    locked = Visit.objects.select_for_update(of=("self",)).select_related("mall").get(pk=visit.pk)
    errands = [*served, *_locked(visit).filter(state__in=OPEN)]
    if locked.day != now.astimezone(ZoneInfo(locked.mall.timezone)).date():
        raise rules.TicketOver
    if locked.person_id not in (None, person.pk):
        raise VisitOfAnother
    if locked.ended_at is not None:
        raise VisitEnded
    if card_seen:
        accounts.prove(mall=locked.mall_id, person=person, officer=officer, now=now)
    if locked.person_id == person.pk:
        return locked
    locked.person = person
    locked.save(update_fields=["person"])
    for errand in errands:
        if errand.active:
            for name, value in what_it_is_about(locked, errand.service).items():
                setattr(errand, name, value)
            errand.save(update_fields=["application", "permit"])
    ledger.append(
        mall=locked.mall_id,
        kind="visits.identified",
        subject=f"person:{person.pk}",
        actor=ActorRef("person", str(officer.pk)),
        now=now,
        data={"visit": str(locked.pk), "card_seen": card_seen},
    )
    return locked


def _locked(visit: Visit) -> QuerySet[Errand]:
    """Its errands, each locked as it is read."""
    found = Errand.objects.select_for_update(of=("self",)).filter(visit=visit.pk)
    return found.select_related("agency", "service").order_by("id")


@transaction.atomic
def set_priority(*, visit: Visit, priority: str, actor: ActorRef, now: datetime) -> Visit:
    """
    Call somebody earlier whose proof the desk has seen, or ("") no longer. The same again changes nothing.

    What waits is ranked anew by the time it joined: nobody is passed by more than 15 minutes. What was missed gets its
    rank when it comes back. Which priority it is stands in no entry: it may tell of somebody's health.

    :raises who.PriorityUnknown: if the mall does not give it
    :raises VisitEnded: when there is nothing left to be called for
    """
    locked = Visit.objects.select_for_update(of=("self",)).select_related("mall").get(pk=visit.pk)
    who.check(locked.mall.priorities, priority, locked.company, locked.party)
    if locked.ended_at is not None:
        raise VisitEnded
    if locked.priority == priority:
        return locked
    locked.priority = priority
    locked.save(update_fields=["priority"])
    waiting = list(_locked(visit).filter(state=rules.State.WAITING))
    for errand in waiting:
        errand.rank_at = rank_of(locked, errand)
        errand.save(update_fields=["rank_at"])
    ledger.append(
        mall=locked.mall_id,
        kind="visits.priority_changed",
        subject=f"visit:{locked.pk}",
        actor=actor,
        now=now,
        data={"given": bool(priority), "agencies": sorted({e.agency.code for e in waiting})},
    )
    hint(locked.mall_id)
    return locked
