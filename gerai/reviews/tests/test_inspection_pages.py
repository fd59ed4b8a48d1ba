"""Pages of an inspection: the officer's, the applicant's, the phone's; who sees what, and what is entered for it."""

import json
from datetime import timedelta
from uuid import uuid4, uuid5

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from icalendar import Calendar

from gerai.core import clock
from gerai.ledger.models import Entry
from gerai.reviews.inspection_models import Photo, Report, SiteVisit
from gerai.reviews.models import Task
from gerai.reviews.tests.field import ANSWERS, KEY, Field, photo

pytestmark = pytest.mark.django_db
HOUR = timedelta(hours=1)


@pytest.fixture
def field():
    """The case as it is today by the real clock, which the pages read."""
    made = Field()
    Task.objects.filter(pk=made.task.pk).update(due_at=clock.now() + timedelta(days=20))
    return made


@pytest.fixture
def officer(client, field):
    client.defaults["HTTP_ACCEPT_LANGUAGE"] = "id"
    client.force_login(field.putra)
    return client


def soon(field, hours=(9, 10)):
    """Hours of a day to come on which a visit can be."""
    from gerai.agencies import queries as agencies

    calendar = agencies.calendar(field.world.mall)
    day = calendar.next_working(calendar.local(clock.now()).date())
    return day, [calendar.end_of_service(day).replace(hour=hour) for hour in hours]


def proposed(field):
    _, times = soon(field)
    return field.propose(*times, at=clock.now()), times


def agreed(field):
    visit, times = proposed(field)
    return field.choose(visit, times[0], at=clock.now())


def reported(field):
    now = clock.now()
    field.keep(at=now)
    return field.report(at=now)


def text(answer):
    return answer.content.decode()


def test_the_officer_proposes_on_the_case_screen_and_reads_why_it_was_declined(officer, field):
    day, times = soon(field)
    address = f"/tugas/{field.task.pk}/kunjungan/"
    assert "Usulkan waktu" in text(officer.get(f"/tugas/{field.task.pk}/"))
    empty = officer.post(address, {"act": "propose", "day1": "kapan", "hour1": "9"})
    assert empty.status_code == 422
    assert "hari kerja" in text(empty)

    sent = officer.post(
        address, {"act": "propose", "day1": f"{day}", "hour1": "9", "day2": "", "hour2": "10"}
    )

    assert (sent.status_code, SiteVisit.objects.get().times.get().starts_at) == (302, times[0])
    assert "Menunggu pemohon memilih" in text(officer.get(f"/tugas/{field.task.pk}/"))
    field.decline(SiteVisit.objects.get(), at=clock.now())
    assert "Saya di luar kota." in text(officer.get(f"/tugas/{field.task.pk}/"))


@pytest.mark.parametrize("act", ["call_off", "set", "missed"])
def test_what_cannot_be_done_now_is_said_and_changes_nothing(officer, field, act):
    visit = agreed(field)

    shown = officer.post(f"/tugas/{field.task.pk}/kunjungan/", {"act": act})

    assert shown.status_code in (409, 422)
    assert "Belum tersimpan" in text(shown)
    visit.refresh_from_db()
    assert visit.state == "agreed"


def test_the_applicant_chooses_changes_and_declines_on_their_page(client, field):
    visit, times = proposed(field)
    client.force_login(field.sari)
    address = f"/permohonan/{field.application.pk}/peninjauan/"
    assert "Pilih waktu peninjauan" in text(client.get(f"/permohonan/{field.application.pk}/"))
    page = text(client.get(address))
    assert "Bila Anda tidak menjawab" in page
    assert "Papan nama ada" in page  # what will be looked at

    give = {"visit": visit.pk, "act": "choose"}
    assert client.post(address, {**give, "starts_at": times[0].isoformat()}).status_code == 302
    assert "Saya tidak bisa" in text(client.get(address))
    assert client.post(address, {**give, "starts_at": times[1].isoformat()}).status_code == 302
    for wrong in ("besok", "2026-11-24T02:00:00", times[1].replace(hour=16).isoformat()):
        assert client.post(address, {**give, "starts_at": wrong}).status_code == 409
    visit.refresh_from_db()
    assert visit.starts_at == times[1]

    assert client.post(address, {"visit": visit.pk, "act": "decline", "reason": ""}).status_code == 422
    assert (
        client.post(address, {"visit": visit.pk, "act": "decline", "reason": "Hari pasar."}).status_code
        == 302
    )
    assert "Hari pasar." in text(client.get(address))


