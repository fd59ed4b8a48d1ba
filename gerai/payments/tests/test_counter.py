"""The bank's counter: the sum read before the money is taken, once per slip."""

import pytest

from gerai.agencies.models import Agency, Membership
from gerai.ledger.models import Entry
from gerai.payments import counter, rules, services
from gerai.payments.models import Payment
from gerai.payments.tests.make import event, invoice_of
from gerai.reviews.tests.make import MONDAY, World, both, person

pytestmark = pytest.mark.django_db


def test_the_banks_counter_takes_money_once_per_slip_and_nobody_else_may(client):
    world = World()
    invoice = invoice_of(world)
    bank = Agency.objects.create(
        mall=world.mall, code="BANKBKL", name=both("Bank"), short="Bank", kind="company"
    )
    teller = person("Teller")
    member = Membership.objects.create(mall=world.mall, agency=bank, person=teller, role="counter_officer")
    ask = {"member": member, "number": invoice.number.lower(), "now": MONDAY}

    with pytest.raises(rules.ReferenceMissing):
        counter.pay_at_counter(reference="?", **ask)
    for _ in range(2):
        assert counter.pay_at_counter(reference="slip77", **ask).status == "paid"
    with pytest.raises(rules.InvoiceNotOpen):
        counter.pay_at_counter(reference="slip78", **ask)
    assert Payment.objects.get().provider_ref == "BANKBKL-SLIP77"
    assert Entry.objects.get(kind="payments.settled").actor_id == str(teller.pk)

    client.force_login(teller)
    assert client.get("/bayar/loket/").status_code == 200
    client.force_login(world.staff("Loket", "PUPR", "counter_officer"))
    assert client.get("/bayar/loket/").status_code == 404


def test_the_teller_reads_the_sum_before_taking_the_money(client):
    world = World()
    invoice = invoice_of(world)
    bank = Agency.objects.create(
        mall=world.mall, code="BANKBKL", name=both("Bank"), short="Bank", kind="company"
    )
    teller = person("Teller")
    Membership.objects.create(mall=world.mall, agency=bank, person=teller, role="counter_officer")
    client.force_login(teller)

    found = client.get("/bayar/loket/", {"number": invoice.number.lower()}).content.decode()
    assert "Rp30.000 diterima, catat lunas" in found
    assert not Payment.objects.exists()

    wrong = client.get("/bayar/loket/", {"number": "INV-0000"})
    assert wrong.status_code == 422
    assert rules.InvoiceUnknown.text in wrong.content.decode()

    paper = [
        client.post("/bayar/loket/", {"number": invoice.number, "reference": "SLIP91"}, follow=True)
        for _ in range(2)
    ]
    assert [one.redirect_chain for one in paper] == [[(f"/bayar/loket/{invoice.pk}/kuitansi/", 302)]] * 2
    for fact in ("Lunas", invoice.number, "Rp30.000", "BANKBKL-SLIP91", "tunai di loket bank", "S•••"):
        assert fact in paper[0].content.decode()
    assert "Sari" not in paper[0].content.decode()
    assert Payment.objects.count() == 1
    again = client.get("/bayar/loket/", {"number": invoice.number}).content.decode()
    assert "Sudah dibayar" in again
    assert f"/bayar/loket/{invoice.pk}/kuitansi/" in again
    assert "catat lunas" not in again
    assert "/bayar/loket/" in client.get("/saya/").content.decode()


def test_only_the_teller_reads_the_counters_receipts_and_only_of_cash(client):
    world = World()
    invoice = invoice_of(world)
    bank = Agency.objects.create(
        mall=world.mall, code="BANKBKL", name=both("Bank"), short="Bank", kind="company"
    )
    teller = person("Teller")
    Membership.objects.create(mall=world.mall, agency=bank, person=teller, role="counter_officer")
    address = f"/bayar/loket/{invoice.pk}/kuitansi/"

    client.force_login(teller)
    assert client.get(address).status_code == 404
    services.settle(event=event(invoice), now=MONDAY)
    assert client.get(address).status_code == 404  # paid by QRIS: its receipt is the payer's alone
    Payment.objects.update(channel=rules.COUNTER)
    assert client.get(address).status_code == 200
    for stranger in (world.staff("Loket", "PUPR", "counter_officer"), world.budi, world.sari):
        client.force_login(stranger)
        assert client.get(address).status_code == 404
    client.force_login(world.sari)
    own = client.get(f"/bayar/{invoice.pk}/kuitansi/").content.decode()
    assert "Sari" in own
