"""Mending what was returned, and coming back: what is asked, what was changed, and the way back and forth."""

import pytest
from django.utils import translation

from gerai.applications import marks, mending, tasks
from gerai.applications.models import Application
from gerai.applications.rules import Status
from gerai.applications.tests.make import GOOD, MONDAY, World, picture, save
from gerai.ledger import services as ledger
from gerai.ledger.rules import SYSTEM
from gerai.notices.models import Notice

pytestmark = pytest.mark.django_db
WISHES = [
    {"what": "answer:area", "text": "Luas tidak sama dengan gambar."},
    {"what": "file:KTP", "text": "Foto buram."},
]


@pytest.fixture(autouse=True)
def indonesian():
    with translation.override("id"):
        yield


@pytest.fixture
def world():
    return World()


@pytest.fixture
def sari(client, world):
    client.defaults["HTTP_ACCEPT_LANGUAGE"] = "id"
    client.force_login(world.sari)
    return client


def text(response):
    return response.content.decode()


def given_back(world, *, complete=False):
    application = world.submitted()
    if complete:
        marks.mark(application=application, status=Status.REVIEW, complete_at=MONDAY)
    marks.give_back(application=application, corrections=WISHES, by=MONDAY)
    return application


def mended(application):
    return [wish["mended"] for wish in mending.wishes(application)]


def test_a_wish_is_mended_once_something_else_stands_there(world):
    application = given_back(world)

    assert mended(application) == [False, False]
    save(world.sari, application, GOOD)  # the same again
    application.refresh_from_db()
    assert mended(application) == [False, False]
    save(world.sari, application, {**GOOD, "area": "4"})
    world.attach(application, picture("red"))
    application = Application.objects.get(pk=application.pk)
    assert mended(application) == [True, True]


def test_what_was_asked_and_not_changed_is_told_before_it_is_sent(sari, world):
    application = given_back(world)
    check = f"/permohonan/{application.pk}/periksa/"

    untouched = text(sari.get(check))
    save(world.sari, application, {**GOOD, "area": "4"})
    half = text(sari.get(check))
    world.attach(application, picture("red"))
    done = text(sari.get(check))

    assert "Luas tidak sama dengan gambar." in untouched
    assert "belum Anda ubah" in untouched
    assert f'/permohonan/{application.pk}/berkas/">Ubah yang diminta' in half  # the page of what is left
    assert "Kirim tanpa mengubahnya" in untouched
    assert done.count("sudah Anda ubah") == len(WISHES)
    assert "Kirim perbaikan" in done
    assert "tanpa mengubahnya" not in done


def test_only_pages_with_something_to_mend_can_be_changed_from_the_check(sari, world):
    application = given_back(world)
    base = f"/permohonan/{application.pk}/"

    page = text(sari.get(base + "periksa/"))

    assert f'href="{base}isi/place/"' in page
    assert f'href="{base}isi/more/"' not in page


def test_the_check_does_not_promise_a_second_check_of_what_was_found_complete(sari, world):
    early, late = text(sari.get(f"/permohonan/{given_back(world).pk}/periksa/")), None
    Application.objects.update(complete_at=MONDAY)
    late = text(sari.get(f"/permohonan/{Application.objects.get().pk}/periksa/"))

    assert "Kelengkapan diperiksa" in early
    assert "Kelengkapan diperiksa" not in late
    assert "begitu perbaikan Anda masuk" in late


def test_nobody_is_asked_anything_of_a_draft(world):
    assert mending.wishes(world.draft()) == []


def test_each_page_leads_back_to_the_one_before(sari, world):
    base = f"/permohonan/{world.filled().pk}/"

    for page, before in (
        ("isi/place/", ""),
        ("isi/more/", "isi/place/"),
        ("berkas/", "isi/more/"),
        ("periksa/", "berkas/"),
    ):
        assert f'<a href="{base}{before}">Kembali</a>' in text(sari.get(base + page))


def test_who_comes_back_goes_on_where_something_is_missing(sari, world):
    draft = world.draft()
    base = f"/permohonan/{draft.pk}/"
    places = []
    for step in (None, "place", "more", "files"):
        if step == "files":
            world.attach(draft)
        elif step:
            save(world.sari, draft, GOOD, step)
        places.append(sari.get(base).context["mend_url"].removeprefix(base))

    assert places == ["isi/place/", "isi/more/", "berkas/", "periksa/"]


@pytest.mark.parametrize(
    ("told", "words"),
    [
        ({"by": "2027-01-04T08:00:00+00:00"}, "paling lambat Senin, 4 Januari 2027"),
        ({}, "yang tertulis di sana"),
    ],
)
def test_the_message_of_a_return_says_by_when_and_what_silence_means(world, told, words):
    entry = ledger.append(
        mall="1771",
        kind="reviews.returned",
        subject=f"application:{given_back(world).pk}",
        actor=SYSTEM,
        now=MONDAY,
        data=told,
    )

    tasks.tell(entry)

    body = Notice.objects.get(template="application_returned").body
    assert words in body
    assert "Lewat hari itu permohonan berakhir." in body


@pytest.mark.parametrize(
    ("status", "offered"), [("approved", 1), ("rejected", 1), ("withdrawn", 1), ("review", 0)]
)
def test_what_has_ended_can_be_asked_for_again_with_the_same_answers(sari, world, status, offered):
    application = world.submitted()
    Application.objects.update(status=status, rejection={"ground": "Perda 1", "text": "Jalur hijau."})

    page = text(sari.get(f"/permohonan/{application.pk}/"))
    start = text(sari.get("/ajukan/DPMPTSP/UJI/?lagi"))

    assert page.count("Ajukan lagi dengan isian ini") == offered
    assert f"Pakai lagi isian dan berkas dari permohonan {application.number}" in start
