"""Where an outside system decides: the case ends with its reference and proof, and nothing is issued here."""

from datetime import date, timedelta
from threading import Barrier, Thread

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import IntegrityError, connection, transaction

from gerai.applications import services as applications
from gerai.applications import wallet
from gerai.applications.models import Application
from gerai.core.errors import NotFound
from gerai.documents import services as documents
from gerai.documents.models import Document
from gerai.ledger.models import Entry
from gerai.notices.models import Notice
from gerai.permits.models import Permit
from gerai.reviews import cases, deadlines, decisions, drawing, objecting, outside, rules, tasks
from gerai.reviews.models import Case, OutsideResult, Task
from gerai.reviews.tests.make import MONDAY, World, content, pdf

pytestmark = pytest.mark.django_db
TODAY = date(2026, 11, 23)
NUMBER = "SK-PBG-177101-23112026-001"
FREE = {"fee": {**content()["fee"], "amount": "0"}}
SIMBG = {"system_of_record": "SIMBG", "permit": None, **FREE}


@pytest.fixture
def world():
    return World(**SIMBG)


def waiting(world):
    """A case whose agencies have agreed: it waits for the outside system."""
    application = world.reviewed()
    application.refresh_from_db()
    return application


def put(world, application, result="granted", officer=None, **changes):
    given = {"reference": NUMBER, "decided_on": TODAY, "where": "https://simbg.pu.go.id/", "proof": pdf(),
             "reason": "", "corrections": [], "now": MONDAY, **changes}  # fmt: skip
    task = world.task(application, "decide")
    return outside.record_result(person=officer or world.verifier, task_id=task.pk, result=result, **given)


def correct(world, application, officer=None, **changes):
    given = {"reference": "SK-PBG-177101-23112026-002", "decided_on": TODAY, "where": "", "proof": None,
             "reason": "Salah ketik", "now": MONDAY, **changes}  # fmt: skip
    task = world.task(application, "decide")
    return outside.correct(person=officer or world.verifier, task_id=task.pk, **given)


def test_instead_of_signing_the_owners_officer_has_a_task_due_with_the_promise(world):
    application = waiting(world)

    task = world.task(application, "decide")
    assert (application.status, task.kind, task.role) == ("decision", "outside", "verifier")
    assert task.title == {"id": "Catat hasil dari SIMBG", "en": "Record the result of SIMBG"}
    assert task.due_at == Case.objects.get().due_at
    deadlines.check(now=task.due_at)
    assert Entry.objects.filter(kind="reviews.task_late", data__task="decide").exists()
    assert Entry.objects.filter(kind="reviews.case_late").exists()
    titles = [node.title["id"] for node in drawing.draw(application.edition.content, "DPMPTSP").nodes]
    assert "Catat hasil dari SIMBG" in titles
    assert "Putuskan dan tanda tangani" not in titles


def test_a_granted_result_ends_the_case_with_reference_proof_and_notice_and_issues_nothing(world):
    application = waiting(world)
    row = put(world, application)

    application.refresh_from_db()
    assert (application.status, application.decided_at, application.ready_for_pickup) == (
        "approved",
        MONDAY,
        False,
    )
    assert application.outside["reference"] == NUMBER
    assert (row.document.owner, documents.read(row.document)) == (world.sari, pdf())
    assert Case.objects.get().closed_at == MONDAY
    assert not Permit.objects.exists()
    assert not Task.objects.filter(done_at=None).exists()
    assert wallet.of(world.sari)[0]["document"] == row.document
    for entry in Entry.objects.filter(kind="reviews.outside_recorded"):
        for _ in range(2):
            tasks.tell(entry)
        assert NUMBER not in str(entry.data)
    words = Notice.objects.get(template="outside_result").body
    assert NUMBER in words
    assert "https://simbg.pu.go.id/" in words


def test_a_second_press_is_refused_and_records_nothing_more(world):
    application = waiting(world)
    put(world, application)
    with pytest.raises(rules.TaskDone):
        put(world, application, reference="LAIN-1")
    assert OutsideResult.objects.count() == 1


