"""A chosen number, parking, transfer, outcomes, and coming back."""

import pytest

from gerai.accounts.models import Person
from gerai.core.errors import NotFound
from gerai.floor import rules, services
from gerai.floor.tests.make import KIOSK, MORNING, Hall, later
from gerai.floor.tests.test_services import together
from gerai.ledger.models import Entry
from gerai.visits import closing, ticket
from gerai.visits.models import Errand, Visit
from gerai.visits.rules import ClosedToday

pytestmark = pytest.mark.django_db


@pytest.fixture
def hall():
    return Hall(counters=2)


def entry(kind):
    return Entry.objects.filter(kind=kind).get()


def serving(hall, officer=0):
    """Somebody who is being served at the officer's counter."""
    errand = services.call_next(person=hall.officers[officer], now=later(1))
    return services.start(person=hall.officers[officer], errand_id=errand.pk, now=later(2))


# -- a chosen number ----------------------------------------------------------------------------------------


def test_a_chosen_number_comes_before_its_turn_and_the_reason_is_written_down(hall):
    hall.arrive("X")
    second = hall.arrive("X", at=1)

    called = services.call_number(person=hall.officers[0], number="a 2", reason="frail", now=later(3))
    again = services.call_number(person=hall.officers[0], number="A002", reason="frail", now=later(3))

    assert (called.visit_id, again.pk) == (second.pk, called.pk)
    told = entry("floor.called_out_of_order").data
    assert (told["reason"], told["passed"], told["wait_s"]) == ("frail", 1, 120)


def test_without_a_reason_or_a_number_nobody_is_called(hall):
    hall.arrive("X")

    with pytest.raises(rules.OrderReasonMissing):
        services.call_number(person=hall.officers[0], number="A 1", reason="my cousin", now=later(1))
    with pytest.raises(rules.NumberMalformed):
        services.call_number(person=hall.officers[0], number="satu", reason="frail", now=later(1))
    with pytest.raises(rules.NumberNotWaiting):
        services.call_number(person=hall.officers[0], number="A 2", reason="frail", now=later(1))
    assert Errand.objects.get().state == "waiting"
    assert not Entry.objects.filter(kind__startswith="floor.called").exists()


def test_a_chosen_number_waits_until_the_counter_is_free_and_not_paused(hall):
    hall.arrive("X")
    hall.arrive("X")
    services.call_next(person=hall.officers[0], now=later(1))
    with pytest.raises(rules.FinishFirst):
        services.call_number(person=hall.officers[0], number="A 2", reason="frail", now=later(2))
    services.pause(person=hall.officers[1], now=later(2), reason="meal")
    with pytest.raises(rules.Paused):
        services.call_number(person=hall.officers[1], number="A 2", reason="frail", now=later(2))

    assert Errand.objects.filter(state="waiting").count() == 1


def test_a_number_of_yesterday_or_of_another_agency_does_not_wait_here(hall):
    hall.services["Y"].agency.counters.clear()
    hall.arrive("Y")
    Visit.objects.filter(pk=hall.arrive("X").pk).update(day=MORNING.date().replace(day=1))

    for number in ("A 1", "A 2"):
        with pytest.raises(rules.NumberNotWaiting):
            services.call_number(person=hall.officers[0], number=number, reason="frail", now=later(2))


@pytest.mark.slow
@pytest.mark.django_db(transaction=True)
def test_two_officers_who_choose_the_same_number_at_once_get_it_once():
    hall = Hall(counters=8)
    hall.arrive("X")

    def choose(place):
        try:
            return [
                services.call_number(
                    person=hall.officers[place], number="A 1", reason="frail", now=later(1)
                ).counter.number
            ]
        except rules.NumberNotWaiting:
            return [None]

    got = together(8, choose)

    assert sum(place is not None for place in got) == 1
    assert Entry.objects.filter(kind="floor.called_out_of_order").count() == 1


# -- parking ------------------------------------------------------------------------------------------------


def test_a_parked_visitor_goes_on_without_a_queue(hall):
    hall.arrive("X")
    hall.arrive("X", at=1)
    parked = serving(hall)
    officer = hall.officers[0]

    services.hold(person=officer, errand_id=parked.pk, now=later(3))
    services.hold(person=officer, errand_id=parked.pk, now=later(3))
    second = services.call_next(person=officer, now=later(4))
    assert second.pk != parked.pk
    with pytest.raises(rules.FinishFirst):
        services.resume(person=officer, errand_id=parked.pk, now=later(5))
    services.finish(person=officer, errand_id=second.pk, now=later(6))
    services.resume(person=officer, errand_id=parked.pk, now=later(7))
    services.resume(person=officer, errand_id=parked.pk, now=later(7))

    assert services.finish(person=officer, errand_id=parked.pk, now=later(9)).state == "done"
    assert entry("floor.unheld").data["held_s"] == 240
    assert Entry.objects.filter(kind="floor.held").count() == 1


def test_who_is_only_called_or_at_another_counter_cannot_be_parked(hall):
    hall.arrive("X")
    errand = services.call_next(person=hall.officers[0], now=later(1))

    with pytest.raises(rules.NotHere):
        services.hold(person=hall.officers[0], errand_id=errand.pk, now=later(2))
    with pytest.raises(NotFound):
        services.hold(person=hall.officers[1], errand_id=errand.pk, now=later(2))
    assert Errand.objects.get().state == "called"


def test_a_parked_visitor_is_called_by_nobody_else(hall):
    hall.arrive("X", "Y")
    services.hold(person=hall.officers[0], errand_id=serving(hall).pk, now=later(3))

    assert services.call_next(person=hall.officers[1], now=later(4)) is None


# -- outcomes -----------------------------------------------------------------------------------------------


