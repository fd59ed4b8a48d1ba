"""What a visitor changes: who may, what stays, what is written down."""

import pytest
from django.test import Client

from gerai.agencies.rules import DAYS
from gerai.catalogue.models import Edition
from gerai.core import clock
from gerai.floor import services as floor
from gerai.floor.tests.make import KIOSK, Hall, later
from gerai.ledger.models import Entry
from gerai.visits import closing, rules, services, ticket
from gerai.visits.models import Errand, Visit

pytestmark = pytest.mark.django_db


def all_day(hall: Hall) -> None:
    """Pages read the real clock: let the mall be open whenever the test runs."""
    hall.mall.opening = {day: ["00:00", "23:59"] for day in DAYS}
    hall.mall.save()


def come(hall: Hall) -> Visit:
    return services.arrive(
        mall=hall.mall, chosen=[hall.services["X"]], entrance="A", actor=KIOSK, now=clock.now()
    )


def change(act, visit: Visit, at: float, **more):
    return act(visit=visit, actor=KIOSK, now=later(at), **more)


def test_only_the_first_device_holds_a_ticket():
    visit = Hall().arrive("X")
    change(ticket.claim, visit, 1, token="mine")
    change(ticket.claim, visit, 2, token="mine")

    with pytest.raises(rules.NotYourDevice):
        change(ticket.claim, visit, 3, token="theirs")
    assert Entry.objects.filter(kind="visits.claimed").count() == 1
    assert "mine" not in Visit.objects.get().claim_hash


def test_a_break_keeps_the_place_and_has_a_limit():
    hall = Hall()
    first, second = hall.arrive("X"), hall.arrive("X", at=1)
    rank = first.errands.get().rank_at
    change(ticket.pause, first, 2, minutes=20)

    assert floor.call_next(person=hall.officers[0], now=later(3)).visit_id == second.pk
    assert first.errands.get().rank_at == rank
    with pytest.raises(rules.BreakTooLong):
        change(ticket.pause, first, 4, minutes=46)
    change(ticket.pause, first, 5, minutes=0)
    assert Visit.objects.get(pk=first.pk).away_until is None


def test_nobody_takes_a_break_while_being_served():
    hall = Hall()
    visit = hall.arrive("X")
    floor.call_next(person=hall.officers[0], now=later(1))

    with pytest.raises(rules.NothingToChange):
        change(ticket.pause, visit, 2, minutes=10)
    assert Visit.objects.get().away_until is None


def test_another_errand_first_joins_its_queue_then_and_leaves_one_live_place():
    hall = Hall()
    visit = hall.arrive("X", "Y")
    waiting, planned = visit.errands.get(state="waiting"), visit.errands.get(state="planned")
    change(ticket.go_first, visit, 5, errand_id=planned.pk)

    planned.refresh_from_db()
    waiting.refresh_from_db()
    assert (planned.state, planned.rank_at, planned.sequence) == ("waiting", later(5), 0)
    assert (waiting.state, waiting.rank_at, waiting.sequence) == ("planned", None, 1)
    assert Entry.objects.get(kind="visits.reordered").data["errand"] == planned.pk


def test_the_order_of_what_is_left_is_written_down_once_while_another_is_being_served():
    hall = Hall()
    visit = hall.arrive("X", "Y", "X")
    floor.call_next(person=hall.officers[0], now=later(1))
    last = visit.errands.filter(state="planned").order_by("-sequence")[0]
    for at in (2, 3):
        change(ticket.go_first, visit, at, errand_id=last.pk)

    assert visit.errands.filter(state="planned").order_by("sequence")[0] == last
    assert Entry.objects.get(kind="visits.reordered").data["errand"] == last.pk


def test_somebody_elses_errand_cannot_be_put_first_or_dropped():
    hall = Hall()
    visit, other = hall.arrive("X"), hall.arrive("Y", at=1)
    foreign = other.errands.get()

    for act in (ticket.go_first, ticket.drop):
        with pytest.raises(rules.NothingToChange):
            change(act, visit, 2, errand_id=foreign.pk)
    foreign.refresh_from_db()
    assert foreign.state == "waiting"


def test_one_more_errand_stands_behind_and_twice_is_once():
    hall = Hall()
    visit = hall.arrive("X")
    one = change(ticket.add, visit, 1, service=hall.services["Y"])
    two = change(ticket.add, visit, 2, service=hall.services["Y"])

    assert (one.pk, one.state, one.sequence) == (two.pk, "planned", 1)
    assert Entry.objects.filter(kind="visits.errand_added").count() == 1


def test_with_the_last_errand_dropped_the_visit_ends():
    hall = Hall()
    visit = hall.arrive("X", "Y")
    waiting, planned = visit.errands.get(state="waiting"), visit.errands.get(state="planned")
    change(ticket.drop, visit, 1, errand_id=waiting.pk)
    planned.refresh_from_db()
    assert planned.state == "waiting"
    ended = change(ticket.drop, visit, 2, errand_id=planned.pk)

    assert ended.stage == "ended"
    with pytest.raises(rules.NothingToChange):
        change(ticket.add, visit, 3, service=hall.services["X"])


