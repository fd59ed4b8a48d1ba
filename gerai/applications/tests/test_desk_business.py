"""At the desk for a business: its owner gets account and proof by card and papers, and is helped to apply."""

import pytest

from gerai.accounts import businesses
from gerai.accounts import queries as people
from gerai.accounts.models import Business, Person
from gerai.accounts.tests import registers as outside
from gerai.agencies.models import Membership
from gerai.applications import helping, queries, services
from gerai.applications.models import Application
from gerai.applications.tests.firm import NIK, Firm
from gerai.applications.tests.make import GOOD, MONDAY, save
from gerai.ledger.models import Entry

pytestmark = pytest.mark.django_db
NEW_NIK = "1771015506909001"


@pytest.fixture(autouse=True)
def memory(settings):
    settings.REGISTERS = outside.PATH
    outside.clear()


@pytest.fixture
def firm():
    return Firm()


def begin(firm, **changes):
    given = {"officer": firm.desk, "mall": firm.mall, "name": "Sari Wulandari", "nik": NIK,
             "card_seen": True, "consent": True, "service": firm.service,
             "nib": outside.NIB, "now": MONDAY}  # fmt: skip
    return helping.begin_for(**{**given, **changes})


def test_an_officer_types_for_a_business_whose_owner_shows_the_card(firm):
    draft = begin(firm)

    assert begin(firm).pk == draft.pk
    assert (draft.business, draft.applicant, draft.helper) == (firm.firm, firm.sari, firm.desk)
    assert not save(firm.desk, draft, GOOD)
    assert queries.get(firm.desk, draft.pk, MONDAY) == draft


@pytest.mark.parametrize("changes", [
    {"nib": outside.OTHER_NIB}, {"card_seen": False}, {"nik": NEW_NIK},
])  # fmt: skip
def test_for_who_does_not_act_for_it_nothing_is_begun(firm, changes):
    before = Person.objects.count(), Application.objects.count()

    with pytest.raises(helping.BusinessNotTheirs):
        begin(firm, **changes)

    assert (Person.objects.count(), Application.objects.count()) == before


def test_who_has_neither_phone_nor_account_gets_both_by_card_and_papers_once(firm, client):
    outside.clear()
    Membership.objects.create(mall=firm.mall, person=firm.desk, role="information_desk")
    client.force_login(firm.desk)
    sent = {"nib": outside.OTHER_NIB, "nik": NEW_NIK, "seen": "yes", "papers": "yes", "name": "Bu Aminah",
            "business": "Warung Aminah"}  # fmt: skip

    assert client.post("/meja/usaha/", {**sent, "papers": ""}).status_code == 422
    assert people.proven(NEW_NIK) is None
    for _ in range(2):
        assert client.post("/meja/usaha/", sent).status_code == 302

    aminah = people.proven(NEW_NIK)
    business = Business.objects.get(nib=outside.OTHER_NIB)
    assert (business.name, people.acts_for(aminah, business.pk).role) == ("Warung Aminah", "owner")
    claimed = Entry.objects.get(kind="accounts.business_claimed", subject=f"business:{business.pk}")
    assert claimed.actor_id == str(firm.desk.pk)
    draft = begin(firm, nik=NEW_NIK, nib=outside.OTHER_NIB)
    assert draft.business == business


def test_the_desk_sends_what_it_typed_for_a_business(firm):
    draft = begin(firm)
    save(firm.desk, draft, GOOD)
    save(firm.desk, draft, GOOD, "more")
    firm.attach(draft, who=firm.desk)

    assert services.submit(person=firm.desk, application_id=draft.pk, now=MONDAY).status == "submitted"


def test_without_a_name_the_claim_is_still_its_owners_to_make(firm):
    with pytest.raises(businesses.ClaimUnknown):
        businesses.prove(
            mall="1771",
            nib=outside.OTHER_NIB,
            person=firm.sari,
            papers_seen=True,
            officer=firm.desk,
            now=MONDAY,
        )
