"""The pilot mall: every file is clean, it loads quickly and twice is once, and people find what they mean."""

import io
import time
from collections import defaultdict
from datetime import date
from types import SimpleNamespace

import pytest
from django.conf import settings
from django.core.management import call_command
from django.db import transaction

from gerai.agencies import queries as agencies
from gerai.agencies.models import Agency, Counter, Holiday
from gerai.catalogue import exporting, expressions, joining, queries, screening, searching, services
from gerai.catalogue.models import Edition
from gerai.catalogue.tests.make import MORNING, person
from gerai.catalogue.yaml_lines import read
from gerai.ledger.models import Entry

pytestmark = pytest.mark.slow

FOLDER = settings.PACKAGE / "config" / "pilot"
FILES = sorted((FOLDER / "agencies").glob("*.yaml"))
CODES = frozenset(f.stem for f in FILES)


@pytest.mark.parametrize("file", FILES, ids=lambda f: f.stem)
def test_every_pilot_file_is_clean(file):
    plan = joining.check(file.read_text(), agencies=CODES)

    assert plan.problems == []
    assert plan.agency["code"] == file.stem


def load():
    out = io.StringIO()
    call_command("pilot", stdout=out)
    return out.getvalue()


@pytest.fixture(scope="module")
def index():
    """The pilot's search index without a database: made of the files."""
    services_of = []
    for file in FILES:
        plan = joining.check(file.read_text(), agencies=CODES)
        agency = SimpleNamespace(**plan.agency)
        services_of += [SimpleNamespace(agency=agency, **service) for service in plan.services]
    data, _ = read((FOLDER / "mall.yaml").read_text())
    return searching.Index(services_of, [SimpleNamespace(**event) for event in data["life_events"]])


@pytest.fixture(scope="module")
def loaded(django_db_setup, django_db_blocker):
    """The pilot, loaded once for this file inside a transaction that is rolled back at its end."""
    with django_db_blocker.unblock(), transaction.atomic():
        load()
        yield
        transaction.set_rollback(True)


@pytest.fixture
def pilot(loaded, db):
    return agencies.the_mall()


def test_the_pilot_has_all_agencies_services_and_counters(pilot):
    assert Agency.objects.count() == 36
    assert len(queries.published(pilot)) == 200
    assert Counter.objects.count() == 40
    assert queries.life_events(pilot).count() == 16


def test_loading_twice_writes_nothing_and_is_quick(pilot):
    before = Entry.objects.count()

    begin = time.monotonic()
    load()

    assert time.monotonic() - begin < 0.5
    assert (Entry.objects.count(), Edition.objects.count()) == (before, 200)


def test_an_agency_that_people_changed_is_left_alone(pilot):
    text = (FOLDER / "agencies" / "POS.yaml").read_text().replace("short: Kantor Pos", "short: Pos")
    sari, dewi = person("Sari"), person("Dewi")
    proposal = services.propose(mall=pilot, text=text, person=sari, now=MORNING)
    services.publish(mall=pilot, proposal_id=proposal.pk, person=dewi, now=MORNING)
    pilot.refresh_from_db()
    pilot.details["pilot"] = "older"
    pilot.save()

    load()

    assert Agency.objects.get(code="POS").short == "Pos"


def test_every_exported_file_comes_back_without_a_change(pilot):
    for agency in Agency.objects.select_related("mall"):
        plan = services.checked(mall=pilot, text=exporting.file_of(agency))
        assert queries.changes(pilot, plan) == []


def test_every_life_event_leads_to_services_that_are_offered(pilot):
    for event in queries.life_events(pilot):
        assert [s.code for s in queries.by_codes(pilot, event.services)] == event.services


def test_of_every_life_event_several_services_can_be_applied_for_together(pilot):
    for event in queries.life_events(pilot):
        online = [s for s in queries.by_codes(pilot, event.services) if s.online]
        assert len(online) > 1, event.code


def test_what_is_shared_means_the_same_kind_of_answer_wherever_it_is_asked(pilot):
    kinds = defaultdict(set)
    services_with = defaultdict(set)
    for service in queries.published(pilot):
        for section in service.edition.content["questions"]:
            for field in section["fields"]:
                if field.get("shared"):
                    kinds[field["key"]].add((field["type"], field["personal"]))
                    services_with[field["key"]].add(service.code)

    assert {key for key, found in kinds.items() if len(found) > 1} == set()
    assert {key for key, codes in services_with.items() if len(codes) == 1} == set()
    assert {"phone", "contact_address", "home_address", "site_address", "site_spot", "floor_m2"} <= set(kinds)
    assert len(services_with["phone"]) == 114 + 17


def test_what_a_life_event_waits_for_is_a_paper_that_the_later_service_asks_for_or_the_law_does(pilot):
    waiting = queries.needed_first(pilot)

    assert waiting["DPMPTSP-26"] == ["DPMPTSP-15"]
    assert waiting["DUKCAPIL-06"] == ["DUKCAPIL-12", "PA-02"]


