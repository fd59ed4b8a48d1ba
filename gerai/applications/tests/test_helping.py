"""The desk's path: account and draft in one act, once; nothing opened without consent and card."""

import threading
from datetime import timedelta
from typing import Any

import pytest
from django.db import connection

from gerai.accounts import rules as identity
from gerai.accounts.models import Person
from gerai.agencies.models import Membership
from gerai.applications import helping, queries, services
from gerai.applications.models import Application
from gerai.core.errors import DomainError, NotFound
from gerai.ledger.models import Entry
from gerai.permits.tests.make import ADDRESS, MONDAY, World, person

pytestmark = pytest.mark.django_db
NIK, OTHER = "1771015506909001", "1771021502919016"


def officer(world: World, name: str = "Putri") -> Person:
    found = person(name)
    Membership.objects.create(mall=world.mall, person=found, role="information_desk")
    return found


def begin(world: World, helper: Person, **changes: Any) -> Application:
    given = {
        "officer": helper, "mall": world.mall, "name": "Bu Aminah", "nik": NIK, "card_seen": True, "consent": True,
        "service": world.service, "now": MONDAY,
    }  # fmt: skip
    return helping.begin_for(**{**given, **changes})


def sent(world: World, helper: Person) -> Application:
    draft = begin(world, helper)
    raw = {"clinic": "Klinik Sehat", "start": "2026-12-01", "home": ADDRESS}
    services.save_answers(person=helper, application_id=draft.pk, section="data", raw=raw, now=MONDAY)
    return services.submit(person=helper, application_id=draft.pk, now=MONDAY)


def test_account_proof_and_draft_are_made_in_one_act():
    world = World()
    helper = officer(world)

    draft = begin(world, helper)

    aminah = Person.objects.get(pk=draft.applicant_id)
    assert (aminah.name, aminah.email, aminah.phone) == ("Bu Aminah", None, None)
    assert aminah.proven_at == MONDAY
    assert draft.helper == helper
    started = Entry.objects.get(kind="applications.started")
    assert started.data["channel"] == "desk"
    assert started.data["consent"] is True
    assert started.actor_id == str(helper.pk)


def test_without_the_officers_word_the_card_has_not_been_seen():
    world = World()

    draft = begin(world, officer(world), card_seen=False)

    assert draft.applicant.proven_at is None


@pytest.mark.parametrize(
    ("changes", "refusal"),
    [
        ({"consent": False}, helping.ConsentMissing),
        ({"name": " "}, helping.NameMissing),
        ({"nik": "123"}, identity.NikMalformed),
    ],
)
def test_a_refusal_leaves_neither_account_nor_draft(changes: dict[str, Any], refusal: type[DomainError]):
    world = World()
    helper = officer(world)
    before = Person.objects.count()

    with pytest.raises(refusal):
        begin(world, helper, **changes)

    assert Person.objects.count() == before
    assert not Application.objects.exists()


def test_a_service_that_is_not_online_leaves_no_account_behind():
    world = World()
    helper = officer(world)
    world.service.online = False
    world.service.save(update_fields=["online"])
    before = Person.objects.count()

    with pytest.raises(services.NotOnline):
        begin(world, helper)

    assert Person.objects.count() == before


@pytest.mark.parametrize("seen", [True, False])
def test_twice_is_once(seen: bool):
    world = World()
    helper = officer(world)

    assert begin(world, helper, card_seen=seen) == begin(world, helper, card_seen=seen)
    assert Person.objects.filter(name="Bu Aminah").count() == 1


def test_who_showed_the_card_before_is_known_by_it_and_keeps_one_account():
    world = World()
    first = sent(world, officer(world))

    again = begin(world, officer(world, "Rudi"), name="Aminah")

    assert again.applicant == first.applicant
    assert again != first


def test_without_the_card_a_nik_opens_nothing_of_another_officers():
    world = World()
    first = begin(world, officer(world))

    again = begin(world, officer(world, "Rudi"), card_seen=False)

    assert again.applicant != first.applicant
    assert again.applicant.proven_at is None


def test_paper_and_card_let_another_officer_go_on_and_the_owner_can_see_it():
    world = World()
    application = sent(world, officer(world))
    rudi = officer(world, "Rudi")

    found = helping.take_up(
        officer=rudi, mall=world.mall, number=f" {application.number} ", nik=NIK, card_seen=True, consent=True,
        now=MONDAY,
    )  # fmt: skip

    assert found == application
    assert queries.get(rudi, application.pk, MONDAY).helper == rudi
    entry = Entry.objects.get(kind="applications.taken_up")
    assert (entry.subject, entry.actor_id) == (f"person:{application.applicant_id}", str(rudi.pk))


