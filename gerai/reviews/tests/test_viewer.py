"""Documents stand with what they prove and open beside the answers; nothing else is framed, each opening is told."""

import pytest

from gerai.applications import services as applications
from gerai.ledger.models import Entry
from gerai.reviews import cases, services
from gerai.reviews.tests.make import MONDAY, World, both, pdf

pytestmark = pytest.mark.django_db
REQUIREMENTS = [
    {"code": "KTP", "name": both("KTP"), "file": True, "required": False, "note": both("Foto berwarna, tidak buram")},
    {"code": "SIPA", "name": both("Izin air tanah"), "file": True, "required": False, "when": "answers.area > 2"},
    {"code": "AMDAL", "name": both("Amdal"), "file": True, "required": False, "when": "answers.area > 500"},
]  # fmt: skip


@pytest.fixture
def world():
    return World(requirements=REQUIREMENTS)


@pytest.fixture
def task(world):
    """The completeness check of an application with its KTP."""
    draft = applications.start(person=world.sari, service=world.service, now=MONDAY)
    raw = {"area": "3", "address": "Jl. Suprapto 1"}
    applications.save_answers(person=world.sari, application_id=draft.pk, section="data", raw=raw, now=MONDAY)
    applications.attach(
        person=world.sari, application_id=draft.pk, requirement="KTP", name="ktp.pdf", data=pdf(), now=MONDAY
    )
    applications.submit(person=world.sari, application_id=draft.pk, now=MONDAY)
    cases.open_case(application_id=draft.pk, now=MONDAY)
    return world.task(draft, "completeness")


@pytest.fixture
def officer(client, world):
    client.defaults["HTTP_ACCEPT_LANGUAGE"] = "id"
    client.force_login(world.verifier)
    return client


def test_a_requirement_says_its_note_and_because_of_which_answer_it_is_asked(officer, task):
    page = officer.get(f"/tugas/{task.pk}/")

    assert [row["requirement"]["code"] for row in page.context["files"]] == ["KTP", "SIPA"]
    assert [row["because"] for row in page.context["files"]] == [[], [(both("Luas"), "3")]]
    assert "Foto berwarna, tidak buram" in page.content.decode()
    assert "diminta karena jawaban “Luas”: 3" in page.content.decode()


def test_a_document_is_a_plain_link_that_a_script_may_open_beside_the_answers(officer, task):
    page = officer.get(f"/tugas/{task.pk}/").content.decode()

    link = (
        f'<a href="/tugas/{task.pk}/berkas/KTP/" target="_blank" rel="noopener" data-view="application/pdf"'
    )
    assert f'{link} data-proves="KTP">ktp.pdf</a>' in page
    assert '<section class="card stack viewer" id="viewer" hidden' in page


def test_only_the_file_of_a_case_may_be_framed_and_only_by_gerai(officer, task):
    file = officer.get(f"/tugas/{task.pk}/berkas/KTP/")
    page = officer.get(f"/tugas/{task.pk}/")
    missing = officer.get(f"/tugas/{task.pk}/berkas/AMDAL/")

    assert file["X-Frame-Options"] == "SAMEORIGIN"
    assert "frame-ancestors 'self'" in file["Content-Security-Policy"]
    for answer in (page, missing, officer.get("/tugas/"), officer.get("/")):
        assert answer["X-Frame-Options"] == "DENY"
        assert "frame-ancestors 'none'" in answer["Content-Security-Policy"]
    rest = "default-src 'self'", "object-src 'none'", "base-uri 'self'"
    assert all(rule in file["Content-Security-Policy"] for rule in rest)


def test_the_owner_sees_each_opening(officer, world, task):
    for _ in range(2):
        officer.get(f"/tugas/{task.pk}/berkas/KTP/")

    opened = Entry.objects.filter(kind="documents.opened", subject=f"person:{world.sari.pk}")
    assert [entry.actor_id for entry in opened] == [str(world.verifier.pk)] * 2
    assert opened[0].data["what"] == "KTP"


def test_a_file_is_for_who_has_a_task_there_alone(client, world, task):
    services.complete(person=world.verifier, task_id=task.pk, note="", now=MONDAY)
    client.force_login(world.dinkes)

    assert client.get(f"/tugas/{task.pk}/berkas/KTP/").status_code == 404
    assert not Entry.objects.filter(kind="documents.opened").exists()
