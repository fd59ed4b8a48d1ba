"""Ready before you come, the calendar file, and the links of messages."""

from datetime import UTC, datetime, timedelta

import pytest
from icalendar import Calendar

from gerai.applications.models import Application
from gerai.catalogue.models import Edition
from gerai.documents.models import Document
from gerai.floor.tests.make import KIOSK, MORNING, Hall, later
from gerai.visits import booking, calendars, readiness, reminders
from gerai.visits.models import Errand, Visit
from gerai.visits.tests.test_booking import TEN, book, person

pytestmark = pytest.mark.django_db
CONTENT = {
    "requirements": [
        {"code": "KTP", "name": {"id": "KTP", "en": "ID card"}},
        {"code": "NPWP", "name": {"id": "NPWP", "en": "Tax number"}, "file": True, "required": True},
    ]
}


def errand(hall: Hall, **changes) -> Errand:
    visit = book(hall, person())
    found = visit.errands.select_related("service__agency").get()
    for name, value in changes.items():
        setattr(found, name, value)
    return found


def test_an_errand_at_the_counter_only_says_what_to_bring():
    found = readiness.one(errand(Hall(counters=2)), CONTENT, set())

    assert (found.state, found.good) == ("bring", True)
    assert [r["code"] for r in found.bring] == ["KTP", "NPWP"]


def test_a_missing_paper_can_be_sent_from_home_and_a_stored_one_is_not_asked_again():
    hall = Hall(counters=2)
    hall.services["X"].online = True
    hall.services["X"].save()
    one = errand(hall)

    missing = readiness.one(one, CONTENT, set())
    assert (missing.state, [r["code"] for r in missing.missing], missing.url) == (
        "send",
        ["NPWP"],
        "/ajukan/X/X/",
    )
    assert readiness.one(one, CONTENT, {"NPWP"}).state == "ready"


@pytest.mark.parametrize(
    ("status", "state"),
    [("returned", "mend"), ("payment", "pay"), ("review", "running"), ("approved", "ready")],
)
def test_a_running_application_decides_what_hinders_the_visit(status, state):
    one = errand(Hall(counters=2))
    one.application = Application(status=status)

    assert readiness.one(one, CONTENT, set()).state == state


def test_a_whole_visit_is_read_in_few_statements(django_assert_max_num_queries):
    hall = Hall(counters=4)
    visit = book(hall, person(), "X", "Y")
    Document.objects.create(
        owner=visit.person,
        kind="NPWP",
        name="n",
        media_type="image/png",
        size=1,
        sha256="0",
        created_at=MORNING,
    )

    with django_assert_max_num_queries(4):
        assert len(readiness.of_visit(visit)) == 2


def test_the_calendar_file_is_read_by_another_reader_with_its_zone_and_growing_sequence():
    hall = Hall(counters=4)
    visit = book(hall, person())
    first = Calendar.from_ical(calendars.write([visit], language="id", now=MORNING)).walk("VEVENT")[0]
    booking.move(visit=visit, starts_at=TEN + booking.rules.SLOT, actor=KIOSK, now=later(1))
    visit.refresh_from_db()
    moved = Calendar.from_ical(calendars.write([visit], language="id", now=later(2)))

    event = moved.walk("VEVENT")[0]
    assert event["uid"] == first["uid"]
    assert (int(first["sequence"]), int(event["sequence"])) == (0, 1)
    assert event.decoded("dtstart").astimezone(UTC) == TEN + booking.rules.SLOT
    assert [str(zone["tzid"]) for zone in moved.walk("VTIMEZONE")] == ["Asia/Jakarta"]
    booking.cancel(visit=visit, actor=KIOSK, now=later(3))
    visit.refresh_from_db()
    gone = Calendar.from_ical(calendars.write([visit], language="en", now=later(4))).walk("VEVENT")[0]
    assert (str(gone["status"]), int(gone["sequence"])) == ("CANCELLED", 2)


@pytest.mark.parametrize("zone", ["Asia/Jakarta", "Asia/Makassar", "Asia/Jayapura"])
def test_every_zone_of_the_country_is_written_with_its_offset(zone):
    hall = Hall(counters=4)
    visit = book(hall, person())
    visit.mall.timezone = zone
    event = Calendar.from_ical(calendars.write([visit], language="id", now=MORNING)).walk("VEVENT")[0]

    assert event.decoded("dtstart").astimezone(UTC) == TEN


