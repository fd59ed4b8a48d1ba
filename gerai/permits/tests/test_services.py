"""From the decision to the signed file, once and only once; afterwards nothing changes but forwards."""

import subprocess
from datetime import timedelta

import pytest
from django.db import DatabaseError, connection, transaction
from procrastinate.contrib.django.models import ProcrastinateJob

from gerai.agencies.models import Holiday
from gerai.applications import marks
from gerai.applications.rules import Status
from gerai.core.errors import NotFound
from gerai.documents import services as documents
from gerai.documents.models import Document
from gerai.ledger.models import Entry
from gerai.ledger.rules import SYSTEM
from gerai.permits import paper, queries, rules, services, tasks, waiting, withdrawing
from gerai.permits.models import Permit, PermitSeries
from gerai.permits.tests.make import ADDRESS, MONDAY, World

pytestmark = [pytest.mark.django_db, pytest.mark.slow]


def words(permit: Permit, tmp_path) -> str:
    path = tmp_path / "permit.pdf"
    path.write_bytes(documents.read(permit.document))
    return subprocess.run(
        ["pdftotext", "-layout", path, "-"], capture_output=True, text=True, check=True
    ).stdout


def test_deciding_reserves_number_content_and_job_but_tells_nobody():
    permit = World().reserved()

    assert (permit.number, permit.status) == ("0001/DINKES/SIP/2026", "signing")
    assert Entry.objects.filter(kind="permits.reserved").count() == 1
    assert not Entry.objects.filter(kind="permits.issued").exists()
    job = ProcrastinateJob.objects.get(task_name="permits.sign")
    assert job.args == {"permit_id": str(permit.pk)}
    assert queries.by_secret(permit.secret) is None
    assert not queries.of(permit.holder).exists()


def test_personal_answers_are_sealed_in_the_row_and_printed_on_the_paper(tmp_path):
    permit = World().issued()

    assert ADDRESS not in str(permit.content)
    assert ADDRESS in words(permit, tmp_path)


def test_the_paper_says_number_holder_dates_and_that_the_signature_is_a_trial(tmp_path):
    text = words(World().issued(), tmp_path)

    for said in (
        "0001/DINKES/SIP/2026", "Sari Wulandari", "23 November 2026", "23 November 2031", "1 Desember 2026",
        "Kepala Dinas", "TANDA TANGAN UJI COBA, belum tersertifikasi", "DOKUMEN DEMO",
    ):  # fmt: skip
        assert said in text


def test_signing_approves_the_application_and_puts_the_file_in_the_wallet():
    world = World()
    permit = world.issued()

    permit.application.refresh_from_db()
    assert (permit.application.status, permit.application.ready_for_pickup) == ("approved", True)
    assert permit.document.owner_id == world.sari.pk
    assert [p.pk for p in queries.waiting_for_pickup(world.sari)] == [permit.pk]
    assert Entry.objects.get(kind="permits.issued").subject == f"permit:{permit.pk}"


def test_signing_twice_makes_one_file_and_one_entry():
    permit = World().issued()
    tasks.sign(permit_id=str(permit.pk))

    assert Document.objects.filter(kind="permit").count() == 1
    assert Entry.objects.filter(kind="permits.issued").count() == 1


def test_a_worker_killed_between_signing_and_keeping_loses_nothing(monkeypatch):
    permit = World().reserved()
    before = (permit.number, permit.content, permit.secret)

    class Killed(BaseException):
        """The process is gone."""

    def dies(**_):
        raise Killed

    with monkeypatch.context() as patch:
        patch.setattr(documents.encryption, "seal", lambda *_, **__: dies())
        with pytest.raises(Killed), transaction.atomic():
            services.sign(permit_id=permit.pk, now=MONDAY)
    assert waiting.unsigned(MONDAY + timedelta(minutes=1)) == [permit.pk]
    tasks.sign_left_over(timestamp=0)

    permit.refresh_from_db()
    assert permit.status == "valid"
    assert (permit.number, permit.content, permit.secret) == before
    assert Document.objects.filter(kind="permit").count() == 1
    assert waiting.unsigned(MONDAY + timedelta(days=1)) == []


def test_issuing_twice_gives_the_first_permit_back_and_takes_no_second_number():
    permit = World().reserved()
    again = services.issue(application=permit.application, answers={}, decided_by=None, now=MONDAY)

    assert again.pk == permit.pk
    assert PermitSeries.objects.get().last == 1


def test_a_decision_that_is_rolled_back_leaves_no_gap():
    world = World()
    mark = transaction.savepoint()
    assert world.reserved().number.startswith("0001/")
    transaction.savepoint_rollback(mark)

    assert not Permit.objects.exists()
    assert world.reserved().number.startswith("0001/")


def test_approval_by_silence_carries_the_seal_and_no_officials_name(tmp_path):
    world = World()
    application = world.waiting()
    marks.mark(application=application, status=Status.SIGNING, decided_at=MONDAY)
    permit = services.issue(application=application, answers={}, decided_by=None, now=MONDAY)
    permit = services.sign(permit_id=permit.pk, now=MONDAY)

    text = words(permit, tmp_path)
    assert "Kepala Dinas" not in text
    assert "terbit karena hukum" in text


