"""The page on which a permit is worded: the paper beside the text, mistakes at their line, a second person."""

import base64
import re

import pytest
from django.conf import settings

from gerai.agencies import services as agencies
from gerai.agencies.models import Agency, Mall
from gerai.catalogue import services as catalogue
from gerai.catalogue.models import Edition, Proposal
from gerai.catalogue.tests.test_permit_text import in_file
from gerai.ledger.rules import SYSTEM
from gerai.permits.tests.make import HOURS, MONDAY, person

pytestmark = pytest.mark.django_db
PAGE = "/gabung/naskah/PERPUS/PERPUS-01/"
TEXT = {
    "id": "## Kartu\n\nUntuk {holder}, {answers.books} buku.",
    "en": "For {holder}, {answers.books} books.",
}


@pytest.fixture
def enter(client):
    """Somebody with a role, signed in; the agency has joined before."""
    mall = Mall.objects.create(code="1771", name="Mal Uji", city="Bengkulu", opening=HOURS)
    catalogue.join(mall=mall, text=in_file("Naskah lama."), actor=SYSTEM, now=MONDAY)
    Agency.objects.create(mall=mall, code="LAIN", name={"id": "Lain"}, short="L", kind="opd", live_at=MONDAY)

    def signed_in(name: str, role: str = "agency_admin", agency: str = "PERPUS"):
        one = person(name)
        where = None if role == "mall_manager" else Agency.objects.get(code=agency)
        agencies.give_role(mall=mall, person=one, role=role, agency=where, actor=SYSTEM, now=MONDAY)
        client.force_login(one, backend=settings.AUTHENTICATION_BACKENDS[0])
        return one

    return signed_in


def test_the_paper_is_shown_with_invented_answers_without_scripts(client, enter):
    enter("Admin")
    page = client.post(PAGE, {**TEXT, "act": "preview"}).content.decode()

    pictures = re.findall(r'src="data:image/png;base64,([^"]+)"', page)
    assert base64.b64decode(pictures[0]).startswith(b"\x89PNG")
    assert "Untuk Nama Pemegang Contoh, 9 buku." in page  # at most nine are asked for
    assert Proposal.objects.count() == 0


def test_the_same_opens_as_a_pdf_that_says_it_is_a_sample(client, enter):
    enter("Admin")
    answer = client.post(PAGE, {**TEXT, "act": "pdf"})

    assert answer.content.startswith(b"%PDF")
    assert answer["Content-Type"] == "application/pdf"


def test_another_branch_is_seen_by_choosing_another_answer(client, enter):
    enter("Admin")
    text = {"id": '{when: answers.who == "child"} Anak.\n\n{when: answers.who != "child"} Dewasa.', "en": "x"}

    assert "<p>Anak.</p>" in client.post(PAGE, text).content.decode()
    other = client.post(PAGE, {**text, "contoh.who": "adult"}).content.decode()
    assert ("<p>Dewasa.</p>" in other, "<p>Anak.</p>" in other) == (True, False)


def test_a_mistake_is_shown_at_its_line_and_nothing_is_proposed(client, enter):
    enter("Admin")
    answer = client.post(PAGE, {"id": "Satu.\n\nDua {nope}.", "en": "x", "act": "propose"})

    assert answer.status_code == 422
    page = answer.content.decode()
    assert 'data-line="3"' in page
    assert "<code>Dua {nope}.</code>" in page
    assert "data:image" not in page
    assert Proposal.objects.count() == 0


def test_it_is_proposed_once_and_published_by_a_second_person(client, enter):
    enter("Admin")
    first = client.post(PAGE, {**TEXT, "act": "propose"})
    again = client.post(PAGE, {**TEXT, "act": "propose"})
    proposal = Proposal.objects.get()
    assert first.url == again.url == f"/gabung/{proposal.pk}/"

    enter("Wakil")
    assert "naskah: ## Kartu" in client.get(first.url).content.decode()
    client.post(first.url, {"act": "publish"})
    edition = Edition.objects.get(status="published", service__code="PERPUS-01")
    assert edition.content["permit"]["text"] == TEXT
    assert Edition.objects.filter(service__code="PERPUS-01").count() == 2


def test_a_second_change_carries_the_own_waiting_proposal_on(client, enter):
    admin = enter("Admin")
    client.post(PAGE, {**TEXT, "act": "propose"})
    client.post(PAGE, {**TEXT, "en": "Other.", "act": "propose"})

    (open_one,) = Proposal.objects.filter(withdrawn_at=None)
    assert (open_one.made_by, "Other." in open_one.text, "## Kartu" in open_one.text) == (admin, True, True)
    assert Proposal.objects.count() == 2


def test_an_unchanged_wording_is_no_proposal_and_an_empty_one_is_the_common_form(client, enter):
    enter("Admin")
    same = client.post(PAGE, {"id": "Naskah lama.", "en": "Naskah lama.", "act": "propose"})
    assert (same.status_code, Proposal.objects.count()) == (200, 0)

    client.post(PAGE, {"id": " ", "en": "", "act": "propose"})
    assert "Naskah lama" not in Proposal.objects.get().text


def test_another_agencys_wording_and_none_look_the_same(client, enter):
    enter("Lain", agency="LAIN")
    for page in (PAGE, "/gabung/naskah/LAIN/NIHIL-01/", "/gabung/naskah/NIHIL/X-1/"):
        assert client.get(page).status_code == 404
    assert "PERPUS-01" not in client.get("/gabung/naskah/").content.decode()
    enter("Pengelola", "mall_manager")
    assert client.get(PAGE).status_code == 200
    assert "PERPUS-01" in client.get("/gabung/naskah/").content.decode()
