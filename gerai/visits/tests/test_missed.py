"""An appointment whose time passed: its holder hears what happened, what is still possible and what follows."""

from datetime import UTC, datetime, timedelta

import pytest

from gerai.core import clock
from gerai.floor.tests.make import KIOSK, MORNING, Hall, later
from gerai.ledger.models import Entry
from gerai.notices.models import Notice
from gerai.visits import booking, closing, reminders, slots, tasks
from gerai.visits.models import Visit
from gerai.visits.tests.test_booking import TEN, WEEK, book, person

pytestmark = pytest.mark.django_db
DAY_BEFORE = MORNING - timedelta(days=1)


@pytest.fixture
def miss(monkeypatch):
    """Let an appointment be missed: its entry is told, twice."""

    def act(hall, visit, now):
        monkeypatch.setattr(clock, "now", lambda: now)
        return missed(hall, visit, now)

    return act


def missed(hall, visit, now):
    closing.close_day(mall=hall.mall, now=now)
    entry = Entry.objects.get(kind="visits.missed", subject=f"visit:{visit.pk}")
    for _ in range(2):  # the worker may be killed between
        tasks.tell(entry)
    return Notice.objects.get(template="appointment_missed", key__endswith=f":{entry.pk}")


def test_who_missed_an_appointment_is_told_once_where_to_book_again_and_what_a_second_one_means(miss):
    hall = Hall(counters=4)
    visit = book(hall, person())

    notice = miss(hall, visit, later(6 * 60 + 1))

    assert notice.path == f"/janji/{visit.pk}/"
    assert "23 November 2026 pukul 10.00" in notice.body
    assert "hari ini sampai" not in notice.body  # the mall has closed
    assert "setelah dua janji terlewat" in notice.body


def test_after_the_second_one_message_and_pages_say_why_only_tomorrow_and_until_when(client, miss):
    hall, sari = Hall(counters=4), person()
    miss(hall, book(hall, sari, at=TEN - WEEK, now=MORNING - 2 * WEEK), MORNING - WEEK + timedelta(hours=7))
    hall.offer("X", "X1")
    visit = book(hall, sari)

    notice = miss(hall, visit, later(6 * 60 + 1))

    again = slots.short_until(sari.pk, hall.mall, later(400))
    assert str(again) == "2027-01-15"  # sixty days after the older one
    assert "mulai Jumat, 15 Januari 2027" in notice.body
    assert slots.short_until(sari.pk, hall.mall, datetime(2027, 1, 15, 1, 0, tzinfo=UTC)) is None
    client.force_login(sari)
    assert "Dua janji Anda terlewat" in client.get(notice.path).content.decode()
    assert "Dua janji Anda terlewat" in client.get("/janji/?s=X/X1").content.decode()


def test_when_the_night_was_missed_the_message_says_that_one_can_come_today(miss):
    hall, sari = Hall(counters=4), person()
    hall.mall.opening = {day: ["08:00", "15:00"] for day in ("sun", "mon")}
    hall.mall.save()
    visit = book(hall, sari, at=TEN - timedelta(days=1), now=DAY_BEFORE - timedelta(hours=4))

    assert "Anda masih dapat datang hari ini sampai pukul 15.00" in miss(hall, visit, MORNING).body


def test_who_is_late_hears_once_that_they_can_still_come_and_nobody_else_does():
    hall = Hall(counters=4)
    late, here = book(hall, person()), book(hall, person("Budi"), at=TEN)
    booking.check_in(mall=hall.mall, code=here.code or "", entrance="A", actor=KIOSK, now=later(55))

    assert reminders.remind(mall=hall.mall, now=later(70)) == 0
    assert reminders.remind(mall=hall.mall, now=later(71)) == 1
    assert reminders.remind(mall=hall.mall, now=later(72)) == 0
    notice = Notice.objects.get(template="appointment_late")
    assert (notice.person, notice.urgent) == (late.person, True)
    assert f"sampai pukul 15.00: ketik kode {late.code}" in notice.body


def test_nobody_is_called_in_by_a_message_when_the_agency_has_closed():
    hall = Hall(counters=4)
    book(hall, person())
    closing.close_day(mall=hall.mall, now=MORNING)
    Visit.objects.update(slot_at=later(350), day=MORNING.date())

    assert reminders.remind(mall=hall.mall, now=later(361)) == 0
