"""The bank's counter: the sum read before the money is taken, once per slip."""

import shutil

import pytest
from django.core.management import CommandError, call_command

from gerai.agencies.models import Mall, Membership
from gerai.core.errors import NotFound
from gerai.ledger.models import Entry
from gerai.payments import counter, rules, services
from gerai.payments.models import Payment
from gerai.payments.tests.make import at_the_bank, event, invoice_of
from gerai.reviews.tests.make import MONDAY, World, person

pytestmark = pytest.mark.django_db


def test_the_banks_counter_takes_money_once_per_slip_and_nobody_else_may(client):
    world = World()
    invoice = invoice_of(world)
    teller = person("Teller")
    member = at_the_bank(world, teller)
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
    teller = person("Teller")
    at_the_bank(world, teller)
    client.force_login(teller)

    found = client.get("/bayar/loket/", {"number": invoice.number.lower()}).content.decode()
    assert "Rp30.000 diterima, catat lunas" in found
    assert "S•••" in found  # whose it is, enough to ask and compare
    assert "Wulandari" not in found
    assert not Payment.objects.exists()

    wrong = client.get("/bayar/loket/", {"number": "INV-0000"})
    assert wrong.status_code == 422
    assert rules.InvoiceUnknown.text in wrong.content.decode()

    paper = [
        client.post("/bayar/loket/", {"number": invoice.number, "reference": slip}, follow=True)
        for slip in ("SLIP91", "slip 9-1")  # as each bank prints it
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
    teller = person("Teller")
    at_the_bank(world, teller)
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


def test_which_bank_takes_cash_is_the_malls_to_say_and_none_where_it_says_nothing(client):
    world = World()
    invoice = invoice_of(world)
    member = at_the_bank(world, person("Teller"))
    other = person("Lain")
    Membership.objects.create(
        mall=world.mall, agency=world.agencies["PUPR"], person=other, role="counter_officer"
    )
    client.force_login(other)
    assert client.get("/bayar/loket/").status_code == 404

    world.mall.details["cashier"] = "PUPR"
    world.mall.save()
    assert client.get("/bayar/loket/").status_code == 200
    assert "/bayar/loket/" in client.get("/saya/").content.decode()
    client.force_login(member.person)
    assert client.get("/bayar/loket/").status_code == 404

    del world.mall.details["cashier"]
    world.mall.save()
    member.refresh_from_db()
    with pytest.raises(NotFound):
        counter.pay_at_counter(member=member, number=invoice.number, reference="SLIP91", now=MONDAY)
    client.force_login(world.sari)
    assert "loket bank" not in client.get(f"/bayar/{invoice.pk}/").content.decode()


def test_the_pilots_bank_is_one_of_its_agencies_and_an_unknown_one_is_refused(settings, tmp_path):
    before = settings.PACKAGE / "config" / "pilot"
    folder = tmp_path / "config" / "pilot"
    shutil.copytree(before, folder)
    named = "cashier: BANKBKL"
    text = (folder / "mall.yaml").read_text()
    assert named in text
    assert (folder / "agencies" / "BANKBKL.yaml").exists()
    (folder / "mall.yaml").write_text(text.replace(named, "cashier: BANKKU"))
    settings.PACKAGE = tmp_path

    with pytest.raises(CommandError, match="BANKKU"):
        call_command("pilot")
    assert not Mall.objects.exists()
