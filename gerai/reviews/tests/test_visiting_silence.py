"""A visit to the place when nobody answers, when its task ends otherwise, and who finds it."""

from datetime import timedelta

import pytest

from gerai.applications import services as applications
from gerai.core.errors import NotFound
from gerai.ledger.models import Entry
from gerai.notices.models import Notice
from gerai.reviews import answering, cases, inspecting, rules, visit_telling, visiting
from gerai.reviews.inspection_models import SiteVisit
from gerai.reviews.models import Case
from gerai.reviews.tests.field import FRIDAY, THURSDAY, TUESDAY, Field, held, kinds, told
from gerai.reviews.tests.make import MONDAY

pytestmark = pytest.mark.django_db
HOUR = timedelta(hours=1)
NEXT_MONDAY = MONDAY + timedelta(days=7)


@pytest.fixture
def field():
    return Field()


def test_after_three_working_days_of_silence_the_officer_sets_the_time_and_it_is_recorded_as_that(field):
    field.propose(TUESDAY, at=MONDAY)
    field.propose(THURSDAY, at=TUESDAY)  # the first one went by: the silence goes on
    give = {"person": field.putra, "task_id": field.task.pk, "starts_at": NEXT_MONDAY}
    with pytest.raises(inspecting.NotSilentYet):
        visiting.set_by_notice(now=FRIDAY, **give)
    evening = FRIDAY + 7 * HOUR  # three working days after Monday, without the holiday

    visit = visiting.set_by_notice(now=evening, **give)
    assert visiting.set_by_notice(now=evening, **give) == visit

    assert (visit.state, visit.by_notice, visit.starts_at) == ("agreed", True, NEXT_MONDAY)
    entry = Entry.objects.get(kind="reviews.visit_set")
    assert entry.data["silent_since"] == MONDAY.isoformat()
    assert told()["inspection_set"] == 1
    assert field.decline(visit, at=evening).state == "declined"  # even then they may say that they cannot


def test_new_hours_after_the_silence_leave_time_to_answer_them(field):
    field.propose(TUESDAY, at=MONDAY)
    evening = FRIDAY + 7 * HOUR  # the time to answer is over, and nothing was set
    visit = field.propose(NEXT_MONDAY, at=evening)

    assert visit.silent_since == evening
    with pytest.raises(inspecting.NotSilentYet):
        visiting.set_by_notice(
            person=field.putra, task_id=field.task.pk, starts_at=NEXT_MONDAY, now=evening + HOUR
        )


def test_a_notice_leaves_a_day_to_be_read(field):
    field.propose()
    morning = NEXT_MONDAY - HOUR

    with pytest.raises(inspecting.NoticeTooShort):
        visiting.set_by_notice(
            person=field.putra, task_id=field.task.pk, starts_at=NEXT_MONDAY + 4 * HOUR, now=morning
        )
    assert SiteVisit.objects.get().state == "proposed"


def test_a_visit_stops_no_clock(field):
    before = Case.objects.get().due_at, field.task.due_at
    visit = field.propose()
    field.decline(visit)
    field.choose(field.propose(THURSDAY), THURSDAY)

    assert (Case.objects.get().due_at, field.task.due_at) == before
    assert not Case.objects.get().pauses.exists()


def test_a_visit_is_off_when_its_task_ends_otherwise(field):
    visit = field.propose()
    field.choose(visit)
    applications.withdraw(person=field.sari, application_id=field.application.pk, now=MONDAY)
    cases.withdrawn(application_id=field.application.pk, now=MONDAY)

    told()  # the end of the task is heard of, and calls the visit off
    visit.refresh_from_db()
    assert visit.state == "called_off"
    assert held(field.putra) == set()
    assert kinds().count("reviews.visit_called_off") == 1
    assert told()["inspection_off"] == 1


def test_both_are_reminded_the_day_before_once(field):
    field.choose(field.propose())
    mall = field.world.mall
    assert visit_telling.tomorrow(mall=mall, now=MONDAY - timedelta(days=1)) == 0

    assert visit_telling.tomorrow(mall=mall, now=MONDAY) == 2
    assert visit_telling.tomorrow(mall=mall, now=MONDAY + HOUR) == 0
    reminded = Notice.objects.filter(template__in=["inspection_tomorrow", "inspection_duty"])
    assert {n.person_id for n in reminded} == {field.sari.pk, field.putra.pk}


def test_strangers_and_other_offices_find_no_visit(field):
    visit = field.propose()

    with pytest.raises(NotFound):
        field.choose(visit, by=field.world.budi)
    with pytest.raises(NotFound):
        field.propose(FRIDAY, by=field.world.dinkes)
    other = field.another()
    with pytest.raises(NotFound):  # a visit of one case in the address of another
        answering.choose(
            person=field.sari, application_id=other.pk, visit_id=visit.pk, starts_at=TUESDAY, now=MONDAY
        )
    with pytest.raises(rules.TakenByOther):
        field.propose(FRIDAY, by=field.colleague)


def test_only_inspections_are_visited(field):
    with pytest.raises(rules.OutcomeNotAllowed):
        visiting.propose(
            person=field.world.dinkes,
            task_id=field.world.task(field.application, "s0.dinkes").pk,
            times=[TUESDAY],
            now=MONDAY,
        )
