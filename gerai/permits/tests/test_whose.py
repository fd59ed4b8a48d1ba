"""Whose permit it is: of a business as long as one acts for it, of a mandate to read, and never one's own to judge."""

from datetime import timedelta

import pytest

from gerai.accounts.models import Business, BusinessMember
from gerai.agencies.models import Membership
from gerai.applications import mandates
from gerai.applications import services as applications
from gerai.applications.models import Application
from gerai.applications.rules import Why
from gerai.core import clock
from gerai.core.errors import NotFound
from gerai.ledger.models import Entry
from gerai.notices.models import Notice
from gerai.permits import credentials, queries, registers, services, tasks, withdrawing
from gerai.permits.models import Permit
from gerai.permits.tests.make import ADDRESS, MONDAY, World
from gerai.permits.tests.test_following import ask, before_signer, changed, decide

pytestmark = [pytest.mark.django_db, pytest.mark.slow]
RAW = {"clinic": "Klinik Sehat", "start": "2026-12-01", "home": ADDRESS}


@pytest.fixture
def world():
    return World()


def firm_of(world: World, **roles: str) -> Business:
    firm = Business.objects.create(
        nib="1234567890123", name="Klinik Sehat", created_at=MONDAY, proven_at=MONDAY
    )
    for name, role in roles.items():
        BusinessMember.objects.create(business=firm, person=getattr(world, name), role=role, since=MONDAY)
    return firm


def sent(world: World, draft: Application) -> Permit:
    """Filled in by who began it, sent by Sari, decided and signed."""
    who = draft.helper or draft.applicant
    applications.save_answers(person=who, application_id=draft.pk, section="data", raw=RAW, now=MONDAY)
    applications.submit(person=who, application_id=draft.pk, now=MONDAY)
    return services.sign(permit_id=decide(world, before_signer(draft)).pk, now=MONDAY)


def of_firm(world: World, firm: Business) -> Permit:
    given = {"person": world.sari, "service": world.service, "now": MONDAY}
    return sent(world, applications.start(business_id=firm.pk, **given))


def leave(world: World) -> None:
    BusinessMember.objects.filter(person=world.sari).update(active=False, ended_at=MONDAY)


def test_a_colleague_finds_the_permit_of_the_business_among_theirs(world):
    permit = of_firm(world, firm_of(world, sari="owner", budi="staff"))

    assert list(queries.of(world.budi)) == [permit] == list(queries.of(world.sari))
    assert queries.may_take(world.budi, permit, MONDAY)


def test_a_consultant_reads_it_and_takes_no_credential(world):
    permit = of_firm(world, firm_of(world, sari="owner", budi="consultant"))

    assert queries.get(world.budi, permit.pk, MONDAY) == permit
    with pytest.raises(NotFound):
        credentials.take(permit=permit, actor=world.budi, now=MONDAY)


def test_who_has_left_the_business_has_nothing_of_its_permit_any_more(world, client):
    permit = of_firm(world, firm_of(world, sari="owner", budi="owner"))
    leave(world)

    assert list(queries.of(world.sari)) == []
    for read in (queries.get, queries.get_file):
        with pytest.raises(NotFound):
            read(world.sari, permit.pk, MONDAY)
    with pytest.raises(NotFound):
        credentials.take(permit=permit, actor=world.sari, now=MONDAY)
    client.force_login(world.sari)
    for page in ("", "unduh/"):
        assert client.get(f"/izin/{permit.pk}/{page}").status_code == 404


def test_what_happens_to_it_is_told_to_the_owner_who_is_still_there(world):
    permit = of_firm(world, firm_of(world, sari="owner", budi="owner"))
    leave(world)

    withdrawing.revoke(permit=permit, reason="Alasan yang cukup panjang.", actor=world.kepala, now=MONDAY)
    tasks.tell(Entry.objects.get(kind="permits.revoked"))
    tasks.remind_of_ends(MONDAY)

    assert Notice.objects.get(template="permit_revoked").person == world.budi


def mandated(world: World) -> Permit:
    """Asked for by Budi with Sari's mandate, which lasts a month from today: pages look at the clock."""
    now = clock.now()
    given = mandates.give(
        mall=world.mall, person=world.sari, contact=world.budi.email, service=world.service,
        last_day=(now + timedelta(days=30)).date(), now=now,
    )  # fmt: skip
    held = mandates.take(person=world.budi, mandate_id=given.pk, now=now)
    begun = {"person": world.budi, "mandate_id": held.pk, "service": world.service, "now": now}
    return sent(world, mandates.begin(**begun))


def test_who_holds_a_mandate_reads_and_brings_what_they_asked_for_until_it_ends(world, client):
    permit = mandated(world)
    client.force_login(world.budi)
    client.defaults["HTTP_ACCEPT_LANGUAGE"] = "id"

    now = clock.now()
    application = client.get(f"/permohonan/{permit.application_id}/").content.decode()
    assert f"/izin/permohonan/{permit.application_id}/" in application
    assert queries.get_file(world.budi, permit.pk, now) == permit
    page = client.get(f"/izin/{permit.pk}/").content.decode()
    assert "Unduh PDF" in page
    assert "Ajukan perubahan" not in page
    assert not Entry.objects.filter(kind="permits.opened").exists()
    with pytest.raises(NotFound):
        credentials.take(permit=permit, actor=world.budi, now=MONDAY)
    with pytest.raises(NotFound):
        queries.get(world.budi, permit.pk, now + timedelta(days=32))


def test_a_signer_withdraws_no_permit_of_their_own_nor_one_they_asked_for_with_a_mandate(world):
    own, asked = world.issued(), mandated(world)
    for person, permit in ((world.sari, own), (world.budi, asked)):
        Membership.objects.create(mall=world.mall, agency=permit.agency, person=person, role="signer")
        words = {"permit": permit, "reason": "Alasan yang cukup panjang.", "actor": person, "now": MONDAY}

        assert not queries.may_revoke(person, permit)
        with pytest.raises(NotFound):
            withdrawing.revoke(**words)
        with pytest.raises(NotFound):
            withdrawing.suspend(ground="UU 17/2023", **words)
    assert set(Permit.objects.values_list("status", flat=True)) == {"valid"}


def test_nobody_is_urged_to_renew_what_they_have_sent_to_be_renewed(world):
    old = world.issued()
    near = old.valid_until - timedelta(days=30)
    now = MONDAY + (near - MONDAY.date())
    draft = ask(world, old, Why.RENEW, now=now)
    assert [permit for permit, _ in registers.ending(world.mall, 30, near)] == [old]

    changed(world, draft, now)

    assert list(registers.ending(world.mall, 30, near)) == []
