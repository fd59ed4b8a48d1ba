"""One's own page and one's application, as the applicant sees them while officers work on it."""

from datetime import timedelta

import pytest

from gerai.accounts.models import Business, BusinessMember
from gerai.applications import services as applications
from gerai.core.dates import day_in_words
from gerai.permits import services as permits
from gerai.permits.models import Permit
from gerai.reviews import decisions, objecting
from gerai.reviews import services as reviews
from gerai.reviews.tests.field import THURSDAY, TUESDAY, Field
from gerai.reviews.tests.make import MONDAY, World

pytestmark = pytest.mark.django_db


@pytest.fixture
def world() -> World:
    return World()


@pytest.fixture
def sari(client, world):
    client.force_login(world.sari)
    client.defaults["HTTP_ACCEPT_LANGUAGE"] = "id"
    return client


def test_what_waits_for_me_comes_first_and_names_the_sum(world, sari):
    application = world.reviewed()
    task = world.task(application, "assess")
    reviews.assess(person=world.verifier, task_id=task.pk, outcome="approve", note="", now=MONDAY)

    page = sari.get("/saya/").content.decode()

    assert "1 hal menunggu Anda" in page
    assert "Bayar Rp30.000" in page
    assert page.index("menunggu Anda") < page.index("Sedang diproses")


def test_a_draft_has_no_number_and_shows_no_stray_dot(world, sari):
    applications.start(person=world.sari, service=world.service, now=MONDAY)

    page = sari.get("/saya/").content.decode()

    assert "Lanjutkan isian, lalu kirim." in page
    assert "None" not in page
    assert '<p class="muted"> ·' not in page


def test_the_history_names_each_agency_and_no_step_inside_the_office(world, sari):
    application = world.reviewed()

    page = sari.get(f"/permohonan/{application.pk}/").content.decode()

    assert page.count("Selesai diperiksa") == 2  # the two agencies; not the completeness check
    assert "Selesai diperiksa · DINKES" in page
    assert page.count("Berkas dinyatakan lengkap") == 1


def test_an_incomplete_check_leads_to_what_is_missing_and_offers_no_sending(world, sari):
    draft = applications.start(person=world.sari, service=world.service, now=MONDAY)

    page = sari.get(f"/permohonan/{draft.pk}/periksa/").content.decode()

    assert f'href="/permohonan/{draft.pk}/isi/data/">Lengkapi yang kurang' in page
    assert "Kirim permohonan" not in page


def test_a_document_not_signed_yet_leads_back_with_a_sentence(world, sari):
    application = world.submitted()

    answer = sari.get(f"/izin/permohonan/{application.pk}/", follow=True)

    assert answer.redirect_chain[-1][0] == f"/permohonan/{application.pk}/"
    assert "Dokumennya sedang disiapkan" in answer.content.decode()


def test_somebody_elses_application_leads_to_no_permit(world, client):
    application = world.submitted()
    client.force_login(world.budi)

    answer = client.get(f"/izin/permohonan/{application.pk}/", follow=True)

    assert answer.status_code == 404


def test_the_promised_day_stands_on_ones_own_page(world, sari):
    application = world.in_review()

    page = sari.get("/saya/").content.decode()

    assert application.promised_at > MONDAY + timedelta(days=4)
    assert "selesai paling lambat" in page


def test_a_time_to_be_chosen_waits_for_me(client):
    field = Field()
    client.defaults["HTTP_ACCEPT_LANGUAGE"] = "id"
    client.force_login(field.sari)
    visit = field.propose(TUESDAY, THURSDAY)

    asked = client.get("/saya/").content.decode()
    field.choose(visit, THURSDAY)
    chosen = client.get("/saya/").content.decode()

    assert "1 hal menunggu Anda" in asked
    assert "Pilih waktu peninjauan di tempat Anda." in asked
    assert "menunggu Anda" not in chosen
    assert "sedang diperiksa" in chosen


def test_an_objection_is_under_way_until_it_is_answered(world, sari):
    application = world.reviewed()
    world.assess(application, "reject", "Tidak sesuai.")
    task = world.task(application, "decide")
    decisions.reject(person=world.signer, task_id=task.pk, ground="Perda 1", text="Jalur hijau.", now=MONDAY)
    permits.sign(permit_id=Permit.objects.get().pk, now=MONDAY)
    before = sari.get("/saya/").content.decode()

    filed = objecting.file(
        person=world.sari, application_id=application.pk, text="Lokasi kami di luar.", now=MONDAY
    )

    page = sari.get("/saya/").content.decode()
    assert "keberatan sedang dijawab" not in before
    assert "Tidak ada permohonan yang sedang diproses." in before
    assert "keberatan sedang dijawab" in page
    assert f"dijawab paling lambat {day_in_words(filed.due_at)}" in page
    assert "Tidak ada permohonan yang sedang diproses." not in page


def test_what_is_asked_for_a_business_names_it(world, sari):
    firm = Business.objects.create(
        nib="9120001234567", name="CV Rafflesia", created_at=MONDAY, proven_at=MONDAY
    )
    BusinessMember.objects.create(business=firm, person=world.sari, role="owner", since=MONDAY)
    applications.start(person=world.sari, service=world.service, business_id=firm.pk, now=MONDAY)

    assert "untuk CV Rafflesia" in sari.get("/saya/").content.decode()
