"""A change or a renewal: everything filled in, one at a time, and the old permit ends when the new one is signed."""

from datetime import datetime, timedelta

import pytest
from django.db import DatabaseError, connection, transaction

from gerai.accounts.models import Business, BusinessMember
from gerai.applications import marks
from gerai.applications import queries as application_queries
from gerai.applications import services as applications
from gerai.applications.models import Application
from gerai.applications.rules import FollowedEnded, NothingChanged, Status, Why
from gerai.core import clock
from gerai.core.errors import NotFound
from gerai.ledger.models import Entry
from gerai.notices.models import Notice
from gerai.permits import (
    change_rules,
    credentials,
    following,
    queries,
    registers,
    services,
    statuslists,
    tasks,
    withdrawing,
)
from gerai.permits.models import Permit
from gerai.permits.tests.make import MONDAY, World

pytestmark = [pytest.mark.django_db, pytest.mark.slow]
NEAR_END = datetime(2031, 10, 1, 3, tzinfo=MONDAY.tzinfo)
OVER = datetime(2031, 11, 24, 3, tzinfo=MONDAY.tzinfo)


@pytest.fixture
def world():
    return World()


def ask(world: World, permit: Permit, why: Why = Why.AMEND, who=None, now: datetime = MONDAY) -> Application:
    return following.ask(permit=permit, why=why, person=who or world.sari, now=now)


def changed(
    world: World, draft: Application, now: datetime = MONDAY, clinic: str = "Klinik Baru"
) -> Application:
    """The place of practice changes; sent, and before the signing official."""
    who = draft.applicant
    raw = {"clinic": clinic, "start": "2026-12-01", "home": "Jalan Suprapto 12"}
    applications.save_answers(person=who, application_id=draft.pk, section="data", raw=raw, now=now)
    applications.submit(person=who, application_id=draft.pk, now=now)
    return before_signer(draft)


def before_signer(draft: Application) -> Application:
    locked = marks.lock(draft.pk)
    for status in (Status.REVIEW, Status.DECISION, Status.SIGNING):
        marks.mark(application=locked, status=status)
    return locked


def decide(world: World, application: Application, now: datetime = MONDAY) -> Permit:
    answers = application_queries.answers_of(application)
    return services.issue(application=application, answers=answers, decided_by=world.kepala, now=now)


def replace(world: World, old: Permit, why: Why = Why.AMEND, now: datetime = MONDAY) -> Permit:
    new = decide(world, changed(world, ask(world, old, why, now=now), now), now)
    return services.sign(permit_id=new.pk, now=now)


def state(permit: Permit, now: datetime = MONDAY) -> str:
    return queries.state(Permit.objects.get(pk=permit.pk), now)


def test_a_change_begins_with_the_answers_of_the_permit_and_is_one_at_a_time(world):
    old = world.issued()
    draft = ask(world, old)

    assert application_queries.answers_of(draft) == application_queries.answers_of(old.application)
    assert (draft.follows_id, draft.why, draft.follow_by) == (old.application_id, "amend", old.valid_until)
    assert ask(world, old) == draft == ask(world, old, Why.RENEW, now=NEAR_END)
    assert Application.objects.count() == 2
    assert Entry.objects.filter(kind="applications.started").latest("pk").data["why"] == "amend"
    # What is applied for anew is another thing and has its own draft.
    assert applications.start(person=world.sari, service=world.service, now=MONDAY) != draft


def test_the_old_permit_ends_as_replaced_when_the_new_one_is_signed_and_not_before(world):
    old = world.issued()
    new = decide(world, changed(world, ask(world, old)))
    assert (state(old), new.status) == ("valid", "signing")

    services.sign(permit_id=new.pk, now=MONDAY)
    services.sign(permit_id=new.pk, now=MONDAY)

    assert (state(old), state(new)) == ("replaced", "valid")
    entry = Entry.objects.get(kind="permits.replaced")
    assert (entry.subject, entry.data["replaced_by"]) == (f"permit:{old.pk}", new.number)
    assert not Application.objects.get(pk=old.application_id).ready_for_pickup
    assert [p.pk for p in queries.waiting_for_pickup(world.sari)] == [new.pk]


