"""Prepared from home, finished at the counter: a generic form's case, and results without number or document."""

from datetime import date, timedelta

import pytest

from gerai.applications import services as applications
from gerai.applications import tasks as applicant_tasks
from gerai.catalogue import generic
from gerai.ledger.models import Entry
from gerai.notices.models import Notice
from gerai.permits.models import Permit
from gerai.reviews import cases, deadlines, objecting, outside, rules, services, tasks
from gerai.reviews.models import Case, OutsideResult, Task
from gerai.reviews.tests.make import MONDAY, World, content, pdf

pytestmark = pytest.mark.django_db
TODAY = date(2026, 11, 23)
SAME_VISIT = {**content()["standard"], "time": {"days": 0, "kind": "working"}}
GENERIC = {
    "system_of_record": "Polri",
    "permit": None,
    "fee": {**content()["fee"], "amount": "0"},
    "questions": [generic.SECTION],
    "route": [],
    "form": generic.GENERIC,
    "proof": generic.OPTIONAL,
    "standard": SAME_VISIT,
}
RAW = {"need": "KTP saya hilang", "for_whom": "family", "family_name": "Ani", "phone": "08123456789"}


@pytest.fixture
def world():
    return World(**GENERIC)


def sent(world):
    given = {"person": world.sari, "now": MONDAY}
    draft = applications.start(service=world.service, **given)
    assert not applications.save_answers(application_id=draft.pk, section="need", raw=RAW, **given)
    applications.submit(application_id=draft.pk, **given)
    cases.open_case(application_id=draft.pk, now=MONDAY)
    return draft


def complete(world):
    application = sent(world)
    task = world.task(application, "completeness")
    services.complete(person=world.verifier, task_id=task.pk, note="", now=MONDAY)
    application.refresh_from_db()
    return application


def put(world, application, result="granted", **changes):
    given = {"reference": "", "decided_on": TODAY, "where": "", "proof": None, "reason": "", "corrections": [],
             "now": MONDAY, **changes}  # fmt: skip
    task = world.task(application, "decide")
    return outside.record_result(person=world.verifier, task_id=task.pk, result=result, **given)


def told(kind):
    for entry in Entry.objects.filter(kind=kind):
        for _ in range(2):
            tasks.tell(entry)


def test_the_name_is_asked_only_of_who_asks_for_another_and_nothing_is_kept_in_the_open(world):
    application = sent(world)
    application.refresh_from_db()

    assert application.answers == {"for_whom": "family"}
    assert application.answers_sealed


def test_once_complete_only_the_result_is_left_and_the_applicant_knows_they_can_come(world):
    application = complete(world)

    open_ = Task.objects.get(done_at=None)
    assert (application.status, open_.kind, open_.role, open_.agency.code) == (
        "decision",
        "outside",
        "verifier",
        "DPMPTSP",
    )
    for _ in range(2):
        applicant_tasks.tell(Entry.objects.get(kind="reviews.completed"))
    assert "tinggal datang" in Notice.objects.get(template="application_prepared").subject
    assert not Notice.objects.filter(template="application_complete").exists()


def test_a_thing_handed_over_at_the_counter_needs_neither_number_nor_document(world, client):
    client.defaults["HTTP_ACCEPT_LANGUAGE"] = "id"
    application = complete(world)
    row = put(world, application)

    application.refresh_from_db()
    assert (application.status, row.document, row.reference) == ("approved", None, "")
    assert Case.objects.get().closed_at == MONDAY
    assert not Permit.objects.exists()
    told("reviews.outside_recorded")
    assert "diserahkan di loket" in Notice.objects.get(template="outside_at_counter").body
    client.force_login(world.sari)
    assert "diserahkan di loket" in client.get(f"/permohonan/{application.pk}/").content.decode()
    assert client.get(f"/permohonan/{application.pk}/hasil/").status_code == 404
    assert client.get("/saya/berkas/").status_code == 200
    with pytest.raises(rules.TaskDone):
        put(world, application)
    assert OutsideResult.objects.count() == 1


def test_a_document_that_is_there_is_kept_and_what_is_no_document_changes_nothing(world):
    application = complete(world)
    with pytest.raises(outside.ProofMissing):
        put(world, application, proof=b"\x89PNG\r\n\x1a\n" + b"0" * 40)
    with pytest.raises(outside.ReferenceMissing):
        put(world, application, reference="x")
    assert not OutsideResult.objects.exists()

    assert put(world, application, proof=pdf(), reference="SK-1").document.owner == world.sari
    told("reviews.outside_recorded")
    assert Notice.objects.filter(template="outside_result").exists()


