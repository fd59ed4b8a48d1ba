"""The signing official: one code for a batch; in person at the national service, with all that can go wrong."""

import subprocess
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime
from threading import Barrier

import pytest
from django.core import mail
from django.db import connection
from django.test import Client

from gerai.accounts.tests.codes import confirmed, typed
from gerai.applications.models import Application
from gerai.core import clock
from gerai.documents import services as documents
from gerai.documents.models import Document
from gerai.integrations.esign.double import PASSPHRASE
from gerai.integrations.esign.tests.service import fault
from gerai.ledger.models import Entry
from gerai.permits import batches, hands, ports, tasks
from gerai.permits.models import Permit, PermitSeries
from gerai.reviews import decisions
from gerai.reviews.tests.make import MONDAY, World
from gerai.reviews.tests.signs import decided, official, ready, start, states

pytestmark = pytest.mark.slow

HERE = "/tugas/tanda-tangan/"
inside = pytest.mark.django_db
committed = pytest.mark.django_db(transaction=True)  # a batch is a thread with a connection of its own


@pytest.fixture
def world() -> World:
    return official()


@pytest.fixture
def head(client: Client, world: World) -> Client:
    client.defaults["HTTP_ACCEPT_LANGUAGE"] = "id"
    client.force_login(world.signer)
    return client


@inside
def test_many_are_decided_with_one_code_and_none_without(head, world):
    chosen = {"task": ready(world, 3)}

    asked = head.post(HERE, chosen)
    assert "Tanda tangani 3 izin" in asked.content.decode()
    assert head.post(HERE, typed(asked, digits="0")).status_code == 422
    more = {**typed(asked), "task": [*chosen["task"], 987654]}
    assert "Kode sudah tidak berlaku" in head.post(HERE, more).content.decode()
    assert not Permit.objects.exists()

    done = head.post(HERE, typed(asked), follow=True)
    assert "3 izin diputuskan dan sedang ditandatangani." in done.content.decode()
    assert [len(mail.outbox), Permit.objects.count()] == [1, 3]
    again = head.post(HERE, typed(asked), follow=True)  # a double click, or the browser's own retry
    assert "Permintaan ini sudah kami terima" in again.content.decode()
    assert Permit.objects.count() == 3
    assert Entry.objects.filter(kind="accounts.confirmed").count() == 1


@inside
def test_what_waits_no_longer_sends_no_code(head, world):
    task_id = ready(world)[0]
    decisions.approve(person=world.signer, task_id=task_id, now=MONDAY)

    shown = head.post(HERE, {"task": [task_id], "permit": ["x", str(Permit.objects.get().pk)]}, follow=True)
    assert not mail.outbox or "permit" in str(shown.context)
    assert (
        "tidak menunggu tanda tangan lagi"
        in head.post(HERE, {"task": [task_id]}, follow=True).content.decode()
    )
    assert "Tandai dulu izin" in head.post(HERE, {"permit": ["x"]}, follow=True).content.decode()


@inside
def test_a_rejection_is_confirmed_too(head, world):
    task_id = ready(world)[0]
    said = {"ground": "Perda 3/2012 pasal 7", "text": "Lokasi di jalur hijau."}
    head.post(f"/tugas/{task_id}/tolak/", {**said, "ground": ""})
    assert not mail.outbox

    confirmed(head, f"/tugas/{task_id}/tolak/", said)

    assert Permit.objects.get().kind == "refusal"
    assert len(mail.outbox) == 1


# -- in person at the national service -----------------------------------------------------------------------


@committed
def test_an_official_signs_a_batch_with_code_and_passphrase(head, world, national, tmp_path):
    asked = head.post(HERE, {"task": ready(world, 2)})
    assert "Frasa sandi" in asked.content.decode()
    assert "Tulis frasa sandi" in head.post(HERE, typed(asked)).content.decode()  # the code is still good

    done = head.post(HERE, typed(asked, passphrase=PASSPHRASE), follow=True)

    assert "2 izin ditandatangani." in done.content.decode()
    assert states() == [("valid", ""), ("valid", "")]
    assert {e.actor_id for e in Entry.objects.filter(kind="permits.issued")} == {str(world.signer.pk)}
    for permit in Permit.objects.all():
        data = documents.read(permit.document)
        found = hands.check(data, kept_at=permit.signed_at)
        assert (permit.certified, found.intact, found.ours) == (True, True, True)
        page = Client().get(f"/cek/{permit.secret}/").content.decode()
        assert "UJI COBA" not in page
        assert "DOKUMEN DEMO" in page
        (tmp_path / "izin.pdf").write_bytes(data)
        said = subprocess.run(
            ["pdfsig", "-nocert", tmp_path / "izin.pdf"], capture_output=True, text=True
        ).stdout
        assert "Signature is Valid" in said
        text = subprocess.run(
            ["pdftotext", tmp_path / "izin.pdf", "-"], capture_output=True, text=True
        ).stdout
        assert "UJI COBA" not in text
        assert "DOKUMEN DEMO" in text
    assert not kept_anywhere(PASSPHRASE)
    assert kept_anywhere(world.signer.name)


