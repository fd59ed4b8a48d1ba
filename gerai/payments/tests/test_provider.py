"""Paying at the double, a separate program: it calls back late, twice, falsely or never."""

from collections.abc import Iterator
from datetime import timedelta

import httpx
import pytest
from django.test import Client

from gerai.core import clock
from gerai.ledger.rules import SYSTEM
from gerai.payments import qris, queries, rules, services, statement
from gerai.payments.models import CallBack, Difference, Invoice, Payment, Refund
from gerai.payments.ports import ProviderDown
from gerai.payments.tests.bank import Bank, until
from gerai.payments.tests.make import invoice_of
from gerai.reviews.tests.make import World

pytestmark = [pytest.mark.slow, pytest.mark.django_db(transaction=True)]


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
    made = invoice_of(World())
    made.created_at = clock.now() - timedelta(hours=1)  # the double lives by the real clock
    made.save(update_fields=["created_at"])
    return made


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


def test_a_payment_to_the_virtual_account_settles_as_such_and_its_receipt_says_so(bank, invoice):
    pay(invoice, "va")
    until(lambda: bank.heard(invoice) == 1)

    assert (status(invoice), Payment.objects.get().channel) == ("paid", "VA")
    client = Client()
    client.force_login(invoice.application.applicant)
    assert "virtual account" in client.get(f"/bayar/{invoice.pk}/kuitansi/").content.decode()


def test_a_bank_that_knows_the_mall_by_a_key_answers_nobody_without_it(tmp_path, settings, invoice):
    made = Bank(tmp_path, key="kunci-uji")
    settings.DATA, settings.PAYMENT_PROVIDER_URL = tmp_path, made.url
    made.start()
    day = clock.now().date() - timedelta(days=1)
    try:
        for wrong in ("", "kunci-lain"):
            settings.PAYMENT_PROVIDER_KEY = wrong
            with pytest.raises(rules.ProviderUnreachable):
                services.charge_url(of=invoice)
            with pytest.raises(ProviderDown):
                services.provider().statement(mall="1771", day=day)
        settings.PAYMENT_PROVIDER_KEY = "kunci-uji"
        url = services.charge_url(of=invoice)
        assert services.provider().status(invoice.charge_ref)["status"] == "open"
        assert services.provider().statement(mall="1771", day=day).startswith("reference,")
        assert "Bank Uji" in httpx.get(url).text  # the payer's page needs no key
    finally:
        made.stop()


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

    assert address(queries.get(invoice.application.applicant, invoice.pk, invoice.created_at)) == first


def page(invoice: Invoice, ask: str = "") -> str:
    """The invoice as its payer sees it, after asking for codes if wanted."""
    client = Client()
    client.force_login(invoice.application.applicant)
    if ask:
        assert client.post(f"/bayar/{invoice.pk}/{ask}/").status_code == 302
    return client.get(f"/bayar/{invoice.pk}/").content.decode()


def test_the_invoice_shows_the_providers_qris_and_account_and_how_long_they_are_good(bank, invoice):
    assert "data:image/svg" not in page(invoice)

    shown = page(invoice, "kode")

    invoice.refresh_from_db()
    fields = qris.check(invoice.charge_qris, amount=30000)
    assert fields.inner["62"]["01"] == invoice.number
    assert "Kode QRIS untuk membayar Rp30.000" in shown
    assert "data:image/svg" in shown
    assert rules.account_number(invoice.charge_account) in shown
    assert "Berlaku sampai" in shown
    assert "DEMO: kode dan nomor ini tidak memindahkan uang" in shown
    assert httpx.get(invoice.charge_url).text.count(invoice.charge_account) == 1


def test_a_qris_of_another_sum_or_payee_is_not_shown_and_the_account_still_is(bank, invoice):
    bank.wrong("qris")

    shown = page(invoice, "kode")

    invoice.refresh_from_db()
    assert "data:image/svg" not in shown
    assert qris.QrisWrong.text in shown
    assert rules.account_number(invoice.charge_account) in shown
    bank.wrong("")
    Invoice.objects.filter(pk=invoice.pk).update(charge_attempt=1, charge_ref="", charge_url="")
    assert "data:image/svg" in page(invoice, "kode")
    mall = invoice.mall
    mall.details = {"qris": {"nmid": "ID1020012345678"}}
    mall.save(update_fields=["details"])
    assert "data:image/svg" not in page(invoice)


def expire(invoice: Invoice) -> None:
    Invoice.objects.filter(pk=invoice.pk).update(charge_expires_at=clock.now() - timedelta(seconds=1))


def test_an_expired_charge_is_replaced_once_and_money_to_the_old_one_still_counts(bank, invoice):
    old = address(invoice)
    expire(invoice)
    shown = page(invoice)
    assert "Minta kode baru" in shown
    assert "data:image/svg" not in shown

    assert "data:image/svg" in page(invoice, "kode")
    new = address(invoice)
    assert new != old
    page(invoice, "kode")
    assert address(invoice) == new

    httpx.post(old, data={"mode": "normal"})
    until(lambda: status(invoice) == "paid")
    assert Payment.objects.get().provider_ref == old.rsplit("/", 1)[-1]
    httpx.post(new, data={"mode": "normal"})
    until(lambda: Refund.objects.exists())
    assert (Refund.objects.get().reason, Payment.objects.count()) == ("paid_twice", 1)


def test_before_a_new_charge_is_made_the_old_one_is_asked_whether_it_was_paid(bank, invoice):
    pay(invoice, "silent")
    expire(invoice)

    assert "Sudah dibayar" in page(invoice, "kode")

    assert (status(invoice), invoice.charge_attempt) == ("paid", 0)


def test_the_providers_time_of_payment_is_kept(bank, invoice):
    pay(invoice, "silent")
    later = clock.now() + timedelta(hours=2)

    services.ask_provider(now=later)

    payment = Payment.objects.get()
    assert payment.received_at == later
    assert payment.paid_at < later - timedelta(hours=1)


def compared(invoice: Invoice) -> list[tuple[str, str]]:
    """What differs when today is compared two days from now."""
    services.reconcile(
        mall=invoice.mall,
        day=statement.day_of(clock.now()),
        actor=SYSTEM,
        now=clock.now() + timedelta(days=2),
    )
    return list(Difference.objects.filter(closed_at=None).values_list("kind", "invoice").order_by("kind"))


@pytest.mark.parametrize(
    ("fault", "kind"),
    [
        ("", ""),
        ("missing", "missing_there"),
        ("doubled", "doubled"),
        ("amount", "amount"),
        ("unknown", "unknown"),
    ],
)
def test_the_banks_file_is_compared_and_its_mistakes_are_found(bank, invoice, fault, kind):
    pay(invoice, "normal")
    until(lambda: status(invoice) == "paid")
    bank.wrong(fault)

    for _ in range(2):
        differs = compared(invoice)
        assert [one for one, _ in differs] == ([kind] if kind else [])


def test_a_torn_file_is_refused_and_the_next_one_taken(bank, invoice):
    pay(invoice, "normal")
    until(lambda: status(invoice) == "paid")
    bank.wrong("torn")
    with pytest.raises(statement.StatementUnreadable):
        compared(invoice)
    bank.wrong("")

    assert compared(invoice) == []


def test_a_payment_nobody_told_of_is_settled_by_the_comparison(bank, invoice):
    pay(invoice, "silent")

    assert compared(invoice) == []

    assert status(invoice) == "paid"
    assert Difference.objects.get().result == "settled"
