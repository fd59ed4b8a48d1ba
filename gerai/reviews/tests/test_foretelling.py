"""When a case will be done: told from closed ones, held against what came, and never before there are enough."""

from datetime import date, timedelta

import pytest

from gerai.ledger.models import Entry
from gerai.reviews import decisions, foretelling
from gerai.reviews.models import Case
from gerai.reviews.tests.make import MONDAY, World, content

pytestmark = pytest.mark.django_db
DAY = timedelta(days=1)
FREE = {"fee": {**content()["fee"], "amount": "0"}}
STEPS = ("applications.submitted", "reviews.completed", "reviews.task_done", "reviews.decided")


def past(world, count, days):
    """So many closed cases in the ledger, each that many days long, one a day up to a week ago."""
    for n in range(count):
        begin = MONDAY - (7 + count - n) * DAY
        for place, kind in enumerate(STEPS):
            Entry.objects.create(
                mall=world.mall.pk,
                kind=kind,
                subject=f"application:past-{n}",
                actor_kind="system",
                actor_id="x",
                at=begin + days * DAY * place / (len(STEPS) - 1),
                data={
                    "agency": "DPMPTSP",
                    "service": "UJI",
                    "task": "technical.dinkes",
                    "outcome": "approve",
                },
            )


def told(world, now=MONDAY + timedelta(hours=1)):
    count = foretelling.foretell(mall=world.mall, now=now)
    return count, Case.objects.get()


def test_nothing_is_told_before_there_are_enough_closed_cases():
    world = World(**FREE)
    world.in_review()
    past(world, foretelling.FEWEST - 1, 4)

    count, case = told(world)
    assert (count, case.expected_high) == (0, None)


def test_a_running_case_is_told_an_interval_in_days_of_the_mall_that_ends_on_a_working_day():
    world = World(**FREE)
    world.in_review()
    past(world, 60, 4)

    count, case = told(world)

    assert count == 1
    assert MONDAY.date() <= case.expected_low <= case.expected_high
    # The file was complete at once, which took the others a third of their four days.
    assert case.expected_low <= date(2026, 11, 26) <= case.expected_high
    assert case.expected_high.weekday() < 5
    assert (case.said_low, case.said_high) == (case.expected_low, case.expected_high)
    assert 0 <= case.breach <= 1
    assert case.application.forecast == {
        "low": str(case.expected_low), "high": str(case.expected_high), "hits": None
    }  # fmt: skip


def test_what_was_told_first_stays_and_is_held_against_what_came():
    world = World(**FREE)
    application = world.in_review()
    past(world, 60, 4)
    _, case = told(world)
    first = case.said_high
    told(world, MONDAY + 3 * DAY)
    for officer, key in ((world.dinkes, "technical.dinkes"), (world.pupr, "technical.pupr")):
        world.say(application, officer, key, "approve")
    world.assess(application)
    decisions.approve(person=world.signer, task_id=world.task(application, "decide").pk, now=MONDAY + 3 * DAY)

    case = Case.objects.get()
    assert case.said_high == first
    assert case.hit is (case.said_low <= (MONDAY + 3 * DAY).date() <= first)
    assert foretelling.hits(world.mall) is None  # too few to be called a record


def test_what_will_probably_be_late_is_said_once():
    world = World(**FREE)
    world.in_review()
    past(world, 60, 40)  # the promise is five working days

    for hours in (1, 2):
        _, case = told(world, MONDAY + timedelta(hours=hours))

    assert case.breach >= foretelling.LIKELY
    assert case.likely_late
    assert Entry.objects.filter(kind="reviews.likely_late").count() == 1


def test_what_improved_is_taken_back_once_and_said_again_when_it_worsens():
    world = World(**FREE)
    world.in_review()
    past(world, 60, 40)
    _, case = told(world)
    promised = case.due_at

    Case.objects.update(due_at=MONDAY + 120 * DAY)  # as by an extension
    for hours in (2, 3):
        _, calm = told(world, MONDAY + timedelta(hours=hours))
    Case.objects.update(due_at=promised)
    _, again = told(world, MONDAY + timedelta(hours=4))

    assert [one.likely_late for one in (case, calm, again)] == [True, False, True]
    kinds = (
        Entry.objects.filter(kind__startswith="reviews.likely").order_by("pk").values_list("kind", flat=True)
    )
    assert list(kinds) == ["reviews.likely_late", "reviews.likely_on_time", "reviews.likely_late"]


@pytest.mark.parametrize(
    ("breach", "said", "likely"),
    [(0.5, False, True), (0.49, False, False), (0.45, True, True), (0.39, True, False), (None, True, False)],
)
def test_a_chance_that_wavers_about_the_half_is_not_said_anew_every_hour(breach, said, likely):
    assert foretelling.is_likely(breach, said) is likely


def test_a_case_with_the_applicant_is_not_told_of():
    world = World(**FREE)
    application = world.in_review()
    past(world, 60, 4)
    application.status = "returned"
    application.save()

    assert told(world)[0] == 0
