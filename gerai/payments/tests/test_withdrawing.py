"""Money for an application that comes to nothing is owed back, once, whichever was first: the money or the end."""

from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from threading import Barrier

import pytest
from django.db import connection, transaction

from gerai.agencies.models import Membership
from gerai.applications import services as applications
from gerai.applications.models import Application
from gerai.applications.rules import Status
from gerai.ledger.models import Entry
from gerai.ledger.rules import SYSTEM
from gerai.payments import counter, queries, rules, services
from gerai.payments.models import Invoice, Payment, Refund
from gerai.payments.rules import Owed
from gerai.payments.tests.make import event, invoice_of
from gerai.reviews import cases
from gerai.reviews.models import Task
from gerai.reviews.tests.make import MONDAY, World, person

pytestmark = pytest.mark.django_db


def withdraw(world: World, invoice: Invoice) -> None:
    applications.withdraw(person=world.sari, application_id=invoice.application_id, now=MONDAY)


def follow() -> None:
    """What the consumer does with the entries, in their order."""
    for entry in Entry.objects.order_by("id"):
        if entry.kind == "payments.settled":
            cases.paid(application_id=entry.data["application"], now=MONDAY)
        elif entry.kind == "applications.withdrawn":
            cases.withdrawn(application_id=entry.subject.removeprefix("application:"), now=MONDAY)


def counted() -> tuple[int, int, int]:
    """Payments, refunds, and entries that say that money is owed back."""
    said = Entry.objects.filter(kind__in=("payments.owed_back", "payments.refused")).count()
    return Payment.objects.count(), Refund.objects.count(), said


def test_money_that_settled_before_the_withdrawal_was_followed_is_owed_back_once():
    world = World()
    invoice = invoice_of(world)
    assert services.settle(event=event(invoice), now=MONDAY) == "settled"
    withdraw(world, invoice)

    for _ in range(3):
        follow()

    owed = Refund.objects.get()
    assert (owed.reason, owed.amount, owed.provider_ref) == ("cancelled", 30000, "ref-1")
    assert counted() == (1, 1, 1)
    assert not Task.objects.filter(key="decide").exists()
    admin = Membership.objects.create(
        mall=world.mall, agency=world.agencies["DPMPTSP"], person=person("Admin"), role="agency_admin"
    )
    assert list(queries.refunds(admin)) == [owed]
    for _ in range(2):
        counter.give_back(member=admin, refund_id=owed.pk, reference="TRF900", now=MONDAY)
    follow()
    assert Entry.objects.filter(kind="payments.returned").count() == 1
    assert counted() == (1, 1, 1)


def test_the_payer_reads_that_the_money_comes_back(client):
    world = World()
    invoice = invoice_of(world)
    services.settle(event=event(invoice), now=MONDAY)
    withdraw(world, invoice)
    follow()
    client.force_login(world.sari)

    page = client.get(f"/bayar/{invoice.pk}/").content.decode()

    assert "Permohonan ini tidak dilanjutkan." in page
    assert "akan dikembalikan kepada Anda" in page
    assert "menunggu tanda tangan" not in page


def test_money_for_a_rejected_application_is_owed_back_once_per_payment():
    world = World()
    invoice = invoice_of(world)
    services.settle(event=event(invoice), now=MONDAY)
    ask = {"application": invoice.application, "reason": Owed.REJECTED, "actor": SYSTEM, "now": MONDAY}

    first, second = (services.owe_back(**ask) for _ in range(2))
    services.cancel(application=invoice.application, actor=SYSTEM, now=MONDAY)

    assert first == second == Refund.objects.get()
    assert first is not None
    assert (first.reason, first.amount) == ("rejected", 30000)
    assert counted() == (1, 1, 1)
    assert Entry.objects.get(kind="payments.owed_back").data["reason"] == "rejected"


def test_an_application_that_was_never_paid_owes_nothing_back_and_its_invoice_closes():
    world = World()
    invoice = invoice_of(world)
    ask = {"application": invoice.application, "reason": Owed.REJECTED, "actor": SYSTEM, "now": MONDAY}

    assert [services.owe_back(**ask) for _ in range(2)] == [None, None]

    invoice.refresh_from_db()
    assert (invoice.status, counted()) == ("cancelled", (0, 0, 0))
    assert Entry.objects.filter(kind="payments.cancelled").count() == 1


def test_an_application_without_an_invoice_owes_nothing_back():
    world = World()
    application = world.submitted()

    assert services.owe_back(application=application, reason=Owed.REJECTED, actor=SYSTEM, now=MONDAY) is None


