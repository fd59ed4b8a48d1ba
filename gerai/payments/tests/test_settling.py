"""Money counts once, whatever the provider sends; what cannot be counted is owed back."""

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from threading import Barrier
from typing import Any

import pytest
from django.db import connection

from gerai.agencies.models import Membership
from gerai.applications import services as applications
from gerai.applications.models import Application
from gerai.applications.rules import FINAL, Status
from gerai.core import callbacks
from gerai.core.errors import NotFound
from gerai.ledger.models import Entry
from gerai.ledger.rules import SYSTEM
from gerai.payments import counter, queries, rules, services
from gerai.payments.models import CallBack, Invoice, Payment, Refund
from gerai.payments.tests.make import event, invoice_of, signed
from gerai.reviews.tests.make import MONDAY, World, both, content, person

pytestmark = pytest.mark.django_db


def settled() -> int:
    return Entry.objects.filter(kind="payments.settled").count()


def test_a_signed_call_back_settles_once_and_repeats_change_nothing():
    invoice = invoice_of(World())

    assert services.settle_from_callback(**signed(event(invoice)), now=MONDAY) == "settled"
    assert services.settle_from_callback(**signed(event(invoice)), now=MONDAY) == "duplicate"
    assert (
        services.settle_from_callback(**signed(event(invoice, event_id="evt-2")), now=MONDAY) == "duplicate"
    )

    invoice.refresh_from_db()
    assert (invoice.status, invoice.payment.amount, settled()) == ("paid", 30000, 1)
    assert not Refund.objects.exists()
    entry = Entry.objects.get(kind="payments.settled")
    assert entry.data["application"] == str(invoice.application_id)


def test_a_forged_or_stale_or_garbled_call_back_is_refused():
    invoice = invoice_of(World())
    right = signed(event(invoice))

    for wrong in (
        signed(event(invoice), secret=b"guess"),
        signed(event(invoice), age=301),
        signed(event(invoice), age=-301),
        {**right, "body": right["body"].replace(b"30000", b"1")},
        {**right, "header": ""},
        {**right, "header": "t=²,v1=é"},
        {**right, "header": right["header"].replace("v1=", "v1=é")},
    ):
        with pytest.raises(callbacks.SignatureWrong):
            services.settle_from_callback(**wrong, now=MONDAY)
    for told in (
        [],
        "paid",
        {"event_id": 3, "ref": "x"},
        {"event_id": "x"},
        {"event_id": "x" * 65, "ref": "x"},
    ):
        with pytest.raises(callbacks.CallbackMalformed):
            services.settle_from_callback(**signed(told), now=MONDAY)
    assert not CallBack.objects.exists()
    assert not Payment.objects.exists()


def test_the_address_answers_a_forger_with_403_and_a_stranger_event_with_unknown(client):
    invoice = invoice_of(World())
    bad = signed(event(invoice))  # signed long ago by the clock of the edge

    answer = client.post(
        "/bayar/panggilan/", bad["body"], "application/json", headers={"X-Signature": bad["header"]}
    )

    assert (answer.status_code, answer.json()["code"]) == (403, "callback_signature_wrong")
    assert services.settle(event=event(invoice, invoice_id="nobody"), now=MONDAY) == "unknown"


@pytest.mark.parametrize("told", [29000, 30001, -1, "30000", 30000.0, True, None])
def test_a_wrong_amount_is_recorded_and_does_not_settle(told):
    invoice = invoice_of(World())

    assert services.settle(event=event(invoice, amount=told), now=MONDAY) == "wrong_amount"

    invoice.refresh_from_db()
    assert (invoice.status, settled()) == ("open", 0)
    assert Entry.objects.get(kind="payments.refused").data["reason"] == "wrong_amount"
    assert Refund.objects.count() == (told in (29000, 30001))


