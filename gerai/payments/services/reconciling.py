"""Comparing a day with the provider's file. What differs is kept once and stays until somebody says what was done."""

import logging
from datetime import date, datetime

from django.db import transaction

from gerai.agencies import queries as agencies
from gerai.agencies.models import Mall, Membership
from gerai.core import callbacks
from gerai.core.errors import DomainError, NotFound
from gerai.ledger import services as ledger
from gerai.ledger.rules import SYSTEM, ActorRef
from gerai.payments import queries, rules, statement
from gerai.payments.models import Difference, Payment, Reconciliation, Refund
from gerai.payments.ports import ProviderDown
from gerai.payments.services.charging import provider
from gerai.payments.services.settling import PROVIDER, settle
from gerai.payments.statement import Kind, Trouble

log = logging.getLogger(__name__)
MOST = 200  # lost payments that one run asks the provider about


def reconcile_due(*, now: datetime) -> int:
    """Compare every day whose file should be there and was not compared yet. A mall's trouble stops no other mall."""
    done = 0
    for mall in agencies.malls():
        for day in queries.days_due(mall, now):
            try:
                reconcile(mall=mall, day=day, actor=SYSTEM, now=now)
                done += 1
            except DomainError as error:
                log.error("the bank's file of %s for %s: %s", day, mall.pk, error.code)
    return done


def reconcile(*, mall: Mall, day: date, actor: ActorRef, now: datetime) -> Reconciliation:
    """
    Compare one day; then settle what the bank has and we do not, where its own word on it agrees.

    The provider is asked outside any transaction. Run again, it changes nothing but what has changed at the bank.

    :raises statement.DayNotOver: nothing is changed then
    :raises statement.StatementUnreadable: nothing is compared then; the day says so until it is
    :raises rules.BankSilent: if it does not answer; likewise
    """
    statement.check_day(day, now)
    try:
        lines = statement.parse(provider().statement(mall=mall.pk, day=day))
    except ProviderDown as error:
        _note_trouble(mall, day, Trouble.SILENT, None, actor, now)
        raise rules.BankSilent from error
    except statement.StatementUnreadable as error:
        _note_trouble(mall, day, Trouble.UNREADABLE, error.data["line"], actor, now)
        raise
    made = _compare(mall, day, lines, actor, now)
    lost = made.differences.filter(kind=Kind.MISSING_HERE, closed_at=None).order_by("id")
    for one in lost[:MOST]:
        _find(one, now)
    return made


def _locked(mall: Mall, day: date) -> Reconciliation:
    """The worker and somebody's button take turns here: the second finds what the first has kept."""
    Reconciliation.objects.get_or_create(mall=mall, day=day)
    return Reconciliation.objects.select_for_update(of=("self",)).get(mall=mall, day=day)


@transaction.atomic
def _note_trouble(
    mall: Mall, day: date, trouble: Trouble, line: int | None, actor: ActorRef, now: datetime
) -> None:
    """Why the day is not compared, an entry for each new reason. One that was compared before stays so."""
    kept = _locked(mall, day)
    if kept.compared_at is not None:
        return
    before, kept.trouble, kept.trouble_line, kept.tried_at = kept.trouble, trouble, line, now
    kept.save(update_fields=["trouble", "trouble_line", "tried_at"])
    if before != trouble:
        _record(kept, "payments.not_reconciled", actor, now, trouble=trouble.value)


@transaction.atomic
def _compare(
    mall: Mall, day: date, lines: list[statement.Line], actor: ActorRef, now: datetime
) -> Reconciliation:
    made = _locked(mall, day)
    references = [line.reference for line in lines]
    booked = queries.booked(mall, references)
    found = statement.compare(
        lines,
        booked=booked,
        invoices=queries.numbers(mall, {line.invoice for line in lines}),
        awaited=queries.awaited(mall, day),
    )
    for rows in (Payment.objects, Refund.objects):
        rows.filter(provider_ref__in=booked, statement_day=None).update(statement_day=day)
    new = [one for one in found if _keep(made, one)]
    first, made.lines = made.compared_at is None, len(lines)
    if first or new:
        made.compared_at, made.trouble, made.trouble_line = now, "", None
        made.save(update_fields=["lines", "compared_at", "trouble", "trouble_line"])
        kinds = [one.kind.value for one in new]
        _record(
            made, "payments.reconciled", actor, now,
            lines=len(lines), differences={kind: kinds.count(kind) for kind in sorted(set(kinds))},
        )  # fmt: skip
    return made


def _keep(of: Reconciliation, one: statement.Found) -> bool:
    values = {"invoice": one.invoice, "told": one.told, "ours": one.ours}
    key = {"reconciliation": of, "kind": one.kind.value, "reference": one.reference}
    return Difference.objects.get_or_create(**key, defaults=values)[1]


def _record(of: Reconciliation, kind: str, actor: ActorRef, now: datetime, **data: object) -> None:
    ledger.append(
        mall=of.mall_id,
        kind=kind,
        subject=f"reconciliation:{of.pk}",
        actor=actor,
        now=now,
        data={"day": of.day.isoformat(), **data},
    )


def _find(one: Difference, now: datetime) -> None:
    """Count money that only the bank knew of, if its word on the charge is the same as its file."""
    try:
        event = provider().status(one.reference)
    except ProviderDown:
        return  # stays open until somebody compares the day again
    same = (event.get("ref"), event.get("status"), event.get("amount")) == (one.reference, "paid", one.told)
    if not same or not queries.names(one, event.get("invoice_id")):
        return
    with transaction.atomic():
        kept = Difference.objects.select_for_update(of=("self",)).get(pk=one.pk)
        if kept.closed_at is not None:
            return
        try:
            result = settle(event=event, now=now, actor=PROVIDER)
        except callbacks.CallbackMalformed:
            return
        if one.reference not in queries.booked(one.reconciliation.mall, [one.reference]):
            return  # its word was taken earlier and came to nothing: somebody must look
        day = one.reconciliation.day
        for rows in (Payment.objects, Refund.objects):
            rows.filter(provider_ref=one.reference, statement_day=None).update(statement_day=day)
        kept.result, kept.closed_at = result, now
        kept.save(update_fields=["result", "closed_at"])


@transaction.atomic
def note_difference(*, member: Membership, difference_id: int, note: str, now: datetime) -> Difference:
    """
    Say what was done about a difference; the first word stays.

    :raises NotFound: if it is not of the manager's mall
    :raises rules.DifferenceNoteMissing: if nothing is said
    """
    note = rules.check_note(note)
    mine = queries.differences(member)
    found = mine.select_for_update(of=("self",)).filter(pk=difference_id).first()
    if found is None:
        raise NotFound
    if found.closed_at is None:
        found.note, found.closed_at, found.closed_by_id = note, now, member.person_id
        found.save(update_fields=["note", "closed_at", "closed_by"])
        actor = ActorRef("person", str(member.person_id))
        _record(
            found.reconciliation,
            "payments.difference_closed",
            actor,
            now,
            difference=found.pk,
            differs=found.kind,
        )
    return found
