"""What officers see: what is due first, what is late, what waits for a signature."""

from datetime import timedelta

import pytest

from gerai.applications import services as applications
from gerai.applications import tasks as told
from gerai.core.dates import day_in_words
from gerai.ledger.models import Entry
from gerai.notices.models import Notice
from gerai.reviews import cases, queries, services
from gerai.reviews.models import Case, Task
from gerai.reviews.pages.inbox import SHOWN
from gerai.reviews.tests.make import MONDAY, World

pytestmark = pytest.mark.django_db


@pytest.fixture
def world():
    return World()


@pytest.fixture
def officer(client):
    client.defaults["HTTP_ACCEPT_LANGUAGE"] = "id"
    return client


def due(task: Task, at) -> None:
    Task.objects.filter(pk=task.pk).update(opened_at=at - timedelta(days=2), due_at=at)


def test_the_inbox_groups_by_urgency_and_opens_the_most_urgent(officer, world):
    late, later = world.submitted(), world.submitted()
    due(world.task(late, "completeness"), MONDAY - timedelta(days=700))
    due(world.task(later, "completeness"), MONDAY + timedelta(days=7000))
    officer.force_login(world.verifier)

    shown = officer.get("/tugas/")

    assert [(g["key"], len(g["rows"])) for g in shown.context["groups"]] == [("late", 1), ("later", 1)]
    assert shown.context["first"] == world.task(late, "completeness")
    assert "terlambat " in shown.content.decode()
    assert "Buka yang paling mendesak" in shown.content.decode()


def test_an_empty_inbox_says_that_all_is_done(officer, world):
    officer.force_login(world.verifier)

    assert "Semua sudah selesai" in officer.get("/tugas/").content.decode()


def test_the_signing_official_reads_how_many_wait_and_how_many_are_late(officer, world):
    application = world.reviewed()
    task = world.task(application, "assess")
    services.assess(person=world.verifier, task_id=task.pk, outcome="approve", note="", now=MONDAY)
    cases.paid(application_id=application.pk, now=MONDAY)
    due(world.task(application, "decide"), MONDAY - timedelta(days=30))
    officer.force_login(world.signer)

    text = officer.get("/tugas/tanda-tangan/").content.decode()

    assert "1 izin disarankan untuk disetujui." in text
    assert "1 di antaranya lewat batas." in text


def test_the_oldest_missed_deadline_of_each_agency_is_known(world):
    first, second = world.submitted(), world.submitted()
    due(world.task(first, "completeness"), MONDAY - timedelta(days=3))
    due(world.task(second, "completeness"), MONDAY - timedelta(days=9))

    assert queries.late(world.mall, MONDAY) == {"DPMPTSP": (2, MONDAY - timedelta(days=9))}
    assert queries.late(world.mall, MONDAY - timedelta(days=20)) == {}


def test_the_mail_that_the_file_is_complete_names_the_promised_day(world):
    application = world.in_review()
    told.tell(Entry.objects.get(kind="reviews.completed"))

    notice = Notice.objects.get(key__startswith="application_complete")
    assert f"paling lambat {day_in_words(application.promised_at, 'id').split(',')[0]}" in notice.body
    assert "2026" in notice.body


def test_the_officer_reads_that_the_same_was_sent_twice_while_both_are_under_way(officer, world):
    first, second = world.submitted(), world.submitted()
    for one in (first, second):
        cases.open_case(application_id=one.pk, now=MONDAY)
    task = world.task(second, "completeness")
    officer.force_login(world.verifier)

    assert f"sama persis dengan {first.number}" in officer.get(f"/tugas/{task.pk}/").content.decode()
    applications.withdraw(person=world.sari, application_id=first.pk, now=MONDAY)
    assert "sama persis" not in officer.get(f"/tugas/{task.pk}/").content.decode()


def test_the_head_line_counts_what_is_not_shown_too_and_a_search_shows_no_filter(officer, world):
    for _ in range(3):
        due(world.task(world.submitted(), "completeness"), MONDAY - timedelta(days=700))
    later = world.submitted()
    due(world.task(later, "completeness"), MONDAY + timedelta(days=7000))
    officer.force_login(world.verifier)
    shown = officer.get("/tugas/?who=mine&service=&kind=")  # a filter that is kept

    searched = officer.get("/tugas/", {"cari": later.number})

    assert shown.context["summary"] == []
    assert [key for key, _ in officer.get("/tugas/?who=").context["summary"]] == ["late", "later"]
    assert later.number in searched.content.decode()
    assert "tanpa saringan" in searched.content.decode()
    assert 'id="who"' not in searched.content.decode()


