"""Opening and closing a counter for an officer who cannot, with a reason that stays. Writes, like services."""

from datetime import datetime

from django.db import IntegrityError, transaction

from gerai.agencies.models import Counter, Membership
from gerai.core.errors import DomainError
from gerai.floor import queries, rules
from gerai.floor.acting import hint
from gerai.floor.models import Duty
from gerai.ledger import services as ledger
from gerai.ledger.rules import ActorRef


class ManagingReasonMissing(DomainError):
    """Whoever acts in an officer's place says why."""

    code = "managing_reason_missing"
    text = "Tulis dulu alasannya, paling sedikit 5 huruf. Alasan ini tersimpan dan dapat dilihat petugasnya."


class ServiceNotChosen(DomainError):
    """Which service is to be closed was left open."""

    code = "service_not_chosen"
    text = "Pilih dulu layanan yang ditutup dari daftar."


class OfficerElsewhere(DomainError):
    """One officer, one counter; and only at counters of the own agency."""

    code = "officer_elsewhere"
    text = (
        "Petugas itu sudah di loket lain, atau loket ini bukan loket instansinya. Pilih petugas dari daftar."
    )
    status = 409


def check_reason(reason: str) -> str:
    """
    The reason as it is kept.

    :raises ManagingReasonMissing: if it says nothing
    """
    if len(reason.strip()) < 5:
        raise ManagingReasonMissing
    return reason.strip()[:200]


def _record(duty: Duty, kind: str, actor: ActorRef, now: datetime, reason: str) -> None:
    agency = duty.counter.agencies.order_by("code").first()
    ledger.append(
        mall=duty.mall_id,
        kind=kind,
        subject=f"counter:{duty.counter.number}",
        actor=actor,
        now=now,
        data={
            "counter": duty.counter.number,
            "agency": agency.code if agency else None,
            "person": str(duty.person_id),
            "reason": reason,
        },
    )
    hint(duty.mall_id)


@transaction.atomic
def open_counter(
    *, counter: Counter, member: Membership, reason: str, actor: ActorRef, now: datetime
) -> Duty:
    """
    Sign an officer on to a counter in their place. A second click finds the open duty.

    :raises ManagingReasonMissing, OfficerElsewhere: nothing is changed then
    :raises rules.CounterTaken: if another officer is there
    """
    said = check_reason(reason)
    present = queries.duty(member.person)
    if present and present.counter_id == counter.pk:
        return present
    may = member.agency_id is None or counter.agencies.filter(pk=member.agency_id).exists()
    if present or not may or counter.mall_id != member.mall_id:
        raise OfficerElsewhere
    try:
        with transaction.atomic():
            duty = Duty.objects.create(mall=member.mall, counter=counter, person=member.person, opened_at=now)
    except IntegrityError as error:
        raise rules.CounterTaken from error
    _record(duty, "floor.opened_for", actor, now, said)
    return duty


@transaction.atomic
def close_counter(*, counter: Counter, reason: str, actor: ActorRef, now: datetime) -> bool:
    """
    Sign off whoever has the counter, in their place. Tells whether anybody had; twice is once.

    :raises ManagingReasonMissing: nothing is changed then
    :raises rules.FinishFirst, rules.HeldHere: while a visitor is there, or parked there
    """
    said = check_reason(reason)
    found = Duty.objects.select_for_update(of=("self",)).select_related("counter")
    duty = found.filter(counter=counter, closed_at=None).first()
    if duty is None:
        return False
    if queries.at_counter(counter):
        raise rules.FinishFirst
    if queries.held_at(counter):
        raise rules.HeldHere
    duty.closed_at, duty.paused_at = now, None
    duty.save(update_fields=["closed_at", "paused_at"])
    _record(duty, "floor.closed_for", actor, now, said)
    return True
