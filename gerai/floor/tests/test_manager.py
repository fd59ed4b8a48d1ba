"""The floor now: what is wrong is said first, what can be done needs a reason, an agency sees its own."""

import pytest
from django.urls import reverse

from gerai.accounts.models import Person
from gerai.agencies import roster
from gerai.agencies.models import Agency, Counter, CounterLoan, Membership
from gerai.agencies.rules import DAYS
from gerai.core import clock
from gerai.floor import advice, managing, overview, rules, services
from gerai.floor.models import Advice, CallOut, Device, Duty
from gerai.floor.tests.make import MORNING, Hall, later
from gerai.ledger.models import Entry
from gerai.ledger.rules import ActorRef
from gerai.visits import closing
from gerai.visits.models import Closure, Errand, Visit

pytestmark = pytest.mark.django_db
BOSS = ActorRef("person", "manager")


def person_with(hall, role, agency=None, name="maya"):
    person = Person.objects.create(name=name.title(), email=f"{name}@uji.test", created_at=MORNING)
    Membership.objects.create(mall=hall.mall, agency=agency, person=person, role=role)
    return person


def all_day(hall):
    """Pages read the real clock: let the mall be open whenever the test runs."""
    hall.mall.opening = {day: ["00:00", "23:59"] for day in DAYS}
    hall.mall.save()


def come(hall, code="X", n=1):
    from gerai.visits import services as visits

    for _ in range(n):
        visits.arrive(mall=hall.mall, chosen=[hall.services[code]], entrance="A", actor=BOSS, now=clock.now())


def own_counter(hall, code, number):
    counter = Counter.objects.create(mall=hall.mall, number=number)
    counter.agencies.add(Agency.objects.get(code=code))
    return counter


def test_the_manager_reads_queues_and_counters_and_calls_in_by_one_tap(client):
    hall = Hall()
    all_day(hall)
    x = hall.services["X"].agency
    own_counter(hall, "X", 7)
    siaga = Person.objects.create(name="Eko", phone="+62811", created_at=MORNING)
    Membership.objects.create(mall=hall.mall, agency=x, person=siaga, role="counter_officer")
    roster.put_on_call(agency=x, person=siaga, actor=BOSS, now=MORNING)
    come(hall, n=9)
    advice.look(mall=hall.mall, now=clock.now())
    given = Advice.objects.get()
    client.force_login(person_with(hall, "mall_manager"))

    shown = client.get("/lantai/").content.decode()
    assert "Buka satu loket lagi di X" in shown
    assert "Loket 1" in shown
    asked = client.post(reverse("floor:call_in", args=[given.pk]), follow=True).content.decode()
    assert "Eko dipanggil lewat pesan" in asked

    client.logout()
    address = f"/siaga/{CallOut.objects.get().secret}/"
    assert "Ya, saya datang" in client.get(address).content.decode()
    said = client.post(address + "jawab/", {"answer": "yes"}, follow=True).content.decode()
    assert "Kami menunggu Anda" in said
    assert Advice.objects.get().accepted_at


def test_a_wrong_address_of_a_call_out_shows_nothing(client):
    Hall()
    assert client.get("/siaga/tidak-ada/").status_code == 404
    assert client.post("/siaga/tidak-ada/jawab/", {"answer": "yes"}).status_code == 404


def test_open_and_close_a_counter_for_an_officer_with_a_reason(client):
    hall = Hall()
    own_counter(hall, "X", 7)
    yoga = person_with(hall, "counter_officer", hall.services["X"].agency, "yoga")
    client.force_login(person_with(hall, "mall_manager"))
    values = {"counter": "7", "member": yoga.memberships.get().pk, "reason": "Komputernya macet"}

    assert client.post("/lantai/loket/buka/", {**values, "reason": ""}).status_code == 422
    assert not Duty.objects.filter(person=yoga).exists()
    client.post("/lantai/loket/buka/", values)
    client.post("/lantai/loket/tutup/", {"counter": "7", "reason": "Petugas sakit"})

    assert Duty.objects.get(person=yoga).closed_at
    assert Entry.objects.get(kind="floor.opened_for").data["reason"] == "Komputernya macet"
    assert Entry.objects.get(kind="floor.closed_for").data["person"] == str(yoga.pk)