def test_a_rejection_says_why_and_leads_to_the_outside_agency(world):
    application = waiting(world)
    with pytest.raises(outside.OutsideReasonMissing):
        put(world, application, "rejected")
    put(world, application, "rejected", reason="Gambar tidak sesuai tata ruang.")

    application.refresh_from_db()
    assert application.status == "rejected"
    assert application.rejection == {"ground": f"SIMBG {NUMBER}", "text": "Gambar tidak sesuai tata ruang."}
    with pytest.raises(rules.NothingToObject):
        objecting.file(
            person=world.sari, application_id=application.pk, text="Saya tidak setuju.", now=MONDAY
        )
    assert not Permit.objects.exists()


def test_what_is_given_back_there_is_mended_here_and_recorded_again(world):
    application = waiting(world)
    with pytest.raises(rules.CorrectionEmpty):
        put(world, application, "returned", proof=None)
    mend = [{"what": "answer:area", "text": "Sesuaikan dengan gambar."}]
    put(world, application, "returned", proof=None, corrections=mend)
    application.refresh_from_db()
    assert (application.status, application.corrections) == ("returned", mend)

    raw = {"area": "4", "address": "Jl. Suprapto 1"}
    given = {"person": world.sari, "application_id": application.pk, "now": MONDAY}
    applications.save_answers(section="data", raw=raw, **given)
    applications.resubmit(**given)
    cases.open_case(application_id=application.pk, now=MONDAY)
    put(world, application, reference="SK-2")

    application.refresh_from_db()
    assert (application.status, application.outside["reference"]) == ("approved", "SK-2")
    assert [r.reference for r in outside.of_case(application.case)] == [NUMBER, "SK-2"]


@pytest.mark.parametrize(("changes", "refusal"), [
    ({"reference": " x "}, outside.ReferenceMissing),
    ({"reference": "x" * 81}, outside.ReferenceMissing),
    ({"decided_on": None}, outside.OutsideDateWrong),
    ({"decided_on": TODAY + timedelta(days=1)}, outside.OutsideDateWrong),
    ({"decided_on": TODAY - timedelta(days=1)}, outside.OutsideDateWrong),
    ({"where": "javascript:alert(1)"}, outside.OutsideAddressWrong),
    ({"where": "https://"}, outside.OutsideAddressWrong),
    ({"proof": None}, outside.ProofMissing),
    ({"proof": b"\x89PNG\r\n\x1a\n" + b"0" * 40}, outside.ProofMissing),
    ({"proof": b"%PDF-1.7\nnothing in it"}, documents.FileBroken),
    ({"result": "issued"}, rules.OutcomeNotAllowed),
])  # fmt: skip
def test_what_cannot_be_recorded_changes_nothing(world, changes, refusal):
    application = waiting(world)
    with pytest.raises(refusal):
        put(world, application, **changes)
    application.refresh_from_db()
    assert (application.status, OutsideResult.objects.count(), Document.objects.count()) == ("decision", 0, 0)
    assert world.task(application, "decide").done_at is None


def test_only_the_owners_officers_record_and_never_their_own(world):
    application = waiting(world)
    for stranger in (world.signer, world.dinkes, world.sari):
        with pytest.raises(NotFound):
            put(world, application, officer=stranger)
    world.also(world.sari, "DPMPTSP", "verifier")
    with pytest.raises(rules.OwnCase):
        put(world, application, officer=world.sari)
    with pytest.raises(NotFound):
        decisions.approve(person=world.signer, task_id=world.task(application, "decide").pk, now=MONDAY)
    world.also(world.verifier, "DPMPTSP", "signer")
    with pytest.raises(rules.OutcomeNotAllowed):
        decisions.approve(person=world.verifier, task_id=world.task(application, "decide").pk, now=MONDAY)
    assert not OutsideResult.objects.exists()


def test_a_wrong_reference_is_corrected_with_a_reason_and_the_first_stays(world):
    application = waiting(world)
    first = put(world, application)
    with pytest.raises(outside.OutsideReasonMissing):
        correct(world, application, reason="")
    for stranger in (world.signer, world.sari):
        with pytest.raises(NotFound):
            correct(world, application, officer=stranger)
    for _ in range(2):
        second = correct(world, application)
    assert correct(world, application, proof=pdf()).pk == second.pk, "a second click, with the same file"

    application.refresh_from_db()
    assert application.outside["reference"] == "SK-PBG-177101-23112026-002"
    assert (second.replaces, second.document) == (first, first.document)
    assert [r.reference for r in outside.of_case(application.case)] == [NUMBER, second.reference]
    tasks.tell(Entry.objects.get(kind="reviews.outside_corrected"))
    assert second.reference in Notice.objects.get(template="outside_corrected").body
    with pytest.raises(IntegrityError), transaction.atomic():
        OutsideResult.objects.filter(pk=first.pk).update(reference="x")


