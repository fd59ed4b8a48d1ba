"""Many presses at once: one time for one place, one visit for one task, one report, one photo."""

import threading

import pytest
from django.db import connection

from gerai.core.errors import DomainError
from gerai.documents.models import Document
from gerai.ledger.models import Entry
from gerai.reviews import inspecting, reporting, visiting
from gerai.reviews.inspection_models import Report, SiteVisit, VisitTime
from gerai.reviews.tests.field import FRIDAY, THURSDAY, TUESDAY, Field
from gerai.reviews.tests.make import MONDAY

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.slow]


def at_once(*jobs):
    """Run all of them from one starting shot; what each returned or raised."""
    start, results = threading.Barrier(len(jobs)), [None] * len(jobs)

    def run(place, job):
        try:
            start.wait()
            results[place] = job()
        except DomainError as error:
            results[place] = error
        finally:
            connection.close()

    threads = [threading.Thread(target=run, args=[n, job]) for n, job in enumerate(jobs)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return results


def test_presses_at_once_end_in_one_visit_one_report_and_one_photo():
    field = Field()
    task = field.task
    there = field.world.task(field.another(), "s0.pupr")

    # one officer, two places, the same hour
    found = at_once(
        lambda: field.propose(TUESDAY, task_id=task.pk), lambda: field.propose(TUESDAY, task_id=there.pk)
    )
    assert sorted(type(one).__name__ for one in found) == ["SiteVisit", "TimeTaken"]
    assert VisitTime.objects.filter(starts_at=TUESDAY, held=True).count() == 1
    for one in (task, there):
        visiting.call_off(person=field.putra, task_id=one.pk, reason="Mulai lagi.", now=MONDAY)

    # the same proposal pressed three times
    found = at_once(*[lambda: field.propose(THURSDAY, FRIDAY, task_id=task.pk)] * 3)
    assert len({one.pk for one in found}) == 1

    # chosen, declined and called off in one moment: one of them stands, and the hours agree with it
    visit = found[0]
    at_once(
        lambda: field.choose(visit, THURSDAY),
        lambda: field.choose(visit, FRIDAY),
        lambda: field.decline(visit),
        lambda: visiting.call_off(person=field.putra, task_id=task.pk, reason="Petugas sakit.", now=MONDAY),
    )
    visit.refresh_from_db()
    held = set(VisitTime.objects.filter(visit=visit, held=True).values_list("starts_at", flat=True))
    assert held == ({visit.starts_at} if visit.state == "agreed" else set())
    assert SiteVisit.objects.filter(task=task, state__in=inspecting.OPEN).count() <= 1
    ends = Entry.objects.filter(kind__in=["reviews.visit_declined", "reviews.visit_called_off"])
    assert ends.filter(data__visit=str(visit.pk)).count() == (visit.state != "agreed")

    # a phone that sends everything again and again
    at_once(*[field.keep] * 3)
    reports = at_once(*[field.report] * 4)
    assert len({one.pk for one in reports}) == Report.objects.count() == 1
    assert Document.objects.filter(kind=reporting.PHOTO).count() == 1
    assert Entry.objects.filter(kind="reviews.inspected").count() == 1