def test_money_that_went_back_is_not_counted_again_when_the_provider_corrects_itself():
    world = World()
    invoice = invoice_of(world)
    services.settle(event=event(invoice, amount=29000), now=MONDAY)
    admin = Membership.objects.create(
        mall=world.mall, agency=world.agencies["DPMPTSP"], person=person("Admin"), role="agency_admin"
    )
    counter.give_back(member=admin, refund_id=Refund.objects.get().pk, reference="TRF900", now=MONDAY)

    assert services.settle(event=event(invoice, event_id="evt-2"), now=MONDAY) == "duplicate"

    assert counted() == (0, 1, 1)


def test_a_corrected_sum_is_the_one_that_is_owed_back():
    invoice = invoice_of(World())
    services.settle(event=event(invoice, amount=29000), now=MONDAY)
    services.settle(event=event(invoice, event_id="evt-2", ref="ref-2"), now=MONDAY)

    assert services.settle(event=event(invoice, event_id="evt-3"), now=MONDAY) == "paid_twice"

    owed = Refund.objects.get()
    assert (owed.amount, owed.reason) == (30000, "paid_twice")


def begun(act: Callable[[], object]) -> Future[object]:
    """Begin `act` on a connection of its own; back here when a row lock has stopped it."""

    def apart() -> object:
        try:
            return act()
        finally:
            connection.close()

    pool = ThreadPoolExecutor(1)
    waiting = pool.submit(apart)
    pool.shutdown(wait=False)
    while not _somebody_waits():
        assert not waiting.done(), "it did not wait"
    return waiting


def _somebody_waits() -> bool:
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM pg_locks WHERE NOT granted")
        return bool(cursor.fetchone()[0])


@pytest.mark.slow
@pytest.mark.django_db(transaction=True)
def test_money_that_comes_while_a_withdrawal_commits_is_owed_back():
    world = World()
    invoice = invoice_of(world)

    with transaction.atomic():
        withdraw(world, invoice)
        settling = begun(lambda: services.settle(event=event(invoice), now=MONDAY))
    assert settling.result(10) == "cancelled"
    follow()

    invoice.refresh_from_db()
    assert (invoice.status, counted()) == ("cancelled", (0, 1, 1))


@pytest.mark.slow
@pytest.mark.django_db(transaction=True)
def test_a_withdrawal_that_comes_while_money_settles_leaves_it_owed_back():
    world = World()
    invoice = invoice_of(world)

    with transaction.atomic():
        assert services.settle(event=event(invoice), now=MONDAY) == "settled"
        withdrawing = begun(lambda: withdraw(world, invoice))
    withdrawing.result(10)
    follow()

    assert Application.objects.get(pk=invoice.application_id).status == Status.WITHDRAWN
    assert counted() == (1, 1, 1)
    assert Refund.objects.get().provider_ref == "ref-1"


@pytest.mark.slow
@pytest.mark.django_db(transaction=True)
def test_money_that_comes_while_the_withdrawal_is_followed_is_owed_back_once():
    world = World()
    invoice = invoice_of(world)
    withdraw(world, invoice)

    with transaction.atomic():
        cases.withdrawn(application_id=invoice.application_id, now=MONDAY)
        settling = begun(lambda: services.settle(event=event(invoice), now=MONDAY))
    assert settling.result(10) == "cancelled"
    follow()

    assert counted() == (0, 1, 1)


@pytest.mark.slow
@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("_", range(3))
def test_whoever_is_first_no_money_is_lost_or_owed_twice(_):
    world = World()
    invoice = invoice_of(world)
    together = Barrier(4)

    def at_once(act: Callable[[], object]) -> object:
        try:
            together.wait(10)
            return act()
        finally:
            connection.close()

    acts: list[Callable[[], object]] = [
        lambda: services.settle(event=event(invoice), now=MONDAY),
        lambda: services.settle(event=event(invoice, event_id="evt-2", ref="ref-2"), now=MONDAY),
        lambda: withdraw(world, invoice),
        lambda: services.cancel(application=invoice.application, actor=SYSTEM, now=MONDAY),
    ]
    with ThreadPoolExecutor(4) as pool:
        list(pool.map(at_once, acts))
    follow()

    assert sorted(Refund.objects.values_list("provider_ref", "amount")) == [
        ("ref-1", 30000),
        ("ref-2", 30000),
    ]
    invoice.refresh_from_db()
    assert (invoice.status == "paid") == (Payment.objects.count() == 1)
    assert rules.obstacle(invoice=invoice.status, withdrawn=True, amount=30000, told=30000)
