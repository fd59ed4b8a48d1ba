"""More traps that every peer fell into: tenants, side doors, shared sessions, two calls at once, zones, exports."""

import json
from datetime import UTC, date, datetime, timedelta

import pytest

from gerai.agencies.models import Agency, Mall, Membership
from gerai.catalogue import queries as catalogue
from gerai.catalogue import services as joining
from gerai.catalogue.models import Service
from gerai.catalogue.tests import make
from gerai.core.errors import NotFound
from gerai.floor import boards, devices, services
from gerai.floor.tests.make import KIOSK, MORNING, enter, later, pair
from gerai.ledger import services as sequencing
from gerai.ledger import tasks as ledger
from gerai.ledger.models import Entry, Subscription
from gerai.ledger.rules import SYSTEM
from gerai.notices.models import Notice
from gerai.privacy import queries as privacy
from gerai.visits import closing, tasks
from gerai.visits import queries as visits
from gerai.visits import services as arriving
from gerai.visits.models import Errand, Visit
from tests.test_traps import hall_of, person

pytestmark = pytest.mark.django_db

# -- one tenant's failure stops all ----------------------------------------------------------------------------


def fails_for_one(entry: Entry) -> None:
    """A consumer that cannot do the first mall's entries."""
    if entry.mall == "0001":
        raise RuntimeError("this mall is broken")


@pytest.mark.django_db(transaction=True)
def test_a_consumer_that_fails_for_one_mall_goes_on_for_the_others(settings):
    settings.LEDGER_CONSUMERS = {"first": "tests.test_traps_between.fails_for_one"}
    for mall in ("0001", "0002"):
        Entry.objects.create(
            mall=mall, kind="test.told", subject="x:1", actor_kind="system", actor_id="x", at=MORNING
        )

    sequencing.sequence_restored()  # whatever runs beside this test, they have their places
    ledger.Follower().round()

    done = dict(Subscription.objects.values_list("mall", "position"))
    assert done == {"0001": 0, "0002": 1}


def test_a_mall_whose_day_cannot_be_closed_does_not_keep_the_others_open():
    hall = hall_of()
    visit = hall.arrive("X")
    broken = Mall.objects.create(code="0001", name="Rusak", city="Rusak", timezone="Bulan/Kawah")

    tasks.close_day(0)  # on the real clock: MORNING lies days behind
    tasks.every_minute(0)

    visit.refresh_from_db()
    assert broken.code < hall.mall.code
    assert visit.stage == "ended"


# -- side doors around what a person may see --------------------------------------------------------------------


def test_what_is_not_offered_is_found_by_no_door(client):
    hall = hall_of()
    Agency.objects.filter(code="X").update(live_at=None)
    Service.objects.filter(code="Y").update(active=False)
    _, kiosk = devices.pair(mall=hall.mall, kind="kiosk", name="k", actor=KIOSK, now=MORNING)

    assert client.get("/api/v1/services").json()["services"] == []
    assert client.get("/api/v1/services?q=X").json()["services"] == []
    for code in ("X", "Y"):
        assert catalogue.search(hall.mall, code) == []
        with pytest.raises(NotFound):
            visits.offered(hall.mall, f"{code}/{code}")
        asked = client.post(
            "/api/v1/visits",
            json.dumps({"services": [f"{code}/{code}"]}),
            content_type="application/json",
            headers={"Authorization": f"Bearer {kiosk}"},
        )
        assert asked.status_code == 404
    assert not Visit.objects.exists()


def test_an_agency_exports_and_imports_only_itself(client):
    mall = make.mall()
    both = frozenset({"PERPUS", "ARSIP"})
    for text in (make.FILE, make.FILE.replace("PERPUS", "ARSIP").replace("number: 7", "number: 8")):
        joining.join(mall=mall, text=text, actor=SYSTEM, now=MORNING, others=both)
    before = Entry.objects.count()
    rudi = person("Rudi")
    agency = Agency.objects.get(code="PERPUS")
    Membership.objects.create(mall=mall, agency=agency, person=rudi, role="agency_admin")
    client.force_login(rudi)

    own = client.get("/gabung/PERPUS.yaml")
    assert own.status_code == 200
    assert client.get("/gabung/ARSIP.yaml").status_code == 404
    others = own.content.decode().replace("PERPUS", "ARSIP")
    assert client.post("/gabung/", {"act": "propose", "text": others}).status_code in (404, 422)
    assert Entry.objects.count() == before


def test_a_visit_is_opened_by_its_secret_and_by_nothing_else(client):
    visit = hall_of().arrive("X")

    for key in (visit.pk, visit.number, f"A{visit.number:03}", visit.secret.lower() + "x"):
        assert client.get(f"/api/v1/visits/{key}").status_code == 404
        assert client.get(f"/kunjungan/{key}/").status_code == 404


