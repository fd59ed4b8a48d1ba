"""Substitutes: named by a letter, from a day to a day, begun and ended by themselves; nobody passes a role on."""

from datetime import UTC, date, datetime, timedelta
from threading import Barrier, Thread
from types import SimpleNamespace

import pytest
from django.db import connection

from gerai.accounts.models import Person
from gerai.agencies import queries, services, substituting
from gerai.agencies.models import Agency, Mall, Membership, Substitution
from gerai.core.errors import NotFound
from gerai.ledger.models import Entry
from gerai.ledger.rules import SYSTEM

pytestmark = pytest.mark.django_db
NOW = datetime(2026, 11, 23, 2, 0, tzinfo=UTC)  # Monday, 09.00 in Bengkulu
LETTER = "SP 800/12/2026, 20 November 2026"
TODAY, FRIDAY = date(2026, 11, 23), date(2026, 11, 27)
DAY = timedelta(days=1)


@pytest.fixture
def mall():
    return Mall.objects.create(code="1771", name="Mal Uji", city="Bengkulu")


@pytest.fixture
def agency(mall):
    name = {"id": "Dinas", "en": "Office"}
    return Agency.objects.create(mall=mall, code="DIN", name=name, short="Dinas", kind="opd", live_at=NOW)


def officer(agency, name, role):
    person = Person.objects.create(name=name, email=f"{name}@uji.test", created_at=NOW)
    Membership.objects.create(mall=agency.mall, agency=agency, person=person, role=role)
    return person


@pytest.fixture
def head(agency):
    return officer(agency, "kepala", "signer")


@pytest.fixture
def deputy(agency):
    return officer(agency, "wakil", "verifier")


def name(head, deputy, *, by=None, first=TODAY, last=FRIDAY, ground=LETTER, form="plh", now=NOW):
    return substituting.name(
        person=by or head,
        membership_id=Membership.objects.get(person=head, role="signer").pk,
        substitute_id=str(deputy.pk),
        form=form,
        first=first,
        last=last,
        ground=ground,
        now=now,
    )


def signs(person, agency):
    return queries.has_role(person.pk, "signer", agency_id=agency.pk)


def test_from_today_it_begins_at_once_and_the_ledger_names_the_letter(agency, head, deputy):
    one = name(head, deputy)
    assert name(head, deputy).pk == one.pk  # the second click

    assert signs(deputy, agency)
    assert signs(head, agency)
    assert substituting.running(deputy, agency.pk, "signer", NOW) == one
    kinds = list(Entry.objects.order_by("id").values_list("kind", flat=True))
    assert kinds == ["agencies.substitute_named", "agencies.substitute_began"]
    assert Entry.objects.first().data["ground"] == LETTER
    assert "wakil" not in str(list(Entry.objects.values_list("data", flat=True)))


def test_it_begins_and_ends_by_itself_on_the_malls_days(agency, head, deputy):
    one = name(head, deputy, first=TODAY + DAY)
    midnight = datetime(2026, 11, 23, 17, 0, tzinfo=UTC)
    assert substituting.due(midnight - timedelta(minutes=1)) == []
    for _ in range(2):
        for pk in substituting.due(midnight):
            substituting.look(pk, now=midnight)
    assert signs(deputy, agency)
    end = datetime(2026, 11, 27, 17, 0, tzinfo=UTC)
    assert substituting.running(deputy, agency.pk, "signer", end) is None  # also before the worker has looked
    for _ in range(2):
        for pk in substituting.due(end):
            substituting.look(pk, now=end)

    assert not signs(deputy, agency)
    one.refresh_from_db()
    assert (one.begun_at, one.ended_at) == (midnight, end)
    assert Entry.objects.filter(kind="agencies.substitute_ended").count() == 1


@pytest.mark.parametrize(("changes", "refusal"), [
    ({"first": TODAY - DAY}, substituting.SubstitutionDaysWrong),
    ({"last": TODAY - DAY}, substituting.SubstitutionDaysWrong),
    ({"last": TODAY + 93 * DAY}, substituting.SubstitutionDaysWrong),
    ({"first": None}, substituting.SubstitutionDaysWrong),
    ({"ground": " . "}, substituting.SubstitutionGroundMissing),
    ({"form": "xyz"}, substituting.SubstituteWrong),
])  # fmt: skip
def test_a_letter_and_days_that_can_be(agency, head, deputy, changes, refusal):
    with pytest.raises(refusal):
        name(head, deputy, **changes)
    assert not Substitution.objects.exists()


def test_a_substitute_is_another_officer_of_the_agency_without_that_role(agency, head, deputy):
    second = officer(agency, "kepala2", "signer")
    stranger = Person.objects.create(name="luar", email="luar@uji.test", created_at=NOW)
    for wrong in (head, second, stranger):
        with pytest.raises(substituting.SubstituteWrong):
            name(head, wrong)
    assert not Substitution.objects.exists()


def test_the_next_letter_takes_over_whichever_of_the_two_is_looked_at_first(agency, head, deputy):
    first = name(head, deputy, last=TODAY + DAY)
    second = name(head, deputy, first=TODAY + 2 * DAY, last=FRIDAY)
    midnight = NOW.replace(hour=17, minute=1) + DAY

    for pk in (second.pk, first.pk):
        substituting.look(pk, now=midnight)

    assert signs(deputy, agency)
    assert substituting.running(deputy, agency.pk, "signer", midnight) == second
    assert substituting.due(midnight) == []


