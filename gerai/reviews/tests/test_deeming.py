"""Deemed approval: granted by law when the office is silent, by itself and once."""

from datetime import timedelta

import pytest

from gerai.applications.tasks import tell
from gerai.ledger.models import Entry
from gerai.notices.models import Notice
from gerai.permits.models import Permit
from gerai.reviews import cases, deadlines, services
from gerai.reviews.models import Case, Task
from gerai.reviews.tests.make import MONDAY, World, content

pytestmark = pytest.mark.django_db
FREE = {"fee": {**content()["fee"], "amount": "0"}, "deemed": True}


def due():
    return Case.objects.get().due_at


def test_a_silent_office_grants_it_at_the_end_of_the_limit_once():
    world = World(**FREE)
    application = world.in_review()

    deadlines.check(now=due() - timedelta(minutes=1))
    assert not Permit.objects.exists()
    deadlines.check(now=due())
    deadlines.check(now=due() + timedelta(days=1))

    permit = Permit.objects.get()
    application.refresh_from_db()
    assert (application.status, permit.decided_by) == ("signing", None)
    assert not Task.objects.filter(done_at=None).exists()
    decided = Entry.objects.get(kind="reviews.decided").data
    assert (decided["outcome"], decided["on_time"]) == ("deemed", True)
    assert Entry.objects.filter(kind="reviews.deemed").count() == 1


def test_a_service_that_is_not_marked_is_late_and_nothing_more():
    world = World(**{**FREE, "deemed": False})
    application = world.in_review()

    deadlines.check(now=due())

    application.refresh_from_db()
    assert application.status == "review"
    assert Entry.objects.filter(kind="reviews.case_late").count() == 1


def test_it_waits_while_the_file_is_with_the_applicant():
    world = World(**FREE)
    application = world.in_review()
    for officer, key in ((world.dinkes, "technical.dinkes"), (world.pupr, "technical.pupr")):
        services.give_back(
            person=officer,
            task_id=world.task(application, key).pk,
            corrections=[{"what": "answer:area", "text": "Luas."}],
            now=MONDAY,
        )

    deadlines.check(now=due())

    application.refresh_from_db()
    assert application.status == "returned"


def test_it_is_still_subject_to_payment():
    world = World(deemed=True)
    application = world.in_review()
    deadlines.check(now=due())
    deadlines.check(now=due() + timedelta(days=1))

    application.refresh_from_db()
    assert application.status == "payment"
    assert not Permit.objects.exists()
    cases.paid(application_id=application.pk, now=due() + timedelta(days=2))
    cases.paid(application_id=application.pk, now=due() + timedelta(days=2))

    application.refresh_from_db()
    assert (application.status, Permit.objects.get().decided_by) == ("signing", None)


def test_what_was_paid_before_the_silence_is_not_asked_twice():
    world = World(deemed=True)
    application = world.reviewed()
    world.assess(application)
    cases.paid(application_id=application.pk, now=MONDAY)

    deadlines.check(now=due())

    application.refresh_from_db()
    assert application.status == "signing"


def told_of_deeming() -> list[Notice]:
    for entry in [*Entry.objects.filter(kind="reviews.deemed")] * 2:  # an entry comes at least once
        tell(entry)
    return list(Notice.objects.filter(template="application_deemed"))


def test_who_is_granted_it_by_law_for_a_fee_is_told_once_so_and_how_much_to_pay_where(client):
    world = World(deemed=True)
    world.mall.details["cashier"] = "BANKBKL"
    world.mall.save()
    application = world.in_review()
    deadlines.check(now=due())

    [notice] = told_of_deeming()
    assert (notice.person, notice.path) == (world.sari, f"/permohonan/{application.pk}/")
    assert "menurut undang-undang" in notice.body
    assert "Rp30.000" in notice.body
    assert "loket bank" in notice.body

    client.force_login(world.sari)
    page = client.get(notice.path).content.decode()
    assert "menurut undang-undang permohonan Anda dikabulkan" in page
    assert "kepala dinas menandatangani" not in page


def test_what_is_granted_without_a_fee_asks_nobody_to_pay():
    World(**FREE).in_review()
    deadlines.check(now=due())

    assert told_of_deeming() == []
