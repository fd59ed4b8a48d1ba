"""A case from completeness to decision: each step works and is recorded; each refusal changes nothing."""

from datetime import UTC, datetime, timedelta

import pytest

from gerai.applications import queries as application_queries
from gerai.applications import services as applications
from gerai.core.errors import NotFound
from gerai.ledger import queries as ledger
from gerai.ledger.models import Entry
from gerai.payments.models import Invoice
from gerai.permits.models import Permit
from gerai.reviews import cases, deadlines, decisions, queries, rules, services
from gerai.reviews.models import Task
from gerai.reviews.tests.make import MONDAY, World, content

pytestmark = pytest.mark.django_db


def kinds(application) -> list[str]:
    return [e.kind for e in ledger.history("1771", f"application:{application.pk}")]


def test_a_personal_answer_is_sealed_and_reads_back():
    world = World()
    application = world.submitted()

    assert "address" not in application.answers
    assert b"Suprapto" not in bytes(application.answers_sealed)
    assert application_queries.answers_of(application) == {"area": 3, "address": "Jl. Suprapto 1"}


def test_sending_twice_leaves_one_number_and_one_entry():
    world = World()
    application = world.submitted()

    again = applications.submit(person=world.sari, application_id=application.pk, now=MONDAY)

    assert again.number == application.number == "1771-2026-000001"
    assert kinds(application).count("applications.submitted") == 1


def test_a_strangers_application_does_not_exist():
    world = World()
    application = world.submitted()

    with pytest.raises(NotFound):
        applications.submit(person=world.budi, application_id=application.pk, now=MONDAY)
    with pytest.raises(NotFound):
        queries.task(world.dinkes, world.task(application, "completeness").pk)


def test_wrong_answers_get_a_sentence_and_right_ones_stay():
    world = World()
    draft = applications.start(person=world.sari, service=world.service, now=MONDAY)

    wrong = applications.save_answers(
        person=world.sari, application_id=draft.pk, section="data",
        raw={"area": "5000", "address": "Jl. Suprapto 1"}, now=MONDAY,
    )  # fmt: skip

    assert wrong == {"area": "Angka ini terlalu besar. Paling besar 1000."}
    draft.refresh_from_db()
    assert application_queries.answers_of(draft) == {"address": "Jl. Suprapto 1"}
    with pytest.raises(applications.NotYetComplete):
        applications.submit(person=world.sari, application_id=draft.pk, now=MONDAY)


def test_complete_starts_the_clock_and_opens_the_agencies_side_by_side():
    world = World()
    application = world.in_review()

    assert application.complete_at == MONDAY
    # Day 1 is Tuesday; Wednesday is a holiday; day 5 is Tuesday the week after, at 15.00 in Bengkulu.
    assert application.promised_at == datetime(2026, 12, 1, 8, 0, tzinfo=UTC)
    keys = Task.objects.filter(case_id=application.pk, done_at=None).values_list("key", flat=True)
    assert sorted(keys) == ["technical.dinkes", "technical.pupr"]


def test_a_condition_opens_one_more_task():
    world = World()
    application = world.in_review(area=600)

    assert world.task(application, "technical.big").done_at is None


def test_a_return_names_everything_and_only_that_can_be_changed():
    world = World()
    application = world.submitted()
    task = world.task(application, "completeness")

    with pytest.raises(rules.CorrectionEmpty):
        services.give_back(person=world.verifier, task_id=task.pk, corrections=[], now=MONDAY)
    services.give_back(
        person=world.verifier, task_id=task.pk,
        corrections=[{"what": "answer:area", "text": "Luas tidak sama dengan gambar."}], now=MONDAY,
    )  # fmt: skip

    application.refresh_from_db()
    assert application.status == "returned"
    assert applications.may_change(application, "answer:area")
    assert not applications.may_change(application, "answer:address")
    raw = {"area": "4", "address": "lain"}
    applications.save_answers(
        person=world.sari, application_id=application.pk, section="data", raw=raw, now=MONDAY
    )
    applications.resubmit(person=world.sari, application_id=application.pk, now=MONDAY)
    cases.open_case(application_id=application.pk, now=MONDAY)
    cases.open_case(application_id=application.pk, now=MONDAY)
    assert application_queries.answers_of(application_queries.get(world.sari, application.pk, MONDAY)) == {
        "area": 4,
        "address": "Jl. Suprapto 1",
    }
    assert Task.objects.filter(case_id=application.pk, key="completeness", done_at=None).count() == 1