def test_the_public_check_register_open_data_and_credential_say_replaced_and_by_what(client, world):
    old = world.issued()
    credential = credentials.take(permit=old, actor=world.sari, now=MONDAY)
    new = replace(world, old)

    told = client.get(f"/cek/{old.secret}/?format=json").json()
    assert (told["status"], told["replaced_by"]) == ("replaced", new.number)
    page = client.get(f"/cek/{old.secret}/").content.decode()
    assert f"/cek/?nomor={new.number}" in page
    assert client.get(f"/cek/{new.secret}/?format=json").json()["replaces"] == old.number
    rows = {row["number"]: row for row in registers.open_data(world.mall, MONDAY)}
    assert (rows[old.number]["status"], rows[old.number]["replaced_by"]) == ("replaced", new.number)
    assert (rows[new.number]["status"], rows[new.number]["replaced_by"]) == ("valid", None)
    lines, _ = registers.page(old.agency, registers.Wanted(state="replaced"), MONDAY)
    assert [line.number for line in lines] == [old.number]
    assert credentials.check(credential, MONDAY).state == "replaced"
    assert statuslists.SAID["replaced"] == statuslists.STATUS_INVALID


def test_a_change_prolongs_nothing_and_a_renewal_counts_from_the_old_end(world):
    old = world.issued()
    amended = replace(world, old)
    assert (amended.valid_until, amended.content["replaces"]) == (old.valid_until, old.number)

    renewed = replace(world, amended, Why.RENEW, NEAR_END)
    assert str(renewed.valid_until) == "2036-11-23"
    assert (state(amended, NEAR_END), state(renewed, NEAR_END)) == ("replaced", "valid")


def test_a_renewal_is_asked_for_in_the_last_days_and_one_that_comes_too_late_stands_alone(world):
    old = world.issued()
    with pytest.raises(change_rules.TooEarlyToRenew):
        ask(world, old, Why.RENEW)
    assert Application.objects.count() == 1

    late = decide(world, changed(world, ask(world, old, Why.RENEW, now=NEAR_END), OVER), OVER)
    services.sign(permit_id=late.pk, now=OVER)
    assert (late.replaces, str(late.valid_until), state(old, OVER)) == (None, "2036-11-24", "expired")


@pytest.mark.parametrize(
    ("end", "refusal"),
    [("expire", change_rules.ExpiredNotChanged), ("suspend", change_rules.SuspendedNotChanged),
     ("revoke", change_rules.RevokedNotChanged), ("replace", change_rules.ReplacedNotChanged)],
)  # fmt: skip
def test_what_does_not_hold_is_not_changed(world, end, refusal):
    old, now = world.issued(), MONDAY
    words = {"permit": old, "reason": "Alasan yang panjang.", "actor": world.kepala, "now": MONDAY}
    if end == "expire":
        now = OVER
    elif end == "suspend":
        withdrawing.suspend(ground="UU 17/2023", **words)
    elif end == "revoke":
        withdrawing.revoke(**words)
    else:
        replace(world, old)
    before = Application.objects.count()

    with pytest.raises(refusal):
        ask(world, old, now=now)
    assert Application.objects.count() == before


def test_a_stranger_a_letter_and_an_unchanged_change_are_refused(world):
    old = world.issued()
    with pytest.raises(NotFound):
        ask(world, old, who=world.budi)
    draft = ask(world, old)
    with pytest.raises(NothingChanged):
        applications.submit(person=world.sari, application_id=draft.pk, now=MONDAY)
    assert Application.objects.get(pk=draft.pk).status == "draft"


def test_what_ends_meanwhile_can_neither_be_sent_nor_decided_and_lifting_opens_it_again(world):
    old = world.issued()
    draft = ask(world, old)
    words = {"permit": old, "reason": "Alasan yang panjang.", "ground": "UU 17/2023", "actor": world.kepala}
    withdrawing.suspend(**words, now=MONDAY)
    with pytest.raises(FollowedEnded):
        changed(world, draft)
    withdrawing.lift(**words, now=MONDAY)
    with pytest.raises(FollowedEnded):
        changed(world, draft, OVER)

    sent = changed(world, draft)
    withdrawing.suspend(**words, now=MONDAY)
    with pytest.raises(change_rules.FollowedNotValid), transaction.atomic():
        decide(world, sent)
    assert following.is_barred(sent, MONDAY)
    assert Permit.objects.count() == 1


def test_while_the_replacement_is_signed_the_old_one_is_left_as_it_is(world):
    old = world.issued()
    new = decide(world, changed(world, ask(world, old)))
    words = {"reason": "Alasan yang panjang.", "actor": world.kepala, "now": MONDAY}
    with pytest.raises(change_rules.BeingReplaced):
        withdrawing.revoke(permit=old, **words)

    services.sign(permit_id=new.pk, now=MONDAY)
    withdrawing.revoke(permit=Permit.objects.get(pk=new.pk), **words)
    assert (state(old), state(new)) == ("replaced", "revoked")


