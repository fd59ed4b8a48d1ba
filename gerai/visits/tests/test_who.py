"""Who comes: a group is served as many times, a priority needs the mall's proof, company is known at the counter."""

import pytest

from gerai.agencies import rules as agencies_rules
from gerai.agencies import services as agencies
from gerai.agencies.models import Mall
from gerai.floor import outlook, returning
from gerai.floor import rules as floor_rules
from gerai.floor import services as floor
from gerai.floor.tests.make import KIOSK, MORNING, Hall, later
from gerai.floor.tests.test_manager import all_day, person_with
from gerai.ledger.models import Entry
from gerai.ledger.rules import ActorRef
from gerai.visits import desk, forecasts, lines, services, waitinglist, who
from gerai.visits.models import Errand, Visit
from gerai.visits.tests.test_booking import TEN, book, person

pytestmark = pytest.mark.django_db
BOSS = ActorRef("person", "manager")
PROOF = {"elderly": {"id": "KTP, 60 tahun ke atas", "en": "ID card, 60 and over"}}


@pytest.fixture
def hall():
    return Hall()


def arrive(hall, at=0, **more):
    return services.arrive(
        mall=hall.mall, chosen=[hall.services["X"]], entrance="A", actor=KIOSK, now=later(at), **more
    )


def test_a_group_takes_its_minutes_times_its_people_wherever_waits_are_foretold(hall):
    agency = hall.services["X"].agency
    arrive(hall, party=5)

    line = lines.line_at(hall.mall.pk, agency.pk, later(1), later(1))
    assert line.ahead == [50.0]
    assert [one.waiting for one in outlook.of(hall.mall, later(1)) if one.agency == agency] == [[50.0]]
    errand = floor.call_next(person=hall.officers[0], now=later(1))
    assert lines.line_at(hall.mall.pk, agency.pk, later(2), later(2)).busy == [50.0]
    floor.start(person=hall.officers[0], errand_id=errand.pk, now=later(2))
    floor.finish(person=hall.officers[0], errand_id=errand.pk, outcome="done", now=later(52))
    forecasts.learn_minutes(mall=hall.mall.pk, now=later(60))
    hall.services["X"].refresh_from_db()
    assert hall.services["X"].learnt.minutes == pytest.approx(10, abs=0.1)  # of one person


def test_a_booked_group_is_told_at_the_counter_and_waits_for_room_for_all(hall, client):
    owner = person()
    visit = book(hall, owner, party=2, at=TEN)
    assert visit.errands.get().party == 2
    client.force_login(owner)
    assert "2 orang" in client.get(f"/janji/{visit.pk}/").content.decode()

    waiting = waitinglist.join(
        person=person("Budi"), mall=hall.mall, chosen=[hall.services["X"]], day=TEN.date(), actor=KIOSK,
        now=MORNING, party=10,
    )  # fmt: skip
    assert waitinglist.offer(mall=hall.mall, day=TEN.date(), now=MORNING) == []  # no room for ten
    waiting.refresh_from_db()
    assert (waiting.party, waiting.offered) == (10, None)


@pytest.mark.parametrize(
    ("how", "refusal"),
    [
        ({"party": 0}, who.PartyWrong),
        ({"party": 11}, who.PartyWrong),
        ({"company": "dog"}, who.CompanyUnknown),
    ],
)
def test_what_nobody_can_be_is_refused_and_uses_up_no_number(hall, how, refusal):
    with pytest.raises(refusal):
        arrive(hall, **how)
    assert arrive(hall).number == 1


def test_the_mall_says_who_goes_first_and_by_what_proof(hall, client):
    client.force_login(person_with(hall, "mall_manager"))
    offered = client.get("/lantai/prioritas/").content.decode()
    assert all(text in offered for code in who.PRIORITIES if code for text in who.PROOFS[code].values())
    sent = {"group": ["elderly"], "elderly-id": PROOF["elderly"]["id"], "elderly-en": PROOF["elderly"]["en"]}
    for _ in range(2):
        assert client.post("/lantai/prioritas/", sent).status_code == 302
    assert Mall.objects.get().priorities == PROOF
    assert Entry.objects.filter(kind="agencies.priorities_changed").count() == 1

    hall.offer("X", "Z")
    shown = client.get("/antrean/ambil/?s=X/Z").content.decode()
    assert PROOF["elderly"]["id"] in shown
    assert 'value="pregnant"' not in shown
    hall.mall.refresh_from_db()
    with pytest.raises(who.PriorityUnknown):
        arrive(hall, priority="pregnant")
    assert client.post("/lantai/prioritas/", {**sent, "elderly-en": " "}).status_code == 422
    with pytest.raises(agencies_rules.PrioritiesWrong):
        agencies.set_priorities(mall=hall.mall, given={}, actor=BOSS, now=MORNING)
    assert Mall.objects.get().priorities == PROOF


