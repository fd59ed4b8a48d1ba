"""An officer's look at a permit is an opening that the holder sees; their own is not."""

import pytest

from gerai.ledger.models import Entry
from gerai.permits.tests.make import World

pytestmark = [pytest.mark.django_db, pytest.mark.slow]


@pytest.fixture
def world():
    return World()


def openings():
    return Entry.objects.filter(kind="permits.opened")


def test_an_officers_look_is_written_with_permit_and_agency_but_no_name(client, world):
    permit = world.issued()
    client.force_login(world.kepala)
    client.get(f"/izin/{permit.pk}/")

    entry = openings().get()
    assert (entry.subject, entry.actor_id) == (f"person:{world.sari.pk}", str(world.kepala.pk))
    assert entry.data == {"permit": str(permit.pk), "number": permit.number, "agency": "DINKES"}


def test_looking_again_at_once_is_the_same_opening_and_another_officer_another(client, world):
    permit = world.issued()
    for who in (world.kepala, world.kepala, world.staff("Rina", "DINKES", "verifier")):
        client.force_login(who)
        client.get(f"/izin/{permit.pk}/")

    assert openings().count() == 2


def test_a_refused_revocation_shows_the_permit_and_is_an_opening_too(client, world):
    permit = world.issued()
    client.force_login(world.kepala)
    client.post(f"/izin/{permit.pk}/cabut/", {"reason": "ya"})

    assert openings().count() == 1


@pytest.mark.parametrize(("who", "status"), [("sari", 200), ("budi", 404), ("other", 404)])
def test_the_holder_leaves_no_trace_and_who_finds_nothing_opened_nothing(client, world, who, status):
    permit = world.issued()
    client.force_login(getattr(world, who))

    assert client.get(f"/izin/{permit.pk}/").status_code == status
    assert not openings().exists()


def test_an_administrator_sees_the_permit_but_not_the_file_with_its_personal_rows(client, world):
    permit = world.issued()
    client.force_login(world.staff("Rina", "DINKES", "agency_admin"))

    page = client.get(f"/izin/{permit.pk}/").content.decode()
    assert "Klinik Sehat" in page
    assert "Unduh PDF" not in page
    assert client.get(f"/izin/{permit.pk}/unduh/").status_code == 404
    assert (
        client.post(f"/izin/{permit.pk}/bekukan/", {"reason": "x" * 20, "ground": "UU 1"}).status_code == 404
    )
