"""The history on the case screen: what happened in order, by which side and when, and why the clock stands still."""

import json
from datetime import timedelta

import pytest
from django.template.loader import render_to_string

from gerai.applications import services as applications
from gerai.reviews import asking, cases, clocking, deadlines, history, services, sharing
from gerai.reviews.models import Case
from gerai.reviews.tests.make import MONDAY, World

pytestmark = pytest.mark.django_db
LAW = "Perda Kota 3/2012 pasal 12"


@pytest.fixture
def world():
    return World()


@pytest.fixture
def officer(client):
    client.defaults["HTTP_ACCEPT_LANGUAGE"] = "id"
    return client


def told(application):
    return history.of(Case.objects.get(pk=application.pk))


def by(application):
    return [(row["kind"], row["side"], row["agency"]) for row in told(application)]


def read(officer, person, task):
    officer.force_login(person)
    return officer.get(f"/tugas/{task.pk}/").content.decode()


def test_a_case_from_sending_to_the_fee_in_order_with_who_and_without_a_name(world):
    application = world.submitted()
    mend = [{"what": "answer:area", "text": "Ukur lagi."}]
    services.give_back(
        person=world.verifier,
        task_id=world.task(application, "completeness").pk,
        corrections=mend,
        now=MONDAY,
    )
    applications.resubmit(person=world.sari, application_id=application.pk, now=MONDAY)
    cases.open_case(application_id=application.pk, now=MONDAY)
    services.complete(
        person=world.verifier, task_id=world.task(application, "completeness").pk, note="", now=MONDAY
    )
    world.say(application, world.dinkes, "technical.dinkes", "approve", "Rahasia kami.")
    world.say(application, world.pupr, "technical.pupr", "approve")
    world.assess(application)

    assert by(application) == [
        ("applications.submitted", "applicant", "DPMPTSP"),
        ("task_done", "officer", "DPMPTSP"),
        ("returned", "officer", "DPMPTSP"),
        ("applications.resubmitted", "applicant", "DPMPTSP"),
        ("task_done", "officer", "DPMPTSP"),
        ("completed", "officer", "DPMPTSP"),
        ("task_done", "officer", "DINKES"),
        ("task_done", "officer", "PUPR"),
        ("task_done", "officer", "DPMPTSP"),
        ("payments.invoiced", "officer", "DPMPTSP"),
        ("recommended", "officer", "DPMPTSP"),
    ]
    everything = json.dumps(told(application), default=str)
    assert not [
        word for word in ("Sari", "Vera", "Dewi", "Suprapto", "Rahasia", "Ukur") if word in everything
    ]


def test_a_stop_stands_on_top_with_its_ground_and_in_the_history_with_the_moved_promise(officer, world):
    application = world.in_review()
    task = world.task(application, "technical.dinkes")
    clocking.stop(person=world.signer, case_id=application.pk, days=3, ground=LAW, now=MONDAY)
    stopped = read(officer, world.dinkes, task)
    clocking.go_on(person=world.signer, case_id=application.pk, now=MONDAY + timedelta(days=1))
    clocking.extend(person=world.signer, case_id=application.pk, days=2, ground=LAW, now=MONDAY)
    going = read(officer, world.dinkes, task)

    assert "Waktu berhenti sejak " in stopped
    assert stopped.count(LAW) == 2
    assert "Waktu berhenti sejak" not in going
    assert {("stopped", "head", "DPMPTSP"), ("extended", "head", "DPMPTSP")} <= set(by(application))
    assert "Waktu berjalan lagi" in going
    assert "Janji bergeser dari" in going


def test_while_the_applicant_has_to_pay_the_screen_says_that_the_clock_stands_still(officer, world):
    application = world.reviewed()
    world.assess(application)

    shown = read(officer, world.verifier, world.task(application, "assess"))

    assert "sampai pemohon membayar" in shown
    assert "Tagihan " in shown


def test_who_got_the_task_and_what_the_system_did_by_itself(officer, world):
    application = world.submitted()
    task = world.task(application, "completeness")
    sharing.give(
        person=world.signer, task_id=task.pk, officer_id=str(world.verifier.pk), reason="Cepat", now=MONDAY
    )
    deadlines.check(now=MONDAY + timedelta(days=3))

    rows = {row["kind"]: row for row in told(application)}
    assert (rows["task_given"]["to"], rows["task_given"]["side"]) == ("Vera", "head")
    assert rows["completed"]["side"] == "system"
    shown = read(officer, world.verifier, task)
    assert "dibagikan kepada Vera" in shown
    assert "tidak diperiksa sampai batasnya" in shown


def test_what_was_typed_at_the_desk_was_sent_by_the_desk_and_a_question_names_both_agencies(world):
    application = world.in_review()
    application.helper = world.verifier
    application.save()
    asking.ask(
        person=world.dinkes, task_id=world.task(application, "technical.dinkes").pk, agency="PUPR",
        role="reviewer", question="Apakah luasnya masuk akal?", days=1, personal=False, files=[], reason="",
        now=MONDAY,
    )  # fmt: skip

    assert told(application)[0]["side"] == "applicant"  # sent by Sari herself
    asked = told(application)[-1]
    assert (asked["kind"], asked["agency"], asked["asked"]) == ("opinion_asked", "DINKES", "PUPR")
    application.helper = world.sari
    application.save()
    assert told(application)[0]["side"] == "desk"


def test_every_kind_of_the_history_has_a_sentence(officer, world):
    for kind in sorted(history.SHOWN):
        name = kind.removeprefix("reviews.")
        data = {"outcome": "approve", "on_time": True, "count": 1, "round": 2, "amount": 1, "owed": 1}
        row = {
            "at": MONDAY,
            "kind": name,
            "side": "officer",
            "agency": "PUPR",
            "data": data,
            "title": {"id": "T"},
        }
        said = render_to_string("reviews/_history.html", {"history": [row]}).partition("<br>")[2]
        assert said.split("</li>")[0].strip(), kind


def test_an_officer_reads_no_history_of_their_own_case(officer, world):
    application = world.in_review()
    task = world.task(application, "technical.dinkes")
    world.also(world.sari, "DINKES", "reviewer")

    assert "Riwayat: " in read(officer, world.dinkes, task)
    assert "Riwayat: " not in read(officer, world.sari, task)