def test_a_task_is_finished_once_and_by_its_own_agency():
    world = World()
    application = world.in_review()
    task = world.task(application, "technical.dinkes")

    with pytest.raises(NotFound):
        services.recommend(person=world.pupr, task_id=task.pk, outcome="approve", note="", now=MONDAY)
    with pytest.raises(rules.NoteMissing):
        services.recommend(person=world.dinkes, task_id=task.pk, outcome="reject", note=" ", now=MONDAY)
    services.recommend(person=world.dinkes, task_id=task.pk, outcome="approve", note="", now=MONDAY)
    with pytest.raises(rules.TaskDone):
        services.recommend(person=world.dinkes, task_id=task.pk, outcome="approve", note="", now=MONDAY)


def test_the_fee_is_computed_and_payment_pauses_the_clock():
    world = World()
    application = world.reviewed()
    services.assess(
        person=world.verifier,
        task_id=world.task(application, "assess").pk,
        outcome="approve",
        note="",
        now=MONDAY,
    )

    assert Invoice.objects.get().amount == 30000
    cases.paid(application_id=application.pk, now=MONDAY + timedelta(days=1))
    cases.paid(application_id=application.pk, now=MONDAY + timedelta(days=3))

    application.refresh_from_db()
    assert application.status == "decision"
    # Two working days touched by the pause (Monday is before day 1; Tuesday counts): one day more.
    assert application.promised_at == datetime(2026, 12, 2, 8, 0, tzinfo=UTC)
    assert Task.objects.filter(case_id=application.pk, key="decide").count() == 1


def test_a_free_service_goes_straight_to_the_signing_official_and_issues():
    world = World(fee={**content()["fee"], "amount": "0"})
    application = world.reviewed()
    services.assess(
        person=world.verifier,
        task_id=world.task(application, "assess").pk,
        outcome="approve",
        note="",
        now=MONDAY,
    )
    task = world.task(application, "decide")

    done, refused = decisions.approve_batch(person=world.signer, task_ids=[task.pk, task.pk], now=MONDAY)

    application.refresh_from_db()
    assert (len(done), len(refused), application.status) == (1, 1, "signing")
    assert Permit.objects.get().application_id == application.pk
    assert "reviews.decided" in kinds(application)
    decided = Entry.objects.get(kind="reviews.decided").data
    assert (decided["on_time"], decided["working_days"], decided["outcome"]) == (True, 0, "approved")


def test_a_rejection_needs_ground_and_sentence_and_cannot_become_a_free_approval():
    world = World()
    application = world.in_review()
    services.recommend(
        person=world.dinkes, task_id=world.task(application, "technical.dinkes").pk, outcome="reject",
        note="Tidak memenuhi.", now=MONDAY,
    )  # fmt: skip
    world.say(application, world.pupr, "technical.pupr", "approve")
    services.assess(
        person=world.verifier,
        task_id=world.task(application, "assess").pk,
        outcome="reject",
        note="Sama.",
        now=MONDAY,
    )
    task = world.task(application, "decide")

    with pytest.raises(decisions.NotRecommended):
        decisions.approve(person=world.signer, task_id=task.pk, now=MONDAY)
    with pytest.raises(rules.ReasonMissing):
        decisions.reject(person=world.signer, task_id=task.pk, ground="", text="Karena", now=MONDAY)
    decisions.reject(person=world.signer, task_id=task.pk, ground="Perda 1", text="Karena", now=MONDAY)

    application.refresh_from_db()
    assert application.status == "signing"  # nobody is told before the letter is signed
    assert application.rejection == {"ground": "Perda 1", "text": "Karena"}


def test_silence_at_the_completeness_check_makes_the_file_complete():
    world = World()
    application = world.submitted()

    deadlines.check(now=MONDAY + timedelta(days=2))
    deadlines.check(now=MONDAY + timedelta(days=2))

    application.refresh_from_db()
    assert application.status == "review"
    assert kinds(application).count("reviews.completed") == 1
    assert Entry.objects.filter(kind="reviews.task_late", data__task="completeness").count() == 1


def test_a_withdrawn_application_leaves_nobodys_list():
    world = World()
    application = world.in_review()
    applications.withdraw(person=world.sari, application_id=application.pk, now=MONDAY)
    cases.withdrawn(application_id=application.pk, now=MONDAY)

    assert not queries.inbox(world.dinkes).exists()