def test_every_path_of_the_screener_ends_in_a_service_that_is_offered_or_in_advice(pilot):
    content = queries.screener(pilot)
    offered = queries.service_codes(pilot)
    paths = list(screening.paths(content))

    assert len(paths) > 700
    for answers in paths:
        assert len(answers) <= screening.LONGEST
        found = [result["service"] for result in screening.results(content, answers)]
        assert set(found) <= offered, answers
        assert len(found) == len(set(found))
        said = " ".join(text["id"] for text in screening.advice(content, answers))
        assert found or "idak perlu izin di sini" in said or "anya meja informasi" in said, answers


def test_every_service_that_the_screener_names_is_reached_and_every_reason_begins_with_because(pilot):
    content = queries.screener(pilot)
    reached = {r["service"] for a in screening.paths(content) for r in screening.results(content, a)}

    assert reached == {result["service"] for result in content["results"]}
    for result in content["results"]:
        assert result["why"]["id"].startswith("karena ")
        assert result["why"]["en"].startswith("because ")


def test_working_days_are_those_of_the_decree(pilot):
    calendar = agencies.calendar(pilot)

    assert Holiday.objects.count() == 51
    assert calendar.working_days_between(date(2025, 12, 31), date(2026, 12, 31)) == 240
    assert calendar.working_days_between(date(2026, 12, 31), date(2027, 12, 31)) == 242
    assert calendar.next_working(date(2027, 3, 5)) == date(2027, 3, 16)


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("izin praktek dokter", "DPMPTSP-10"),
        ("ijin prakter dokter", "DPMPTSP-10"),
        ("sip dokter", "DPMPTSP-10"),
        ("ktp ilang", "DUKCAPIL-02"),
        ("KTP saya hilang", "DUKCAPIL-02"),
        ("bikin ktp", "DUKCAPIL-01"),
        ("spanduk", "DPMPTSP-33"),
        ("sepanduk", "DPMPTSP-33"),
        ("reklame permanen", "DPMPTSP-32"),
        ("anak lahir", "DUKCAPIL-11"),
        ("akte kelahiran", "DUKCAPIL-11"),
        ("akta lahirr", "DUKCAPIL-11"),
        ("skck", "POLRESTA-01"),
        ("skkc", "POLRESTA-01"),
        ("surat kelakuan baik", "POLRESTA-01"),
        ("bikin usaha", "DPMPTSP-01"),
        ("buka usaha", "DPMPTSP-01"),
        ("paspor", "IMIGRASI-01"),
        ("perpanjang pasport", "IMIGRASI-03"),
        ("pajak motor", "SAMSAT-01"),
        ("kartu kuning", "DISNAKER-01"),
        ("kk hilang", "DUKCAPIL-07"),
        ("kartu keluarga baru", "DUKCAPIL-04"),
        ("buka paud", "DPMPTSP-35"),
        ("tk", "DPMPTSP-35"),
        ("nikah", "KEMENAG-01"),
        ("cerai", "PA-01"),
        ("cairkan jht", "BPJSTK-02"),
        ("bayar pbb", "BAPENDA-03"),
        ("air mati", "PDAM-04"),
        ("npwp", "KPP-01"),
        ("tebang pohon", "DPMPTSP-42"),
        ("lapor pungli", "DPMPTSP-48"),
        ("birth certificate", "DUKCAPIL-11"),
        ("lost id card", "DUKCAPIL-02"),
        ("DPMPTSP-10", "DPMPTSP-10"),
    ],
)
def test_everyday_words_find_the_right_service_first(index, text, code):
    assert [s.code for s in index.find(text, 20)][:1] == [code]


@pytest.mark.parametrize("text", ["", "   ", "???", "qqqqzzzz", "\x00", "a" * 5000, "🙂"])
def test_words_that_mean_nothing_find_nothing_and_break_nothing(index, text):
    assert index.find(text, 20) == []


def test_an_agencys_name_finds_its_services(pilot):
    found = queries.search(pilot, "imigrasi")

    assert {s.agency.code for s in found[:5]} == {"IMIGRASI"}


def test_search_is_quick_and_asks_the_database_once(pilot, django_assert_max_num_queries):
    queries.search(pilot, "ktp hilang")

    begin = time.monotonic()
    with django_assert_max_num_queries(20):
        for _ in range(20):
            queries.search(pilot, "izin praktek dokter gigi")

    assert (time.monotonic() - begin) / 20 < 0.03


def test_the_billboard_fee_is_area_times_faces_times_rate_times_days_times_a_quarter(pilot):
    content = queries.find(pilot, "DPMPTSP", "DPMPTSP-32").edition.content
    answers = {
        "length_cm": 400,
        "width_cm": 250,
        "sides": 2,
        "location_class": "main",
        "months": 3,
        "height_m": 6,
    }

    assert expressions.fee(content, answers) == 10 * 2 * 3000 * 90 // 4
    assert expressions.fee(content, {**answers, "height_m": 16}) == 10 * 2 * 3000 * 90 // 4 * 6 // 5
    assert content["fee"]["confirmed"] is False
