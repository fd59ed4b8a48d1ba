"""Reading money: the payer their invoices, an agency what it owes back, the manager what differs from the bank."""

from collections.abc import Collection
from datetime import date, datetime
from typing import Any
from uuid import UUID

from django.db.models import Count, Q, QuerySet

from gerai.agencies import queries as agencies
from gerai.agencies.models import Mall, Membership
from gerai.applications import queries as applications
from gerai.applications.models import Application
from gerai.applications.rules import FINAL, Status
from gerai.core.errors import NotFound
from gerai.ledger import queries as ledger
from gerai.payments import statement
from gerai.payments.models import Difference, Invoice, Payment, Reconciliation, Refund
from gerai.payments.rules import COUNTER, SUPERVISOR, Owed
from gerai.payments.statement import Booked


def of(person: Any, now: datetime) -> QuerySet[Invoice]:
    """
    A person's invoices, newest first: their own always, those of somebody they help while the help goes on.

    Whose help it is, `applications` decides; it ends with the application at the latest.
    """
    found = Invoice.objects.select_related(
        "application__service", "application__edition", "application__applicant", "application__business",
        "agency", "mall", "payment", "waiver",
    )  # fmt: skip
    own = Q(application__applicant_id=person.pk, application__business=None)
    helped = Q(application__in=applications.owned_by(person, now).values("pk"))
    over = Q(application__status__in=[status.value for status in FINAL], application__business=None)
    return found.filter(own | (helped & ~over)).order_by("-created_at")


def get(person: Any, invoice_id: UUID, now: datetime) -> Invoice:
    """
    One invoice of a person.

    :raises NotFound: if it is not theirs
    """
    found = of(person, now).filter(pk=invoice_id).first()
    if found is None:
        raise NotFound
    return found


def is_granted_by_law(application: Application) -> bool:
    """Whether silence granted it: then no official signs after the payment."""
    told = ledger.history(application.mall_id, f"application:{application.pk}")
    return any(entry.kind == "reviews.deemed" for entry in told)


def of_application(person: Any, application_id: UUID, now: datetime) -> Invoice:
    """
    The invoice of one of the person's applications.

    :raises NotFound: if there is none
    """
    found = of(person, now).filter(application_id=application_id).first()
    if found is None:
        raise NotFound
    return found


def is_teller(member: Membership) -> bool:
    """Whether they take cash at the counter of the mall's bank."""
    if member.agency is None or member.role != "counter_officer":
        return False
    return member.agency.code == agencies.cashier(member.mall)


def at_counter(member: Membership, number: str) -> Invoice:
    """
    The invoice that somebody names at the bank's counter.

    :raises NotFound: if it is not the cashier's officer, or there is no such invoice
    """
    if not is_teller(member):
        raise NotFound
    found = Invoice.objects.select_related("application__service", "agency", "payment")
    one = found.filter(mall=member.mall, number=number.strip().upper()).first()
    if one is None:
        raise NotFound
    return one


def is_by_cash(invoice: Invoice) -> bool:
    """Whether it was paid at the bank's counter."""
    return invoice.status == "paid" and invoice.payment.channel == COUNTER


def receipt_at_counter(member: Membership, invoice_id: UUID) -> Invoice:
    """
    An invoice that was paid in cash at the counter of the teller's bank.

    :raises NotFound: if it was not, or they are no teller
    """
    if not is_teller(member):
        raise NotFound
    paid = Invoice.objects.select_related(
        "application__service", "application__applicant", "application__business", "agency", "payment"
    )
    one = paid.filter(pk=invoice_id, mall=member.mall, status="paid", payment__channel=COUNTER).first()
    if one is None:
        raise NotFound
    return one


def is_spent(invoice: Invoice) -> bool:
    """Whether money came to its present charge that did not settle it: a wrong sum."""
    return bool(invoice.charge_ref) and invoice.refunds.filter(provider_ref=invoice.charge_ref).exists()


def refunds_of(invoice: Invoice) -> list[Refund]:
    """What is or was owed back of an invoice, for its payer: not before the letter that says why is signed."""
    signing = invoice.application.status == Status.SIGNING
    found = invoice.refunds.exclude(reason=Owed.REJECTED) if signing else invoice.refunds.all()
    return list(found.order_by("received_at"))


def refunds(member: Membership) -> QuerySet[Refund]:
    """What an agency (or, for the mall's manager, anybody in the mall) owes back; the open ones first."""
    found = Refund.objects.filter(invoice__mall=member.mall).select_related(
        "invoice__agency", "invoice__application"
    )
    if member.agency_id:
        found = found.filter(invoice__agency=member.agency_id)
    return found.order_by("-returned_at", "received_at")


def of_agency(member: Membership, number: str) -> Invoice:
    """
    The invoice of the supervisor's own agency by its number.

    :raises NotFound: if it is another agency's, or the member is no supervisor
    """
    if member.agency_id is None or member.role != SUPERVISOR:
        raise NotFound
    found = Invoice.objects.select_related("application__service", "agency", "waiver")
    mine = found.filter(mall=member.mall, agency=member.agency_id, number=number.strip().upper())
    one = mine.first()
    if one is None:
        raise NotFound
    return one