@pytest.mark.parametrize(
    ("changes", "refusal"),
    [
        ({"card_seen": False}, helping.CardUnseen),
        ({"consent": False}, helping.ConsentMissing),
        ({"nik": OTHER}, helping.PaperUnknown),
        ({"number": "1771-2026-999999"}, helping.PaperUnknown),
    ],
)
def test_with_one_of_them_missing_nothing_is_opened(changes: dict[str, Any], refusal: type[DomainError]):
    world = World()
    application = sent(world, officer(world))
    rudi = officer(world, "Rudi")
    given = {"number": application.number, "nik": NIK, "card_seen": True, "consent": True, **changes}

    with pytest.raises(refusal):
        helping.take_up(officer=rudi, mall=world.mall, now=MONDAY, **given)

    application.refresh_from_db()
    assert application.helper != rudi
    assert not Entry.objects.filter(kind="applications.taken_up").exists()


def test_the_owner_sees_each_opening_by_the_helper_once_in_ten_minutes():
    world = World()
    helper = officer(world)
    application = sent(world, helper)

    for minutes in (0, 5, 11):
        moment = MONDAY + timedelta(minutes=minutes)
        helping.note_opening(officer=helper, application=application, now=moment)
    helping.note_opening(officer=application.applicant, application=application, now=MONDAY)

    openings = Entry.objects.filter(kind="applications.opened")
    assert [e.at - MONDAY for e in openings.order_by("id")] == [timedelta(0), timedelta(minutes=11)]


@pytest.mark.slow
@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("seen", [True, False])
def test_a_double_click_at_the_desk_makes_one_account_and_one_draft(seen: bool):
    world = World()
    helper = officer(world)
    start = threading.Barrier(3)
    made: list[Application] = []

    def click() -> None:
        start.wait(20)
        made.append(begin(world, helper, card_seen=seen))
        connection.close()

    threads = [threading.Thread(target=click) for _ in range(3)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(20)

    assert len(made) == 3
    assert len({a.pk for a in made}) == 1
    assert Person.objects.filter(name="Bu Aminah").count() == 1


def test_a_draft_begun_at_home_goes_on_at_the_desk_for_who_shows_the_card():
    world = World()
    first, second = officer(world), officer(world, "Putra")
    draft = begin(world, first)
    Application.objects.filter(pk=draft.pk).update(helper=None)  # as if begun at home

    again = begin(world, second)

    assert (again.pk, again.helper) == (draft.pk, second)
    assert queries.get(second, draft.pk, MONDAY)
    taken = Entry.objects.get(kind="applications.taken_up")
    assert (taken.actor_id, taken.data["consent"]) == (str(second.pk), True)


EVENING = MONDAY + timedelta(hours=14, minutes=59)  # 23.59 in Bengkulu
TUESDAY = EVENING + timedelta(minutes=1)


def test_consent_at_the_desk_ends_with_the_day_of_the_mall():
    world = World()
    helper = officer(world)
    application = sent(world, helper)

    assert queries.get(helper, application.pk, EVENING) == application
    assert list(queries.helped(helper, EVENING)) == [application]
    with pytest.raises(NotFound):
        queries.get(helper, application.pk, TUESDAY)
    assert not queries.helped(helper, TUESDAY).exists()
    assert queries.get(application.applicant, application.pk, TUESDAY) == application


def test_the_day_after_a_helper_writes_nothing_and_takes_nothing_back():
    world = World()
    helper = officer(world)
    draft = begin(world, helper)
    before = Entry.objects.count()
    given = {"person": helper, "application_id": draft.pk, "now": TUESDAY}

    for act in (
        lambda: services.withdraw(**given),
        lambda: services.submit(**given),
        lambda: services.save_answers(section="data", raw={"clinic": "Lain"}, **given),
    ):
        with pytest.raises(NotFound):
            act()

    draft.refresh_from_db()
    assert (draft.status, draft.answers, Entry.objects.count()) == ("draft", {}, before)


def test_paper_and_card_open_it_again_for_that_day_also_to_the_same_officer():
    world = World()
    helper = officer(world)
    application = sent(world, helper)
    given = {"number": application.number, "nik": NIK, "card_seen": True, "consent": True}

    helping.take_up(officer=helper, mall=world.mall, now=TUESDAY, **given)

    assert queries.get(helper, application.pk, TUESDAY + timedelta(hours=23)) == application
    with pytest.raises(NotFound):
        queries.get(helper, application.pk, TUESDAY + timedelta(hours=24))


def test_a_draft_of_yesterday_goes_on_only_with_the_card_and_a_new_consent():
    world = World()
    helper = officer(world)
    draft = begin(world, helper)

    without = begin(world, helper, card_seen=False, now=TUESDAY)
    with_card = begin(world, helper, now=TUESDAY)

    assert without.applicant != draft.applicant
    assert with_card == draft
    assert queries.get(helper, draft.pk, TUESDAY) == draft
    taken = Entry.objects.get(kind="applications.taken_up")
    assert (taken.at, taken.data["consent"]) == (TUESDAY, True)


def test_a_helpers_page_of_yesterday_is_not_found(client):
    world = World()
    helper = officer(world)
    application = sent(world, helper)  # on a day long past
    client.force_login(helper)

    assert client.get(f"/permohonan/{application.pk}/").status_code == 404
    assert client.post(f"/permohonan/{application.pk}/batal/").status_code == 404
    application.refresh_from_db()
    assert application.status == "submitted"
