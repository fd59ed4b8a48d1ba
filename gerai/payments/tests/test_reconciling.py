"""Each day is compared with the bank once; what differs stays until somebody says what was done."""

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from threading import Barrier

import pytest
from django.db import connection

from gerai.ledger.models import Entry
from gerai.ledger.rules import SYSTEM
from gerai.payments import queries, rules, services, statement
from gerai.payments.models import Difference, Payment, Reconciliation, Refund
from gerai.payments.tests.ledgers import DAY, NEXT, everything, found, run
from gerai.payments.tests.make import Books, event, invoice_of
from gerai.reviews.tests.make import MONDAY, World

pytestmark = pytest.mark.django_db


@pytest.fixture
def bank(settings) -> type[Books]:
    return Books.use(settings)


def test_a_day_without_differences_says_so_once(bank):
    world = World()
    invoice = invoice_of(world)
    services.settle(event=event(invoice), now=MONDAY)
    bank.list("ref-1", 30000, MONDAY, invoice.number)

    run(world)
    once = everything()
    run(world)

    assert everything() == once
    assert found() == []
    entry = Entry.objects.get(kind="payments.reconciled")
    assert entry.data == {"day": "2026-11-23", "lines": 1, "differences": {}}
    assert Payment.objects.get().statement_day == DAY


def test_every_kind_of_difference_is_listed_and_a_second_run_changes_nothing(bank):
    world = World()
    invoice = invoice_of(world)
    services.settle(event=event(invoice), now=MONDAY)
    bank.list("ref-1", 30500, MONDAY, invoice.number)
    bank.list("ref-1", 30500, MONDAY, invoice.number)
    bank.list("ref-8", 30000, MONDAY, invoice.number)
    bank.list("ref-9", 12345, MONDAY, "INV-0000")

    run(world)
    once = everything()
    for _ in range(2):
        run(world)

    assert everything() == once
    assert found() == [
        ("amount", "ref-1", 30500, 30000),
        ("doubled", "ref-1", 30500, 30000),
        ("missing_here", "ref-8", 30000, None),
        ("unknown", "ref-9", 12345, None),
    ]
    assert Entry.objects.get(kind="payments.reconciled").data["differences"] == {
        "amount": 1, "doubled": 1, "missing_here": 1, "unknown": 1,
    }  # fmt: skip


def test_money_that_the_bank_does_not_list_is_missed_also_what_is_to_be_given_back(bank):
    world = World()
    invoice = invoice_of(world)
    services.settle(event=event(invoice), now=MONDAY)
    services.settle(event=event(invoice, event_id="evt-2", ref="ref-2"), now=MONDAY)
    services.cancel(application=invoice.application, actor=SYSTEM, now=MONDAY)  # ref-1 is owed back as well

    run(world)

    assert sorted(found()) == [
        ("missing_there", "ref-1", None, 30000),
        ("missing_there", "ref-2", None, 30000),
    ]


def test_what_the_banks_counter_took_is_not_in_the_providers_file(bank):
    world = World()
    invoice = invoice_of(world)
    services.settle(
        event=event(invoice, ref="BANKBKL-SLIP1", channel=rules.COUNTER), now=MONDAY, actor=SYSTEM
    )

    run(world)

    assert found() == []


def test_the_provider_cannot_hide_money_from_its_file_by_calling_it_cash(bank):
    world = World()
    invoice = invoice_of(world)
    services.settle(event=event(invoice, channel=rules.COUNTER), now=MONDAY)

    run(world)

    assert Payment.objects.get().channel == ""
    assert found() == [("missing_there", "ref-1", None, 30000)]


def test_money_near_midnight_is_missed_on_neither_day(bank):
    world = World()
    invoice = invoice_of(world)
    midnight = statement.bounds(DAY)[1]
    services.settle(
        event=event(invoice), now=midnight + timedelta(seconds=5)
    )  # the bank: five seconds before it
    bank.list("ref-1", 30000, midnight - timedelta(seconds=5), invoice.number)
    run(world)
    bank.file.clear()

    services.reconcile(mall=world.mall, day=DAY + timedelta(1), actor=SYSTEM, now=NEXT + timedelta(days=1))

    assert found() == []


@pytest.mark.parametrize(
    ("asked", "result"),
    [({}, "settled"), ({"paid_at": (MONDAY + timedelta(hours=1)).isoformat()}, "settled")],
)
def test_money_whose_news_was_lost_is_settled_if_the_bank_agrees_with_itself(bank, asked, result):
    world = World()
    invoice = invoice_of(world)
    bank.charges["ref-1"] = event(invoice, **asked)
    bank.list("ref-1", 30000, MONDAY, invoice.number)

    run(world)
    once = everything()
    run(world)

    assert everything() == once
    invoice.refresh_from_db()
    assert (invoice.status, Payment.objects.get().statement_day) == ("paid", DAY)
    assert Entry.objects.filter(kind="payments.settled").count() == 1
    one = Difference.objects.get()
    assert (one.kind, one.result, one.closed_at, one.closed_by) == ("missing_here", result, NEXT, None)


