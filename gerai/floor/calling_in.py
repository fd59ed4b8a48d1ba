"""Calling somebody on call to a counter: by text with a link, one after the other until one comes. Writes."""

from datetime import datetime, timedelta
from typing import Any

from django.db import transaction

from gerai.agencies import roster
from gerai.core.errors import DomainError, NotFound
from gerai.floor.acting import hint
from gerai.floor.models import Advice, CallOut, Duty
from gerai.ledger import services as ledger
from gerai.ledger.rules import SYSTEM, ActorRef
from gerai.notices import services as notices

PATIENCE = timedelta(minutes=3)  # then the next person on call is asked


class AdviceOver(DomainError):
    """The advice has ended, or somebody is coming."""

    code = "advice_over"
    text = "Saran ini sudah tidak berlaku, atau petugas siaga sudah menjawab akan datang. Muat ulang layar."
    status = 409


class NobodyOnCall(DomainError):
    """Everybody on call works at a counter or has been asked."""

    code = "nobody_on_call"
    text = "Tidak ada lagi petugas siaga {agency} yang dapat dipanggil. Tambahkan orangnya di jadwal loket."
    status = 409


class CallOutOver(DomainError):
    """Answered already, somebody else comes, or the queue is short again."""

    code = "call_out_over"
    text = "Terima kasih, permintaan ini sudah tidak berlaku. Anda tidak perlu datang."
    status = 409


def _record(call: CallOut, kind: str, actor: ActorRef, now: datetime) -> None:
    ledger.append(
        mall=call.advice.mall_id,
        kind=kind,
        subject=f"advice:{call.advice_id}",
        actor=actor,
        now=now,
        data={"agency": call.advice.agency.code, "advice": call.advice_id, "person": str(call.person_id)},
    )


def next_person(advice: Advice) -> Any:
    """Who is on call, not asked yet for this, and at no counter."""
    asked = set(advice.calls.values_list("person_id", flat=True))
    working = set(
        Duty.objects.filter(mall=advice.mall_id, closed_at=None).values_list("person_id", flat=True)
    )
    rows = roster.on_call(advice.agency)
    return next((row.person for row in rows if row.person_id not in asked | working), None)


def _ask(advice: Advice, actor: ActorRef, now: datetime) -> CallOut | None:
    person = next_person(advice)
    if person is None:
        return None
    call = CallOut.objects.create(advice=advice, person=person, asked_at=now)
    notices.send(
        key=f"call-out:{call.pk}",
        mall=advice.mall_id,
        person=person,
        template="come_to_counter",
        data={"agency": advice.agency.short, "waiting": advice.waiting, "path": f"/siaga/{call.secret}/"},
        now=now,
        by_text=True,
    )
    _record(call, "floor.on_call_asked", actor, now)
    return call


@transaction.atomic
def call_in(*, advice: Advice, actor: ActorRef, now: datetime) -> CallOut:
    """
    One tap: ask the first on call to come. A second tap finds the one being asked.

    :raises AdviceOver: if it has ended, or somebody is coming already
    :raises NobodyOnCall: if nobody is left to be asked
    """
    locked = Advice.objects.select_for_update(of=("self",)).select_related("agency", "mall").get(pk=advice.pk)
    if locked.ended_at or locked.accepted_at or locked.kind != "open":
        raise AdviceOver
    asked = locked.calls.filter(answer="").first()
    if asked:
        return asked
    call = _ask(locked, actor, now)
    if call is None:
        raise NobodyOnCall(agency=locked.agency.short)
    hint(locked.mall_id)
    return call


def by_secret(secret: str) -> CallOut:
    """
    What somebody was asked, by the address they got.

    :raises NotFound: if there is none
    """
    found = (
        CallOut.objects.filter(secret=secret)
        .select_related("advice__agency", "advice__mall", "person")
        .first()
    )
    if found is None:
        raise NotFound
    return found


@transaction.atomic
def answer(*, call: CallOut, coming: bool, now: datetime) -> CallOut:
    """
    "I am coming" or "I cannot"; after a no the next one is asked at once. The same answer twice is once.

    :raises CallOutOver: if it came too late to matter
    """
    advice = (
        Advice.objects.select_for_update(of=("self",)).select_related("agency", "mall").get(pk=call.advice_id)
    )
    locked = CallOut.objects.select_related("advice__agency", "person").get(pk=call.pk)
    wanted = "yes" if coming else "no"
    if locked.answer == wanted:
        return locked
    # Who answers yes after three minutes is still welcome, as long as nobody else is coming.
    late = locked.answer == "silent" and coming and advice.accepted_at is None
    if advice.ended_at or not (locked.answer == "" or late):
        raise CallOutOver
    locked.answer, locked.answered_at = wanted, now
    locked.save(update_fields=["answer", "answered_at"])
    actor = ActorRef("person", str(locked.person_id))
    _record(locked, "floor.on_call_accepted" if coming else "floor.on_call_declined", actor, now)
    if coming:
        advice.accepted_at = now
        advice.save(update_fields=["accepted_at"])
        stop(advice, now)
    else:
        _ask(advice, SYSTEM, now)
    hint(advice.mall_id)
    return locked


def go_on(advice: Advice, now: datetime) -> bool:
    """Ask the next one where somebody has not answered in three minutes. The advice is locked by who calls."""
    call = advice.calls.select_related("advice__agency").filter(answer="").first()
    if call is None or now - call.asked_at < PATIENCE:
        return False
    call.answer = "silent"
    call.save(update_fields=["answer"])
    _record(call, "floor.on_call_silent", SYSTEM, now)
    _ask(advice, SYSTEM, now)
    return True


def stop(advice: Advice, now: datetime) -> None:
    """Nobody needs to come any more: whoever was still being asked need not answer."""
    for call in advice.calls.select_related("advice__agency").filter(answer=""):
        call.answer = "silent"
        call.save(update_fields=["answer"])
        _record(call, "floor.on_call_silent", SYSTEM, now)