def test_where_the_proof_is_needed_nothing_is_recorded_without_it():
    world = World(**{**GENERIC, "proof": generic.NEEDED})
    application = complete(world)
    for changes in ({}, {"reference": "SK-1"}):
        with pytest.raises((outside.ProofMissing, outside.ReferenceMissing)):
            put(world, application, **changes)
    assert not OutsideResult.objects.exists()


def test_a_refusal_at_the_counter_says_why_and_is_objected_to_there(world, client):
    client.defaults["HTTP_ACCEPT_LANGUAGE"] = "id"
    application = complete(world)
    with pytest.raises(outside.OutsideReasonMissing):
        put(world, application, "rejected")
    put(world, application, "rejected", reason="Datanya tidak cocok.")

    application.refresh_from_db()
    assert application.rejection == {"ground": "Polri", "text": "Datanya tidak cocok."}
    with pytest.raises(rules.NothingToObject):
        objecting.file(person=world.sari, application_id=application.pk, text="Tidak setuju.", now=MONDAY)
    told("reviews.outside_recorded")
    assert Notice.objects.filter(template="outside_at_counter").exists()
    client.force_login(world.sari)
    page = client.get(f"/keberatan/{application.pk}/").content.decode()
    assert "nomor  tanggal" not in page
    assert "keputusan Polri tanggal" in page


def test_what_is_given_back_is_mended_and_waits_for_the_visit_again(world):
    application = complete(world)
    mend = [{"what": "answer:need", "text": "Tulis nomor laporan polisi."}]
    put(world, application, "returned", corrections=mend)
    application.refresh_from_db()
    assert (application.status, application.corrections) == ("returned", mend)

    given = {"person": world.sari, "application_id": application.pk, "now": MONDAY}
    applications.save_answers(section="need", raw={**RAW, "need": "Laporan nomor 5"}, **given)
    applications.resubmit(**given)
    cases.open_case(application_id=application.pk, now=MONDAY)
    put(world, application)

    application.refresh_from_db()
    assert application.status == "approved"


def test_silence_never_grants_it_and_taking_back_asks_to_look_there():
    world = World(**{**GENERIC, "deemed": True})
    application = complete(world)
    deadlines.check(now=Case.objects.get().due_at - timedelta(minutes=1))
    application.refresh_from_db()
    assert application.status == "decision"

    applications.withdraw(person=world.sari, application_id=application.pk, now=MONDAY)
    tasks.follow(Entry.objects.get(kind="applications.withdrawn"))

    assert Task.objects.get(key="tell_outside").title["id"] == "Batalkan juga di Polri bila sudah masuk"


def test_a_number_that_was_left_out_is_added_with_a_reason(world):
    application = complete(world)
    put(world, application)
    given = {
        "person": world.verifier,
        "task_id": world.task(application, "decide").pk,
        "where": "",
        "now": MONDAY,
    }

    outside.correct(reference="SK-7", decided_on=TODAY, proof=None, reason="Nomornya ada", **given)
    outside.correct(reference="", decided_on=TODAY, proof=None, reason="Ternyata tidak ada", **given)

    assert [r.reference for r in outside.of_case(Case.objects.get())] == ["", "SK-7", ""]
    told("reviews.outside_corrected")
    assert Notice.objects.filter(template="outside_corrected").count() == 2


def test_the_screens_say_what_remains(world, client):
    client.defaults["HTTP_ACCEPT_LANGUAGE"] = "id"
    application = sent(world)
    client.force_login(world.sari)
    before = client.get(f"/permohonan/{application.pk}/").content.decode()
    assert "tidak perlu datang" not in before
    assert "datanglah ke mal" in before
    assert "lalu Anda datang ke mal" in client.get("/ajukan/DPMPTSP/UJI/").content.decode()
    assert (
        "diurus saat Anda datang"
        in client.get(f"/permohonan/{application.pk}/tanda-terima/").content.decode()
    )

    task = world.task(application, "completeness")
    services.complete(person=world.verifier, task_id=task.pk, note="", now=MONDAY)

    page = client.get(f"/permohonan/{application.pk}/").content.decode()
    assert "tinggal datang" in page
    assert "?s=DPMPTSP/UJI" in page
    client.force_login(world.verifier)
    screen = client.get(f"/tugas/{world.task(application, 'decide').pk}/").content.decode()
    assert "sudah diserahkan" in screen
    assert "(bila ada)" in screen