def test_the_visit_goes_into_both_calendars_without_name_or_address(client, field):
    visit = agreed(field)
    for person, address in (
        (field.sari, f"/permohonan/{field.application.pk}/peninjauan/{visit.pk}.ics"),
        (field.putra, f"/tugas/{field.task.pk}/kunjungan/{visit.pk}.ics"),
    ):
        client.force_login(person)
        written = client.get(address).content
        event = Calendar.from_ical(written).walk("VEVENT")[0]
        assert (event.decoded("dtstart"), str(event["status"])) == (visit.starts_at, "CONFIRMED")
        assert b"Sari" not in written
        assert b"Suprapto" not in written
    field.decline(visit, at=clock.now())
    client.force_login(field.sari)
    gone = client.get(f"/permohonan/{field.application.pk}/peninjauan/{visit.pk}.ics").content
    event = Calendar.from_ical(gone).walk("VEVENT")[0]
    assert (str(event["status"]), int(event["sequence"])) == ("CANCELLED", 2)


def test_a_report_is_written_in_a_plain_form_and_a_second_press_is_the_same_report(officer, field):
    address = f"/tugas/{field.task.pk}/laporan/"
    assert "Jl. Suprapto 1" in text(officer.get(address))  # the place, as it was answered
    before = text(officer.get(f"/tugas/{field.task.pk}/"))
    assert "Tulis laporan" in before
    assert 'value="approve"' not in before

    def sending(**more):
        named = {f"answer:{key}": value for key, value in ANSWERS.items()}
        picture = SimpleUploadedFile("a.jpg", photo(), "image/jpeg")
        return {
            **named,
            "key": str(KEY),
            "photo:sign": picture,
            "finding": "fits",
            "text": "Semua sesuai.",
            **more,
        }

    half = officer.post(address, sending(text=""))
    assert half.status_code == 422
    assert "Lantai bersih." in text(half)  # what was typed stays
    assert not Photo.objects.exists()
    for _ in range(2):
        assert officer.post(address, sending()).status_code == 302

    assert Report.objects.get().photos.count() == 1
    after = text(officer.get(f"/tugas/{field.task.pk}/"))
    assert 'value="approve"' in after
    assert after.count("Semua sesuai.") == 2  # in the report, and as the beginning of the recommendation


def test_who_works_on_the_case_and_the_applicant_read_the_report_and_each_opening_is_entered(client, field):
    made = reported(field)
    picture = made.photos.get().pk
    other = field.world.task(field.application, "s0.dinkes")
    ways = {
        field.putra: f"/tugas/{field.task.pk}/laporan/{made.pk}/",
        field.world.dinkes: f"/tugas/{other.pk}/laporan/{made.pk}/",
        field.sari: f"/permohonan/{field.application.pk}/laporan/{made.pk}/",
    }
    for person, address in ways.items():
        client.force_login(person)
        page = text(client.get(address))
        for words in (
            "92,5 cm",
            "Perda 1",
            "Jalan Suprapto 1",
            "Putra",
            "belum dikonfirmasi",
            f"foto/{picture}/",
        ):
            assert words in page, words
        assert client.get(f"{address}foto/{picture}/").content[:3] == b"\xff\xd8\xff"
    openings = Entry.objects.filter(kind="documents.opened", subject=f"person:{field.sari.pk}")
    assert [e.actor_id for e in openings] == [str(field.putra.pk), str(field.world.dinkes.pk)]

    elsewhere = field.another()
    there = field.world.task(elsewhere, "s0.pupr").pk
    tries = [
        (field.world.budi, ways[field.sari]),
        (field.world.budi, f"{ways[field.sari]}foto/{picture}/"),
        (field.sari, f"/permohonan/{elsewhere.pk}/laporan/{made.pk}/foto/{picture}/"),
        (field.putra, f"/tugas/{there}/laporan/{made.pk}/"),
        (field.world.verifier, ways[field.putra]),
        (field.putra, f"{ways[field.putra]}foto/{uuid4()}/"),
    ]
    for person, address in tries:
        client.force_login(person)
        assert client.get(address).status_code == 404, address


