"""Businesses: proven by the register or the desk, others let in and out by their owners."""

import threading
from dataclasses import replace

import pytest
from django.db import connection

from gerai.accounts import businesses, queries, rules
from gerai.accounts.models import Business, BusinessMember, Person
from gerai.accounts.tests import registers as outside
from gerai.accounts.tests.firm import Cast, claim, invite, kinds, prove, state
from gerai.accounts.tests.make import MORNING, NIK, person
from gerai.accounts.tests.registers import NIB, RAFFLESIA
from gerai.core.errors import NotFound
from gerai.ledger.models import Entry

pytestmark = pytest.mark.django_db


def test_who_the_licensing_register_names_owns_the_business_at_once():
    cast = Cast()

    member = claim(cast.sari, " 9120-0000-00017 ", name="")

    assert (member.role, member.business.name, member.business.proven_at) == (
        "owner",
        RAFFLESIA.name,
        MORNING,
    )
    assert businesses.record_of(member.business) == RAFFLESIA
    assert kinds(member.business) == ["accounts.business_claimed", "accounts.business_proven"]
    before = state()
    assert claim(cast.sari) == member
    assert state() == before


@pytest.mark.parametrize("answer", ["other", "unknown", "silent", "unconnected"])
def test_without_a_match_it_waits_for_the_desk_and_opens_nothing(answer, settings):
    cast = Cast()
    outside.answers[NIB] = replace(RAFFLESIA, responsible=("Orang Lain",))
    if answer == "unknown":
        outside.answers.clear()
    elif answer == "silent":
        outside.silent.add(NIB)
    elif answer == "unconnected":
        settings.REGISTERS = ""

    member = claim(cast.sari)

    assert (member.business.name, member.business.proven_at) == ("Klinik", None)
    assert not queries.acting_for(cast.sari).exists()
    with pytest.raises(NotFound):
        invite(cast.sari, member.business)
    before = state()
    assert claim(cast.sari) == member
    assert state() == before


def test_an_unproven_account_asks_nothing_whatever_name_it_has():
    Cast()
    twin = person("lain@uji.test", NIK, "Sari Wulandari")

    assert claim(twin).business.proven_at is None
    assert outside.asked == []


def test_a_claim_is_asked_again_when_the_register_is_back():
    cast = Cast()
    outside.silent.add(NIB)
    member = claim(cast.sari)
    outside.silent.clear()

    again = claim(cast.sari)

    assert (again.pk, again.business.proven_at, again.business.name) == (member.pk, MORNING, RAFFLESIA.name)


@pytest.mark.parametrize(("nib", "name", "refusal"), [
    ("123", "Klinik", rules.NibMalformed), ("9120000000099", " ", businesses.BusinessNameMissing),
])  # fmt: skip
def test_a_refused_claim_leaves_nothing(nib, name, refusal):
    cast = Cast()
    before = state()

    with pytest.raises(refusal):
        claim(cast.sari, nib, name)

    assert state() == before


def test_claims_that_nobody_proves_are_not_collected():
    cast = Cast()
    for number in range(businesses.CLAIMS):
        claim(cast.budi, f"91200000001{number:02d}")
    before = state()

    with pytest.raises(businesses.TooManyClaims):
        claim(cast.budi)

    assert state() == before


@pytest.mark.slow
@pytest.mark.django_db(transaction=True)
def test_two_owners_who_claim_at_once_by_double_clicks_share_one_business():
    cast = Cast()
    outside.answers[NIB] = replace(RAFFLESIA, responsible=("Sari Wulandari", "Budi Hartono"))
    cast.proven(cast.budi)
    start = threading.Barrier(4)

    def click(who: Person) -> None:
        start.wait(20)
        claim(who)
        connection.close()

    threads = [threading.Thread(target=click, args=[who]) for who in (cast.sari, cast.budi) * 2]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(20)

    business = Business.objects.get()
    assert {m.person_id for m in queries.colleagues(business.pk)} == {cast.sari.pk, cast.budi.pk}
    assert BusinessMember.objects.count() == 2


def test_the_desk_proves_by_the_papers_once():
    cast = Cast()
    outside.answers.clear()
    member = claim(cast.sari)

    assert prove(cast, cast.sari).pk == member.pk

    entry = Entry.objects.get(kind="accounts.business_proven")
    assert (entry.actor_id, entry.data["how"]) == (str(cast.dewi.pk), "papers")
    before = state()
    prove(cast, cast.sari)
    assert state() == before


def test_the_desk_proves_nothing_unseen_unclaimed_or_its_own():
    cast = Cast()
    outside.answers.clear()
    claim(cast.sari)
    claim(cast.dewi)
    before = state()

    with pytest.raises(businesses.PapersUnseen):
        prove(cast, cast.sari, papers_seen=False)
    with pytest.raises(businesses.ClaimUnknown):
        prove(cast, cast.sari, nib=outside.OTHER_NIB)
    with pytest.raises(businesses.ClaimUnknown):
        prove(cast, cast.dewi)

    assert state() == before


def test_a_second_owner_joins_the_business_that_is_proven():
    cast = Cast()
    business = cast.owned()
    waiting = claim(cast.budi)
    assert waiting.business != business

    joined = prove(cast, cast.budi)

    assert (joined.business, joined.role) == (business, "owner")
    assert Business.objects.count() == 1
    assert kinds(business)[-1] == "accounts.business_joined"


@pytest.mark.parametrize(
    ("answer", "kept", "words"),
    [
        ("other", "no_match", "tidak menyebut pemohon"),
        ("silent", "unreachable", "tidak menjawab"),
        ("match", "match", ""),
    ],
)
def test_the_desk_proves_by_papers_and_who_examines_later_reads_what_the_register_said(answer, kept, words):
    cast = Cast()
    outside.silent.add(NIB)
    claim(cast.sari)
    outside.silent.clear()
    if answer == "other":
        outside.answers[NIB] = replace(RAFFLESIA, responsible=("Orang Lain",))
    elif answer == "silent":
        outside.silent.add(NIB)

    business = prove(cast, cast.sari).business

    assert (business.proven_at, business.register) == (MORNING, kept)
    assert (businesses.record_of(business) is not None) == (answer == "match")
    assert words in businesses.warning(business)
    assert bool(words) == bool(businesses.warning(business))


def test_its_page_says_what_the_register_answered(client):
    cast = Cast()
    outside.answers[NIB] = replace(RAFFLESIA, responsible=("Orang Lain",))
    claim(cast.sari)
    client.force_login(cast.sari)
    client.defaults["HTTP_ACCEPT_LANGUAGE"] = "id"

    assert "OSS tidak menyebut nama Anda" in client.get("/saya/usaha/").content.decode()
    del outside.answers[NIB]
    claim(cast.sari)
    assert "OSS tidak mengenal NIB ini" in client.get("/saya/usaha/").content.decode()
    outside.silent.add(NIB)
    claim(cast.sari)
    assert "OSS tidak menjawab" in client.get("/saya/usaha/").content.decode()
