"""The invoice is a true SKRD: who pays what to whom, until when, from what it is computed, in figures and in words."""

import importlib
import re
from zoneinfo import ZoneInfo

import pytest
from django.apps import apps
from django.utils import timezone

from gerai.accounts.models import Business, BusinessMember
from gerai.applications.models import Application
from gerai.payments import rules
from gerai.payments.models import Invoice
from gerai.payments.tests.make import invoice_of
from gerai.reviews.tests.make import MONDAY, World, content

pytestmark = pytest.mark.django_db
TITLE = "Surat Ketetapan Retribusi Daerah (SKRD)"


def page(client, invoice, language="id"):
    html = client.get(f"/bayar/{invoice.pk}/", headers={"accept-language": language}).content.decode()
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", html))


@pytest.mark.parametrize(
    ("amount", "id_", "en"),
    [
        (30000, "tiga puluh ribu rupiah", "thirty thousand rupiah"),
        (1_000, "seribu rupiah", "one thousand rupiah"),
        (2_000_000_001, "dua miliar satu rupiah", "two billion and one rupiah"),
    ],
)
def test_a_sum_is_said_in_words_to_the_last_rupiah(amount, id_, en):
    assert (rules.in_words(amount, "id"), rules.in_words(amount, "en")) == (id_, en)


def test_it_says_everything_that_an_skrd_must(client):
    world = World()
    invoice = invoice_of(world)
    client.force_login(world.sari)

    text = page(client, invoice)
    for fact in (
        TITLE,
        invoice.number,
        "Senin, 23 November 2026",
        "Hari terakhir membayar Rabu, 23 Desember 2026",
        "Wajib retribusi Sari",
        "Instansi DPMPTSP",
        f"Layanan Izin uji · {invoice.application.number}",
        "Dihitung dari Rp10.000 per m2",
        "Perda 1",
        "Jumlah Rp30.000",
        "Terbilang tiga puluh ribu rupiah",
    ):
        assert fact in text, fact
    assert "belum dikonfirmasi instansi" not in text.replace("Batas ini belum dikonfirmasi instansi", "")
    world.sari.language = "en"
    world.sari.save()
    assert "thirty thousand rupiah" in page(client, invoice, "en")


def test_an_unconfirmed_fee_says_so_and_what_no_city_agency_asks_is_no_skrd(client, settings):
    settings.DEMO = True
    world = World(fee={**content()["fee"], "confirmed": False})
    invoice = invoice_of(world)
    client.force_login(world.sari)

    assert "x Perda 1 belum dikonfirmasi instansi" in page(client, invoice)
    invoice.agency.kind = "vertical"
    invoice.agency.save()
    assert TITLE not in page(client, invoice)


def test_a_business_is_named_with_its_number(client):
    world = World()
    invoice = invoice_of(world)
    firm = Business.objects.create(
        nib="9120001234567", name="CV Rafflesia", created_at=MONDAY, proven_at=MONDAY
    )
    BusinessMember.objects.create(business=firm, person=world.sari, role="owner", since=MONDAY)
    Application.objects.filter(pk=invoice.application_id).update(business=firm)
    client.force_login(world.sari)

    text = page(client, Invoice.objects.get())
    assert "Wajib retribusi CV Rafflesia NIB 9120001234567" in text


def test_nobody_else_reads_it(client):
    world = World()
    invoice = invoice_of(world)
    client.force_login(world.budi)

    assert client.get(f"/bayar/{invoice.pk}/").status_code == 404


def test_invoices_from_before_there_was_a_last_day_get_thirty_days_from_the_upgrade():
    world = World()
    invoice = invoice_of(world)
    Invoice.objects.update(pay_by=None)
    upgrade = importlib.import_module("gerai.payments.migrations.0003_days_for_open_invoices")

    upgrade.give_days(apps, None)

    invoice.refresh_from_db()
    assert invoice.pay_by == rules.pay_by(timezone.localtime(timezone=ZoneInfo("Asia/Jakarta")))
    Invoice.objects.update(pay_by=None, status="cancelled")
    upgrade.give_days(apps, None)
    assert Invoice.objects.get().pay_by is None
