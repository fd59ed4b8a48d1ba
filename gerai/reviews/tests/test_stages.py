"""What follows when the agencies of a stage have spoken: waiting for each other, once and complete, second looks."""

from datetime import timedelta

import pytest

from gerai.applications import queries as application_queries
from gerai.applications import services as applications
from gerai.ledger.models import Entry
from gerai.payments import services as payments
from gerai.payments.models import Invoice, Refund
from gerai.reviews import cases, deadlines, decisions, queries, rules, services
from gerai.reviews.models import Case, Task
from gerai.reviews.tests.make import MONDAY, World, content

pytestmark = pytest.mark.django_db
DAY = timedelta(days=1)
FREE = {"fee": {**content()["fee"], "amount": "0"}}


def give_back(world, application, officer, key, text, what="answer:area", at=MONDAY):
    services.give_back(
        person=officer,
        task_id=world.task(application, key).pk,
        corrections=[{"what": what, "text": text}],
        now=at,
    )


def mended(world, application, area="4", at=MONDAY):
    raw = {"area": area, "address": "Jl. Suprapto 1"}
    applications.save_answers(
        person=world.sari, application_id=application.pk, section="data", raw=raw, now=at
    )
    applications.resubmit(person=world.sari, application_id=application.pk, now=at)
    cases.open_case(application_id=application.pk, now=at)
    application.refresh_from_db()


def open_keys(application):
    return set(Task.objects.filter(case_id=application.pk, done_at=None).values_list("key", flat=True))


def test_what_two_agencies_want_mended_is_told_once_and_together():
    world = World()
    application = world.in_review()

    give_back(world, application, world.dinkes, "technical.dinkes", "Luas kurang jelas.")
    application.refresh_from_db()
    assert application.status == "review"  # PUPR has not spoken yet
    give_back(world, application, world.pupr, "technical.pupr", "Sesuaikan dengan gambar.")

    application.refresh_from_db()
    assert application.status == "returned"
    assert application.corrections == [
        {"what": "answer:area", "text": "Luas kurang jelas. Sesuaikan dengan gambar."}
    ]
    assert Entry.objects.get(kind="reviews.returned").data["returned_by"] == "DINKES, PUPR"


def test_an_agency_that_is_late_holds_up_no_return_and_is_asked_again_afterwards():
    world = World()
    application = world.in_review()
    give_back(world, application, world.dinkes, "technical.dinkes", "Luas kurang jelas.")
    due = world.task(application, "technical.pupr").due_at

    deadlines.check(now=due - timedelta(minutes=1))
    application.refresh_from_db()
    assert application.status == "review"
    deadlines.check(now=due)

    application.refresh_from_db()
    assert application.status == "returned"
    assert Entry.objects.get(kind="reviews.task_cancelled").data["task"] == "technical.pupr"
    mended(world, application, at=due)
    assert open_keys(application) == {"technical.dinkes", "technical.pupr"}


def test_a_rejection_lets_the_neighbours_speak_and_approval_cannot_be_recommended_over_it():
    world = World(**FREE)
    application = world.in_review()
    world.say(application, world.dinkes, "technical.dinkes", "reject", "Tidak memenuhi.")
    assert open_keys(application) == {"technical.pupr"}
    world.say(application, world.pupr, "technical.pupr", "approve")

    with pytest.raises(rules.RejectedByAgency) as refusal:
        world.assess(application)

    assert "DINKES" in str(refusal.value.sentence)
    assert open_keys(application) == {"assess"}


def test_a_rejection_can_be_looked_at_again_and_the_route_goes_on_from_there():
    world = World(**FREE)
    application = world.in_review()
    world.say(application, world.dinkes, "technical.dinkes", "reject", "Tidak memenuhi.")
    world.say(application, world.pupr, "technical.pupr", "approve")
    task = world.task(application, "assess")
    with pytest.raises(rules.NoteMissing):
        services.ask_again(person=world.verifier, task_id=task.pk, note=" ", now=MONDAY)
    services.ask_again(person=world.verifier, task_id=task.pk, note="Berkas sudah ada.", now=MONDAY)
    with pytest.raises(rules.TaskDone):
        services.ask_again(person=world.verifier, task_id=task.pk, note="Berkas sudah ada.", now=MONDAY)

    assert open_keys(application) == {"technical.dinkes"}
    world.say(application, world.dinkes, "technical.dinkes", "approve")
    world.assess(application)

    assert open_keys(application) == {"decide"}


def test_the_signing_official_can_ask_the_assessor_again_but_not_after_the_payment():
    world = World(**FREE)
    application = world.reviewed()
    world.assess(application, "reject", "Tidak sesuai tata ruang.")
    task = world.task(application, "decide")

    services.ask_again(person=world.signer, task_id=task.pk, note="Tata ruang sudah berubah.", now=MONDAY)
    world.assess(application)
    decisions.approve(person=world.signer, task_id=world.task(application, "decide").pk, now=MONDAY)

    application.refresh_from_db()
    assert application.status == "signing"


