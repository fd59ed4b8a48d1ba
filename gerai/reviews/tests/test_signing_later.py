"""What was decided and is signed later: after a dead process, by its official only, by the seal."""

import hashlib
from datetime import timedelta
from typing import Any

import pytest
from django.core import mail
from django.test import Client

from gerai.applications.models import Application
from gerai.core import clock
from gerai.documents import services as documents
from gerai.documents.models import Document
from gerai.integrations.esign.double import PASSPHRASE
from gerai.permits import batches, hands, queries, services, tasks
from gerai.permits.models import PermitSeries
from gerai.permits.rules import HELD
from gerai.reviews.tests.make import MONDAY, World
from gerai.reviews.tests.signs import decided, official, states

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
def test_what_a_dead_process_held_is_offered_again_after_a_while(head, world, national, monkeypatch):
    permit = decided(world)[0]
    now = clock.now()
    held = batches.hold(person=world.signer, permit_ids=[permit.pk], now=now)
    hand = batches.official(world.signer, PASSPHRASE, now)

    class Killed(BaseException):
        """The process is gone."""

    def dies(*_: Any, **__: Any) -> None:
        raise Killed

    with monkeypatch.context() as patch:  # signed at the service, not kept here
        patch.setattr(documents.encryption, "seal", dies)
        with pytest.raises(Killed):
            batches.sign_held(permit_ids=held, since=now, hand=hand, tell_time=lambda: now)

    assert "1 izin sedang ditandatangani" in head.get(HERE).content.decode()
    assert batches.hold(person=world.signer, permit_ids=[permit.pk], now=clock.now()) == []
    later = clock.now() + HELD
    assert batches.hold(person=world.signer, permit_ids=[permit.pk], now=later) == [permit.pk]
    # Had it only slept, the batch would find that its permits are in other hands now.
    batches.sign_held(permit_ids=held, since=now, hand=hand, tell_time=clock.now)
    assert states() == [("signing", "")]

    batches.sign_held(permit_ids=held, since=later, hand=hand, tell_time=clock.now)
    assert (states(), PermitSeries.objects.get().last) == ([("valid", "")], 1)
    assert Document.objects.filter(kind="permit").count() == 1


@inside
def test_only_who_decided_signs_it(client, world, national):
    permit = decided(world)[0]
    deputy = world.staff("Wakil", "DPMPTSP", "signer")

    assert batches.hold(person=deputy, permit_ids=[permit.pk], now=clock.now()) == []
    client.force_login(deputy)
    assert permit.number not in client.get(HERE).content.decode()
    assert client.post(HERE, {"permit": [str(permit.pk)]}).status_code == 302
    assert not mail.outbox


@inside
def test_what_the_law_approves_is_sealed_by_a_job_and_says_that_it_is_a_trial(world, national):
    permit = decided(world)[0]
    application = world.reviewed()
    Application.objects.filter(pk=application.pk).update(status="signing", decided_at=MONDAY)
    deemed = services.issue(application=application, answers={}, decided_by=None, now=MONDAY)

    tasks.sign_left_over(timestamp=0)

    deemed.refresh_from_db()
    permit.refresh_from_db()
    assert (deemed.status, deemed.certified, permit.status) == ("valid", False, "signing")
    assert "UJI COBA" in Client().get(f"/cek/{deemed.secret}/").content.decode()
    data = documents.read(deemed.document)
    assert "Segel elektronik" in hands.check(data).signer


@inside
def test_a_permit_is_still_true_when_the_officials_certificate_has_ended(world, national):
    permit = decided(world)[0]
    hand = batches.official(world.signer, PASSPHRASE, clock.now())
    permit = services.sign(permit_id=permit.pk, now=clock.now(), official=hand)
    data = documents.read(permit.document)
    found, claimed, checked = services.check_file(data)

    assert (found, claimed, checked.intact) == ("ours", permit, True)
    signer = hands.signer()
    assert not signer.check(data, kept_at=permit.signed_at + timedelta(days=800)).ours
    assert signer.check(data, kept_at=permit.signed_at).ours
    flipped = bytearray(data)
    flipped[len(data) // 3] ^= 1
    assert services.check_file(bytes(flipped))[0] == "changed"
    assert hashlib.sha256(data).hexdigest() == permit.document.sha256
    assert queries.by_file(data) == permit
