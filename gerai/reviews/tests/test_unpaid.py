"""Nobody has to be asked for ever: a last day to pay, reminders, an end; never for what the law has granted."""

from datetime import UTC, datetime, timedelta

import pytest
from django.db import transaction

from gerai.applications import again, queries
from gerai.applications import tasks as applications_tasks
from gerai.applications.models import Application
from gerai.applications.rules import Status
from gerai.ledger.models import Entry
from gerai.notices.models import Notice
from gerai.payments import services as payments
from gerai.payments.models import Invoice, Payment, Refund
from gerai.payments.tests.make import event, invoice_of
from gerai.payments.tests.test_withdrawing import begun
from gerai.reviews import cases, deadlines, unpaid
from gerai.reviews.models import Case
from gerai.reviews.tests.make import World

pytestmark = pytest.mark.django_db
LAST = datetime(2026, 12, 23, 16, 59, 59, tzinfo=UTC)  # the end of the 30th day in Bengkulu
OVER = LAST + timedelta(days=1, seconds=1)


def status_of(invoice: Invoice) -> tuple[str, str]:
    invoice.refresh_from_db()
    return Application.objects.get(pk=invoice.application_id).status, invoice.status


def follow() -> None:
    for kind in ("reviews.recommended", "reviews.unpaid"):
        for entry in [*Entry.objects.filter(kind=kind)] * 2:  # an entry comes at least once
            applications_tasks.tell(entry)


def told(template: str) -> list[Notice]:
    return list(Notice.objects.filter(template=template).order_by("pk"))


def granted_by_law(world: World) -> Invoice:
    application = world.in_review()
    deadlines.check(now=Case.objects.get().due_at)
    return Invoice.objects.get(application=application)


def test_the_last_day_stands_in_the_notice_on_the_invoice_and_on_the_applicants_page(client):
    world = World()
    invoice = invoice_of(world)
    follow()

    assert invoice.pay_by == LAST
    [notice] = told("application_recommended")
    assert "Rp30.000 paling lambat Rabu, 23 Desember 2026 di halaman ini: " in notice.body
    client.force_login(world.sari)
    for address in (f"/permohonan/{invoice.application_id}/", f"/bayar/{invoice.pk}/"):
        assert "Rabu, 23 Desember 2026" in client.get(address).content.decode()


def test_an_entry_from_before_there_was_a_last_day_is_still_told():
    world = World()
    invoice = invoice_of(world)
    entry = Entry.objects.get(kind="reviews.recommended")
    del entry.data["pay_by"]

    applications_tasks.tell(entry)

    [notice] = told("application_recommended")
    assert "Rp30.000 paling lambat hari yang tertulis di tagihan" in notice.body
    assert notice.path == f"/permohonan/{invoice.application_id}/"


def test_who_has_not_paid_by_the_last_day_ends_owing_nothing_and_may_ask_again_with_the_same_answers(client):
    world = World()
    invoice = invoice_of(world)

    deadlines.check(now=OVER - timedelta(seconds=2))  # money of the last day may still be heard of
    assert status_of(invoice) == ("payment", "open")
    for later in (0, 1):
        deadlines.check(now=OVER + timedelta(days=later))
    assert status_of(invoice) == ("lapsed", "cancelled")

    [entry] = Entry.objects.filter(kind="reviews.unpaid")
    assert entry.data == {"pay_by": "2026-12-23T16:59:59+00:00", "amount": 30000} | {
        key: entry.data[key] for key in ("agency", "service", "number") if key in entry.data
    }
    assert Entry.objects.get(kind="payments.cancelled").data["reason"] == "late"
    assert Case.objects.get().closed_at == OVER
    follow()
    [notice] = told("application_unpaid")
    assert (notice.person, "tidak berutang" in notice.body) == (world.sari, True)
    client.force_login(world.sari)
    page = client.get(f"/permohonan/{invoice.application_id}/").content.decode()
    assert "Berakhir karena tidak dibayar" in page
    assert "tanpa perbaikan" not in page
    anew = again.start_like(person=world.sari, earlier_id=invoice.application_id, now=OVER)
    assert queries.answers_of(anew)["area"] == 3


