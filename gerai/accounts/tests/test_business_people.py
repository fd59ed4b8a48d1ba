"""Inviting, accepting, leaving and removing."""

import pytest

from gerai.accounts import businesses, inviting, queries, rules
from gerai.accounts.models import Business, BusinessInvite
from gerai.accounts.tests.firm import Cast, answer, invite, kinds, remove, state
from gerai.accounts.tests.make import MALL, MORNING
from gerai.accounts.tests.registers import NIB, RAFFLESIA
from gerai.core.errors import NotFound

pytestmark = pytest.mark.django_db


def test_an_invitation_finds_its_contact_and_must_be_accepted():
    cast = Cast()
    business = cast.owned()

    made = invite(cast.sari, business)

    assert invite(cast.sari, business, "budi@UJI.test") == made  # once
    assert b"budi@" not in bytes(made.contact_sealed)
    assert not queries.acting_for(cast.budi).exists()
    with pytest.raises(NotFound):
        answer(cast.dewi, made)
    answer(cast.budi, made)
    assert queries.acts_for(cast.budi, business.pk).role == "staff"
    assert kinds(business)[-2:] == ["accounts.business_invited", "accounts.business_joined"]
    with pytest.raises(NotFound):
        answer(cast.budi, made)


def test_who_says_no_stays_outside_and_a_second_invitation_changes_nothing_for_who_is_in():
    cast = Cast()
    business = cast.owned()
    answer(cast.budi, invite(cast.sari, business), accept=False)
    assert not queries.acting_for(cast.budi).exists()

    answer(cast.budi, invite(cast.sari, business, role="consultant"))
    answer(cast.budi, invite(cast.sari, business, role="owner"))

    assert queries.acts_for(cast.budi, business.pk).role == "consultant"


def test_an_invitation_taken_back_lets_nobody_in():
    cast = Cast()
    business = cast.owned()
    made = invite(cast.sari, business)

    for _ in range(2):
        inviting.take_back(
            mall=MALL, person=cast.sari, business_id=business.pk, invite_id=made.pk, now=MORNING
        )

    with pytest.raises(NotFound):
        answer(cast.budi, made)
    assert kinds(business).count("accounts.business_invite_ended") == 1


def test_only_an_owner_invites_and_only_in_a_role_that_exists():
    cast = Cast()
    business = cast.joined()
    before = state()

    for stranger in (cast.budi, cast.dewi):
        with pytest.raises(NotFound):
            invite(stranger, business, "lain@uji.test")
    with pytest.raises(inviting.RoleUnknown):
        invite(cast.sari, business, "lain@uji.test", role="king")
    with pytest.raises(rules.ContactMissing):
        invite(cast.sari, business, " ")

    assert state() == before


def test_who_is_removed_or_leaves_acts_for_it_no_more():
    cast = Cast()
    business = cast.joined()
    budi = queries.acts_for(cast.budi, business.pk)

    for _ in range(2):
        remove(cast.sari, business, budi)

    assert not queries.acting_for(cast.budi).exists()
    assert kinds(business).count("accounts.business_left") == 1
    answer(cast.budi, invite(cast.sari, business))  # and may come back
    remove(cast.budi, business, queries.acts_for(cast.budi, business.pk))
    assert not queries.acting_for(cast.budi).exists()


def test_staff_and_strangers_remove_nobody_and_the_last_owner_stays():
    cast = Cast()
    business = cast.joined()
    sari = queries.acts_for(cast.sari, business.pk)
    before = state()

    for stranger in (cast.budi, cast.dewi):
        with pytest.raises(NotFound):
            remove(stranger, business, sari)
    with pytest.raises(businesses.LastOwner):
        remove(cast.sari, business, sari)

    assert state() == before


def test_the_page_claims_invites_and_answers(client):
    cast = Cast()
    client.force_login(cast.sari)
    assert client.post("/saya/usaha/", {"act": "claim", "nib": "1"}).status_code == 422
    assert client.post("/saya/usaha/", {"act": "claim", "nib": NIB}).status_code == 302
    business = Business.objects.get()
    sent = {"act": "invite", "business": str(business.pk), "contact": "budi@uji.test", "role": "staff"}
    assert client.post("/saya/usaha/", sent).status_code == 302
    assert "budi@uji.test" in client.get("/saya/usaha/").content.decode()

    client.force_login(cast.dewi)
    assert client.post("/saya/usaha/", sent).status_code == 404
    assert RAFFLESIA.name not in client.get("/saya/usaha/").content.decode()

    client.force_login(cast.budi)
    assert "mengundang Anda" in client.get("/saya/usaha/").content.decode()
    made = BusinessInvite.objects.get()
    assert client.post("/saya/usaha/", {"act": "accept", "invite": str(made.pk)}).status_code == 302
    page = client.get("/saya/usaha/").content.decode()
    assert RAFFLESIA.name in page
    assert "Undang orang lain" not in page
    assert client.post("/saya/usaha/", {"act": "nonsense"}).status_code == 404
    assert client.post("/saya/usaha/", {"act": "accept", "invite": "x"}).status_code == 404