def test_without_proof_a_number_is_called_by_time_of_arrival(hall):
    plain = arrive(hall, at=0)
    first = arrive(hall, at=5, priority="elderly")
    called = floor.call_next(person=hall.officers[0], now=later(6))
    assert called.visit_id == first.pk

    floor.no_proof(person=hall.officers[0], errand_id=called.pk, now=later(7))
    called.refresh_from_db()
    assert (called.state, called.rank_at, called.counter) == ("waiting", called.joined_at, None)
    assert Visit.objects.get(pk=first.pk).priority == ""
    assert floor.call_next(person=hall.officers[0], now=later(8)).visit_id == plain.pk
    assert Entry.objects.filter(kind="floor.proof_missing").count() == 1


def test_proof_is_asked_only_of_who_was_called_for_a_priority(hall):
    arrive(hall)
    called = floor.call_next(person=hall.officers[0], now=later(1))
    with pytest.raises(floor_rules.NoPriority):
        floor.no_proof(person=hall.officers[0], errand_id=called.pk, now=later(2))
    assert Errand.objects.get().state == "called"


def test_the_desk_gives_a_priority_whose_proof_it_saw_and_the_queue_follows(hall):
    arrive(hall, at=0)
    later_one = arrive(hall, at=5)
    for _ in range(2):
        desk.set_priority(visit=later_one, priority="disabled", actor=BOSS, now=later(6))
    assert Entry.objects.filter(kind="visits.priority_changed").count() == 1
    assert floor.call_next(person=hall.officers[0], now=later(7)).visit_id == later_one.pk
    with pytest.raises(who.PriorityUnknown):
        desk.set_priority(visit=later_one, priority="friend", actor=BOSS, now=later(8))


def absent(hall, people):
    """So many were called in vain, the first one first."""
    visits = [arrive(hall, at=n / 10) for n in range(people)]
    for n in range(people):
        errand = floor.call_next(person=hall.officers[0], now=later(2 + n * 3))
        floor.absent(person=hall.officers[0], errand_id=errand.pk, now=later(3 + n * 3))
    return visits


def test_the_first_of_many_absent_comes_back_by_number_at_the_counter_and_at_the_desk(hall):
    visits = absent(hall, 8)
    back = floor.come_back_by_number(person=hall.officers[0], number=str(visits[0]), now=later(40))
    again = floor.come_back_by_number(person=hall.officers[0], number="a1", now=later(41))
    assert back.pk == again.pk
    assert back.joined_at == visits[0].errands.get().joined_at

    officer = person("Meja")
    returning.come_back_at_desk(mall=hall.mall, person=officer, number=str(visits[1]), now=later(42))
    assert Entry.objects.filter(kind="floor.came_back").count() == 2
    for wrong in ("A 099", "B 001"):
        with pytest.raises(floor_rules.NumberNotAbsent):
            floor.come_back_by_number(person=hall.officers[0], number=wrong, now=later(43))


def test_the_desk_gives_a_number_with_company_prints_it_and_changes_it(hall, client):
    all_day(hall)
    hall.offer("X", "SURAT")
    hall.offer("Y", "KARTU")
    client.force_login(person_with(hall, "information_desk"))
    sent = {
        "service": ["X/SURAT", ""],
        "company": "interpreter",
        "party": "2",
        "priority": "elderly",
        "key": "k1",
    }
    where = {client.post("/meja/nomor-baru/", sent)["Location"] for _ in range(2)}  # a double click
    visit = Visit.objects.get()
    assert where == {f"/meja/tiket/{visit.pk}/"}
    assert (visit.entrance, visit.company, visit.party, visit.priority) == ("M", "interpreter", 2, "elderly")
    assert "M 001" in client.get(f"/meja/tiket/{visit.pk}/").content.decode()
    assert client.post("/meja/nomor-baru/", {"service": [""]}).status_code == 422

    change = f"/meja/kunjungan/{visit.pk}/"
    client.post(change, {"act": "add", "service": "Y/KARTU"})
    client.post(change, {"act": "priority", "priority": ""})
    visit.refresh_from_db()
    assert (visit.errands.count(), visit.priority) == (2, "")
    called = floor.call_next(person=hall.officers[0], now=later(10**6))
    floor.absent(person=hall.officers[0], errand_id=called.pk, now=later(10**6 + 3))
    assert "kembalikan ke antrean" in client.get("/meja/nomor/?nomor=M1").content.decode()
    client.post(change, {"act": "back"})
    called.refresh_from_db()
    assert called.state == "waiting"
