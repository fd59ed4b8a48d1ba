"""The agency's register: its own permits, holders veiled, fifty a page without a row lost or doubled."""

import re
from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from gerai.catalogue.models import Service
from gerai.core.ids import uuid7
from gerai.documents.models import Document
from gerai.ledger.models import Entry
from gerai.permits import registers, withdrawing
from gerai.permits.models import Permit
from gerai.permits.tests.make import ADDRESS, MONDAY, World, person

pytestmark = [pytest.mark.django_db, pytest.mark.slow]


@pytest.fixture
def world():
    return World()


def opened(client, who, **asked: str) -> str:
    client.force_login(who)
    answer = client.get("/izin/", asked)
    assert answer.status_code == 200
    return answer.content.decode()


def many(world: World, count: int) -> list[str]:
    """Signed permits as rows, the newest first: what `issue` and `sign` leave, but without a file on the disk."""
    model = world.issued()
    rows = []
    for n in range(2, count + 1):
        one = Permit.objects.get(pk=model.pk)
        one.pk, one.secret, one.number = uuid7(), f"s{n}", f"{n:04d}/DINKES/SIP/2026"
        one.application = world.waiting(person(f"P{n:03} Orang"))
        one.decided_at = MONDAY + timedelta(seconds=n // 3)  # some of the same moment
        one.document = Document.objects.create(
            owner=world.sari, kind="permit", name="x", media_type="application/pdf", size=1, created_at=MONDAY,
            sha256=f"{n:064d}",
        )  # fmt: skip
        rows.append(one)
    Permit.objects.bulk_create(rows)
    return list(Permit.objects.order_by("-decided_at", "-id").values_list("number", flat=True))


@pytest.mark.parametrize("role", ["signer", "verifier", "agency_admin"])
def test_signer_verifier_and_administrator_see_it_with_the_holder_veiled(client, world, role):
    permit = world.issued()
    page = opened(client, world.staff("Rina", "DINKES", role))

    assert all(said in page for said in (permit.number, "S*** W********", "berlaku", f"/izin/{permit.pk}/"))
    assert not any(secret in page for secret in ("Sari", "Wulandari", "Klinik", ADDRESS))
    assert not Entry.objects.filter(kind="permits.opened").exists()


def test_another_agencys_officer_sees_their_own_register_whatever_the_address_says(client, world):
    permit = world.issued()
    mine = world.kepala.memberships.get()

    for asked in ({}, {"as": str(mine.pk)}, {"setelah": str(permit.pk)}, {"nomor": permit.number}):
        page = opened(client, world.other, **asked)
        assert permit.number not in page.replace(f'value="{permit.number}"', "")
        assert "Tidak ada izin di sini" in page


@pytest.mark.parametrize("role", [None, "counter_officer", "reviewer"])
def test_who_has_no_such_role_finds_nothing(client, world, role):
    client.force_login(world.staff("Rina", "DINKES", role) if role else world.budi)
    assert client.get("/izin/").status_code == 404


def test_a_role_that_was_taken_away_opens_nothing(client, world):
    world.kepala.memberships.update(active=False)
    client.force_login(world.kepala)
    assert client.get("/izin/").status_code == 404


def test_one_finds_by_a_part_of_the_number_but_never_by_a_name(client, world):
    permit = world.issued()

    assert permit.number in opened(client, world.kepala, nomor=" 0001/dinkes ")
    for name in ("Sari", "S", "sari wulandari"):
        asked = opened(client, world.kepala, nomor=name)
        assert (permit.number in asked) is (name.lower() in permit.number.lower())


def test_it_narrows_to_service_year_and_state(client, world):
    permit = world.issued()

    for asked, found in (
        ({"layanan": "SIP"}, True), ({"layanan": "LAIN"}, False),
        ({"tahun": "2026"}, True), ({"tahun": "2025"}, False), ({"tahun": "²"}, True), ({"tahun": "99999999"}, True),
        ({"keadaan": "expired"}, False), ({"keadaan": "suspended"}, False), ({"keadaan": "nonsense"}, True),
        ({"setelah": "nonsense"}, True),
    ):  # fmt: skip
        assert (permit.number in opened(client, world.kepala, **asked)) is found, asked


@pytest.mark.parametrize("day", ["2026-11-22", "2026-11-23", "2031-11-23", "2031-11-24"])
@pytest.mark.parametrize("status", ["valid", "suspended", "revoked"])
def test_each_state_filter_finds_exactly_what_is_shown_as_such(world, day, status):
    permit = world.issued()
    words = {"reason": "Alasan yang panjang.", "actor": world.kepala, "now": MONDAY}
    if status == "suspended":
        withdrawing.suspend(permit=permit, ground="UU 17/2023", **words)
    if status == "revoked":
        withdrawing.revoke(permit=permit, **words)
    now = MONDAY.fromisoformat(f"{day}T02:00:00+00:00")
    agency = world.agencies["DINKES"]

    shown = {
        state: registers.page(agency, registers.Wanted(state=state), now)[0] for state in registers.STATES
    }

    (state,) = [state for state, rows in shown.items() if rows]
    assert shown[state][0].state == state


def test_following_the_pages_shows_every_permit_once_also_while_others_are_issued(client, world):
    numbers = many(world, 120)
    seen: list[str] = []
    page = opened(client, world.kepala)
    while True:
        seen += re.findall(r">(\d{4}/DINKES/SIP/2026)</a>", page)
        following = re.search(r'rel="next" href="\?([^"]+)"', page)
        if not following:
            break
        world.reserved(person(f"B{len(seen):03} Baru"))  # one more is decided meanwhile
        page = client.get("/izin/?" + following[1].replace("&amp;", "&")).content.decode()

    assert seen == numbers
    assert len(seen) == 120


def test_a_page_costs_the_same_queries_for_one_as_for_fifty(world):
    agency = world.agencies["DINKES"]
    world.issued()
    with CaptureQueriesContext(connection) as one:
        registers.page(agency, registers.Wanted(), MONDAY)
    for n in range(5):
        world.issued(person(f"P{n:03} Orang"))
    with CaptureQueriesContext(connection) as six:
        assert len(registers.page(agency, registers.Wanted(), MONDAY)[0]) == 6

    assert len(six) == len(one)


def test_it_is_narrowed_only_to_services_that_stand_in_it(world):
    agency = world.issued().agency
    empty = Service.objects.create(
        agency=agency, code="DINKES-99", name={"id": "Lain", "en": "Other"}, counter_minutes=5
    )

    services, years = registers.choices(agency)
    assert empty not in services
    assert len(services) == len(years) == 1