def test_who_must_come_back_is_told_what_for(hall):
    hall.arrive("X")
    errand = serving(hall)
    officer = hall.officers[0]

    for note, refusal in (("", rules.NoteMissing), ("x" * 301, rules.NoteTooLong)):
        with pytest.raises(refusal):
            services.finish(
                person=officer, errand_id=errand.pk, now=later(3), outcome="incomplete", note=note
            )
    with pytest.raises(rules.OutcomeUnknown):
        services.finish(person=officer, errand_id=errand.pk, now=later(3), outcome="transferred")
    assert Errand.objects.get().state == "serving"

    services.finish(
        person=officer,
        errand_id=errand.pk,
        now=later(3),
        outcome="incomplete",
        note="Bawa kartu keluarga asli",
    )
    ended = Errand.objects.get()
    assert (ended.outcome, ended.note) == ("incomplete", "Bawa kartu keluarga asli")
    told = entry("floor.finished").data
    assert told["outcome"] == "incomplete"
    assert "kartu" not in str(told)


def test_a_finished_errand_has_the_outcome_done(hall):
    hall.arrive("X")
    services.finish(person=hall.officers[0], errand_id=serving(hall).pk, now=later(3))

    assert Errand.objects.get().outcome == "done"


def test_a_note_names_nobody(hall):
    person = Person.objects.create(name="Sari Wulandari", email="sari@uji.test", created_at=MORNING)
    hall.arrive("X", person=person)
    errand = serving(hall)

    for note in ("Bu Wulandari bawa KK", "NIK 1771 0141 0190 0001", "surel a@b.id", "telepon 0812-3456-7890"):
        with pytest.raises(rules.NotePersonal):
            services.finish(
                person=hall.officers[0], errand_id=errand.pk, now=later(3), outcome="incomplete", note=note
            )
    assert Errand.objects.get().state == "serving"


# -- transfer -----------------------------------------------------------------------------------------------


def test_a_transfer_keeps_the_place_and_carries_a_note(hall):
    hall.offer("Y", "Y2")
    hall.arrive("X", at=-30)
    hall.arrive("Y2", at=-5)
    errand = serving(hall)

    moved = services.transfer(
        person=hall.officers[0], errand_id=errand.pk, to="Y/Y2", note="Minta cetak ulang", now=later(3)
    )
    again = services.transfer(
        person=hall.officers[0], errand_id=errand.pk, to="Y/Y2", note="Minta cetak ulang", now=later(3)
    )

    errand.refresh_from_db()
    assert (errand.state, errand.outcome, again.pk) == ("done", "transferred", moved.pk)
    assert (moved.state, moved.joined_at, moved.rank_at) == ("waiting", errand.joined_at, errand.rank_at)
    assert services.call_next(person=hall.officers[1], now=later(4)).pk == moved.pk
    told = entry("floor.transferred").data
    assert (told["to_service"], told["to_errand"]) == ("Y2", moved.pk)
    assert "cetak" not in str(told)


def test_a_transfer_that_goes_nowhere_is_refused_and_nothing_changes(hall):
    hall.offer("X", "X2")
    hall.arrive("X")
    errand = serving(hall)
    officer = hall.officers[0]

    def send(to, note="Perlu cetak", person=officer):
        services.transfer(person=person, errand_id=errand.pk, to=to, note=note, now=later(3))

    with pytest.raises(NotFound):
        send("X/NONE")
    with pytest.raises(NotFound):
        send("X/X2", person=hall.officers[1])
    with pytest.raises(rules.NoteMissing):
        send("X/X2", note=" ")
    assert Errand.objects.get().state == "serving"
    assert not Entry.objects.filter(kind="floor.transferred").exists()


def test_a_transfer_to_the_same_service_is_refused(hall):
    same = hall.offer("X", "X2")
    hall.arrive("X2")
    errand = serving(hall)

    with pytest.raises(rules.TransferSame):
        services.transfer(
            person=hall.officers[0],
            errand_id=errand.pk,
            to=f"X/{same.code}",
            note="Perlu cetak",
            now=later(3),
        )
    assert Errand.objects.get().state == "serving"


def test_the_next_errand_waits_until_the_transferred_one_is_done(hall):
    hall.offer("X", "X2")
    hall.arrive("X", "Y")
    errand = serving(hall)
    services.transfer(
        person=hall.officers[0], errand_id=errand.pk, to="X/X2", note="Perlu cetak", now=later(3)
    )

    assert sorted(Errand.objects.values_list("state", flat=True)) == ["done", "planned", "waiting"]


# -- absent and back ----------------------------------------------------------------------------------------


def test_nobody_is_sent_on_to_an_agency_that_is_closed_for_the_day():
    hall = Hall()
    hall.offer("Y", "Y2")
    hall.arrive("X")
    errand = services.call_next(person=hall.officers[0], now=later(1))
    closing.close_today(agency=hall.services["Y"].agency, reason="Listrik padam", actor=KIOSK, now=later(2))

    with pytest.raises(ClosedToday):
        services.transfer(
            person=hall.officers[0], errand_id=errand.pk, to="Y/Y2", note="Perlu stempel.", now=later(3)
        )
    errand.refresh_from_db()
    assert errand.state == "called"


def test_who_is_called_by_number_is_on_no_break_any_more():
    hall = Hall()
    visit = hall.arrive("X", "Y")
    ticket.pause(visit=visit, minutes=40, actor=KIOSK, now=later(1))
    errand = services.call_number(person=hall.officers[0], number=str(visit), reason="returned", now=later(2))
    services.finish(person=hall.officers[0], errand_id=errand.pk, now=later(3))

    assert services.call_next(person=hall.officers[0], now=later(4)).visit_id == visit.pk