def test_each_is_reminded_once_a_week_and_once_a_day_before():
    world = World()
    invoice_of(world)

    written = [
        unpaid.remind(mall=world.mall, now=LAST - timedelta(days=left))
        for left in (30, 8, 7, 7, 5, 2, 1, 1, 0)
    ]
    assert written == [0, 0, 1, 0, 0, 0, 1, 0, 0]
    assert [n.template for n in told("payment_soon")] == ["payment_soon"] * 2
    assert unpaid.remind(mall=world.mall, now=OVER) == 0


def test_who_has_paid_or_need_not_pay_is_not_reminded_and_never_ends():
    world = World()
    invoice = invoice_of(world)
    payments.settle(event=event(invoice), now=LAST)  # the entry is not followed yet

    assert unpaid.remind(mall=world.mall, now=LAST) == 0
    deadlines.check(now=OVER)
    assert status_of(invoice) == ("payment", "paid")
    assert unpaid.lapse(invoice.application_id, now=OVER) == 0

    cases.paid(application_id=invoice.application_id, now=OVER)
    assert status_of(invoice) == ("decision", "paid")
    assert not Refund.objects.exists()


def test_what_the_law_has_granted_never_ends_for_it_and_the_heads_are_told_once(client):
    world = World(deemed=True)
    world.staff("Admin", "DPMPTSP", "agency_admin")
    invoice = granted_by_law(world)
    last = invoice.pay_by

    for left in (7, 7, 1, 1, -1, -1, -40):
        unpaid.remind(mall=world.mall, now=last - timedelta(days=left))
        deadlines.check(now=last - timedelta(days=left))

    assert status_of(invoice) == ("payment", "open")
    assert unpaid.lapse(invoice.application_id, now=last + timedelta(days=90)) == 0
    assert len(told("payment_soon_deemed")) == 2
    assert [n.person for n in told("payment_past_deemed")] == [world.sari]
    assert {n.person.name for n in told("payment_past")} == {"Admin", "Kepala"}
    assert len(told("payment_past")) == 2
    assert not told("payment_soon")

    payments.settle(event=event(invoice), now=last + timedelta(days=90))
    client.force_login(world.sari)
    page = client.get(f"/bayar/{invoice.pk}/").content.decode()
    assert "jadi izinnya segera terbit" in page
    assert "kepala dinas" not in page
    cases.paid(application_id=invoice.application_id, now=last + timedelta(days=90))
    assert status_of(invoice) == ("signing", "paid")


def test_money_that_comes_after_the_end_is_owed_back_once():
    world = World()
    invoice = invoice_of(world)
    deadlines.check(now=OVER)

    results = [payments.settle(event=event(invoice), now=OVER) for _ in range(2)]

    assert results == ["late", "duplicate"]
    assert (Refund.objects.get().amount, Refund.objects.get().reason) == (30000, "late")
    assert status_of(invoice) == ("lapsed", "cancelled")


@pytest.mark.slow
@pytest.mark.django_db(transaction=True)
def test_money_that_comes_while_it_ends_is_owed_back():
    world = World()
    invoice = invoice_of(world)

    with transaction.atomic():
        assert unpaid.lapse(invoice.application_id, now=OVER) == 1
        settling = begun(lambda: payments.settle(event=event(invoice), now=OVER))
    assert settling.result(10) == "late"

    assert status_of(invoice) == ("lapsed", "cancelled")
    assert (Payment.objects.count(), Refund.objects.get().reason) == (0, "late")


@pytest.mark.slow
@pytest.mark.django_db(transaction=True)
def test_an_end_that_comes_while_money_settles_does_not_take_place():
    world = World()
    invoice = invoice_of(world)

    with transaction.atomic():
        assert payments.settle(event=event(invoice), now=OVER) == "settled"
        ending = begun(lambda: unpaid.lapse(invoice.application_id, now=OVER))
    assert ending.result(10) == 0
    cases.paid(application_id=invoice.application_id, now=OVER)

    assert status_of(invoice) == (Status.DECISION, "paid")
    assert (Payment.objects.count(), Refund.objects.count()) == (1, 0)