def test_who_was_served_slowly_does_not_lose_the_next_place():
    hall = Hall()
    visit = hall.arrive("X", "Y")
    errand = floor.call_next(person=hall.officers[0], now=later(1))
    floor.start(person=hall.officers[0], errand_id=errand.pk, now=later(2))
    floor.finish(person=hall.officers[0], errand_id=errand.pk, now=later(40))  # 38 minutes instead of 10

    assert Errand.objects.get(visit=visit, state="waiting").rank_at == later(12)


def published(hall: Hall) -> None:
    for service in hall.services.values():
        Edition.objects.create(
            service=service, number=1, content={}, status="published", published_at=later(0)
        )


def take(client, hall: Hall) -> Visit:
    published(hall)
    client.post("/antrean/ambil/?s=X/X", {"s": ["X/X"], "key": "a-key-of-this-phone"})
    return Visit.objects.get()


def test_the_phone_that_took_the_number_changes_it_and_no_other(client):

    hall = Hall()
    visit = take(client, hall)
    address = f"/kunjungan/{visit.secret}/"

    stranger = Client()
    assert b"jeda/" not in stranger.get(address).content
    assert stranger.post(address + "jeda/", {"minutes": "20"}).status_code == 403
    assert stranger.post(address + "pulang/").status_code == 403
    assert Visit.objects.get().away_until is None
    assert b"jeda/" in client.get(address).content
    assert client.post(address + "jeda/", {"minutes": "20"}).status_code == 302
    assert Visit.objects.get().away_until is not None
    assert client.post(address + "jeda/", {"minutes": "x"}).status_code == 422
    client.post(address + "pulang/")
    assert Visit.objects.get().stage == "ended"


def test_no_errand_is_added_at_an_agency_that_is_closed_for_the_day():
    hall = Hall()
    visit = hall.arrive("X")
    closing.close_today(agency=hall.services["Y"].agency, reason="Listrik padam", actor=KIOSK, now=later(1))

    with pytest.raises(rules.ClosedToday):
        change(ticket.add, visit, 2, service=hall.services["Y"])
    assert Errand.objects.count() == 1


def test_an_errand_that_is_put_back_keeps_nothing_of_what_it_was_told():
    hall = Hall()
    visit = hall.arrive("X", "Y")
    planned = visit.errands.get(state="planned")
    change(ticket.go_first, visit, 1, errand_id=planned.pk)

    back = visit.errands.get(state="planned")
    assert (back.said_high, back.forecast_high_at) == (None, None)


def test_who_was_absent_or_left_is_not_thanked_for_a_visit_that_did_not_happen(client):
    hall = Hall()
    all_day(hall)
    gone, missed = come(hall), come(hall)
    ticket_of = lambda visit: client.get(f"/kunjungan/{visit.secret}/").content.decode()  # noqa: E731
    services.leave(visit=gone, actor=KIOSK, now=clock.now())
    called = floor.call_next(person=hall.officers[0], now=clock.now())
    floor.absent(person=hall.officers[0], errand_id=called.pk, now=clock.now())

    assert "Nomor ini sudah dibatalkan" in ticket_of(gone)
    assert "Anda dipanggil ke loket 1 dan belum datang" in ticket_of(missed)
    assert "tempat Anda dikembalikan" in ticket_of(missed)
    for page in (ticket_of(gone), ticket_of(missed)):
        assert "Semua urusan selesai" not in page
        assert "/survei/" not in page


def test_who_was_served_is_thanked_and_asked(client):
    hall = Hall()
    all_day(hall)
    visit = come(hall)
    errand = floor.call_next(person=hall.officers[0], now=clock.now())
    floor.start(person=hall.officers[0], errand_id=errand.pk, now=clock.now())
    floor.finish(person=hall.officers[0], errand_id=errand.pk, outcome="done", now=clock.now())

    page = client.get(f"/kunjungan/{visit.secret}/").content.decode()
    assert "Semua urusan selesai" in page
    assert "/survei/" in page


def test_the_phone_says_at_which_counters_and_why_there_first(client):
    hall = Hall(counters=2)
    all_day(hall)
    chosen = [hall.services["X"], hall.services["Y"]]
    visit = services.arrive(mall=hall.mall, chosen=chosen, entrance="A", actor=KIOSK, now=clock.now())
    page = client.get(f"/kunjungan/{visit.secret}/").content.decode()
    assert "loket 1, 2" in page
    assert "dengan urutan ini kunjungan Anda selesai paling cepat" in page

    later_one = visit.errands.get(state="planned")
    ticket.go_first(visit=visit, errand_id=later_one.pk, actor=KIOSK, now=clock.now())
    assert "Menurut urutan pilihan Anda" in client.get(f"/kunjungan/{visit.secret}/").content.decode()


def test_services_are_found_by_words_and_what_was_chosen_before_stays(client):
    hall = Hall()
    all_day(hall)
    hall.offer("X", "SURAT")
    hall.offer("Y", "KARTU")
    page = client.get("/antrean/ambil/?s=Y/KARTU&q=Surat").content.decode()

    assert 'href="?s=Y/KARTU&amp;s=X/SURAT"' in page.replace("%2F", "/")
    assert '<input type="hidden" name="s" value="Y/KARTU">' in page
    assert "Tidak ada layanan dengan kata itu" in client.get("/antrean/ambil/?q=zzzzqq").content.decode()
