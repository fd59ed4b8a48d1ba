"""The information desk: a number taken at a kiosk gets the person who holds it. Writes, like services."""

from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from django.db import transaction

from gerai.accounts import services as accounts
from gerai.core.errors import DomainError
from gerai.ledger import services as ledger
from gerai.ledger.rules import ActorRef
from gerai.visits import rules
from gerai.visits.models import Errand, Visit
from gerai.visits.services import what_it_is_about


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
    # Errands before their visit, as the counters lock them.
    errands = list(Errand.objects.select_for_update().filter(visit=visit.pk).order_by("id"))
    locked = Visit.objects.select_for_update(of=("self",)).select_related("mall").get(pk=visit.pk)
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
