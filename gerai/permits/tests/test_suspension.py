"""Suspending and lifting: with reason and ground, seen by everybody at once, and only by the agency's signer."""

from datetime import timedelta

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import DatabaseError, connection, transaction

from gerai.accounts.tests.codes import confirmed
from gerai.core.errors import NotFound
from gerai.documents import services as documents
from gerai.ledger.models import Entry
from gerai.ledger.rules import SYSTEM
from gerai.notices.models import Notice
from gerai.permits import queries, rules, services, tasks, withdrawing
from gerai.permits.models import Permit, Suspension
from gerai.permits.tests.make import MONDAY, World

pytestmark = [pytest.mark.django_db, pytest.mark.slow]
REASON, GROUND = "STR sedang diperiksa konsil.", "UU 17/2023 pasal 263"


@pytest.fixture
def world():
    return World()


def suspend(permit: Permit, world: World, **changed) -> Permit:
    words = {"reason": REASON, "ground": GROUND, "actor": world.kepala, "now": MONDAY}
    return withdrawing.suspend(permit=permit, **{**words, **changed})


def lift(permit: Permit, world: World, **changed) -> Permit:
    words = {"reason": "STR terbukti aktif.", "ground": GROUND, "actor": world.kepala, "now": MONDAY}
    return withdrawing.lift(permit=permit, **{**words, **changed})


def revoke(permit: Permit, world: World) -> Permit:
    return withdrawing.revoke(
        permit=permit, reason="STR dicabut oleh konsil.", actor=world.kepala, now=MONDAY
    )


def kinds(*names: str) -> int:
    return Entry.objects.filter(kind__in=[f"permits.{name}" for name in names]).count()


def test_a_suspended_permit_does_not_hold_until_it_is_lifted_and_both_are_recorded(world):
    permit = world.issued()

    suspend(permit, world)
    permit.refresh_from_db()
    assert (permit.status, queries.state(permit, MONDAY)) == ("suspended", "suspended")
    lift(permit, world)
    permit.refresh_from_db()

    assert (permit.status, queries.suspension(permit)) == ("valid", None)
    assert (kinds("suspended"), kinds("lifted")) == (1, 1)
    assert REASON not in str(list(Entry.objects.values_list("data", flat=True)))


def test_it_can_be_suspended_again_later_and_both_times_stay_written(world):
    permit = world.issued()
    for _ in range(2):
        suspend(permit, world)
        lift(permit, world)

    assert Suspension.objects.filter(permit=permit, lifted_at__isnull=False).count() == 2


def test_a_suspended_permit_can_be_revoked_and_then_never_comes_back(world):
    permit = world.issued()
    suspend(permit, world)
    revoke(permit, world)

    for act in (suspend, lift, revoke):
        with pytest.raises(rules.NotValid):
            act(permit, world)
    permit.refresh_from_db()
    assert (permit.status, kinds("suspended", "lifted", "revoked")) == ("revoked", 2)


def test_suspended_twice_keeps_the_first_and_lifted_twice_is_refused(world):
    permit = world.issued()
    suspend(permit, world)
    with pytest.raises(rules.NotValid):
        suspend(permit, world, reason="Alasan yang lain sekali.")
    assert Suspension.objects.get().reason == REASON

    lift(permit, world)
    with pytest.raises(rules.NotSuspended):
        lift(permit, world, reason="Alasan yang lain sekali.")
    assert Suspension.objects.get().lift_reason == "STR terbukti aktif."
    assert (kinds("suspended"), kinds("lifted")) == (1, 1)


@pytest.mark.parametrize(
    ("words", "refusal"),
    [
        ({"reason": "  ya   "}, rules.SuspensionReasonMissing),
        ({"ground": " - "}, rules.GroundMissing),
    ],
)
def test_without_reason_or_ground_nothing_changes(world, words, refusal):
    permit = world.issued()
    with pytest.raises(refusal):
        suspend(permit, world, **words)
    permit.refresh_from_db()
    assert (permit.status, Suspension.objects.exists(), kinds("suspended")) == ("valid", False, 0)

    suspend(permit, world)
    with pytest.raises(refusal):
        lift(permit, world, **words)
    permit.refresh_from_db()
    assert (permit.status, kinds("lifted")) == ("suspended", 0)


@pytest.mark.parametrize("who", ["sari", "budi", "other"])
def test_only_a_signing_official_of_the_agency_suspends_and_lifts(world, who):
    permit = world.issued()
    with pytest.raises(NotFound):
        suspend(permit, world, actor=getattr(world, who))
    suspend(permit, world)
    with pytest.raises(NotFound):
        lift(permit, world, actor=getattr(world, who))

    permit.refresh_from_db()
    assert (permit.status, kinds("suspended", "lifted")) == ("suspended", 1)


def test_what_is_not_signed_yet_cannot_be_suspended(world):
    permit = world.reserved()
    with pytest.raises(rules.NotValid):
        suspend(permit, world)
    assert not Suspension.objects.exists()


def test_a_suspended_permit_is_not_handed_over_and_does_not_wait_for_pickup(world):
    permit = world.issued()
    suspend(permit, world)

    assert not queries.waiting_for_pickup(world.sari).exists()
    with pytest.raises(rules.NotValid):
        services.hand_over(permit=permit, receiver="Sari", proof="KTP", actor=SYSTEM, now=MONDAY)


def test_an_expired_one_stays_expired_while_it_is_suspended():
    world = World(valid_years=1)
    permit = suspend(world.issued(), world)
    later = MONDAY + timedelta(days=400)

    assert queries.state(permit, later) == "expired"
    with pytest.raises(rules.NotValid):
        lift(permit, world, now=later)
    permit.refresh_from_db()
    assert (permit.status, kinds("suspended"), kinds("lifted")) == ("suspended", 1, 0)