@pytest.mark.parametrize("typed", ["", "x", "0192f000-0000-7000-8000-000000000000"])
def test_somebody_who_is_no_colleague_is_refused_also_as_it_was_typed(agency, head, typed):
    with pytest.raises(substituting.SubstituteWrong):
        name(head, SimpleNamespace(pk=typed))


def test_only_the_officer_and_the_agencys_administrator_name_and_end(agency, mall, head, deputy):
    admin = officer(agency, "admin", "agency_admin")
    other = Agency.objects.create(mall=mall, code="LAIN", name={"id": "L", "en": "L"}, short="L", kind="opd")
    for stranger in (deputy, officer(other, "asing", "agency_admin")):
        with pytest.raises(NotFound):
            name(head, deputy, by=stranger)
    one = name(head, deputy, by=admin)
    with pytest.raises(NotFound):
        substituting.end(person=deputy, substitution_id=one.pk, now=NOW)
    for _ in range(2):
        substituting.end(person=head, substitution_id=one.pk, now=NOW)

    assert not signs(deputy, agency)
    assert Entry.objects.filter(kind="agencies.substitute_ended").count() == 1
    assert name(head, deputy).pk != one.pk  # the row of the role is used again


def test_one_at_a_time_and_it_is_not_passed_on(agency, head, deputy):
    third = officer(agency, "ketiga", "reviewer")
    name(head, deputy)
    with pytest.raises(substituting.SubstitutedAlready):
        name(head, third, first=FRIDAY, last=FRIDAY + DAY)
    with pytest.raises(substituting.NotPassedOn):
        substituting.name(
            person=deputy,
            membership_id=Membership.objects.get(person=deputy, role="signer").pk,
            substitute_id=str(third.pk),
            form="plh",
            first=TODAY,
            last=FRIDAY,
            ground=LETTER,
            now=NOW,
        )
    assert name(head, third, first=FRIDAY + DAY, last=FRIDAY + DAY).begun_at is None


def test_a_role_of_ones_own_given_meanwhile_stays_when_the_substitution_ends(agency, mall, head, deputy):
    one = name(head, deputy)
    services.give_role(mall=mall, person=deputy, role="signer", agency=agency, actor=SYSTEM, now=NOW)
    substituting.end(person=head, substitution_id=one.pk, now=NOW)

    assert signs(deputy, agency)
    assert substituting.running(deputy, agency.pk, "signer", NOW) is None


@pytest.mark.parametrize(("form", "lasts"), [("plh", False), ("an", False), ("plt", True)])
def test_it_ends_with_the_absent_ones_role_except_for_an_empty_office(agency, head, deputy, form, lasts):
    name(head, deputy, form=form)
    services.take_role(membership=Membership.objects.get(person=head), actor=SYSTEM, now=NOW)
    assert signs(deputy, agency) is lasts


def test_who_leaves_the_agency_substitutes_nobody(agency, head, deputy):
    name(head, deputy)
    own = Membership.objects.get(person=deputy, role="verifier")
    services.take_role(membership=own, actor=SYSTEM, now=NOW)
    assert not signs(deputy, agency)


def test_a_substitute_of_a_signer_needs_a_session_with_the_second_factor(agency, head, deputy, client):
    assert not queries.needs_second_factor(deputy)
    now = datetime.now(UTC)
    today = (now + timedelta(hours=7)).date()
    one = name(head, deputy, first=today, last=today + DAY, now=now)
    client.force_login(deputy)

    assert queries.needs_second_factor(deputy)
    sent = client.get("/tugas/tanda-tangan/")
    assert (sent.status_code, "/masuk/" in sent.url) == (302, True)
    session = client.session
    session["second_factor"] = True
    session.save()
    assert client.get("/tugas/tanda-tangan/").status_code == 200
    Substitution.objects.filter(pk=one.pk).update(from_at=now - 2 * DAY, until_at=now - DAY)
    assert client.get("/tugas/tanda-tangan/").status_code == 404  # over, also where the worker is late


@pytest.mark.django_db(transaction=True)
def test_two_who_name_at_once_leave_one_substitute():
    mall = Mall.objects.create(code="1771", name="Mal Uji", city="Bengkulu")
    label = {"id": "Dinas", "en": "Office"}
    agency = Agency.objects.create(mall=mall, code="DIN", name=label, short="Dinas", kind="opd", live_at=NOW)
    head, admin = officer(agency, "kepala", "signer"), officer(agency, "admin", "agency_admin")
    chosen = [officer(agency, name, "verifier") for name in ("satu", "dua")]
    together, said = Barrier(2), []

    def press(by, substitute):
        try:
            together.wait(10)
            said.append(name(head, substitute, by=by).substitute_id)
        except substituting.SubstitutedAlready as refusal:
            said.append(refusal.code)
        finally:
            connection.close()

    threads = [Thread(target=press, args=pair) for pair in zip((head, admin), chosen, strict=True)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert "substituted_already" in said
    assert Substitution.objects.count() == 1
    assert sum(signs(one, agency) for one in chosen) == 1
