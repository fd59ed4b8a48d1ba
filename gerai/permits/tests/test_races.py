"""Many officers and workers at once: numbers without gap or double, one file each."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from threading import Barrier

import pytest
from django.db import connection, transaction

from gerai.applications import marks
from gerai.applications.models import Application
from gerai.applications.rules import Status, Why
from gerai.core.errors import DomainError
from gerai.documents.models import Document
from gerai.ledger.models import Entry
from gerai.permits import following, services, withdrawing
from gerai.permits.models import Permit, Suspension
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


def together(*acts: Callable[[], object]) -> list[str]:
    """What became of acts that begin at the same moment: "done", or the code of the refusal."""
    start = Barrier(len(acts))

    def act(one: Callable[[], object]) -> str:
        try:
            start.wait()
            one()
            return "done"
        except DomainError as error:
            return error.code
        finally:
            connection.close()

    with ThreadPoolExecutor(len(acts)) as pool:
        return sorted(pool.map(act, acts))


def test_two_signers_suspending_at_once_leave_one_suspension():
    world = World()
    permit = world.issued()
    other = world.staff("Wakil Kepala", "DINKES", "signer")
    words = {"reason": "STR sedang diperiksa.", "ground": "UU 17/2023", "now": MONDAY}

    done = together(
        *(partial(withdrawing.suspend, permit=permit, actor=a, **words) for a in (world.kepala, other) * 4)
    )

    assert done == ["done"] + ["permit_not_valid"] * 7
    assert Suspension.objects.count() == 1
    assert Entry.objects.filter(kind="permits.suspended").count() == 1


def test_lifting_at_once_lifts_once():
    world = World()
    permit = world.issued()
    words = {
        "reason": "Alasan yang cukup panjang.",
        "ground": "UU 17/2023",
        "now": MONDAY,
        "actor": world.kepala,
    }
    withdrawing.suspend(permit=permit, **words)

    done = together(*(partial(withdrawing.lift, permit=permit, **words) for _ in range(6)))

    assert done == ["done"] + ["permit_not_suspended"] * 5
    assert Entry.objects.filter(kind="permits.lifted").count() == 1


def test_one_suspends_while_another_revokes_and_the_permit_ends_revoked():
    world = World()
    permit = world.issued()
    words = {"reason": "Alasan yang cukup panjang.", "now": MONDAY, "actor": world.kepala}

    done = together(
        partial(withdrawing.suspend, permit=permit, ground="UU 17/2023", **words),
        partial(withdrawing.revoke, permit=permit, **words),
    )

    assert done in (["done", "done"], ["done", "permit_not_valid"])  # either may come first
    assert Permit.objects.get().status == "revoked"
    assert Entry.objects.filter(kind="permits.suspended").count() == Suspension.objects.count()


def test_two_devices_asking_for_a_change_at_once_begin_one():
    world = World()
    permit = world.issued()

    ask = partial(following.ask, permit=permit, why=Why.AMEND, person=world.sari, now=MONDAY)
    assert together(*[ask] * 6) == ["done"] * 6
    assert Application.objects.filter(follows=permit.application).count() == 1


def test_signing_the_replacement_while_the_old_one_is_revoked_leaves_one_valid_permit():
    world = World()
    old = world.issued()
    draft = following.ask(permit=old, why=Why.AMEND, person=world.sari, now=MONDAY)
    Application.objects.filter(pk=draft.pk).update(status=Status.DECISION, number="X")
    decide(draft.pk, world.kepala)
    new = Permit.objects.get(replaces=old)
    words = {"reason": "Alasan yang cukup panjang.", "now": MONDAY, "actor": world.kepala}

    done = together(
        partial(services.sign, permit_id=new.pk, now=MONDAY),
        partial(services.sign, permit_id=new.pk, now=MONDAY),
        partial(withdrawing.revoke, permit=old, **words),
    )

    assert done[:2] == ["done", "done"]
    assert done[2] in ("permit_being_replaced", "permit_not_valid")
    states = dict(Permit.objects.values_list("pk", "status"))
    assert states == {old.pk: "replaced", new.pk: "valid"}
    assert Entry.objects.filter(kind="permits.replaced").count() == 1


def test_officers_deciding_at_once_without_the_year_in_the_pattern_leave_no_gap_in_a_new_series():
    world = World()
    world.agencies["DINKES"].permit_pattern = "{number:04d}/{agency}"
    world.agencies["DINKES"].save()
    waiting = [world.waiting(person(f"P{n:02}")).pk for n in range(16)]

    with ThreadPoolExecutor(8) as pool:
        numbers = list(pool.map(lambda pk: decide(pk, world.kepala), waiting))

    assert sorted(numbers) == [f"{n:04d}/DINKES" for n in range(1, 17)]
