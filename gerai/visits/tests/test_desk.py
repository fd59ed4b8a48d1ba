"""The desk puts a person on a number: once, today, and only the card the officer has seen counts."""

import threading
from datetime import timedelta

import pytest
from django.db import connection

from gerai.accounts import rules as identity
from gerai.accounts import services as accounts
from gerai.accounts.models import Person
from gerai.agencies.models import Membership
from gerai.applications.models import Application
from gerai.core.errors import DomainError
from gerai.floor import services as floor
from gerai.floor.tests.make import MORNING, Hall, later
from gerai.ledger.models import Entry
from gerai.permits.tests.make import World
from gerai.visits import desk, queries, rules, services
from gerai.visits.models import Visit
from gerai.visits.rules import NumberUnreadable, read_number

pytestmark = pytest.mark.django_db
NIK = "1771015506909001"


def somebody(name: str = "Sari", nik: str = NIK) -> Person:
    return accounts.register(mall="1771", name=name, nik=nik, email=f"{name.lower()}@uji.test", now=MORNING)


def officer(hall: Hall) -> Person:
    found = Person.objects.create(name="Putri", email="putri@uji.test", created_at=MORNING)
    Membership.objects.create(mall=hall.mall, person=found, role="information_desk")
    return found


def identify(hall: Hall, visit: Visit, person: Person, *, seen: bool = False, at: float = 1) -> Visit:
    desk_officer = Person.objects.filter(name="Putri").first() or officer(hall)
    return desk.identify(visit=visit, person=person, card_seen=seen, officer=desk_officer, now=later(at))


def kinds(person: Person) -> list[str]:
    found = Entry.objects.filter(subject=f"person:{person.pk}").order_by("id")
    return [e.kind for e in found if e.kind != "accounts.registered"]


def test_the_number_gets_its_person_and_the_person_can_see_it():
    hall = Hall()
    visit, sari = hall.arrive("X"), somebody()

    identify(hall, visit, sari)

    visit.refresh_from_db()
    assert visit.person_id == sari.pk
    assert kinds(sari) == ["visits.identified"]
    entry = Entry.objects.get(kind="visits.identified")
    assert entry.data == {"visit": str(visit.pk), "card_seen": False}
    assert entry.actor_id == str(Person.objects.get(name="Putri").pk)


def test_without_the_officers_word_the_card_has_not_been_seen():
    hall = Hall()
    visit, sari = hall.arrive("X"), somebody()

    identify(hall, visit, sari)
    sari.refresh_from_db()
    assert sari.proven_at is None

    identify(hall, visit, sari, seen=True)  # the card comes out of the bag later
    sari.refresh_from_db()
    assert sari.proven_at == later(1)
    assert kinds(sari) == ["visits.identified", "accounts.proven"]


def test_twice_is_once():
    hall = Hall()
    visit, sari = hall.arrive("X"), somebody()

    identify(hall, visit, sari)
    identify(hall, visit, sari)

    assert kinds(sari) == ["visits.identified"]


def test_another_persons_number_is_refused_and_stays_theirs():
    hall = Hall()
    visit, sari, budi = hall.arrive("X"), somebody(), somebody("Budi", "1771021502919016")
    identify(hall, visit, sari)

    with pytest.raises(desk.VisitOfAnother):
        identify(hall, visit, budi, seen=True)

    visit.refresh_from_db()
    budi.refresh_from_db()
    assert visit.person_id == sari.pk
    assert budi.proven_at is None
    assert kinds(budi) == []


def test_yesterdays_and_ended_numbers_are_refused():
    hall = Hall()
    sari = somebody()
    visit = hall.arrive("X")
    with pytest.raises(rules.TicketOver):
        identify(hall, visit, sari, at=24 * 60)
    services.leave(visit=visit, actor=floor.ref(sari), now=later(1))
    with pytest.raises(desk.VisitEnded):
        identify(hall, visit, sari, at=2)

    visit.refresh_from_db()
    assert visit.person_id is None
    assert kinds(sari) == []


def test_a_card_proven_on_another_account_leaves_the_number_as_it_was():
    hall = Hall()
    sari, twin = somebody(), somebody("Tiruan")
    visit = hall.arrive("X")
    identify(hall, hall.arrive("X"), sari, seen=True)

    with pytest.raises(identity.AlreadyProven):
        identify(hall, visit, twin, seen=True)

    visit.refresh_from_db()
    assert visit.person_id is None


def test_the_counter_sees_afterwards_what_is_ready():
    world = World()
    permit = world.issued()
    visit = services.arrive(
        mall=world.mall, chosen=[world.service], entrance="A", actor=floor.ref(world.sari), now=MORNING
    )
    assert queries.errands(visit)[0].permit is None

    desk.identify(visit=visit, person=world.sari, card_seen=False, officer=world.budi, now=later(1))

    errand = queries.errands(visit)[0]
    assert errand.permit == permit
    assert errand.application == Application.objects.get()


def test_a_finished_errand_stays_as_it_was():
    hall = Hall()
    visit = hall.arrive("X", "Y")
    called = floor.call_next(person=hall.officers[0], now=later(1))
    assert called is not None
    floor.finish(person=hall.officers[0], errand_id=called.pk, now=later(2))

    identify(hall, visit, somebody(), at=3)

    assert [e.state for e in queries.errands(visit)] == ["done", "waiting"]


@pytest.mark.parametrize(
    ("text", "found"), [("A 012", ("A", 12)), ("a12", ("A", 12)), (" b-007 ", ("B", 7)), ("12", ("", 12))]
)
def test_a_number_is_read_as_people_type_it(text: str, found: tuple[str, int]):
    assert read_number(text) == found


@pytest.mark.parametrize("text", ["", "A", "halo", "A 12 B", "ABC 1", "A 999999", "٣"])
def test_what_is_no_number_is_refused(text: str):
    with pytest.raises(NumberUnreadable):
        read_number(text)


def test_a_typed_number_is_found_on_its_day_and_by_its_entrance():
    hall = Hall()
    visit = hall.arrive("X")
    other = services.arrive(
        mall=hall.mall, chosen=[hall.services["X"]], entrance="B", actor=floor.ref(somebody()), now=MORNING
    )

    assert queries.typed(hall.mall, "a 1", MORNING) == [visit]
    assert queries.typed(hall.mall, "1", MORNING) == [visit, other]
    assert queries.typed(hall.mall, "A 002", MORNING) == []
    assert queries.typed(hall.mall, "A 001", MORNING + timedelta(days=1)) == []


@pytest.mark.slow
@pytest.mark.django_db(transaction=True)
def test_two_officers_at_once_put_one_person_on_it():
    hall = Hall()
    visit, sari, budi = hall.arrive("X"), somebody(), somebody("Budi", "1771021502919016")
    officer(hall)
    start = threading.Barrier(2)
    refused: list[DomainError] = []

    def attach(person: Person) -> None:
        start.wait(20)
        try:
            identify(hall, visit, person)
        except DomainError as error:
            refused.append(error)
        connection.close()

    threads = [threading.Thread(target=attach, args=(p,)) for p in (sari, budi)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(20)

    assert [type(r) for r in refused] == [desk.VisitOfAnother]
    assert Entry.objects.filter(kind="visits.identified").count() == 1