def test_nothing_is_corrected_before_it_is_recorded(world):
    with pytest.raises(outside.NothingToCorrect):
        correct(world, waiting(world))


def test_the_law_of_silence_never_issues_what_is_decided_outside():
    world = World(**SIMBG, deemed=True)
    application = waiting(world)
    due = Case.objects.get().due_at
    deadlines.check(now=due + timedelta(days=30))
    application.refresh_from_db()
    assert application.status == "decision"
    assert not Permit.objects.exists()


def test_a_fee_is_still_assessed_and_paid_before_and_a_rejection_weighed():
    world = World(system_of_record="SIMBG", permit=None)
    application = world.reviewed()
    assert world.task(application, "assess").done_at is None
    world.assess(application)
    cases.paid(application_id=application.pk, now=MONDAY)
    assert world.task(application, "decide").kind == "outside"

    second = world.in_review()
    world.say(second, world.dinkes, "technical.dinkes", "reject", "Tidak sesuai.")
    world.say(second, world.pupr, "technical.pupr", "approve")
    assert world.task(second, "assess").done_at is None


def test_the_screens_of_an_outside_result(world, client):
    client.defaults["HTTP_ACCEPT_LANGUAGE"] = "id"
    application = waiting(world)
    task = world.task(application, "decide")
    Application.objects.filter(pk=application.pk).update(submitted_at=MONDAY - timedelta(days=400))
    client.force_login(world.sari)
    assert "Diputuskan di SIMBG" in client.get(f"/permohonan/{application.pk}/").content.decode()
    assert client.get(f"/permohonan/{application.pk}/hasil/").status_code == 404
    client.force_login(world.verifier)
    page = client.get(f"/tugas/{task.pk}/").content.decode()
    assert "Kembalikan ke pemohon" not in page
    typed = {"result": "granted", "reference": NUMBER, "decided_on": str(TODAY), "where": ""}
    assert client.post(f"/tugas/{task.pk}/hasil/", {**typed, "decided_on": "kemarin"}).status_code == 422
    client.post(f"/tugas/{task.pk}/hasil/", {**typed, "proof": SimpleUploadedFile("sk.pdf", pdf())})
    right = {**typed, "reference": "SK-9", "result_reason": "Salah ketik"}
    client.post(f"/tugas/{task.pk}/hasil/perbaiki/", right)
    shown = client.get(f"/tugas/{task.pk}/").content.decode()
    assert (NUMBER in shown, "SK-9" in shown, "Salah ketik" in shown) == (True, True, True)

    client.force_login(world.sari)
    shown = client.get(f"/permohonan/{application.pk}/").content.decode()
    assert ("SK-9" in shown, "Buka izin saya" in shown) == (True, False)
    assert client.get(f"/permohonan/{application.pk}/hasil/").content == pdf()
    assert "Hasil SIMBG" in client.get("/saya/berkas/").content.decode()
    client.force_login(world.budi)
    assert client.get(f"/permohonan/{application.pk}/hasil/").status_code == 404


@pytest.mark.django_db(transaction=True)
def test_two_corrections_at_once_stand_one_after_the_other():
    world = World(**SIMBG)
    application = waiting(world)
    put(world, application)
    together, errors = Barrier(2), []

    def press(reference):
        try:
            together.wait(10)
            correct(world, application, reference=reference)
        except Exception as error:
            errors.append(error)
        finally:
            connection.close()

    threads = [Thread(target=press, args=(reference,)) for reference in ("SK-A", "SK-B")]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert not errors
    chain = list(outside.of_case(Case.objects.get()))
    assert len(chain) == 3
    assert Application.objects.get().outside["reference"] == chain[-1].reference
    assert {row.replaces_id for row in chain} == {None, chain[0].pk, chain[1].pk}
