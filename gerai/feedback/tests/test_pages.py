"""Rating and complaining as people do it, without JavaScript; and what each role finds in its inbox."""

from datetime import UTC, datetime

import pytest

from gerai.agencies.models import Membership
from gerai.applications.models import Application
from gerai.core.errors import NotFound
from gerai.feedback import queries, rules, services
from gerai.feedback.models import Complaint, Survey
from gerai.ledger.models import Entry
from gerai.reviews.tests.make import MONDAY, World, person

pytestmark = pytest.mark.django_db


@pytest.fixture
def world():
    return World()


@pytest.fixture
def approved(world):
    application = world.submitted()
    Application.objects.filter(pk=application.pk).update(status="approved")
    return application


def member(world, name, role, agency=None):
    """Somebody with a role."""
    somebody = person(name)
    at = world.agencies[agency] if agency else None
    Membership.objects.create(mall=world.mall, agency=at, person=somebody, role=role)
    return somebody


def test_one_tap_rates_and_nine_answers_may_follow(client, world, approved):
    url = f"/survei/{services.invite_token('application', approved.pk)}/"

    assert client.post(url, {"score": "4"}).status_code == 302
    assert "Terima kasih" in client.get(url).content.decode()
    client.post(url, dict.fromkeys(rules.ELEMENTS, "3"))
    client.post(url, dict.fromkeys(rules.ELEMENTS, "1"))
    client.post(url, {"score": "1"})

    rating = Survey.objects.get()
    assert (rating.score, rating.service) == (4, "UJI")
    assert str(rules.index([rating.elements])) == "75.00"
    rated = Entry.objects.get(kind="feedback.rated")
    assert rated.data == {"agency": "DPMPTSP", "service": "UJI", "score": 4, "elements": {}}
    assert Entry.objects.filter(kind="feedback.detailed").count() == 1


@pytest.mark.parametrize("told", [{"score": "5"}, {"score": "²"}, {}, {"time": "4"}])
def test_a_score_outside_the_scale_is_asked_again(client, approved, told):
    url = f"/survei/{services.invite_token('application', approved.pk)}/"

    answer = client.post(url, told)

    assert answer.status_code == 422
    assert "Pilih salah satu" in answer.content.decode()
    assert not Survey.objects.exists()


def test_an_invitation_cannot_be_guessed_or_used_before_the_decision(client, world, approved):
    assert client.get("/survei/tebakan/").status_code == 404
    with pytest.raises(NotFound):
        queries.invited(services.invite_token("application", "0192f000-0000-7000-8000-000000000000"))
    client.force_login(world.budi)
    assert client.get(f"/survei/permohonan/{approved.pk}/").status_code == 404
    Application.objects.filter(pk=approved.pk).update(status="review")
    client.force_login(world.sari)
    page = client.get(f"/survei/permohonan/{approved.pk}/", follow=True)
    assert "Penilaian dibuka setelah" in page.content.decode()


def test_somebody_without_a_name_complains_and_follows_the_answer(client, world):
    sent = {"kind": "service", "agency": "DINKES", "text": "Menunggu dua jam di loket 4."}
    follow = client.post("/pengaduan/", sent)["Location"]
    assert "ADU-1771-2026-00001" in client.get(follow).content.decode()

    admin = member(world, "Admin", "agency_admin", "DINKES")
    client.force_login(admin)
    complaint = Complaint.objects.get()
    url = f"/pengaduan/masuk/{complaint.pk}/"
    assert complaint.number in client.get("/pengaduan/masuk/").content.decode()
    assert "dua jam" in client.get(url).content.decode()
    client.post(url, {"take_up": "1"})
    assert client.post(url, {"text": " "}).status_code == 422
    client.post(url, {"text": "Maaf. Loket kedua kami buka."})
    client.post(url, {"text": "Jawaban lain."})

    client.logout()
    page = client.get(follow).content.decode()
    assert "Loket kedua kami buka" in page
    assert "Jawaban lain" not in page
    kinds = Entry.objects.filter(kind__startswith="feedback.").order_by("id").values_list("kind", flat=True)
    assert list(kinds) == ["feedback.complained", "feedback.checked", "feedback.answered"]
    assert "dua jam" not in str(list(Entry.objects.values_list("data", flat=True)))


def test_a_complaint_without_words_is_asked_again_with_what_was_chosen(client, world):
    answer = client.post("/pengaduan/", {"kind": "facility", "agency": "", "text": "?"})

    assert answer.status_code == 422
    assert 'value="facility" checked' in answer.content.decode()
    assert not Complaint.objects.exists()
    assert client.get("/pengaduan/tebakan/").status_code == 404


def test_days_count_as_the_mall_works(world):
    made = services.complain(
        mall=world.mall, agency=None, kind="other", text="Lantai licin sekali.", contact="", now=MONDAY
    )

    # Tuesday is day 1; Wednesday is a holiday; service ends at 15.00 in Bengkulu.
    assert made.check_due_at == datetime(2026, 11, 27, 8, 0, tzinfo=UTC)
    assert made.due_at == datetime(2026, 12, 1, 8, 0, tzinfo=UTC)


def test_the_agency_finds_no_trace_of_an_illegal_fee_report(client, world):
    client.post("/pengaduan/", {"kind": "illegal_fee", "agency": "DINKES", "text": "Diminta uang rokok."})
    client.post("/pengaduan/", {"kind": "service", "agency": "DINKES", "text": "Antrean panjang sekali."})
    report = Complaint.objects.get(kind="illegal_fee")
    assert Complaint.objects.get(kind="service").number == "ADU-1771-2026-00001"  # no gap tells of it

    for role, agency in (("agency_admin", "DINKES"), ("mall_manager", None), ("agency_admin", "PUPR")):
        client.force_login(member(world, f"{role}{agency}", role, agency))
        assert report.number not in client.get("/pengaduan/masuk/").content.decode()
        for told in ({"take_up": "1"}, {"text": "Tidak benar."}):
            assert client.post(f"/pengaduan/masuk/{report.pk}/", told).status_code == 404
    client.force_login(member(world, "Auditor", "auditor"))
    assert "uang rokok" in client.get(f"/pengaduan/masuk/{report.pk}/").content.decode()
    client.post(f"/pengaduan/masuk/{report.pk}/", {"text": "Kami periksa orangnya."})

    entries = Entry.objects.filter(subject=f"complaint:{report.pk}")
    assert entries.count() == 2
    assert all(e.kind.startswith("feedback.integrity_") and e.data == {} for e in entries)


def test_a_promise_that_has_passed_is_not_repeated_but_excused(client, world):
    made = services.complain(
        mall=world.mall, agency=None, kind="facility", text="Kursi rusak tiga.", contact="", now=MONDAY
    )
    Complaint.objects.update(due_at=datetime(2026, 1, 5, 8, tzinfo=UTC))

    page = client.get(f"/pengaduan/{made.secret}/").content.decode()

    assert "sudah lewat. Mohon maaf" in page
    assert "Kami jawab paling lambat" not in page