def test_a_counter_with_a_visitor_is_not_closed_and_an_officer_elsewhere_not_moved():
    hall = Hall()
    seven = own_counter(hall, "X", 7)
    hall.arrive("X")
    services.call_next(person=hall.officers[0], now=later(1))
    one = Counter.objects.get(number=1)

    with pytest.raises(rules.FinishFirst):
        managing.close_counter(counter=one, reason="Petugas sakit", actor=BOSS, now=later(2))
    with pytest.raises(managing.OfficerElsewhere):
        managing.open_counter(
            counter=seven,
            member=hall.officers[0].memberships.get(),
            reason="Salah loket",
            actor=BOSS,
            now=later(2),
        )
    assert Duty.objects.get().closed_at is None
    assert managing.close_counter(counter=seven, reason="Memang kosong", actor=BOSS, now=later(2)) is False


def test_merged_queues_are_called_from_one_counter_until_they_are_parted(client):
    hall = Hall(counters=0)
    counter = own_counter(hall, "X", 7)
    yoga = person_with(hall, "counter_officer", hall.services["X"].agency, "yoga")
    services.sign_on(member=yoga.memberships.get(), counter_number=7, now=MORNING)
    hall.arrive("Y")
    client.force_login(person_with(hall, "mall_manager"))
    assert services.call_next(person=yoga, now=later(1)) is None

    client.post("/lantai/loket/pinjam/", {"counter": "7", "agency": "Y", "reason": "Antrean Y panjang"})
    assert services.call_next(person=yoga, now=later(2)).agency.code == "Y"
    client.post(f"/lantai/pinjaman/{CounterLoan.objects.get().pk}/kembali/")
    assert [a.code for a in counter.agencies.all()] == ["X"]


def test_close_an_agency_for_today_and_open_it_again(client):
    hall = Hall()
    come(hall)
    client.force_login(person_with(hall, "mall_manager"))

    assert client.post("/lantai/tutup/", {"agency": "X", "reason": "x"}).status_code == 422
    client.post("/lantai/tutup/", {"agency": "X", "reason": "Listrik padam"})
    assert Errand.objects.get().state == "closed"
    shown = client.get("/lantai/").content.decode()
    assert "Listrik padam" in shown
    phone = client.get(f"/kunjungan/{Visit.objects.get().secret}/").content.decode()
    assert "Listrik padam" in phone

    client.post(f"/lantai/tutup/{Closure.objects.get().pk}/buka/")
    assert Errand.objects.get().state == "waiting"


def test_an_administrator_sees_and_moves_only_the_own_agency(client):
    hall = Hall()
    own_counter(hall, "X", 7)
    own_counter(hall, "Y", 8)
    come(hall, "X")
    come(hall, "Y")
    client.force_login(person_with(hall, "agency_admin", hall.services["Y"].agency))

    shown = client.get("/lantai/").content.decode()
    assert "/lantai/jadwal/Y/" in shown
    assert "/lantai/jadwal/X/" not in shown
    assert client.get("/lantai/jadwal/X/").status_code == 404
    assert client.post("/lantai/loket/tutup/", {"counter": "7", "reason": "Coba-coba"}).status_code == 404
    assert client.post("/lantai/loket/pinjam/", {"counter": "8", "agency": "X"}).status_code == 404
    client.post("/lantai/tutup/", {"agency": "X", "reason": "Listrik padam"})
    assert [c.agency.code for c in Closure.objects.all()] == ["Y"]


def test_who_is_missing_from_the_roster_is_named():
    hall = Hall(counters=0)
    x = hall.services["X"].agency
    own_counter(hall, "X", 7)
    person_with(hall, "counter_officer", x, "yoga")
    roster.put_day(
        agency=x, weekday=0, counters=dict.fromkeys(roster.slots_of(x, 0), 1), actor=BOSS, now=MORNING
    )

    (missing,) = overview.now(hall.mall, later(1))["absent"]["nobody"]
    assert ([p.name for p in missing["people"]], missing["manned"], missing["one"].planned) == (
        ["Yoga"],
        0,
        1,
    )
    assert not any(overview.now(hall.mall, later(-90))["absent"].values())


def every_half_hour(agency, counters=1):
    """The agency wants so many counters at any time, whenever the test runs."""
    for weekday in range(7):
        slots = roster.slots_of(agency, weekday)
        roster.put_day(
            agency=agency, weekday=weekday, counters=dict.fromkeys(slots, counters), actor=BOSS, now=MORNING
        )