def kept_anywhere(words: str) -> list[str]:
    """The tables in which these words stand, as text or in bytes."""
    found = []
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT relname FROM pg_class WHERE relkind IN ('r', 'p') AND relnamespace = 'public'::regnamespace"
        )
        for (table,) in cursor.fetchall():
            cursor.execute(
                f'SELECT count(*) FROM "{table}" t WHERE t::text LIKE %s OR t::text LIKE %s',  # noqa: S608
                [f"%{words}%", f"%{words.encode().hex()}%"],
            )
            found += [table] if cursor.fetchone()[0] else []
    return found


@committed
@pytest.mark.parametrize("name", ["down", "passphrase", "changed"])
def test_what_fails_stays_numbered_is_told_to_its_official_and_can_be_signed_again(
    head, world, national, name
):
    fault(national, name)
    permits = decided(world, 2)
    number = [permit.number for permit in permits]

    start(world, permits)

    assert {status for status, _ in states()} == {"signing"}
    assert not Document.objects.exists()
    assert not Entry.objects.filter(kind="permits.issued").exists()
    assert Entry.objects.filter(kind="permits.signing_failed").count() == 2
    page = head.get(HERE).content.decode()
    assert "2 izin menunggu tanda tangan Anda lagi" in page
    assert ports.what_went_wrong(states()[0][1]) in page

    fault(national, "")
    tasks.sign_left_over(timestamp=0)
    assert {status for status, _ in states()} == {"signing"}  # no job can do it for the official
    ids = [str(permit.pk) for permit in permits]
    confirmed(head, HERE, {"permit": ids}, passphrase=PASSPHRASE)
    assert states() == [("valid", ""), ("valid", "")]
    assert [p.number for p in Permit.objects.order_by("number")] == number
    assert PermitSeries.objects.get().last == 2
    assert "menunggu tanda tangan Anda lagi" not in head.get(HERE).content.decode()


@committed
def test_a_wrong_passphrase_is_sent_once_and_not_for_each(world, national):
    permits = decided(world, 3)
    looks: list[datetime] = []

    def tell_time() -> datetime:
        looks.append(clock.now())
        return looks[-1]

    batches.start(
        person=world.signer, permit_ids=[p.pk for p in permits], passphrase="salah", tell_time=tell_time
    )

    assert states() == [("signing", "passphrase_wrong")] * 3
    assert len(looks) == 3  # for holding, for the official, and for the one permit that was tried


@committed
def test_a_letter_of_refusal_is_signed_in_person_as_well(head, world, national):
    said = {"ground": "Perda 3/2012 pasal 7", "text": "Lokasi di jalur hijau."}
    first, second = ready(world, 2)

    confirmed(head, f"/tugas/{first}/tolak/", said, passphrase=PASSPHRASE)
    confirmed(head, f"/tugas/{second}/tolak/", said, passphrase="salah")

    assert states() == [("valid", ""), ("signing", "passphrase_wrong")]
    assert "surat penolakan" in head.get(HERE).content.decode()


@committed
def test_a_service_in_trouble_is_told_before_the_decision_and_does_not_stop_it(head, world, national):
    fault(national, "expired")
    asked = head.post(HERE, {"task": ready(world)})
    assert "Sertifikat elektronik Anda habis" in asked.content.decode()

    done = head.post(HERE, typed(asked, passphrase=PASSPHRASE), follow=True)

    assert Application.objects.get().status == "signing"
    assert states() == [("signing", "signer_certificate_not_active")]
    assert "1 izin menunggu tanda tangan Anda lagi" in done.content.decode()


@committed
def test_an_official_without_a_nik_is_told_so(world, national):
    permits = decided(world)
    world.signer.nik_sealed = None
    world.signer.nik_index = None
    world.signer.save()

    start(world, permits)

    assert states() == [("signing", "signer_not_enrolled")]


@committed
def test_two_batches_at_once_sign_each_permit_once(world, national):
    permits = decided(world, 2)
    gate = Barrier(3)

    def press(_: int) -> None:
        try:
            gate.wait()
            start(world, permits)
        finally:
            connection.close()

    with ThreadPoolExecutor(3) as pool:
        list(pool.map(press, range(3)))

    assert states() == [("valid", ""), ("valid", "")]
    assert Document.objects.filter(kind="permit").count() == 2
    assert Entry.objects.filter(kind="permits.issued").count() == 2
