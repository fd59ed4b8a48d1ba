"""Rosters, people on call, counters lent for a day."""

from datetime import UTC, datetime, timedelta

import pytest

from gerai.accounts.models import Person
from gerai.agencies import queries, roster, rules, services
from gerai.agencies.models import Agency, Counter, CounterLoan, Mall, RosterDay
from gerai.ledger.models import Entry
from gerai.ledger.rules import ActorRef

pytestmark = pytest.mark.django_db
NOW = datetime(2026, 11, 23, 2, 0, tzinfo=UTC)  # Monday 09.00 in Bengkulu
RUDI = ActorRef("person", "rudi")


@pytest.fixture
def agency():
    mall = Mall.objects.create(
        code="1771",
        name="Mal Uji",
        city="Bengkulu",
        opening={"mon": ["08:00", "09:45"], "tue": ["08:00", "09:00"]},
    )
    agency = Agency.objects.create(
        mall=mall, code="X", name={"id": "X", "en": "X"}, short="X", kind="opd", live_at=NOW
    )
    for number in (1, 2):
        Counter.objects.create(mall=mall, number=number).agencies.add(agency)
    return agency


def put(agency, counters, weekday=0):
    return roster.put_day(agency=agency, weekday=weekday, counters=counters, actor=RUDI, now=NOW)


def propose(agency, n):
    day = dict.fromkeys(roster.slots_of(agency, 0), n)
    return roster.propose_day(
        agency=agency, weekday=0, counters=day, expected=dict.fromkeys(day, 3.5), actor=RUDI, now=NOW
    )


def officer(agency, name="yoga", phone="+62811000111"):
    person = Person.objects.create(name=name, email=f"{name}@uji.test", phone=phone, created_at=NOW)
    services.give_role(
        mall=agency.mall, person=person, role="counter_officer", agency=agency, actor=RUDI, now=NOW
    )
    return person


def test_a_day_has_a_number_for_every_half_hour_of_its_opening(agency):
    assert roster.slots_of(agency, 0) == ["08:00", "08:30", "09:00", "09:30"]
    assert roster.slots_of(agency, 6) == []
    assert put(agency, {"08:00": 1, "08:30": 2, "09:00": 2, "09:30": 0}) is True
    assert put(agency, {"08:00": 1, "08:30": 2, "09:00": 2, "09:30": 0}) is False

    day = roster.today(agency.mall, NOW)[agency.pk].counters
    assert roster.at(day, datetime(2026, 11, 23, 8, 59, tzinfo=UTC)) == 2
    assert roster.at(day, datetime(2026, 11, 23, 7, 59, tzinfo=UTC)) is None
    assert Entry.objects.filter(kind="agencies.roster_changed").count() == 1


@pytest.mark.parametrize(
    "counters", [{"08:00": 1}, {"08:00": 1, "08:30": 3}, {"08:00": 1, "08:30": -1}, {"08:00": 1, "08:31": 1}]
)
def test_a_roster_nobody_can_keep_is_refused_and_changes_nothing(agency, counters):
    with pytest.raises(rules.RosterWrong):
        put(agency, counters, weekday=1)
    assert not RosterDay.objects.exists()


def test_a_proposal_follows_the_forecast_until_the_agency_decides(agency):
    assert propose(agency, 1) is True
    assert propose(agency, 2) is True
    put(agency, dict.fromkeys(roster.slots_of(agency, 0), 1))
    assert propose(agency, 2) is False

    row = RosterDay.objects.get()
    assert (set(row.counters.values()), row.proposed, row.expected["08:00"]) == ({1}, False, 3.5)


def test_on_call_is_an_officer_with_a_phone_once_and_in_order(agency):
    yoga, dewi = officer(agency), officer(agency, "dewi", "+62811000112")
    for person in (yoga, dewi, yoga):
        roster.put_on_call(agency=agency, person=person, actor=RUDI, now=NOW)

    assert [row.person for row in roster.on_call(agency)] == [yoga, dewi]
    assert Entry.objects.filter(kind="agencies.on_call_added").count() == 2
    assert roster.remove_on_call(agency=agency, person_id=yoga.pk, actor=RUDI, now=NOW) is True
    assert roster.remove_on_call(agency=agency, person_id=yoga.pk, actor=RUDI, now=NOW) is False
    assert [row.person for row in roster.on_call(agency)] == [dewi]


def test_who_may_not_work_here_or_has_no_phone_is_never_on_call(agency):
    budi = Person.objects.create(name="budi", email="budi@uji.test", phone="+62811", created_at=NOW)
    mute = officer(agency, "mute", None)
    for person in (budi, mute):
        with pytest.raises(rules.NotAnOfficer):
            roster.put_on_call(agency=agency, person=person, actor=RUDI, now=NOW)
    yoga = officer(agency)
    roster.put_on_call(agency=agency, person=yoga, actor=RUDI, now=NOW)
    services.take_role(membership=yoga.memberships.get(), actor=RUDI, now=NOW)

    assert roster.on_call(agency) == []


def other(agency):
    return Agency.objects.create(
        mall=agency.mall, code="Y", name={"id": "Y", "en": "Y"}, short="Y", kind="opd", live_at=NOW
    )


def test_a_lent_counter_serves_both_and_comes_back_after_the_day(agency):
    guest, counter = other(agency), agency.counters.first()
    loan = roster.lend(counter=counter, agency=guest, reason="Antrean panjang", actor=RUDI, now=NOW)
    assert roster.lend(counter=counter, agency=guest, reason="Antrean panjang", actor=RUDI, now=NOW) == loan
    assert {a.code for a in counter.agencies.all()} == {"X", "Y"}

    assert roster.give_back_yesterdays(mall=agency.mall, actor=RUDI, now=NOW + timedelta(hours=14)) == 0
    assert roster.give_back_yesterdays(mall=agency.mall, actor=RUDI, now=NOW + timedelta(hours=15)) == 1

    assert {a.code for a in counter.agencies.all()} == {"X"}
    assert Entry.objects.filter(kind="agencies.counter_given_back").count() == 1


def test_a_counter_is_lent_for_a_reason_and_to_who_does_not_have_it(agency):
    counter = agency.counters.first()
    with pytest.raises(rules.LoanReasonMissing):
        roster.lend(counter=counter, agency=other(agency), reason=" ", actor=RUDI, now=NOW)
    with pytest.raises(rules.NotLendable):
        roster.lend(counter=counter, agency=agency, reason="Antrean panjang", actor=RUDI, now=NOW)
    assert not CounterLoan.objects.exists()


def test_placing_counters_again_leaves_a_loan_as_it_is(agency):
    guest, counter = other(agency), agency.counters.get(number=1)
    roster.lend(counter=counter, agency=guest, reason="Antrean panjang", actor=RUDI, now=NOW)

    places = [(1, "", False), (2, "", False)]
    assert services.place_counters(agency=agency, counters=places, actor=RUDI, now=NOW) is False
    assert services.place_counters(agency=guest, counters=[], actor=RUDI, now=NOW) is False
    assert {a.code for a in counter.agencies.all()} == {"X", "Y"}


def test_a_loan_opens_no_times_to_book_and_takes_none(agency):
    guest, counter = other(agency), agency.counters.first()
    own = queries.counters_at(agency)
    roster.lend(counter=counter, agency=guest, reason="Antrean panjang", actor=RUDI, now=NOW)

    assert (queries.counters_at(agency), queries.counters_at(guest)) == (own, 0)
