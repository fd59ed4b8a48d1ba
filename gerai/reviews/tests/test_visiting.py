"""A visit to the place: proposed, chosen, changed, called off, missed, set after silence; who is told."""

from datetime import timedelta

import pytest

from gerai.ledger.models import Entry
from gerai.notices.models import Notice
from gerai.reviews import answering, handing, inspecting, services, visiting
from gerai.reviews.inspection_models import SiteVisit
from gerai.reviews.models import Task
from gerai.reviews.tests.field import FRIDAY, THURSDAY, TUESDAY, Field, held, kinds, told
from gerai.reviews.tests.make import MONDAY

pytestmark = pytest.mark.django_db
HOUR = timedelta(hours=1)
NEXT_MONDAY = MONDAY + timedelta(days=7)


@pytest.fixture
def field():
    return Field()


def test_times_are_proposed_and_the_applicant_takes_one(field):
    visit = field.propose(TUESDAY, THURSDAY, FRIDAY)
    assert field.propose(TUESDAY, THURSDAY, FRIDAY) == visit  # pressed twice

    field.choose(visit, THURSDAY)
    field.choose(visit, THURSDAY)

    visit.refresh_from_db()
    assert (visit.state, visit.starts_at, visit.by_notice) == ("agreed", THURSDAY, False)
    assert held(field.putra) == {THURSDAY}
    assert kinds() == ["reviews.visit_proposed", "reviews.visit_agreed"]
    assert field.task.taken_by == field.putra
    assert told() == {"inspection_proposed": 1, "inspection_agreed": 1, "inspection_chosen": 1}
    assert "Kamis, 26 November 2026 pukul 09.00" in Notice.objects.get(template="inspection_agreed").body


def test_the_message_says_until_when_one_may_choose_and_what_silence_means(field):
    field.propose()
    told()

    body = Notice.objects.get(template="inspection_proposed").body
    assert "sampai Jumat, 27 November 2026 pukul 15.00" in body  # Wednesday is a holiday
    assert "petugas boleh menetapkan waktunya sendiri" in body
    assert "tetap berjalan" in body


@pytest.mark.parametrize(
    "times",
    [
        [],
        [TUESDAY, TUESDAY],
        [MONDAY + HOUR],  # too soon
        [TUESDAY + timedelta(minutes=30)],
        [TUESDAY + 10 * HOUR],  # in the evening
        [MONDAY + timedelta(days=2)],  # a holiday
        [MONDAY + timedelta(days=5)],  # Saturday
        [MONDAY + timedelta(days=14)],  # after the task's time
        [TUESDAY, TUESDAY + HOUR, TUESDAY + 2 * HOUR, TUESDAY + 3 * HOUR],
    ],
)
def test_times_that_cannot_be_are_refused(field, times):
    with pytest.raises(inspecting.TimesWrong):
        visiting.propose(person=field.putra, task_id=field.task.pk, times=times, now=MONDAY)

    assert not SiteVisit.objects.exists()
    assert field.task.taken_by is None


def test_a_late_inspection_can_still_be_agreed(field):
    Task.objects.filter(pk=field.task.pk).update(due_at=MONDAY - HOUR)

    assert field.propose(THURSDAY, FRIDAY).state == "proposed"  # within three working days
    with pytest.raises(inspecting.TimesWrong):
        field.propose(NEXT_MONDAY)


def test_an_officer_is_not_promised_to_two_places_at_one_time(field):
    other = field.another()
    field.propose(TUESDAY, THURSDAY)
    there = field.world.task(other, "s0.pupr").pk

    with pytest.raises(inspecting.TimeTaken):
        field.propose(THURSDAY, FRIDAY, task_id=there)
    assert SiteVisit.objects.count() == 1
    assert field.propose(FRIDAY, task_id=there).state == "proposed"


def test_the_hours_that_were_not_chosen_are_free_again_and_can_be_changed_to_while_they_are(field):
    visit = field.propose(TUESDAY, THURSDAY)
    field.choose(visit, TUESDAY)
    field.choose(visit, THURSDAY)
    assert held(field.putra) == {THURSDAY}
    other = field.world.task(field.another(), "s0.pupr").pk
    field.propose(TUESDAY, task_id=other)

    with pytest.raises(inspecting.TimeTaken):
        field.choose(visit, TUESDAY)
    visit.refresh_from_db()
    assert visit.starts_at == THURSDAY


def test_none_fits_and_the_officer_proposes_again(field):
    visit = field.propose()
    with pytest.raises(inspecting.VisitReasonMissing):
        field.decline(visit, reason=" ")
    field.decline(visit)
    field.decline(visit)

    visit.refresh_from_db()
    assert (visit.state, visiting.reason_of(visit)) == ("declined", "Saya di luar kota.")
    assert held(field.putra) == set()
    assert "luar kota" not in str(list(Entry.objects.values_list("data", flat=True)))
    with pytest.raises(inspecting.VisitClosed):
        field.choose(visit)
    again = field.propose(FRIDAY, at=TUESDAY)
    assert (again.state, again.silent_since) == ("proposed", TUESDAY)  # who has answered has time anew
    assert told()["inspection_declined"] == 1


