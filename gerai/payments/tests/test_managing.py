"""What the mall's manager sees and hears of the comparison with the bank: also that it could not take place."""

from datetime import timedelta

import pytest

from gerai.core import clock
from gerai.ledger.rules import SYSTEM
from gerai.notices.models import Notice
from gerai.payments import queries, rules, services, statement, telling
from gerai.payments.models import Reconciliation
from gerai.payments.tests.ledgers import DAY, NEXT, manager, run
from gerai.payments.tests.make import Books, event, invoice_of
from gerai.reviews.tests.make import MONDAY, World

pytestmark = pytest.mark.django_db
NOTHING = "Tidak ada perbedaan"
MORNING = statement.bounds(DAY)[1] + statement.SETTLING + statement.PATIENCE


@pytest.fixture
def bank(settings) -> type[Books]:
    return Books.use(settings)


def page(client, member):
    client.force_login(member.person)
    return client.get("/bayar/rekonsiliasi/").content.decode()


def told(world, now):
    for _ in range(2):  # the worker looks every hour
        telling.managers(mall=world.mall, now=now)
    return [(n.template, n.person.name) for n in Notice.objects.order_by("pk").select_related("person")]


def test_a_day_whose_file_cannot_be_read_or_fetched_is_shown_as_not_compared(client, bank):
    world = World()
    invoice_of(world)
    own = manager(world.mall)
    bank.file.append("ref-1,30")
    with pytest.raises(statement.StatementUnreadable):
        run(world)

    text = page(client, own)
    assert "belum dicocokkan" in text
    assert "tidak dapat dibaca, mulai baris 2" in text
    assert NOTHING not in text

    Books.down = True
    with pytest.raises(rules.BankSilent):
        run(world)
    assert "Bank tidak menjawab" in page(client, own)
    again = client.post("/bayar/rekonsiliasi/", {"day": statement.days_over(clock.now())[-2].isoformat()})
    assert rules.BankSilent.text in again.content.decode()
    assert "Tagihan Anda" not in again.content.decode()  # no payer reads it
    assert " selected>" in again.content.decode()  # the day that was asked for


def test_a_day_that_nobody_tried_is_shown_too_and_one_that_is_compared_is_not(bank):
    world = World()
    invoice_of(world)
    own = manager(world.mall)

    assert [one.day for one in queries.uncompared(own, NEXT)] == [DAY]
    run(world)
    assert queries.uncompared(own, NEXT) == []
    assert queries.uncompared(manager_of_another(world), NEXT) == []


def manager_of_another(world):
    own = manager(world.mall, "Lain")
    own.role = "mayor"
    return own


def test_the_managers_are_told_once_of_a_day_with_differences(bank):
    world = World()
    invoice = invoice_of(world)
    manager(world.mall)
    bank.list("ref-9", 12345, MONDAY, "INV-0000")
    bank.charges["ref-1"] = event(invoice)
    bank.list("ref-1", 30000, MONDAY, invoice.number)  # lost news: settled by itself, not told
    run(world)

    assert told(world, NEXT) == [("reconciled_differs", "Manajer")]
    notice = Notice.objects.get()
    assert "1 perbedaan" in notice.subject
    assert notice.path == "/bayar/rekonsiliasi/"


def test_of_a_day_not_compared_they_are_told_once_when_its_file_is_long_due(bank):
    world = World()
    invoice_of(world)
    manager(world.mall)
    Books.down = True
    assert services.reconcile_due(now=MORNING) == 0

    assert told(world, MORNING - timedelta(seconds=1)) == []
    assert told(world, MORNING) == [("reconciled_not", "Manajer")]
    assert "Bank tidak menjawab" in Notice.objects.get().body


def test_a_day_without_differences_is_told_to_nobody(bank):
    world = World()
    invoice_of(world)
    manager(world.mall)
    run(world)

    assert told(world, NEXT) == []


def test_comparing_by_hand_says_what_it_found_and_what_to_do_about_it(client, bank):
    world = World()
    own = manager(world.mall)
    yesterday = statement.days_over(clock.now())[-1]
    bank.list("lost-1", 12345, statement.bounds(yesterday)[0], "INV-1771-0000-000000")
    client.force_login(own.person)
    page = client.post("/bayar/rekonsiliasi/", {"day": yesterday.isoformat()}, follow=True).content.decode()

    assert "1 baris dalam berkas bank, 1 perbedaan" in page
    assert "Nomor tagihan ini tidak ada di mal" in page


def test_cash_at_the_counter_stands_beside_the_file_not_in_it(client, bank):
    world = World()
    invoice = invoice_of(world)
    own = manager(world.mall)
    services.settle(event=event(invoice, channel=rules.COUNTER), now=MONDAY, actor=SYSTEM)
    bank.file.clear()
    Reconciliation.objects.create(mall=world.mall, day=DAY, compared_at=NEXT)

    assert queries.cash(world.mall, [DAY]) == {DAY: (1, 30000)}
    text = page(client, own)
    assert "Uang tunai di loket bank tidak ada dalam berkas ini" in text
    assert "Rp30.000 (1)" in text
