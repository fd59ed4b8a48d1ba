"""Applying for a business: all who act for it see it, by their role; who has left sees nothing."""

import threading

import pytest
from django.db import connection

from gerai.accounts import businesses
from gerai.accounts.models import Business, BusinessMember
from gerai.accounts.tests import registers as outside
from gerai.agencies.models import Membership
from gerai.applications import acting, again, helping, queries, services, wallet
from gerai.applications.models import Application
from gerai.applications.rules import Status
from gerai.applications.tests.firm import NIK, Firm
from gerai.applications.tests.make import MONDAY, state
from gerai.core.errors import NotFound
from gerai.ledger.models import Entry

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def memory(settings):
    settings.REGISTERS = outside.PATH
    outside.clear()


def test_for_oneself_and_for_a_business_there_is_one_draft_each():
    firm = Firm()

    own, firms = firm.draft(), firm.begun()

    assert own != firms
    assert (firm.draft(), firm.begun()) == (own, firms)
    assert (own.business, firms.business) == (None, firm.firm)


def test_who_does_not_act_for_it_begins_nothing():
    firm = Firm()
    other = Business.objects.create(nib=outside.OTHER_NIB, name="Belum terbukti", created_at=MONDAY)
    BusinessMember.objects.create(business=other, person=firm.sari, role="owner", since=MONDAY)

    with pytest.raises(NotFound):
        firm.begun(firm.budi)
    with pytest.raises(NotFound):
        services.start(person=firm.sari, service=firm.service, now=MONDAY, business_id=other.pk)

    assert not Application.objects.exists()


def test_all_who_act_for_it_go_on_with_it_and_staff_send():
    firm = Firm()
    draft = firm.full()

    sent = services.submit(person=firm.rudi, application_id=draft.pk, now=MONDAY)

    assert sent.status == Status.SUBMITTED
    assert Entry.objects.get(kind="applications.submitted").actor_id == str(firm.rudi.pk)
    for who in (firm.sari, firm.rudi, firm.kuncoro):
        assert queries.get(who, draft.pk, MONDAY) == draft
        assert list(queries.of_business(who, firm.firm.pk)) == [draft]
    for stranger in (firm.budi, firm.desk):
        with pytest.raises(NotFound):
            queries.get(stranger, draft.pk, MONDAY)
        with pytest.raises(NotFound):
            queries.of_business(stranger, firm.firm.pk)


def test_a_consultant_fills_in_and_neither_sends_nor_takes_back():
    firm = Firm()
    draft = firm.full()
    before = state(draft)

    for act in (services.submit, services.withdraw):
        with pytest.raises(acting.ConsultantOnlyFills):
            act(person=firm.kuncoro, application_id=draft.pk, now=MONDAY)

    assert state(draft) == before


def test_who_has_left_sees_nothing_of_it_any_more_even_what_they_began(client):
    firm = Firm()
    draft = firm.begun(firm.rudi)

    firm.leave(firm.rudi)

    assert not queries.owned_by(firm.rudi, MONDAY).exists()
    assert not queries.of(firm.rudi).exists()
    with pytest.raises(NotFound):
        services.withdraw(person=firm.rudi, application_id=draft.pk, now=MONDAY)
    client.force_login(firm.rudi)
    for page in ("", "isi/place/", "berkas/", "periksa/"):
        assert client.get(f"/permohonan/{draft.pk}/{page}").status_code == 404
    assert client.get(f"/saya/usaha/{firm.firm.pk}/").status_code == 404
    assert queries.get(firm.sari, draft.pk, MONDAY) == draft
    assert acting.to_tell(draft) == firm.sari


def test_a_file_belongs_to_who_uploads_it_for_the_business():
    firm = Firm()
    draft = firm.full()

    assert draft.attachments.get().document.owner == firm.rudi
    assert [row["document"].owner for row in wallet.of(firm.rudi)] == [firm.rudi]
    assert wallet.of(firm.sari) == []
    firm.leave(firm.rudi)
    assert wallet.of(firm.rudi) == []


