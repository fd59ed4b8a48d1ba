"""A charge to which a wrong sum came: the bank takes nothing more for it, so the payer gets another one."""

from datetime import timedelta
from typing import Any

import pytest

from gerai.core import clock
from gerai.payments import services
from gerai.payments.models import Invoice, Payment, Refund
from gerai.payments.ports import Charge
from gerai.payments.tests.make import Books, event, invoice_of
from gerai.reviews.tests.make import World

pytestmark = pytest.mark.django_db


class Issuing(Books):
    """It also makes charges: one for each attempt."""

    def create_charge(self, **asked: Any) -> Charge:
        """See the port."""
        ref = f"ref-{asked['attempt']}"
        self.charges.setdefault(ref, {"ref": ref, "status": "open"})
        ends = clock.now() + timedelta(days=1)
        return Charge(
            ref=ref, url=f"https://bank.uji/{ref}", qris="", account="8808000000000001", expires_at=ends
        )


@pytest.fixture
def invoice(settings) -> Invoice:
    Issuing.use(settings)
    return invoice_of(World())


@pytest.fixture
def payer(client, invoice):
    client.defaults["HTTP_ACCEPT_LANGUAGE"] = "id"
    client.force_login(invoice.application.applicant)
    return client


def charged(invoice: Invoice) -> str:
    invoice.refresh_from_db()
    return str(invoice.charge_ref)


def pay(invoice: Invoice, amount: int, name: str) -> str:
    told = event(invoice, amount=amount, ref=charged(invoice), event_id=name)
    return services.settle(event=told, now=clock.now())


def test_after_a_wrong_sum_another_charge_takes_the_right_one(invoice, payer):
    address = f"/bayar/{invoice.pk}/"
    payer.post(f"{address}kode/")
    pay(invoice, invoice.amount - 1000, "evt-1")
    shown = payer.get(address).content.decode()

    payer.post(f"{address}kode/")
    payer.post(f"{address}kode/")  # a second click

    assert "Minta kode baru, lalu bayar tepat" in shown
    assert "8808 0000" not in shown
    assert charged(invoice) == "ref-1"
    assert pay(invoice, invoice.amount, "evt-2") == "settled"
    assert (Payment.objects.count(), Refund.objects.get().amount) == (1, invoice.amount - 1000)


def test_a_charge_to_which_nothing_came_stays(invoice, payer):
    for _ in range(2):
        payer.post(f"/bayar/{invoice.pk}/bayar/")

    assert charged(invoice) == "ref-0"
    assert "8808 0000" in payer.get(f"/bayar/{invoice.pk}/").content.decode()


def test_who_has_it_looked_at_too_early_is_told_so(invoice, payer):
    asked = payer.post(f"/bayar/{invoice.pk}/kode/")

    answer = payer.post(f"/bayar/{invoice.pk}/periksa/", follow=True)

    assert asked["Location"] == f"/bayar/{invoice.pk}/#invoice"  # the codes stand below the letter
    assert (
        '<div class="notice warning" role="status">Bank belum mengabarkan pembayaran'
        in answer.content.decode()
    )