def test_a_second_decision_on_the_same_permit_finds_it_replaced(world):
    old = world.issued()
    first = changed(world, ask(world, old))
    second = marks.succeed(application=first, now=MONDAY)  # an objection that was granted
    marks.mark(application=second, status=Status.DECISION)
    marks.mark(application=second, status=Status.SIGNING)
    services.sign(permit_id=decide(world, first).pk, now=MONDAY)

    with pytest.raises(change_rules.FollowedNotValid), transaction.atomic():
        decide(world, second)
    assert Permit.objects.filter(status="valid").count() == 1


def test_a_colleague_of_the_business_asks_and_the_former_holder_is_told(world):
    firm = _firm(world)
    old = _of_firm(world, firm)
    with pytest.raises(NotFound):
        ask(world, old, who=world.other)

    new = decide(world, changed(world, ask(world, old, who=world.budi)))
    services.sign(permit_id=new.pk, now=MONDAY)

    assert (new.holder, new.application.business) == (world.budi, firm)
    entry = Entry.objects.get(kind="permits.replaced")
    tasks.tell(entry)
    assert Notice.objects.get(key=f"permit-replaced:{entry.pk}").person == world.sari


def _firm(world: World) -> Business:
    firm = Business.objects.create(
        nib="1234567890123", name="Klinik Sehat", created_at=MONDAY, proven_at=MONDAY
    )
    for one in (world.sari, world.budi):
        BusinessMember.objects.create(business=firm, person=one, role="owner", since=MONDAY)
    return firm


def _of_firm(world: World, firm: Business) -> Permit:
    draft = applications.start(person=world.sari, service=world.service, now=MONDAY, business_id=firm.pk)
    new = decide(world, changed(world, draft, clinic="Klinik Sehat"))
    return services.sign(permit_id=new.pk, now=MONDAY)


@pytest.mark.parametrize(
    "change",
    ["status = 'replaced'", "replaces_id = id", "status = 'replaced', replaced_at = now(), lat = 1, lon = 1",
     "lat = 1"],
)  # fmt: skip
def test_the_database_refuses_a_replacement_that_is_none(world, change):
    world.issued()
    with pytest.raises(DatabaseError), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(f"UPDATE permits_permit SET {change}")  # noqa: S608


def test_the_page_offers_a_change_shows_what_is_under_way_and_leads_to_the_new_permit(client, world):
    old = world.issued(now=clock.now())
    client.force_login(world.sari)
    assert "Ajukan perubahan" in client.get(f"/izin/{old.pk}/").content.decode()
    begun = client.post(f"/izin/{old.pk}/ubah/", {"act": "amend"})
    again = client.post(f"/izin/{old.pk}/ubah/", {"act": "amend"})
    draft = Application.objects.get(follows=old.application)
    assert begun.url == again.url == f"/permohonan/{draft.pk}/"
    assert "Perubahan sedang diajukan" in client.get(f"/izin/{old.pk}/").content.decode()

    new = decide(world, changed(world, draft, clock.now()), clock.now())
    services.sign(permit_id=new.pk, now=clock.now())
    page = client.get(f"/izin/{old.pk}/").content.decode()
    assert (f"/izin/{new.pk}/" in page, "Ajukan perubahan" in page) == (True, False)
    assert client.post(f"/izin/{old.pk}/ubah/", {"act": "amend"}).status_code == 409
    client.force_login(world.budi)
    assert client.post(f"/izin/{new.pk}/ubah/", {"act": "amend"}).status_code == 404


def test_a_change_may_have_its_own_fee(world):
    own = {"amount": "7000", "text": {"id": "a", "en": "b"}, "confirmed": True, "source": ""}
    draft = ask(world, world.issued())
    assert application_queries.fee_of(draft) == 0
    draft.edition.content["amend"] = {"fee": own}
    assert application_queries.fee_of(draft) == 7000
    draft.why = "renew"
    assert application_queries.fee_of(draft) == 0


def test_the_day_of_the_end_is_the_last_on_which_a_change_is_sent(world):
    old = world.issued()
    draft = ask(world, old)
    last = datetime(2031, 11, 23, 3, tzinfo=MONDAY.tzinfo)
    with pytest.raises(FollowedEnded):
        changed(world, draft, last + timedelta(days=1))
    assert changed(world, draft, last).status == "signing"