def test_the_provider_may_correct_itself_and_come_out_of_order():
    invoice = invoice_of(World())

    services.settle(event=event(invoice, amount=29000), now=MONDAY)
    assert services.settle(event=event(invoice, event_id="evt-2"), now=MONDAY) == "settled"
    assert services.settle(event=event(invoice, event_id="evt-0", status="open"), now=MONDAY) == "ignored"

    invoice.refresh_from_db()
    assert invoice.status == "paid"
    assert not Refund.objects.exists()


def test_money_that_comes_twice_or_too_late_is_owed_back_and_given_back_once():
    world = World()
    invoice = invoice_of(world)
    services.settle(event=event(invoice), now=MONDAY)
    services.settle(event=event(invoice, event_id="evt-2", ref="ref-2"), now=MONDAY)
    admin = person("Admin")
    own, other = (
        Membership.objects.create(
            mall=world.mall, agency=world.agencies[code], person=admin, role="agency_admin"
        )
        for code in ("DPMPTSP", "PUPR")
    )

    (owed,) = queries.refunds(own)
    assert (owed.reason, owed.amount) == ("paid_twice", 30000)
    with pytest.raises(NotFound):
        counter.give_back(member=other, refund_id=owed.pk, reference="TRF900", now=MONDAY)
    for _ in range(2):
        counter.give_back(member=own, refund_id=owed.pk, reference="TRF900", now=MONDAY)
    assert Entry.objects.filter(kind="payments.returned").count() == 1


def test_a_withdrawn_application_owes_nothing_even_before_its_invoice_is_closed():
    world = World()
    invoice = invoice_of(world)
    applications.withdraw(person=world.sari, application_id=invoice.application_id, now=MONDAY)
    invoice = queries.get(world.sari, invoice.pk, MONDAY)

    with pytest.raises(rules.InvoiceNotOpen):
        services.charge_url(of=invoice)
    assert services.settle(event=event(invoice), now=MONDAY) == "cancelled"
    for _ in range(2):
        services.cancel(application=invoice.application, actor=SYSTEM, now=MONDAY)
    assert services.settle(event=event(invoice, event_id="evt-2", ref="ref-2"), now=MONDAY) == "cancelled"

    invoice.refresh_from_db()
    assert (invoice.status, Refund.objects.count(), settled()) == ("cancelled", 2, 0)
    assert Entry.objects.filter(kind="payments.cancelled").count() == 1


def test_one_application_has_one_invoice_and_numbers_have_no_gap():
    invoice = invoice_of(World())
    ask = {"application": invoice.application, "amount": 30000, "lines": [], "actor": SYSTEM, "now": MONDAY}

    assert services.invoice(**ask) == services.invoice(**ask) == invoice
    assert invoice.number == "INV-1771-2026-000001"


def test_an_unconfirmed_fee_is_invoiced_in_the_demo_only(settings, client):
    fee = {"amount": "30000", "text": both("Rp30.000"), "confirmed": False, "source": "x"}
    world = World(fee=fee)
    settings.DEMO = False
    with pytest.raises(rules.FeeUnconfirmed):
        invoice_of(world)
    assert not Invoice.objects.exists()


def test_the_demo_says_so_on_the_invoice_and_the_receipt(client):
    world = World(fee={"amount": "30000", "text": both("Rp30.000"), "confirmed": False, "source": "x"})
    invoice = invoice_of(world)
    client.force_login(world.sari)

    assert "DEMO" in client.get(f"/bayar/{invoice.pk}/").content.decode()
    services.settle(event=event(invoice), now=MONDAY)
    receipt = client.get(f"/bayar/{invoice.pk}/kuitansi/").content.decode()
    assert "DEMO" in receipt
    assert "Rp30.000" in receipt


def test_strangers_find_neither_invoice_nor_receipt(client):
    world = World()
    invoice = invoice_of(world)
    client.force_login(world.budi)

    for path in ("", "kuitansi/"):
        assert client.get(f"/bayar/{invoice.pk}/{path}").status_code == 404
    for path in ("bayar/", "periksa/"):
        assert client.post(f"/bayar/{invoice.pk}/{path}").status_code == 404


