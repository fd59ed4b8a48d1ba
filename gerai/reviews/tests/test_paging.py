"""The heads' lists go on after a hundred, by pages and by number."""

import pytest

from gerai.reviews import services
from gerai.reviews.models import Task
from gerai.reviews.pages import paging
from gerai.reviews.tests.make import MONDAY, World

pytestmark = [pytest.mark.django_db, pytest.mark.slow]


@pytest.fixture
def world():
    made = World()
    made.sent = [made.submitted() for _ in range(paging.SIZE + 1)]
    return made


@pytest.fixture
def head(client, world):
    client.defaults["HTTP_ACCEPT_LANGUAGE"] = "id"
    client.force_login(world.signer)
    return client


def test_the_hundred_and_first_running_case_is_reached_by_page_and_by_number(head, world):
    services.complete(  # with a promise: on top
        person=world.verifier, task_id=world.task(world.sent[7], "completeness").pk, note="", now=MONDAY
    )
    first, second = head.get("/tugas/kasus/"), head.get("/tugas/kasus/?halaman=2")
    beyond = head.get("/tugas/kasus/?halaman=99")

    listed = [row["case"].pk for page in (first, second) for row in page.context["rows"]]
    assert (len(listed), len(set(listed))) == (101, 101)
    assert [len(page.context["rows"]) for page in (first, second, beyond)] == [100, 1, 1]
    assert listed[0] == world.sent[7].pk
    assert 'rel="next" href="?halaman=2"' in first.content.decode()
    assert "Halaman 2 dari 2" in second.content.decode()
    wanted = world.sent[100]
    for text in (wanted.number, "101"):
        found = head.get("/tugas/kasus/", {"cari": text})
        assert [row["case"].pk for row in found.context["rows"]] == [wanted.pk]
    assert (
        "Tidak ada permohonan berjalan dengan nomor itu"
        in head.get("/tugas/kasus/?cari=999").content.decode()
    )


def test_the_hundred_and_first_task_to_share_is_reached_by_page_and_by_number(head, world):
    first = head.get("/tugas/bagi/")
    second = head.get("/tugas/bagi/?daftar=DPMPTSP/verifier&halaman=2")
    others = head.get("/tugas/bagi/?daftar=DPMPTSP/signer&halaman=2")

    pages = [page.context["groups"][0] for page in (first, second, others)]
    assert [len(group["rows"]) for group in pages] == [100, 1, 100]
    assert {row["task"].pk for group in pages[:2] for row in group["rows"]} == set(
        Task.objects.values_list("pk", flat=True)
    )
    assert "?daftar=DPMPTSP/verifier&amp;halaman=2#DPMPTSP/verifier" in first.content.decode()
    found = head.get("/tugas/bagi/", {"cari": "101"}).context["groups"][0]
    assert [row["application"].pk for row in found["rows"]] == [world.sent[100].pk]
    assert found["free"] == 101  # what is shared out evenly is all of it
    assert "Tidak ada tugas terbuka untuk nomor itu" in head.get("/tugas/bagi/?cari=999").content.decode()


def test_another_agencys_number_finds_nothing(client, world):
    client.force_login(world.staff("Kadinkes", "DINKES", "signer"))

    assert not client.get("/tugas/kasus/", {"cari": world.sent[0].number}).context["rows"]