def test_answers_for_the_business_and_for_oneself_do_not_mix():
    firm = Firm()
    sent = services.submit(person=firm.sari, application_id=firm.full().pk, now=MONDAY)

    assert queries.last_sent(firm.sari, firm.service) is None
    assert queries.last_sent(firm.sari, firm.service, firm.firm.pk) == sent
    renewed = again.start_like(person=firm.sari, earlier_id=sent.pk, now=MONDAY)
    assert renewed.business == firm.firm
    assert queries.earlier_of(renewed) == [sent]
    assert queries.earlier_of(firm.draft()) == []


def test_a_case_of_ones_business_is_ones_own_case():
    firm = Firm()
    draft = firm.begun()

    own = {
        who.name: acting.is_own(who, draft)
        for who in (firm.sari, firm.rudi, firm.kuncoro, firm.budi, firm.desk)
    }

    assert own == {"Sari Wulandari": True, "Rudi": True, "Kuncoro": True, "Budi": False, "Meja": False}
    firm.leave(firm.rudi)
    assert not acting.is_own(firm.rudi, draft)


def test_paper_and_card_of_who_has_left_open_nothing():
    firm = Firm()
    sent = services.submit(person=firm.sari, application_id=firm.full().pk, now=MONDAY)
    Membership.objects.create(mall=firm.mall, person=firm.desk, role="information_desk")
    given = {"mall": firm.mall, "number": sent.number, "nik": NIK, "card_seen": True, "consent": True}
    firm.leave(firm.sari)

    with pytest.raises(helping.PaperUnknown):
        helping.take_up(officer=firm.desk, now=MONDAY, **given)


def test_the_start_page_asks_for_whom_and_the_pages_name_the_business(client):
    firm = Firm()
    client.force_login(firm.sari)
    url = f"/ajukan/{firm.agency.code}/{firm.service.code}/"
    assert f"Untuk {firm.firm.name} (NIB {firm.firm.nib})" in client.get(url).content.decode()

    assert client.post(url, {"behalf": f"business:{firm.firm.pk}"}).status_code == 302
    draft = Application.objects.get()
    assert draft.business == firm.firm
    assert f"Untuk {firm.firm.name}" in client.get(f"/permohonan/{draft.pk}/").content.decode()
    assert firm.service.name["id"] in client.get(f"/saya/usaha/{firm.firm.pk}/").content.decode()

    client.force_login(firm.budi)
    assert "untuk siapa" not in client.get(url).content.decode()
    for wanted in (f"business:{firm.firm.pk}", "business:x", "mandate:x"):
        assert client.post(url, {"behalf": wanted}).status_code == 404
    client.force_login(firm.kuncoro)
    assert "Batalkan permohonan ini" not in client.get(f"/permohonan/{draft.pk}/").content.decode()


def test_an_identity_card_is_not_offered_for_a_business(client):
    firm = Firm()
    client.defaults["HTTP_ACCEPT_LANGUAGE"] = "id"
    client.force_login(firm.sari)
    url = f"/ajukan/{firm.agency.code}/{firm.service.code}/"

    assert f"business:{firm.firm.pk}" in client.get(url).content.decode()
    type(firm.service).objects.update(kind="civil-registration")
    assert f"business:{firm.firm.pk}" not in client.get(url).content.decode()


@pytest.mark.slow
@pytest.mark.django_db(transaction=True)
def test_a_double_click_for_a_business_leaves_one_draft():
    firm = Firm()
    start = threading.Barrier(3)

    def click() -> None:
        start.wait(20)
        firm.begun()
        connection.close()

    threads = [threading.Thread(target=click) for _ in range(3)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(20)

    assert Application.objects.count() == 1


def test_the_desk_proves_a_business_and_others_do_not_find_the_page(client):
    firm = Firm()
    outside.answers.clear()
    businesses.claim(mall="1771", person=firm.sari, nib=outside.OTHER_NIB, name="Kopi", now=MONDAY)
    client.force_login(firm.desk)
    assert client.get("/meja/usaha/").status_code == 404
    Membership.objects.create(mall=firm.mall, person=firm.desk, role="information_desk")
    sent = {"nib": outside.OTHER_NIB, "nik": NIK, "seen": "yes"}

    assert client.post("/meja/usaha/", sent).status_code == 422
    assert not Business.objects.get(nib=outside.OTHER_NIB).proven_at
    assert client.post("/meja/usaha/", {**sent, "papers": "yes"}, follow=True).status_code == 200

    assert Business.objects.get(nib=outside.OTHER_NIB).proven_at