def test_what_was_paid_is_not_assessed_again():
    world = World()
    application = world.reviewed()
    world.assess(application)
    cases.paid(application_id=application.pk, now=MONDAY)

    with pytest.raises(rules.NothingToAskAgain):
        services.ask_again(
            person=world.signer, task_id=world.task(application, "decide").pk, note="Coba lagi.", now=MONDAY
        )
    assert open_keys(application) == {"decide"}


def test_a_mended_answer_that_calls_for_another_agency_in_an_earlier_stage_gets_it():
    world = World(
        route=[
            *content()["route"],
            {"key": "last", "tasks": [{**content()["route"][0]["tasks"][0], "key": "dinkes"}]},
        ]
    )
    application = world.reviewed()
    give_back(world, application, world.dinkes, "last.dinkes", "Luas salah.")
    application.refresh_from_db()

    mended(world, application, area="600")  # the big task of the first stage is wanted now

    assert open_keys(application) == {"technical.big"}


def test_officers_see_what_was_there_before_the_return():
    world = World()
    application = world.submitted()
    give_back(world, application, world.verifier, "completeness", "Alamat lengkap.", what="answer:address")
    application.refresh_from_db()

    before = application_queries.before_return(application)

    assert before["answers"] == {"area": 3, "address": "Jl. Suprapto 1"}
    assert b"Suprapto" not in bytes(application.before_sealed)


def test_what_is_not_mended_by_the_day_that_was_told_ends_unfinished_once():
    world = World()
    application = world.submitted()
    give_back(world, application, world.verifier, "completeness", "Alamat lengkap.", what="answer:address")
    application.refresh_from_db()
    by = application.correct_by

    deadlines.check(now=by - timedelta(minutes=1))
    application.refresh_from_db()
    assert application.status == "returned"
    deadlines.check(now=by)
    deadlines.check(now=by + DAY)

    application.refresh_from_db()
    assert application.status == "lapsed"
    assert Case.objects.get().closed_at == by
    assert Entry.objects.filter(kind="reviews.lapsed").count() == 1


def test_nobody_works_on_an_application_of_their_own():
    world = World()
    application = world.submitted()
    application.applicant = world.verifier
    application.save()
    task = world.task(application, "completeness")

    with pytest.raises(rules.OwnCase):
        services.complete(person=world.verifier, task_id=task.pk, note="", now=MONDAY)
    assert not queries.inbox(world.verifier).exists()
    assert open_keys(application) == {"completeness"}


def test_who_recommended_does_not_decide():
    world = World(**FREE)
    application = world.reviewed()
    world.assess(application)
    world.also(world.verifier, "DPMPTSP", "signer")

    with pytest.raises(rules.AssessedByYou):
        decisions.approve(person=world.verifier, task_id=world.task(application, "decide").pk, now=MONDAY)
    assert open_keys(application) == {"decide"}


def test_a_task_that_somebody_works_on_is_ended_by_them_or_by_who_takes_it_over():
    world = World()
    application = world.in_review()
    task = world.task(application, "technical.dinkes")
    colleague = world.staff("Dina", "DINKES", "reviewer")
    services.claim(person=world.dinkes, task_id=task.pk, now=MONDAY)
    services.claim(person=world.dinkes, task_id=task.pk, now=MONDAY)

    with pytest.raises(rules.TakenByOther):
        world.say(application, colleague, "technical.dinkes", "approve")
    services.claim(person=colleague, task_id=task.pk, now=MONDAY)
    world.say(application, colleague, "technical.dinkes", "approve")

    taken = Entry.objects.filter(kind="reviews.task_taken").order_by("id")
    assert [entry.data.get("was") for entry in taken] == [None, str(world.dinkes.pk)]


def test_letting_go_gives_a_task_to_whoever_comes_first():
    world = World()
    task = world.task(world.in_review(), "technical.dinkes")
    services.claim(person=world.dinkes, task_id=task.pk, now=MONDAY)
    services.let_go(person=world.dinkes, task_id=task.pk, now=MONDAY)

    assert Task.objects.get(pk=task.pk).taken_by is None


def test_who_paid_and_is_rejected_gets_the_money_back():
    world = World()
    application = world.reviewed()
    world.assess(application)
    invoice = Invoice.objects.get()
    event = {"event_id": "e1", "ref": "r1", "invoice_id": str(invoice.pk), "amount": invoice.amount}
    payments.settle(event={**event, "status": "paid", "channel": "QRIS"}, now=MONDAY)
    cases.paid(application_id=application.pk, now=MONDAY)

    decisions.reject(
        person=world.signer,
        task_id=world.task(application, "decide").pk,
        ground="Perda 1",
        text="Karena",
        now=MONDAY,
    )

    assert Refund.objects.get().amount == invoice.amount


def test_a_task_is_never_due_later_than_what_the_applicant_was_promised():
    world = World(standard={**content()["standard"], "time": {"days": 2, "kind": "working"}})
    application = world.in_review()

    due = {t.due_at for t in Task.objects.filter(case_id=application.pk, done_at=None)}

    assert due == {Case.objects.get().due_at}
