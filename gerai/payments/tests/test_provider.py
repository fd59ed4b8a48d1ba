"""Paying at the double, a separate program: it calls back late, twice, falsely or never."""

import os
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import httpx
import pytest
from django.test import Client

from gerai.core import clock
from gerai.integrations.tests.test_doubles import free_port
from gerai.payments import queries, services
from gerai.payments.models import CallBack, Invoice, Payment, Refund
from gerai.payments.tests.make import invoice_of
from gerai.reviews.tests.make import World

pytestmark = [pytest.mark.slow, pytest.mark.django_db(transaction=True)]


def until(true: Callable[[], bool], seconds: float = 20) -> None:
    """Look again and again."""
    end = time.monotonic() + seconds
    while not true():
        assert time.monotonic() < end, "it did not happen"


class Bank:
    """The double as a process of its own, with its memory on disk."""

    def __init__(self, data: Path) -> None:
        self.port = free_port()
        self.environment = os.environ | {"GERAI_DATA": str(data), "GERAI_PORT": str(self.port)}
        self.url = f"http://127.0.0.1:{self.port + 3}"

    def start(self) -> None:
        command = [sys.executable, "-m", "gerai.integrations.payment.double"]
        self.process = subprocess.Popen(command, env=self.environment)
        until(self.answers)

    def answers(self) -> bool:
        try:
            return httpx.get(f"{self.url}/charges/none").status_code == 404
        except httpx.TransportError:
            return False

    def heard(self, invoice: Invoice) -> int:
        """How often the mall has taken the bank's word about it."""
        invoice.refresh_from_db()
        told: dict[str, Any] = httpx.get(f"{self.url}/charges/{invoice.charge_ref}").json()
        return int(told.get("heard", 0))

    def stop(self) -> None:
        self.process.terminate()
        self.process.wait(10)


@pytest.fixture
def bank(tmp_path, settings, live_server) -> Iterator[Bank]:
    made = Bank(tmp_path)
    settings.DATA, settings.BASE_URL, settings.PAYMENT_PROVIDER_URL = tmp_path, live_server.url, made.url
    made.start()
    try:
        yield made
    finally:
        made.stop()


@pytest.fixture
def invoice() -> Invoice:
    return invoice_of(World())


def address(invoice: Invoice) -> str:
    """Where the citizen's button leads."""
    client = Client()
    client.force_login(invoice.application.applicant)
    answer = client.post(f"/bayar/{invoice.pk}/bayar/")
    assert answer.status_code == 302
    return str(answer["Location"])


def pay(invoice: Invoice, mode: str, delay: str = "0") -> None:
    url = address(invoice)
    assert "Bank Uji" in httpx.get(url).text
    answer = httpx.post(url, data={"mode": mode, "delay": delay})
    assert answer.status_code == 303
    assert answer.headers["Location"].endswith(f"/bayar/{invoice.pk}/")


def status(invoice: Invoice) -> str:
    invoice.refresh_from_db()
    return invoice.status


@pytest.mark.parametrize("mode", ["normal", "twice", "late"])
def test_a_payment_settles_once_however_the_news_comes(bank, invoice, mode):
    pay(invoice, mode, delay="0.5")
    if mode == "late":
        assert status(invoice) == "open"

    until(lambda: bank.heard(invoice) == (2 if mode == "twice" else 1))
    assert status(invoice) == "paid"
    assert services.ask_about(of=invoice, now=clock.now()) == "ignored"
    assert (Payment.objects.count(), CallBack.objects.count(), Refund.objects.count()) == (1, 1, 0)


def test_a_lost_call_back_is_found_by_asking_and_the_bank_remembers_after_a_restart(bank, invoice):
    pay(invoice, "silent")
    bank.stop()
    bank.start()
    assert status(invoice) == "open"

    assert services.ask_provider(now=clock.now()) == 1

    assert status(invoice) == "paid"
    assert services.ask_provider(now=clock.now()) == 0


def test_the_payer_can_have_it_looked_at_once(bank, invoice):
    pay(invoice, "silent")
    client = Client()
    client.force_login(invoice.application.applicant)

    client.post(f"/bayar/{invoice.pk}/periksa/")

    assert "Sudah dibayar" in client.get(f"/bayar/{invoice.pk}/").content.decode()


def test_a_forged_call_back_changes_nothing(bank, invoice):
    pay(invoice, "forged")

    assert services.ask_provider(now=clock.now()) == 0
    assert status(invoice) == "open"
    pay(invoice, "normal")
    until(lambda: status(invoice) == "paid")


def test_too_little_money_is_owed_back_and_the_invoice_stays_open(bank, invoice):
    pay(invoice, "wrong")

    until(lambda: Refund.objects.exists())
    assert status(invoice) == "open"
    assert Refund.objects.get().amount == invoice.amount - 1000


def test_the_same_invoice_leads_to_the_same_charge(bank, invoice):
    first = address(invoice)
    Invoice.objects.filter(pk=invoice.pk).update(charge_ref="", charge_url="")  # the answer was lost

    assert address(queries.get(invoice.application.applicant, invoice.pk)) == first