def test_what_was_typed_to_be_mended_stays_when_it_is_refused(officer, world):
    application = world.submitted()
    task = world.task(application, "completeness")
    colleague = world.staff("Vina", "DPMPTSP", "verifier")
    services.claim(person=colleague, task_id=task.pk, now=MONDAY)
    officer.force_login(world.verifier)

    said = {"mend:answer:area": "Luas pada gambar 4 m2. Samakan.", "mend:file:KTP": ""}
    refused = officer.post(f"/tugas/{task.pk}/kembalikan/", said)

    assert refused.status_code == 409
    assert 'value="Luas pada gambar 4 m2. Samakan."' in refused.content.decode()
    task.refresh_from_db()
    assert (task.done_at, task.corrections) == (None, [])
    assert 'maxlength="500"' in refused.content.decode(), "what is longer would be cut"


def test_an_officer_opens_what_else_the_applicant_asked_for(officer, world):
    first, second = world.submitted(), world.submitted()
    officer.force_login(world.verifier)

    shown = officer.get(f"/tugas/{world.task(second, 'completeness').pk}/").content.decode()

    there = f"/tugas/{world.task(first, 'completeness').pk}/"
    assert "Isiannya sama persis dengan" in shown
    for words in (first.number, f"Buka {first.number}"):
        assert f'href="{there}">{words}</a>' in shown
    assert officer.get(there).status_code == 200


def test_a_search_by_number_finds_what_has_left_the_list_too(officer, world):
    application = world.in_review()
    ended = f"/tugas/{world.task(application, 'completeness').pk}/"
    officer.force_login(world.verifier)

    found = officer.get("/tugas/", {"cari": application.number}).content.decode()

    assert "Tidak lagi di daftar Anda" in found
    assert f'href="{ended}">{application.number}</a>' in found
    assert ended not in officer.get("/tugas/", {"cari": "Sari"}).content.decode(), (
        "a name finds no ended case"
    )
    officer.force_login(world.dinkes)  # it is still on theirs
    assert "Tidak lagi di daftar" not in officer.get("/tugas/", {"cari": application.number}).content.decode()
    officer.force_login(world.signer)  # it has not been on theirs yet
    assert "Tidak lagi di daftar" not in officer.get("/tugas/", {"cari": application.number}).content.decode()


def test_the_head_reads_why_the_clock_stands(officer, world):
    application = world.reviewed()
    world.assess(application)
    officer.force_login(world.signer)

    shown = officer.get(f"/tugas/kasus/{application.pk}/").content.decode()

    assert "sampai pemohon membayar." in shown


def test_the_head_of_a_missed_promise_reads_what_is_left_to_do(officer, world):
    application = world.in_review()
    Case.objects.filter(pk=application.pk).update(due_at=MONDAY - timedelta(days=30))
    world.also(world.signer, "DINKES", "signer")
    officer.force_login(world.signer)

    shown = officer.get(f"/tugas/kasus/{application.pk}/").content.decode()

    assert "Janji sudah lewat, jadi waktunya tidak dapat diperpanjang" in shown
    assert f"/tugas/bagi/{world.task(application, 'technical.dinkes').pk}/" in shown
    assert f"/tugas/bagi/{world.task(application, 'technical.pupr').pk}/" not in shown, (
        "another agency's officers"
    )


def test_what_is_due_later_is_reached_page_by_page(officer, world):
    numbers = [world.submitted().number for _ in range(SHOWN + 1)]
    officer.force_login(world.verifier)

    def listed(page):
        told = officer.get("/tugas/", {"halaman": page}).context
        return [row["application"].number for group in told["groups"] for row in group["rows"]]

    assert [listed(1), listed(2)] == [numbers[:SHOWN], numbers[SHOWN:]]
    assert listed(9) == listed(0) == listed("x") == numbers[:SHOWN]
    assert "?halaman=2" in officer.get("/tugas/").content.decode()
    second = officer.get("/tugas/", {"halaman": 2}).content.decode()
    assert "Buka yang paling mendesak" not in second, "it is on the first page"
    assert f"1 dari {SHOWN + 1} ditampilkan" in second