def phone(officer, field, name, key=KEY, **more):
    """One photo, as the phone sends it."""
    picture = SimpleUploadedFile("a.jpg", photo(), "image/jpeg")
    sent = {"task": field.task.pk, "key": uuid5(key, name), "report": key, "point": "sign", "photo": picture}
    return officer.post("/tugas/lapangan/foto/", {**sent, **more}, headers={"Accept": "application/json"})


def test_the_phone_takes_the_days_visits_along_and_sends_what_it_kept_again_and_again(officer, field):
    agreed(field)
    told = officer.get("/tugas/lapangan/isi/")
    assert told["Cache-Control"] == "no-store"
    data = told.json()
    assert [(v["number"], v["place"], len(v["points"])) for v in data["visits"]] == [
        (field.application.number, "Jl. Suprapto 1", 3)
    ]
    assert Entry.objects.filter(kind="reviews.opened").count() == 1

    report = {"answers": ANSWERS, "photos": [str(uuid5(KEY, "a"))], "finding": "mend", "text": "Kurang lampu.",
              "place": "Jl. Suprapto 1", "made_at": clock.now().isoformat()}  # fmt: skip
    give = {"task": field.task.pk, "key": KEY, "report": json.dumps(report)}
    early = officer.post("/tugas/lapangan/laporan/", give, headers={"Accept": "application/json"})
    assert (early.status_code, early.json()["code"]) == (409, "report_photo_missing")
    for _ in range(2):
        assert phone(officer, field, "a").status_code == 200
    answers = [officer.post("/tugas/lapangan/laporan/", give).json() for _ in range(2)]

    assert answers[0] == answers[1]
    assert (Report.objects.count(), Photo.objects.count()) == (1, 1)
    assert officer.get("/tugas/lapangan/isi/").json()["visits"][0]["reported"] is True


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("report", "{}"),
        ("report", "[]"),
        ("report", "tidak"),
        ("key", "x"),
        ("task", "x"),
        ("task", "9" * 30),
    ],
)
def test_what_no_phone_of_ours_would_send_is_not_found(officer, field, name, value):
    report = {
        "answers": {},
        "photos": [],
        "finding": "fits",
        "text": "Baik saja.",
        "place": "",
        "made_at": "",
    }
    give = {"task": field.task.pk, "key": KEY, "report": json.dumps(report)}

    assert officer.post("/tugas/lapangan/laporan/", {**give, name: value}).status_code == 404
    assert not Report.objects.exists()


def test_a_photo_that_is_none_is_refused_in_words(officer, field):
    told = phone(officer, field, "a", photo=SimpleUploadedFile("a.jpg", b"", "image/jpeg"))

    assert (told.status_code, told.json()["code"]) == (422, "file_broken")


def test_the_kept_page_knows_nobody_and_its_keeper_keeps_no_other(officer, field):
    agreed(field)
    page = text(officer.get("/tugas/lapangan/"))
    for words in ("Putra", "Sari", "Suprapto", field.application.number, "csrfmiddlewaretoken"):
        assert words not in page
    keeper = officer.get("/tugas/lapangan/penjaga.js")
    assert keeper["Content-Type"].startswith("text/javascript")
    assert 'PAGE = "/tugas/lapangan/"' in text(keeper)
    assert "isi/" not in text(keeper)
    assert "{{" not in text(keeper)
    plain = text(officer.get("/tugas/lapangan/daftar/"))
    assert Entry.objects.filter(kind="reviews.opened").exists(), "who reads names and places is entered"
    assert "Jl. Suprapto 1" in plain
    assert f"/tugas/{field.task.pk}/laporan/" in plain


def test_two_officers_seal_with_different_keys_and_each_always_with_the_same(officer, field):
    mine = officer.get("/tugas/lapangan/isi/").json()
    again = officer.get("/tugas/lapangan/isi/").json()
    officer.force_login(field.colleague)
    other = officer.get("/tugas/lapangan/isi/").json()

    assert (mine["key"], mine["owner"]) == (again["key"], again["owner"])
    assert mine["key"] != other["key"]
    assert mine["owner"] != other["owner"]
