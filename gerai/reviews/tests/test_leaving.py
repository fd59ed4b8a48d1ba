"""An officer leaves: tasks go back to the pool, what was not signed to who signs now, and nobody is left to guess."""

from datetime import timedelta

import pytest
from django.db import DatabaseError, transaction
from django.test import Client

from gerai.accounts import services as accounts
from gerai.accounts.models import Code
from gerai.accounts.tests.codes import confirmed, typed
from gerai.agencies import services as agencies
from gerai.agencies.models import Membership
from gerai.core import clock
from gerai.core.errors import NotFound
from gerai.insight import queries as insight
from gerai.integrations.esign.double import PASSPHRASE
from gerai.integrations.esign.tests.service import fault
from gerai.ledger.models import Entry
from gerai.ledger.rules import SYSTEM
from gerai.notices.models import Notice
from gerai.permits import batches
from gerai.permits.models import Permit, PermitSeries
from gerai.permits.rules import HELD
from gerai.reviews import decisions, leaving, queries, rules, services, tasks
from gerai.reviews.tests.make import MONDAY, World
from gerai.reviews.tests.signs import NIK, decided, official, ready, start, states

pytestmark = pytest.mark.slow

HERE = "/tugas/tanda-tangan/"
LATER = MONDAY + timedelta(hours=1)
inside = pytest.mark.django_db
committed = pytest.mark.django_db(transaction=True)


def leave(world: World, officer, role: str) -> None:
    """The role ends, and the consumer hears of it twice."""
    agencies.take_role(membership=Membership.objects.get(person=officer, role=role), actor=SYSTEM, now=MONDAY)
    entry = Entry.objects.filter(kind="agencies.role_taken").latest("id")
    tasks.leavers(entry)
    tasks.leavers(entry)


def told(template: str) -> list[str]:
    return sorted(Notice.objects.filter(template=template).values_list("person__name", flat=True))


@inside
def test_what_a_reviewer_had_taken_goes_back_to_the_pool_and_the_heads_are_told_once():
    world = World()
    world.also(world.staff("Kadis", "DINKES", "signer"), "DINKES", "agency_admin")
    colleague = world.staff("Rekan", "DINKES", "reviewer")
    kept, task = (world.task(world.in_review(), key) for key in ("technical.pupr", "technical.dinkes"))
    services.claim(person=world.dinkes, task_id=task.pk, now=MONDAY)
    services.claim(person=world.pupr, task_id=kept.pk, now=MONDAY)

    leave(world, world.dinkes, "reviewer")

    services.recommend(person=colleague, task_id=task.pk, outcome="approve", note="", now=LATER)
    kept.refresh_from_db()
    assert kept.taken_by == world.pupr
    assert Entry.objects.get(kind=leaving.FREED).data["was"] == str(world.dinkes.pk)
    assert told("officer_left") == ["Kadis"]
    assert "1 tugas sudah kembali" in Notice.objects.get(template="officer_left").body


@inside
def test_an_agency_without_a_signing_official_is_told_and_shown_at_once():
    world = official()
    ready(world)
    world.staff("Admin", "DPMPTSP", "agency_admin")
    for name, role in (("Manajer", "mall_manager"), ("Wali kota", "mayor")):
        agencies.give_role(
            mall=world.mall, person=world.staff(name, "PUPR", "verifier"), role=role, actor=SYSTEM, now=MONDAY
        )
    assert "unsignable" not in {alarm.kind for alarm in insight.alarms(world.mall, MONDAY)}

    accounts.deactivate(mall="1771", person=world.signer, actor=SYSTEM, now=MONDAY)

    first = insight.alarms(world.mall, MONDAY)[0]
    assert (first.kind, first.agency, first.count) == ("unsignable", "DPMPTSP", 1)
    Membership.objects.filter(person=world.signer).update(active=True)
    leave(world, world.signer, "signer")
    assert told("no_signer") == ["Admin", "Manajer", "Wali kota"]
    page = Client()
    page.force_login(Membership.objects.get(role="mayor").person)
    assert "DPMPTSP tidak punya pejabat penanda tangan" in page.get("/wali-kota/").content.decode()