def days_due(mall: Mall, now: datetime) -> list[date]:
    """The days that are over and not compared yet; none from before the mall's first invoice."""
    first = (
        Invoice.objects.filter(mall=mall).order_by("created_at").values_list("created_at", flat=True).first()
    )
    if first is None:
        return []
    days = [day for day in statement.days_over(now) if day >= statement.day_of(first)]
    done = Reconciliation.objects.filter(mall=mall, day__in=days, compared_at__isnull=False)
    return sorted(set(days) - set(done.values_list("day", flat=True)))


def _booked(*rows: QuerySet[Any]) -> dict[str, Booked]:
    """Money as we have it; the first of the querysets that knows a reference says it."""
    found: dict[str, Booked] = {}
    for each in rows:
        for reference, amount, number in each.values_list("provider_ref", "amount", "invoice__number"):
            found.setdefault(reference, Booked(amount, number))
    return found


def booked(mall: Mall, references: Collection[str]) -> dict[str, Booked]:
    """All that came by these references, counted or owed back."""
    wanted = {"invoice__mall": mall, "provider_ref__in": references}
    return _booked(Payment.objects.filter(**wanted), Refund.objects.filter(**wanted))


def awaited(mall: Mall, day: date) -> dict[str, Booked]:
    """What the provider's file of this day must list. The bank's counter keeps its own slips."""
    since, until = statement.bounds(day)
    unlisted = Q(statement_day=None) | Q(statement_day=day)
    mine = {"invoice__mall": mall}
    paid = Payment.objects.filter(unlisted, paid_at__gte=since, paid_at__lt=until, **mine)
    settled = Payment.objects.filter(**mine).values(
        "provider_ref"
    )  # what is owed back of it came as a payment
    owed = Refund.objects.filter(unlisted, received_at__gte=since, received_at__lt=until, **mine)
    # Cash at the bank's counter does not come by the provider; it always settles, so nothing of it is only owed.
    return _booked(paid.exclude(channel=COUNTER), owed.exclude(provider_ref__in=settled))


def numbers(mall: Mall, told: Collection[str]) -> set[str]:
    """Those of the numbers that are invoices of the mall."""
    return set(Invoice.objects.filter(mall=mall, number__in=told).values_list("number", flat=True))


def names(difference: Difference, invoice_id: object) -> bool:
    """Whether this is the id of the invoice that the file names."""
    mall = difference.reconciliation.mall_id
    found = Invoice.objects.filter(mall=mall, number=difference.invoice).values_list("pk", flat=True).first()
    return found is not None and str(found) == invoice_id


def _manages(member: Membership) -> bool:
    return member.agency_id is None and member.role == "mall_manager"


def waived(invoice_id: UUID) -> Invoice:
    """A waived invoice with what is said of it."""
    return Invoice.objects.select_related("agency", "application__applicant", "application__service").get(
        pk=invoice_id
    )


def differences(member: Membership) -> QuerySet[Difference]:
    """Where the manager's mall and the bank differ; what is still open first, the newest day first."""
    found = Difference.objects.filter(reconciliation__mall=member.mall).select_related(
        "reconciliation", "closed_by"
    )
    return (found if _manages(member) else found.none()).order_by("-reconciliation__day", "id")


def reconciliations(member: Membership) -> QuerySet[Reconciliation]:
    """The days that were compared, the newest first."""
    found = Reconciliation.objects.filter(mall=member.mall, compared_at__isnull=False)
    return (found if _manages(member) else found.none()).order_by("-day")


def uncompared(member: Membership, now: datetime) -> list[Reconciliation]:
    """The days that should be compared and are not, the newest first, with what stood in the way (or nothing yet)."""
    if not _manages(member):
        return []
    tried = {one.day: one for one in Reconciliation.objects.filter(mall=member.mall, compared_at=None)}
    due = {day: Reconciliation(mall=member.mall, day=day) for day in days_due(member.mall, now)}
    return sorted((due | tried).values(), key=lambda one: one.day, reverse=True)


def cash(mall: Mall, days: Collection[date]) -> dict[date, tuple[int, int]]:
    """How many payments the bank's counter took on these days and how much: they are not in the provider's file."""
    found: dict[date, tuple[int, int]] = dict.fromkeys(days, (0, 0))
    if days:
        since, until = statement.bounds(min(days))[0], statement.bounds(max(days))[1]
        taken = Payment.objects.filter(
            invoice__mall=mall, channel=COUNTER, paid_at__gte=since, paid_at__lt=until
        )
        for paid_at, amount in taken.values_list("paid_at", "amount"):
            if (day := statement.day_of(paid_at)) in found:
                found[day] = (found[day][0] + 1, found[day][1] + amount)
    return found


def managers(mall: Mall) -> list[Any]:
    """Who answers for the mall's money."""
    held = Membership.objects.filter(
        mall=mall, agency=None, role="mall_manager", active=True, person__is_active=True
    )
    return [one.person for one in held.select_related("person").order_by("person_id")]


def to_be_told(mall: Mall, now: datetime) -> list[tuple[Reconciliation, int]]:
    """The days of late that somebody must look at, with how many open differences; none: it is not compared."""
    days = Reconciliation.objects.filter(mall=mall, day__in=statement.days_over(now))
    differing = Count("differences", filter=Q(differences__closed_at=None))
    found = [(one, one.open) for one in days.annotate(open=differing).order_by("day")]
    return [
        (one, count)
        for one, count in found
        if count or (one.compared_at is None and statement.is_missing(one.day, now))
    ]