# -- the former client's data in a shared session -----------------------------------------------------------------


def test_a_kiosk_keeps_nothing_of_the_former_visitor(client):
    enter(client, pair(hall_of().mall, "kiosk"))
    client.post("/kios/", {"s": ["X/X"], "key": "k"})

    assert dict(client.session) == {}
    assert Visit.objects.get().secret not in client.get("/kios/").content.decode()


def test_a_counter_shows_no_name_of_who_was_served_before(client):
    hall = hall_of()
    hall.arrive("X", person=person("Sari"))
    hall.arrive("X", at=1)
    client.force_login(hall.officers[0])

    client.post("/loket/panggil/")
    first = Errand.objects.get(state="called")
    client.post(f"/loket/{first.pk}/kartu/")
    assert "Sari" in client.get("/loket/").content.decode()
    client.post("/loket/panggil/", {"finish": first.pk})
    shown = client.get("/loket/")

    assert "A 002" in shown.content.decode()
    assert "Sari" not in shown.content.decode()


def test_pages_of_who_was_signed_in_are_not_kept_by_a_shared_computer(client):
    hall_of()
    client.force_login(person("Sari"))

    assert "no-store" in client.get("/saya/").headers["Cache-Control"]
    client.post("/keluar/")
    client.force_login(person("Budi"))
    assert "Sari" not in client.get("/saya/").content.decode()


# -- two announcements at once -------------------------------------------------------------------------------------


def test_two_calls_in_the_same_instant_are_both_on_the_board_each_with_its_own_voice():
    hall = hall_of(counters=2)
    hall.arrive("X")
    hall.arrive("X")

    calls = [services.call_next(person=officer, now=later(1)) for officer in hall.officers]

    board = pair(hall.mall, "board")
    state = boards.show(board, later(1))
    assert {e.pk for e in [state["last"], *state["before"]]} == {errand.pk for errand in calls}
    assert len({utterance.key for utterance in boards.to_say(board, later(1))}) == 2
    assert Entry.objects.filter(kind="floor.called").count() == 2


# -- the end of the day in the wrong zone ---------------------------------------------------------------------------


def mall_in(zone: str, code: str) -> tuple[Mall, Service]:
    mall = Mall.objects.create(
        code=code, name=zone, city=zone, timezone=zone, opening={"mon": ["08:00", "15:00"]}
    )
    agency = Agency.objects.create(
        mall=mall, code="X", name={"id": "X"}, short="X", kind="opd", live_at=MORNING
    )
    return mall, Service.objects.create(
        agency=agency, code="X", name={"id": "X"}, kind="licence", counter_minutes=5
    )


@pytest.mark.parametrize(
    ("zone", "midnight"), [("Asia/Jakarta", 17), ("Asia/Makassar", 16), ("Asia/Jayapura", 15)]
)
def test_numbers_begin_anew_at_the_malls_own_midnight(zone, midnight):
    mall, service = mall_in(zone, "9001")
    then = datetime(2026, 11, 23, midnight, 0, tzinfo=UTC)

    def arrive(now):
        return arriving.arrive(mall=mall, chosen=[service], entrance="A", actor=KIOSK, now=now)

    before, after = arrive(then - timedelta(seconds=1)), arrive(then)
    assert [(v.number, v.day) for v in (before, after)] == [
        (1, date(2026, 11, 23)),
        (1, date(2026, 11, 24)),
    ]


def test_each_mall_closes_by_its_own_clock():
    malls = [
        mall_in(zone, f"900{n}") for n, zone in enumerate(("Asia/Jakarta", "Asia/Makassar", "Asia/Jayapura"))
    ]
    for mall, service in malls:
        arriving.arrive(mall=mall, chosen=[service], entrance="A", actor=KIOSK, now=MORNING)

    for mall, _ in malls:  # 14.30 in Jakarta, 15.30 in Makassar, 16.30 in Jayapura
        closing.close_day(mall=mall, now=datetime(2026, 11, 23, 7, 30, tzinfo=UTC))

    assert list(Visit.objects.order_by("mall").values_list("stage", flat=True)) == [
        "arrived",
        "ended",
        "ended",
    ]


# -- exports that hold everybody up ---------------------------------------------------------------------------------


def test_an_export_costs_the_same_few_queries_however_much_there_is(django_assert_max_num_queries):
    hall_of()
    sari = person("Sari")
    for n in range(60):
        Notice.objects.create(
            key=f"k{n}", mall="1771", person=sari, channel="mail", subject="s", body="b", created_at=MORNING
        )

    with django_assert_max_num_queries(10):
        assert len(privacy.export(sari)["notices"]) == 60