def test_money_whose_news_was_lost_and_that_nobody_needs_is_owed_back(bank):
    world = World()
    invoice = invoice_of(world)
    services.settle(event=event(invoice), now=MONDAY)
    bank.list("ref-1", 30000, MONDAY, invoice.number)
    bank.charges["ref-2"] = event(invoice, event_id="evt-2", ref="ref-2")
    bank.list("ref-2", 30000, MONDAY, invoice.number)

    run(world)

    assert Difference.objects.get().result == "paid_twice"
    assert Refund.objects.get().provider_ref == "ref-2"


@pytest.mark.parametrize(
    "changes",
    [{"amount": 29000}, {"status": "open"}, {"ref": "ref-7"}, {"invoice_id": "nobody"}, {"event_id": 5}],
)
def test_money_that_the_bank_tells_of_in_two_ways_waits_for_a_person(bank, changes):
    world = World()
    invoice = invoice_of(world)
    bank.charges["ref-1"] = event(invoice, **changes)
    bank.list("ref-1", 30000, MONDAY, invoice.number)

    run(world)

    assert found() == [("missing_here", "ref-1", 30000, None)]
    assert not Payment.objects.exists()


def test_a_run_that_was_cut_off_is_finished_by_the_next(bank):
    world = World()
    invoice = invoice_of(world)
    bank.list("ref-1", 30000, MONDAY, invoice.number)
    run(world)  # its charge cannot be asked about now
    assert found() == [("missing_here", "ref-1", 30000, None)]
    bank.charges["ref-1"] = event(invoice)

    run(world)

    assert found() == []
    assert Payment.objects.count() == 1


def test_a_torn_file_or_a_silent_bank_compares_nothing_and_the_day_says_why(bank):
    world = World()
    invoice_of(world)
    bank.file.append("ref-1,30")
    before = everything()
    with pytest.raises(statement.DayNotOver):
        run(world, NEXT.date())
    assert everything() == before

    for _ in range(2):
        with pytest.raises(statement.StatementUnreadable):
            run(world)
    kept = Reconciliation.objects.get()
    assert (kept.trouble, kept.trouble_line, kept.compared_at, kept.tried_at) == ("unreadable", 2, None, NEXT)
    Books.down = True
    with pytest.raises(rules.ProviderUnreachable):
        run(world)
    kept.refresh_from_db()
    assert (kept.trouble, kept.trouble_line, kept.compared_at) == ("silent", None, None)
    said = Entry.objects.filter(kind="payments.not_reconciled").order_by("id")
    assert [entry.data["trouble"] for entry in said] == ["unreadable", "silent"]
    assert not Difference.objects.exists()
    assert not Entry.objects.filter(kind="payments.reconciled").exists()

    Books.down, Books.file = False, []
    assert services.reconcile_due(now=NEXT) == 1
    kept.refresh_from_db()
    assert (kept.trouble, kept.compared_at) == ("", NEXT)
    Books.down = True
    with pytest.raises(rules.ProviderUnreachable):
        run(world)
    kept.refresh_from_db()
    assert (kept.trouble, kept.compared_at) == ("", NEXT)  # what was compared stays so


def test_the_worker_makes_up_for_every_day_since_the_first_invoice_once(bank):
    world = World()
    assert services.reconcile_due(now=NEXT) == 0
    invoice_of(world)

    assert services.reconcile_due(now=MONDAY) == 0
    assert services.reconcile_due(now=NEXT) == 1
    assert services.reconcile_due(now=NEXT) == 0
    assert services.reconcile_due(now=NEXT + timedelta(days=3)) == 3
    bank.down = True
    assert services.reconcile_due(now=NEXT + timedelta(days=4)) == 0
    bank.down = False
    assert services.reconcile_due(now=NEXT + timedelta(days=4)) == 1
    assert Reconciliation.objects.count() == 5


@pytest.mark.slow
@pytest.mark.django_db(transaction=True)
def test_the_worker_and_a_button_at_once_keep_each_difference_and_each_payment_once(bank):
    world = World()
    invoice = invoice_of(world)
    bank.charges["ref-1"] = event(invoice)
    bank.list("ref-1", 30000, MONDAY, invoice.number)
    bank.list("ref-9", 12345, MONDAY, "INV-0000")
    together = Barrier(4)

    def at_once(_: int) -> None:
        try:
            together.wait(10)
            run(world)
        finally:
            connection.close()

    with ThreadPoolExecutor(4) as pool:
        list(pool.map(at_once, range(4)))

    assert found() == [("unknown", "ref-9", 12345, None)]
    assert (Payment.objects.count(), Refund.objects.count(), Difference.objects.count()) == (1, 0, 2)
    for kind in ("payments.settled", "payments.reconciled"):
        assert Entry.objects.filter(kind=kind).count() == 1
    assert queries.days_due(world.mall, NEXT) == []