def test_a_silent_provider_is_given_up_on_and_nothing_changes(settings):
    invoice = invoice_of(World())
    Invoice.objects.filter(pk=invoice.pk).update(charge_ref="r")
    settings.PAYMENT_PROVIDER_URL = "http://127.0.0.1:1"  # nobody listens there

    assert services.ask_provider(now=MONDAY) == 0
    with pytest.raises(rules.ProviderUnreachable):
        services.charge_url(of=queries.get(invoice.application.applicant, invoice.pk, MONDAY))
    invoice.refresh_from_db()
    assert (invoice.status, invoice.asked_at) == ("open", MONDAY)


LATER = MONDAY + timedelta(hours=5)


@pytest.mark.parametrize(
    ("told", "counts"),
    [
        ((MONDAY + timedelta(hours=1)).isoformat(), MONDAY + timedelta(hours=1)),
        ("2026-11-23T10:30:00+07:00", MONDAY + timedelta(hours=1, minutes=30)),
        (MONDAY.isoformat(), MONDAY),
        (None, LATER),
        ("", LATER),
        ("kemarin", LATER),
        (1764000000, LATER),
        ("2026-11-23T10:30:00", LATER),  # no zone: it could be any of three
        ((MONDAY - timedelta(seconds=1)).isoformat(), LATER),
        ((LATER + timedelta(seconds=1)).isoformat(), LATER),
    ],
)
def test_the_time_of_payment_is_the_providers_where_it_can_be_true(told, counts):
    invoice = invoice_of(World())

    assert services.settle(event=event(invoice, paid_at=told), now=LATER) == "settled"

    payment = Payment.objects.get()
    assert (payment.paid_at, payment.received_at) == (counts, LATER)
    entry = Entry.objects.get(kind="payments.settled")
    assert (entry.data["paid_at"], entry.at) == (counts.isoformat(), LATER)


def test_a_helper_sees_the_invoice_only_while_the_help_goes_on(client):
    world = World()
    invoice = invoice_of(world)
    far = MONDAY.replace(year=2100)
    Application.objects.filter(pk=invoice.application_id).update(helper=world.budi, helped_until=far)

    def seen(by: Any) -> list[Invoice]:
        return list(queries.of(by, MONDAY))

    assert seen(world.budi) == seen(world.sari) == [invoice]
    services.settle(event=event(invoice), now=MONDAY)
    assert seen(world.budi) == [invoice]
    for status in FINAL:
        Application.objects.filter(pk=invoice.application_id).update(status=status)
        assert (seen(world.budi), seen(world.sari)) == ([], [invoice])
    client.force_login(world.budi)
    assert client.get(f"/bayar/{invoice.pk}/").status_code == 404
    assert client.get(f"/bayar/{invoice.pk}/kuitansi/").status_code == 404

    Application.objects.filter(pk=invoice.application_id).update(status=Status.PAYMENT, helper=world.verifier)
    assert seen(world.budi) == []  # somebody else has taken it up


@pytest.mark.slow
@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("same_event", [True, False])
def test_call_backs_at_the_same_moment_leave_one_payment(same_event):
    invoice = invoice_of(World(**content()))
    together = Barrier(8)

    def tell(n: int) -> str:
        try:
            together.wait(10)
            name = "evt-1" if same_event else f"evt-{n}"
            return services.settle_from_callback(**signed(event(invoice, event_id=name)), now=MONDAY)
        finally:
            connection.close()

    with ThreadPoolExecutor(8) as pool:
        results = list(pool.map(tell, range(8)))

    assert sorted(results) == ["duplicate"] * 7 + ["settled"]
    assert (Payment.objects.count(), settled(), Refund.objects.count()) == (1, 1, 0)
