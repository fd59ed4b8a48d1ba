"""What was prepared at home waits for its visit: no clock of the office runs, and it does not wait for ever."""

from datetime import timedelta

import pytest

from gerai.applications import services as applications
from gerai.applications import tasks as applicant_tasks
from gerai.ledger.models import Entry
from gerai.notices.models import Notice
from gerai.reviews import awaited, cases, deadlines, rules, tasks
from gerai.reviews.models import Case, Task
from gerai.reviews.tests.make import MONDAY, World
from gerai.reviews.tests.test_prepared import GENERIC, RAW, TODAY, complete, put
from gerai.visits.models import Errand, Visit

pytestmark = pytest.mark.django_db


@pytest.fixture
def world():
    return World(**GENERIC)


def errand_of(world, application):
    """Sari at the counter for what she prepared."""
    visit = Visit.objects.create(
        mall=world.mall,
        day=TODAY,
        entrance="A",
        number=1,
        person=world.sari,
        arrived_at=MONDAY,
        stage="arrived",
    )
    return Errand.objects.create(
        visit=visit, mall=world.mall, agency=application.agency, service=application.service,
        application=application, sequence=1,
    )  # fmt: skip


def test_until_the_applicant_comes_no_clock_of_the_office_runs_and_nobody_is_warned(world):
    application = complete(world)
    case = Case.objects.get()

    assert case.pauses.get().reason == rules.VISIT
    assert world.task(application, "decide").due_at == case.due_at == application.promised_at
    assert (case.warn_at, world.task(application, "decide").warn_at) == (None, None)
    deadlines.check(now=MONDAY + timedelta(days=60))
    assert not Entry.objects.filter(
        kind__in=["reviews.task_warned", "reviews.task_late", "reviews.case_late"]
    )

    put(world, application, now=MONDAY + timedelta(days=60))
    assert Entry.objects.get(kind="reviews.decided").data["working_days"] == 0
    assert Case.objects.get().pauses.get().ended_at == MONDAY + timedelta(days=60)


def test_the_offices_own_time_runs_from_the_visit_and_leaves_out_the_days_before_it(world, client):
    application = complete(world)
    visited = MONDAY + timedelta(days=7)
    errand = errand_of(world, application)
    entry = Entry(
        kind="floor.finished", mall="1771", at=visited, data={"errand": errand.pk, "outcome": "done"}
    )

    for _ in range(2):
        tasks.came(entry)

    case = Case.objects.get()
    assert case.pauses.get().ended_at == visited
    assert (
        case.due_at.date()
        == visited.date() + timedelta(days=1)
        == world.task(application, "decide").due_at.date()
    )
    assert case.warn_at is not None
    assert Entry.objects.filter(kind="reviews.come").count() == 1
    client.force_login(world.sari)
    client.defaults["HTTP_ACCEPT_LANGUAGE"] = "id"
    assert "tinggal datang" not in client.get(f"/permohonan/{application.pk}/").content.decode()


def test_an_errand_about_something_else_or_that_was_not_done_starts_no_clock(world):
    application = complete(world)
    errand = errand_of(world, application)
    for about, outcome in ((errand.pk, "incomplete"), (errand.pk + 1, "done")):
        tasks.came(
            Entry(kind="floor.finished", mall="1771", at=MONDAY, data={"errand": about, "outcome": outcome})
        )

    assert Case.objects.get().pauses.filter(ended_at=None).exists()


def test_who_does_not_come_is_reminded_once_and_after_the_last_day_it_ends(world, client):
    application = complete(world)
    last = Case.objects.get().due_at
    soon = last - timedelta(days=6)

    assert [awaited.remind(mall=world.mall, now=soon) for _ in range(2)] == [1, 0]
    assert "paling lambat" in Notice.objects.get(template="visit_soon").subject
    deadlines.check(now=last - timedelta(seconds=1))
    application.refresh_from_db()
    assert application.status == "decision"
    for _ in range(2):
        deadlines.check(now=last)

    application.refresh_from_db()
    assert (application.status, Task.objects.filter(done_at=None).count()) == ("lapsed", 0)
    applicant_tasks.tell(Entry.objects.get(kind="reviews.not_come"))
    assert Notice.objects.get(template="application_not_come").person == world.sari
    client.force_login(world.sari)
    page = client.get(f"/permohonan/{application.pk}/", headers={"accept-language": "id"}).content.decode()
    assert "Berakhir karena Anda belum datang" in page
    with pytest.raises(rules.TaskDone):
        put(world, application, now=last)


def test_what_is_given_back_at_the_counter_is_mended_and_waits_for_another_visit(world):
    application = complete(world)
    put(world, application, "returned", corrections=[{"what": "answer:need", "text": "Tulis lebih jelas."}])
    assert not Case.objects.get().pauses.filter(ended_at=None).exists()

    given = {"person": world.sari, "application_id": application.pk, "now": MONDAY}
    applications.save_answers(section="need", raw=RAW, **given)
    applications.resubmit(**given)
    cases.open_case(application_id=application.pk, now=MONDAY)

    assert Case.objects.get().pauses.filter(reason=rules.VISIT, ended_at=None).count() == 1