@committed
def test_an_unsigned_decision_goes_to_the_new_official_under_its_number(client, national):
    world = official()
    fault(national, "down")
    permits = decided(world, 2)
    start(world, permits)
    client.force_login(world.signer)
    asked = client.post(HERE, {"permit": [str(p.pk) for p in permits]})
    successor = world.staff("drg. Rina", "DPMPTSP", "signer")

    leave(world, world.signer, "signer")

    # The leaver: no page, no code, no batch, not even one that had begun.
    assert client.post(HERE, typed(asked, passphrase=PASSPHRASE)).status_code == 404
    assert not Code.objects.filter(purpose="confirm", used_at=None).exists()
    fault(national, "")
    hand = batches.official(world.signer, PASSPHRASE, MONDAY)
    since = clock.now()
    Permit.objects.filter(pk=permits[0].pk).update(held_until=since + HELD)
    batches.sign_held(permit_ids=[permits[0].pk], since=since, hand=hand, tell_time=clock.now)
    assert states() == [("signing", "signer_left_office")] * 2

    # The successor reads it under their own name, decides anew and signs.
    accounts._set_nik(world.signer, "1771031207839999")
    world.signer.save()
    successor.name = "dr. Bayu Pratama"  # whom the double knows
    accounts._set_nik(successor, NIK)
    successor.save()
    head = Client(HTTP_ACCEPT_LANGUAGE="id")
    head.force_login(successor)
    page = head.get(HERE).content.decode()
    assert "2 keputusan pejabat sebelumnya belum ditandatangani" in page
    task = decisions.tasks_of(permits[:1])[0][1]
    assert head.get(f"/tugas/{task}/pratinjau/").content.startswith(b"%PDF")
    confirmed(head, HERE, {"permit": [str(permits[0].pk)]}, passphrase=PASSPHRASE)

    assert states() == [("valid", ""), ("signing", "signer_left_office")]
    permit = Permit.objects.get(pk=permits[0].pk)
    assert (permit.number, permit.decided_by) == (permits[0].number, successor)
    assert permit.decided_at > permits[0].decided_at
    assert PermitSeries.objects.get().last == 2
    entry = Entry.objects.get(kind="permits.taken_over")
    assert (entry.actor_id, entry.data["was"]) == (str(successor.pk), str(world.signer.pk))
    assert told("officer_left") == ["dr. Bayu Pratama"]
    with pytest.raises(NotFound):  # the second click
        decisions.take_over(person=successor, permit_id=permit.pk, now=LATER)
    for change in ({"decided_name": "Lain"}, {"decided_by": world.verifier, "number": "9"}):
        with pytest.raises(DatabaseError), transaction.atomic():
            Permit.objects.filter(pk=permits[1].pk).update(**change)
    with pytest.raises(DatabaseError), transaction.atomic():
        Permit.objects.filter(pk=permit.pk).update(decided_by=world.verifier)


@inside
def test_two_pairs_of_eyes_stay_two_and_a_strangers_agency_sees_nothing(national):
    world = official()
    permit = decided(world)[0]
    world.also(world.verifier, "DPMPTSP", "signer")
    stranger = world.staff("Kepala lain", "PUPR", "signer")
    with pytest.raises(NotFound):  # still in office
        decisions.take_over(person=world.verifier, permit_id=permit.pk, now=LATER)

    leave(world, world.signer, "signer")

    with pytest.raises(rules.AssessedByYou):
        decisions.take_over(person=world.verifier, permit_id=permit.pk, now=LATER)
    with pytest.raises(NotFound):
        decisions.take_over(person=stranger, permit_id=permit.pk, now=LATER)
    assert queries.inbox(stranger).count() == 0
