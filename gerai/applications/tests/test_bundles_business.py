"""Several services together for a business: its own applications, apart from one's own, as long as one acts for it."""

import pytest

from gerai.accounts.models import Business, BusinessMember
from gerai.applications import bundle_queries, bundles
from gerai.applications.models import Application
from gerai.applications.tests.make import MONDAY, person
from gerai.applications.tests.street import Street
from gerai.core.errors import NotFound

pytestmark = pytest.mark.django_db
ALL = ["UJI-1", "UJI-2"]


@pytest.fixture
def world() -> Street:
    return Street()


@pytest.fixture
def firm(world) -> Business:
    made = Business.objects.create(nib="1234567890123", name="Toko Sari", created_at=MONDAY, proven_at=MONDAY)
    BusinessMember.objects.create(business=made, person=world.sari, role="owner", since=MONDAY)
    return made


def begin(world, firm=None, who=None):
    return bundles.begin(
        person=who or world.sari, mall=world.mall, occasion="TOKO", codes=ALL, now=MONDAY,
        business_id=firm.pk if firm else None,
    )  # fmt: skip


def test_its_applications_are_the_businesss_and_a_second_click_finds_them(world, firm):
    bundle = begin(world, firm)

    assert begin(world, firm).pk == bundle.pk
    assert set(Application.objects.values_list("business_id", flat=True)) == {firm.pk}
    assert Application.objects.count() == 2


def test_ones_own_and_the_businesss_of_the_same_occasion_are_two(world, firm):
    own, theirs = begin(world), begin(world, firm)

    assert own.pk != theirs.pk
    assert Application.objects.filter(business=None).count() == 2
    assert len(bundle_queries.open_of(world.sari)) == 2


def test_nobody_begins_one_for_a_business_of_others(world, firm):
    with pytest.raises(NotFound):
        begin(world, firm, who=person("Budi Santoso"))
    assert not Application.objects.exists()


def test_what_the_person_has_of_their_own_is_not_the_businesss(world, firm):
    begin(world)
    Application.objects.filter(service=world.shop).update(status="approved", submitted_at=MONDAY, number="1")
    bundle = begin(world, firm)

    among = list(bundle_queries.items(bundle))

    assert bundle_queries.granted(bundle, among) == set()


def test_who_has_left_the_business_sees_its_bundle_no_more(world, firm):
    bundle = begin(world, firm)
    BusinessMember.objects.update(active=False, ended_at=MONDAY)

    with pytest.raises(NotFound):
        bundle_queries.get(world.sari, bundle.pk)
    assert bundle_queries.open_of(world.sari) == []


def test_the_page_asks_for_whom(client, world, firm):
    client.force_login(world.sari)
    client.defaults["HTTP_ACCEPT_LANGUAGE"] = "id"
    start = "/ajukan-bersama/TOKO/"
    assert "Untuk Toko Sari (NIB 1234567890123)" in client.get(start).content.decode()

    made = client.post(start, {"s": ALL, "behalf": f"business:{firm.pk}"})

    assert "Untuk Toko Sari (NIB 1234567890123)" in client.get(made["Location"]).content.decode()
    assert client.post(start, {"s": ALL, "behalf": "business:x"}).status_code == 404