def test_the_link_of_a_message_confirms_or_cancels_without_signing_in(client):
    hall = Hall(counters=4)
    visit = book(hall, person())
    address = f"/janji/jawab/{reminders.token(visit)}/"

    assert client.get(address).status_code == 200
    assert Visit.objects.get().coming_at is None  # looking changes nothing: mail programs look too
    client.post(address, {"answer": "come"})
    assert Visit.objects.get().coming_at is not None
    client.post(address, {"answer": "cancel"})
    assert Visit.objects.get().stage == "cancelled"
    assert client.get("/janji/jawab/guessed/").status_code == 404


def test_reminders_go_out_once_the_evening_before_and_two_hours_before():
    hall = Hall(counters=4)
    sari = person()
    visit = book(hall, sari, now=MORNING - booking.rules.SLOT * 100)
    day_before = datetime(2026, 11, 22, 9, 30, tzinfo=UTC)  # 16.30

    assert reminders.remind(mall=hall.mall, now=datetime(2026, 11, 22, 8, 30, tzinfo=UTC)) == 0
    assert reminders.remind(mall=hall.mall, now=day_before) == 1
    assert reminders.remind(mall=hall.mall, now=day_before) == 0
    assert reminders.remind(mall=hall.mall, now=MORNING) == 1
    booking.cancel(visit=visit, actor=KIOSK, now=MORNING)
    assert reminders.remind(mall=hall.mall, now=later(10)) == 0


PREPARED = {**CONTENT, "form": "generic"}


@pytest.mark.parametrize(
    ("status", "state"),
    [
        ("draft", "send"),
        ("submitted", "running"),
        ("returned", "mend"),
        ("decision", "ready"),
        ("approved", "ready"),
    ],
)
def test_what_is_finished_at_the_counter_is_ready_once_its_papers_were_found_complete(status, state):
    one = errand(Hall(counters=2))
    one.application = Application(status=status)

    found = readiness.one(one, PREPARED, set())

    assert (found.state, [r["code"] for r in found.bring]) == (state, ["KTP", "NPWP"])
    if status == "decision":
        assert readiness.one(one, CONTENT, set()).state == "running"


def test_what_was_finished_at_an_earlier_visit_says_nothing_about_this_one():
    hall = Hall(counters=2)
    hall.services["X"].online = True
    hall.services["X"].save()
    one = errand(hall)
    one.application = Application(status="approved", decided_at=one.visit.booked_at - timedelta(days=200))
    assert readiness.one(one, PREPARED, set()).state == "send"
    assert readiness.one(one, PREPARED, set(), Application(status="decision")).state == "ready"

    one.application.decided_at = one.visit.booked_at + timedelta(days=1)
    assert readiness.one(one, PREPARED, set()).state == "ready"


def prepared(hall, person, status, **changes):
    service = hall.services["X"]
    edition = Edition.objects.get(service=service, status="published")
    return Application.objects.create(
        mall=hall.mall, agency=service.agency, service=service, edition=edition, applicant=person, status=status,
        created_at=MORNING, **changes,
    )  # fmt: skip


def test_an_application_that_was_prepared_counts_for_its_holders_visit_and_nobody_elses():
    hall = Hall(counters=2)
    hall.services["X"].online = True
    hall.services["X"].save()
    Edition.objects.filter(service=hall.services["X"]).update(status="superseded")
    Edition.objects.create(
        service=hall.services["X"], number=2, content=PREPARED, status="published", published_at=MORNING
    )
    visit = book(hall, person())

    def states():
        visit.refresh_from_db()
        return [r.state for r in readiness.of_visit(visit).values()]

    prepared(hall, person("Budi"), "decision")
    assert states() == ["send"]

    mine = prepared(hall, visit.person, "decision")
    prepared(hall, visit.person, "draft")

    assert states() == ["ready"]
    Application.objects.filter(pk=mine.pk).update(status="withdrawn")
    assert states() == ["send"]