def test_agencies_without_officers_are_one_thing_to_do_the_worst_first_and_the_mayor_hears_of_it(client):
    hall = Hall(counters=0)
    all_day(hall)
    for code, number in (("X", 7), ("Y", 8)):
        own_counter(hall, code, number)
        every_half_hour(hall.services[code].agency)
    come(hall, "Y")
    client.force_login(person_with(hall, "mall_manager"))

    state = overview.now(hall.mall, clock.now())
    assert [row["one"].agency.code for row in state["absent"]["nobody"]] == ["Y", "X"]
    assert state["count"] == 1
    shown = client.get("/lantai/").content.decode()
    assert shown.count("card alarm") == 1
    assert "2 instansi belum ada petugasnya" in shown
    client.force_login(person_with(hall, "mayor", name="wali"))
    assert "2 instansi belum ada petugasnya di loket" in client.get("/wali-kota/").content.decode()

    services.sign_on(member=hall.officer("Yoga"), counter_number=7, now=clock.now())
    closing.close_today(
        agency=hall.services["Y"].agency, service=None, reason="Listrik padam", actor=BOSS, now=clock.now()
    )
    told = client.get("/wali-kota/").content.decode()
    assert "belum ada petugasnya" not in told


def test_where_nobody_is_on_call_the_roster_is_offered_and_no_button_that_fails(client):
    hall = Hall()
    all_day(hall)
    own_counter(hall, "X", 7)
    come(hall, n=9)
    advice.look(mall=hall.mall, now=clock.now())
    assert Advice.objects.get().kind == "open"
    client.force_login(person_with(hall, "mall_manager"))

    shown = client.get("/lantai/").content.decode()
    assert "Panggil petugas siaga" not in shown
    assert "Tidak ada petugas siaga yang dapat dipanggil" in shown
    assert 'href="/lantai/jadwal/X/#siaga"' in shown
    assert 'id="siaga"' in client.get("/lantai/jadwal/X/").content.decode()


def test_one_service_is_closed_for_today_from_a_list(client):
    hall = Hall()
    for code in ("X", "Y"):
        hall.offer(code, f"{code}2")
    client.force_login(person_with(hall, "mall_manager"))
    shown = client.get("/lantai/").content.decode()
    assert '<optgroup label="X"><option value="X/X2">' in shown

    assert client.post("/lantai/tutup/", {"service": "", "reason": "Listrik padam"}).status_code == 422
    assert client.post("/lantai/tutup/", {"service": "X/NO", "reason": "Listrik padam"}).status_code == 404
    assert not Closure.objects.exists()
    client.post("/lantai/tutup/", {"service": "X/X2", "reason": "Listrik padam"})
    assert [c.service.code for c in Closure.objects.all()] == ["X2"]

    client.force_login(person_with(hall, "agency_admin", hall.services["Y"].agency, "yuni"))
    assert "X/X2" not in client.get("/lantai/").content.decode()
    assert client.post("/lantai/tutup/", {"service": "X/X2", "reason": "Coba-coba"}).status_code == 404
    client.post("/lantai/tutup/", {"service": "Y/Y2", "reason": "Listrik padam"})
    assert sorted(c.service.code for c in Closure.objects.all()) == ["X2", "Y2"]


def test_a_roster_is_decided_in_the_page_and_nonsense_changes_nothing(client):
    hall = Hall()
    agency = hall.services["X"].agency
    siaga = Person.objects.create(name="Eko", phone="+62811", created_at=MORNING)
    Membership.objects.create(mall=hall.mall, agency=agency, person=siaga, role="counter_officer")
    client.force_login(person_with(hall, "agency_admin", agency))
    values = dict.fromkeys(roster.slots_of(agency, 0), "1")

    assert client.post("/lantai/jadwal/X/0/", {**values, "08:00": "banyak"}).status_code == 422
    assert client.post("/lantai/jadwal/X/9/", values).status_code == 404
    assert roster.of(agency) == {}
    client.post("/lantai/jadwal/X/0/", values)
    client.post("/lantai/jadwal/X/siaga/", {"person": siaga.pk})

    assert roster.of(agency)[0]["08:00"] == 1
    assert "Eko" in client.get("/lantai/jadwal/X/").content.decode()
    client.post("/lantai/jadwal/X/siaga/", {"person": siaga.pk, "remove": "yes"})
    assert roster.on_call(agency) == []


def test_a_board_that_is_not_heard_from_is_named_to_the_manager_only():
    hall = Hall()
    x = hall.services["X"].agency
    Device.objects.create(
        mall=hall.mall, kind="board", name="Papan timur", token_hash="a", paired_at=MORNING, seen_at=MORNING
    )

    assert not overview.now(hall.mall, later(1))["silent"]
    assert [d.name for d in overview.now(hall.mall, later(3))["silent"]] == ["Papan timur"]
    assert not overview.now(hall.mall, later(3), x)["silent"]