def test_a_refusal_letter_names_the_day_until_which_one_may_object(tmp_path):
    world = World()
    Holiday.objects.create(mall=world.mall, date="2026-12-09", name="Libur uji", kind="local")
    application = world.waiting()
    rejection = {"ground": "UU 17/2023 pasal 263", "text": "STR tidak aktif."}
    marks.mark(application=application, status=Status.SIGNING, decided_at=MONDAY, rejection=rejection)
    letter = services.refuse_letter(
        application=application, ground="UU 17/2023 pasal 263", text="STR tidak aktif.",
        decided_by=world.kepala, now=MONDAY,
    )  # fmt: skip
    letter = services.sign(permit_id=letter.pk, now=MONDAY)

    text = words(letter, tmp_path)
    assert "23 Desember 2026" in text  # 21 working days, one of them a holiday
    assert "STR tidak aktif." in text
    assert "STR tidak aktif." not in str(letter.content)
    assert letter.number == "0001/DINKES/SIP-TOLAK/2026"
    assert Entry.objects.filter(kind="permits.refused").count() == 1
    application.refresh_from_db()
    assert application.status == "rejected"


def test_the_preview_is_marked_and_takes_no_number(tmp_path):
    world = World()
    application = world.waiting()
    pdf = services.preview(
        application=application, answers={"clinic": "X"}, decided_by=world.kepala, now=MONDAY
    )
    (tmp_path / "p.pdf").write_bytes(pdf)

    text = subprocess.run(
        ["pdftotext", tmp_path / "p.pdf", "-"], capture_output=True, text=True, check=True
    ).stdout
    assert "PRATINJAU" in text
    assert "Nomor sementara" in text
    assert not PermitSeries.objects.exists()
    assert paper.claimed_secret(pdf) == ""


def test_words_of_an_applicant_are_never_read_as_template_code(tmp_path):
    world = World()
    world.sari.name = '#panic() *Sari* $x$ "'
    world.sari.save()
    assert '#panic() *Sari* $x$ "' in words(world.issued(), tmp_path)


def test_a_revoked_permit_stays_revoked_and_says_why():
    world = World()
    permit = world.issued()
    withdrawing.revoke(permit=permit, reason="STR dicabut oleh konsil.", actor=world.kepala, now=MONDAY)

    with pytest.raises(rules.NotValid):
        withdrawing.revoke(permit=permit, reason="Sekali lagi dicabut.", actor=world.kepala, now=MONDAY)
    permit.refresh_from_db()
    assert (permit.status, permit.revoke_reason) == ("revoked", "STR dicabut oleh konsil.")
    assert Entry.objects.filter(kind="permits.revoked").count() == 1


@pytest.mark.parametrize("who", ["sari", "budi", "other"])
def test_only_a_signing_official_of_the_agency_revokes(who):
    world = World()
    permit = world.issued()
    with pytest.raises(NotFound):
        withdrawing.revoke(permit=permit, reason="Alasan yang cukup.", actor=getattr(world, who), now=MONDAY)
    permit.refresh_from_db()
    assert permit.status == "valid"


def test_a_revocation_without_a_reason_changes_nothing():
    world = World()
    permit = world.issued()
    with pytest.raises(rules.ReasonMissing):
        withdrawing.revoke(permit=permit, reason="  ya ", actor=world.kepala, now=MONDAY)
    assert not Entry.objects.filter(kind="permits.revoked").exists()


def test_the_paper_is_handed_over_once():
    world = World()
    permit = world.issued()
    services.hand_over(
        permit=permit, receiver="Sari Wulandari", proof="KTP-el dilihat", actor=SYSTEM, now=MONDAY
    )
    services.hand_over(permit=permit, receiver="Budi", proof="surat kuasa", actor=SYSTEM, now=MONDAY)

    permit.refresh_from_db()
    assert permit.receiver == "Sari Wulandari"
    assert Entry.objects.filter(kind="permits.handed_over").count() == 1
    assert not queries.waiting_for_pickup(world.sari).exists()


def test_a_hand_over_needs_receiver_and_proof():
    permit = World().issued()
    with pytest.raises(rules.ReceiverMissing):
        services.hand_over(permit=permit, receiver=" ", proof="KTP", actor=SYSTEM, now=MONDAY)


@pytest.mark.parametrize(
    "change",
    [
        "number = '9999/X'", "content = '{}'", "content_sealed = NULL", "secret = 'guess'", "holder_id = decided_by_id",
        "status = 'signing'", "document_id = NULL", "signed_at = now()", "valid_until = '2099-01-01'",
        "certified = true", "decided_name = 'X'",
    ],
)  # fmt: skip
def test_the_database_refuses_to_change_a_signed_permit(change):
    World().issued()
    with pytest.raises(DatabaseError), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(f"UPDATE permits_permit SET {change}")  # noqa: S608


def test_the_database_refuses_to_delete_or_to_revive():
    world = World()
    permit = world.issued()
    with pytest.raises(DatabaseError), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("DELETE FROM permits_permit")
    withdrawing.revoke(permit=permit, reason="Alasan yang cukup.", actor=world.kepala, now=MONDAY)
    with pytest.raises(DatabaseError), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("UPDATE permits_permit SET status = 'valid'")


def test_the_holder_is_told_once_with_the_address_of_their_page():
    from gerai.notices.models import Notice

    permit = World().issued()
    entry = Entry.objects.get(kind="permits.issued")
    tasks.tell(entry)
    tasks.tell(entry)

    notice = Notice.objects.get(key=f"permit-issued:{entry.pk}")
    assert (notice.person_id, permit.number in notice.body) == (permit.holder_id, True)
    assert f"/izin/{permit.pk}/" in notice.body
