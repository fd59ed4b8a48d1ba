"""Many officers and workers at once: numbers without gap or double, one file each."""

from concurrent.futures import ThreadPoolExecutor

import pytest
from django.db import connection, transaction

from gerai.applications import marks
from gerai.applications.models import Application
from gerai.applications.rules import Status
from gerai.documents.models import Document
from gerai.ledger.models import Entry
from gerai.permits import services
from gerai.permits.models import Permit
from gerai.permits.tests.make import MONDAY, World, person

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.slow]


def decide(application_id, signer) -> str:
    try:
        with transaction.atomic():
            application = marks.lock(application_id)
            marks.mark(application=application, status=Status.SIGNING, decided_at=MONDAY)
            permit = services.issue(application=application, answers={}, decided_by=signer, now=MONDAY)
            return permit.number
    finally:
        connection.close()


def test_eight_officers_deciding_at_once_leave_no_gap_and_no_double():
    world = World()
    waiting = [world.waiting(person(f"P{n:02}")).pk for n in range(40)]

    with ThreadPoolExecutor(8) as pool:
        numbers = list(pool.map(lambda pk: decide(pk, world.kepala), waiting))

    assert sorted(numbers) == [f"{n:04d}/DINKES/SIP/2026" for n in range(1, 41)]


def test_eight_workers_signing_the_same_permit_leave_one_file():
    permit = World().reserved()

    def work(_) -> None:
        try:
            services.sign(permit_id=permit.pk, now=MONDAY)
        finally:
            connection.close()

    with ThreadPoolExecutor(8) as pool:
        list(pool.map(work, range(8)))

    assert Document.objects.filter(kind="permit").count() == 1
    assert Entry.objects.filter(kind="permits.issued").count() == 1
    assert Permit.objects.get().status == "valid"
    assert Application.objects.get().status == "approved"
