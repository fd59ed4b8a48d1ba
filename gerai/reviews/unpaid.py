"""An invoice that nobody pays: the applicant is reminded, and after its last day the application ends. Writes.

What the law has granted never ends for it: there the applicant is reminded, and the heads of the agency are told.
"""

from datetime import datetime
from uuid import UUID

from django.db import transaction
from django.db.models import QuerySet

from gerai.agencies import queries as agencies
from gerai.agencies.models import Mall, Membership
from gerai.applications import acting, marks
from gerai.applications.rules import Status
from gerai.core.dates import day_in_words
from gerai.core.money import in_both
from gerai.ledger.rules import SYSTEM
from gerai.notices import queries as sent
from gerai.notices import services as notices
from gerai.notices.texts.payments import AT_COUNTER, HERE
from gerai.payments import services as payments
from gerai.payments.rules import HEARD_LATER, Owed
from gerai.reviews import cases, queries, rules
from gerai.reviews.models import Case
from gerai.reviews.stages import record


def _waiting() -> QuerySet[Case]:
    """The cases that wait for money."""
    return Case.objects.filter(
        closed_at=None, application__status=Status.PAYMENT, application__invoice__status="open"
    )


def due(now: datetime) -> QuerySet[Case]:
    """The cases that end now, because nobody paid."""
    over = _waiting().filter(deemed_at=None, application__invoice__pay_by__lt=now - HEARD_LATER)
    return over.order_by("application__invoice__pay_by")


@transaction.atomic
def lapse(application_id: UUID, *, now: datetime) -> int:
    """
    Nobody paid by the last day: the application ends, and nothing is owed any more. Returns 1 if it did.

    Money that was counted before is not overlooked: the invoice is locked, as whoever settles it locks it. What comes
    afterwards finds it closed and is owed back.
    """
    case = cases.lock(application_id)
    invoice = payments.lock(application_id)
    if case.application.status != Status.PAYMENT or case.deemed_at is not None:
        return 0
    if invoice is None or invoice.status != "open" or invoice.pay_by is None:
        return 0
    if invoice.pay_by >= now - HEARD_LATER:
        return 0
    marks.mark(application=case.application, status=Status.LAPSED)
    record(case, "reviews.unpaid", SYSTEM, now, pay_by=invoice.pay_by.isoformat(), amount=invoice.amount)
    cases.stop(case, now, Owed.LATE)
    return 1


def remind(*, mall: Mall, now: datetime) -> int:
    """
    Who still has to pay is reminded a week and a day before the last day, each once; of a grant by law also after it.

    Returns how many messages were written.
    """
    calendar = agencies.calendar(mall)
    today = calendar.local(now).date()
    open_ones = (
        _waiting()
        .filter(mall=mall)
        .select_related("agency", "application__applicant", "application__service", "application__invoice")
    )
    steps = {}
    for case in open_ones:
        if case.application.invoice.pay_by is None:
            continue
        last = calendar.local(case.application.invoice.pay_by)
        if step := rules.pay_step((last.date() - today).days, deemed=case.deemed_at is not None):
            steps[f"payment_{step}:{case.pk}"] = (case, step, last)
    have = set(sent.known(steps))
    for key, (case, step, last) in steps.items():
        if key not in have:
            _tell(key, case, step, last, now)
    return len(steps) - len(have)


@transaction.atomic
def _tell(key: str, case: Case, step: str, last: datetime, now: datetime) -> None:
    application, invoice = case.application, case.application.invoice
    words = {
        "number": application.number or "",
        "service": application.service.name,
        "amount": in_both(invoice.amount),
        "where": AT_COUNTER if agencies.cashier(case.mall) else HERE,
        "pay_by": {code: day_in_words(last, code) for code in ("id", "en")},
    }
    template = "payment_past_deemed" if step == "past" else "payment_soon"
    if case.deemed_at is not None and step != "past":
        template = "payment_soon_deemed"
    notices.send(
        key=key,
        mall=case.mall_id,
        person=acting.to_tell(application),
        template=template,
        data={**words, "path": f"/permohonan/{application.pk}/"},
        now=now,
    )
    if step != "past":
        return
    heads = Membership.objects.filter(
        agency=case.agency, role__in=queries.HEADS, active=True, person__is_active=True
    ).select_related("person")
    for head in heads.order_by("person_id").distinct("person_id"):
        notices.send(
            key=f"payment_past:{case.pk}:{head.person_id}",
            mall=case.mall_id,
            person=head.person,
            template="payment_past",
            data={**words, "path": f"/tugas/kasus/{case.pk}/"},
            now=now,
        )