def test_an_expired_one_is_not_suspended(world):
    permit = world.issued()
    with pytest.raises(rules.NotValid):
        suspend(permit, world, now=MONDAY + timedelta(days=6 * 365))

    permit.refresh_from_db()
    assert (permit.status, Suspension.objects.count(), kinds("suspended")) == ("valid", 0, 0)


def test_everybody_sees_at_once_that_it_is_suspended_and_since_when_but_not_why(client, world):
    permit = world.issued()
    suspend(permit, world)

    by_qr = client.get(f"/cek/{permit.secret}/").content.decode()
    by_number = client.get("/cek/", {"nomor": permit.number}).content.decode()
    by_machine = client.get(f"/cek/{permit.secret}/?format=json").json()
    upload = SimpleUploadedFile("izin.pdf", documents.read(permit.document), "application/pdf")
    by_file = client.post("/cek/", {"berkas": upload}).content.decode()

    for page in (by_qr, by_number, by_file):
        assert "Dibekukan, sementara tidak berlaku" in page
        assert "Asli dan berlaku" not in page
        assert "konsil" not in page
    assert "Berkasnya asli, tetapi" in by_file
    assert (by_machine["status"], by_machine["suspended_at"]) == ("suspended", MONDAY.isoformat())


def test_a_changed_file_of_a_suspended_permit_is_not_called_valid(client, world):
    permit = world.issued()
    suspend(permit, world)
    upload = SimpleUploadedFile("izin.pdf", documents.read(permit.document) + b"\n", "application/pdf")
    page = client.post("/cek/", {"berkas": upload}).content.decode()

    assert "Dokumen dengan nomor ini sedang dibekukan." in page
    assert "ada dan berlaku" not in page


def test_the_holder_reads_reason_and_ground(client, world):
    permit = world.issued()
    suspend(permit, world)
    client.force_login(world.sari)

    page = client.get(f"/izin/{permit.pk}/").content.decode()
    assert REASON in page
    assert GROUND in page
    assert "bekukan/" not in page

    lift(permit, world)
    page = client.get(f"/izin/{permit.pk}/").content.decode()
    assert "Pernah dibekukan" in page
    assert REASON in page
    assert "Diaktifkan lagi karena: STR terbukti aktif." in page


def test_a_signing_official_suspends_and_lifts_on_the_page(client, world):
    permit = world.issued()
    client.force_login(world.kepala)
    here = f"/izin/{permit.pk}/"

    short = client.post(here + "bekukan/", {"reason": REASON, "ground": ""})
    assert (short.status_code, "Tulis dasar hukumnya" in short.content.decode()) == (422, True)
    assert REASON in short.content.decode()  # what was typed is not lost
    confirmed(client, here + "bekukan/", {"reason": REASON, "ground": GROUND})
    assert "Aktifkan lagi izin ini" in client.get(here).content.decode()
    assert client.post(here + "bekukan/", {"reason": REASON, "ground": GROUND}).status_code == 409
    confirmed(client, here + "aktifkan/", {"reason": "STR terbukti aktif.", "ground": GROUND})

    permit.refresh_from_db()
    assert (permit.status, kinds("suspended"), kinds("lifted")) == ("valid", 1, 1)


@pytest.mark.parametrize("way", ["bekukan", "aktifkan"])
@pytest.mark.parametrize("who", ["sari", "other"])
def test_nobody_else_reaches_it_by_its_address(client, world, who, way):
    permit = world.issued()
    client.force_login(getattr(world, who))
    answer = client.post(f"/izin/{permit.pk}/{way}/", {"reason": REASON, "ground": GROUND})
    assert answer.status_code == 404


@pytest.mark.parametrize(
    "change",
    [
        *["reason = 'x'", "ground = 'x'", "suspended_at = now()", "lift_reason = 'x'"],
        "lifted_at = NULL, lifted_by_id = NULL",
    ],
)
def test_the_database_refuses_to_change_what_was_written_of_a_suspension(world, change):
    permit = world.issued()
    suspend(permit, world)
    lift(permit, world)
    for statement in (f"UPDATE permits_suspension SET {change}", "DELETE FROM permits_suspension"):  # noqa: S608
        with pytest.raises(DatabaseError), transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(statement)


def test_the_database_lets_states_go_only_where_they_may(world):
    permit = world.issued()
    suspend(permit, world)
    moves = {"signing": False, "valid": True, "suspended": True, "revoked": True, "else": False}

    for target, allowed in moves.items():
        mark = transaction.savepoint()
        with connection.cursor() as cursor:
            try:
                cursor.execute("UPDATE permits_permit SET status = %s", [target])
                done = True
            except DatabaseError:
                done = False
        transaction.savepoint_rollback(mark)
        assert done is allowed, target


@pytest.mark.parametrize(
    ("act", "template"), [("suspended", "permit-suspended"), ("lifted", "permit-lifted")]
)
def test_the_holder_is_told_once_and_reads_the_reason_on_their_page_only(world, act, template):
    permit = world.issued()
    suspend(permit, world)
    lift(permit, world)
    entry = Entry.objects.get(kind=f"permits.{act}")
    tasks.tell(entry)
    tasks.tell(entry)

    notice = Notice.objects.get(key=f"{template}:{entry.pk}")
    assert notice.person_id == world.sari.pk
    assert f"/izin/{permit.pk}/" in notice.body
    assert "konsil" not in notice.body