def test_the_applicant_changes_until_shortly_before(field):
    visit = field.propose()
    field.choose(visit)

    with pytest.raises(inspecting.VisitTooClose):
        field.decline(visit, at=TUESDAY - 2 * HOUR)
    with pytest.raises(inspecting.VisitTooClose):
        field.choose(visit, THURSDAY, at=TUESDAY - 2 * HOUR)
    visit.refresh_from_db()
    assert visit.state == "agreed"
    field.decline(visit, at=TUESDAY - 4 * HOUR)


def test_the_officer_changes_or_calls_off_with_a_reason(field):
    first = field.propose()
    field.choose(first)
    with pytest.raises(inspecting.VisitReasonMissing):
        field.propose(FRIDAY)
    second = field.propose(FRIDAY, reason="Mobil dinas rusak.")
    first.refresh_from_db()
    assert (first.state, visiting.reason_of(first)) == ("called_off", "Mobil dinas rusak.")
    assert held(field.putra) == {FRIDAY}

    give = {"person": field.putra, "task_id": field.task.pk, "reason": "Petugas sakit.", "now": MONDAY}
    visiting.call_off(**give)
    visiting.call_off(**give)
    second.refresh_from_db()
    assert second.state == "called_off"
    assert kinds().count("reviews.visit_called_off") == 1
    assert told()["inspection_off"] == 1


def test_a_visit_that_has_begun_is_reported_or_missed_but_not_called_off(field):
    field.choose(field.propose())

    with pytest.raises(inspecting.VisitBegun):
        visiting.call_off(person=field.putra, task_id=field.task.pk, reason="Petugas sakit.", now=TUESDAY)
    with pytest.raises(inspecting.VisitBegun):
        field.propose(THURSDAY, at=TUESDAY, reason="Petugas sakit.")
    with pytest.raises(inspecting.NotTimeYet):
        visiting.missed(person=field.putra, task_id=field.task.pk, note="Tidak ada orang.", now=TUESDAY)


def test_nobody_there_is_recorded_and_other_times_are_proposed(field):
    visit = field.propose()
    field.choose(visit)
    for _ in range(2):
        visiting.missed(person=field.putra, task_id=field.task.pk, note="Pintu terkunci.", now=TUESDAY + HOUR)

    visit.refresh_from_db()
    assert (visit.state, visit.absent, visiting.reason_of(visit)) == (
        "missed",
        "applicant",
        "Pintu terkunci.",
    )
    assert kinds().count("reviews.visit_missed") == 1
    assert field.propose(THURSDAY, at=TUESDAY + HOUR).state == "proposed"
    found = told()
    assert (found["inspection_missed"], found["inspection_declined"]) == (1, 1)


def test_the_applicant_records_that_no_officer_came(field):
    visit = field.propose()
    field.choose(visit)
    give = {"person": field.sari, "application_id": field.application.pk, "visit_id": visit.pk}
    with pytest.raises(inspecting.NotTimeYet):
        answering.officer_missed(note="Tidak ada yang datang.", now=TUESDAY, **give)
    for _ in range(2):
        answering.officer_missed(note="Tidak ada yang datang.", now=TUESDAY + HOUR, **give)

    visit.refresh_from_db()
    assert (visit.state, visit.absent) == ("missed", "officer")
    assert Entry.objects.get(kind="reviews.visit_missed").data["absent"] == "officer"


def test_a_visit_and_its_hour_go_with_the_task_to_a_colleague_who_is_free(field):
    colleague = field.world.staff("Rekan", "PUPR", "reviewer")
    visit = field.propose(TUESDAY, THURSDAY)
    field.choose(visit, THURSDAY)

    services.claim(person=colleague, task_id=field.task.pk, now=MONDAY)
    services.claim(person=colleague, task_id=field.task.pk, now=MONDAY)

    assert (held(field.putra), held(colleague)) == (set(), {THURSDAY})
    visit.refresh_from_db()
    assert (visit.state, visit.officer) == ("agreed", colleague)
    assert Entry.objects.get(kind="reviews.visit_passed_on").data["clash"] == []
    assert "inspection_clash" not in told()
    other = field.world.task(field.another(), "s0.pupr").pk
    assert field.propose(THURSDAY, task_id=other).state == "proposed"  # by the first officer


def test_at_an_hour_of_another_visit_it_stays_to_be_changed_and_is_held_again_once_that_one_moves(field):
    colleague = field.world.staff("Rekan", "PUPR", "reviewer")
    other = field.world.task(field.another(), "s0.pupr").pk
    field.propose(THURSDAY, FRIDAY, task_id=other, by=colleague)
    visit = field.propose(TUESDAY, THURSDAY)
    field.choose(visit, THURSDAY)

    services.claim(person=colleague, task_id=field.task.pk, now=MONDAY)

    visit.refresh_from_db()
    assert (visit.state, visit.starts_at, held(field.putra)) == ("agreed", THURSDAY, set())
    assert handing.clashes(visit)
    assert told()["inspection_clash"] == 1
    assert Notice.objects.get(template="inspection_clash").person == colleague

    field.propose(FRIDAY, task_id=other, by=colleague)
    assert not handing.clashes(visit)
    assert held(colleague) == {THURSDAY, FRIDAY}
    assert visit.times.get(held=True).starts_at == THURSDAY
