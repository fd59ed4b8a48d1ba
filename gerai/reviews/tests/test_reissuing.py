"""A mistake of the office in a permit: its verifier puts it right, somebody else signs it, at no cost."""

from datetime import timedelta

import pytest

from gerai.agencies.models import Membership
from gerai.applications import queries as application_queries
from gerai.applications.models import Application
from gerai.applications.rules import Why
from gerai.core.errors import NotFound
from gerai.ledger.models import Entry
from gerai.notices.models import Notice
from gerai.payments.models import Invoice
from gerai.permits import change_rules, following, withdrawing
from gerai.permits import queries as permits
from gerai.permits import services as permit_services
from gerai.permits.models import Permit
from gerai.reviews import deadlines, decisions, reissuing, rules, tasks
from gerai.reviews.models import Case
from gerai.reviews.tests.make import MONDAY, World, content, person

pytestmark = [pytest.mark.django_db, pytest.mark.slow]
FREE = {"fee": {**content()["fee"], "amount": "0"}}
RAW = {"area": "4", "address": "Jl. Suprapto 1"}
WHY = "Luas tercetak 3, seharusnya 4."


@pytest.fixture
def world():
    return World(**FREE)


def issued(world) -> Permit:
    application = world.reviewed()
    world.assess(application, "approve")
    decisions.approve(person=world.signer, task_id=world.task(application, "decide").pk, now=MONDAY)
    return permit_services.sign(permit_id=Permit.objects.get().pk, now=MONDAY)


def begin(world, permit, **changes) -> Application:
    given = {"person": world.verifier, "permit_id": permit.pk, "reason": WHY, "raw": RAW, "now": MONDAY}
    return reissuing.begin(**{**given, **changes})


def signed(world, correction) -> Permit:
    task = world.task(correction, "decide")
    decisions.approve(person=world.signer, task_id=task.pk, now=MONDAY)
    new = Permit.objects.get(application=correction)
    return permit_services.sign(permit_id=new.pk, now=MONDAY)


def test_a_mistake_of_the_office_costs_nothing_whatever_the_fee_is():
    application = World().submitted()
    assert application_queries.fee_of(application) > 0

    application.why = "correct"

    assert application_queries.fee_of(application) == 0


def test_it_is_signed_by_somebody_else_and_takes_the_place_of_the_wrong_one(world):
    old = issued(world)

    correction = begin(world, old)

    assert (correction.why, correction.status, correction.follows_id) == (
        "correct",
        "decision",
        old.application_id,
    )
    assert application_queries.answers_of(correction)["area"] == 4
    assert permits.state(old, MONDAY) == "valid"
    new = signed(world, correction)
    assert (new.replaces_id, new.valid_until, new.content["replaces"]) == (
        old.pk,
        old.valid_until,
        old.number,
    )
    assert permits.state(Permit.objects.get(pk=old.pk), MONDAY) == "replaced"
    assert not Invoice.objects.exists()


def test_the_holder_is_told_once_what_was_wrong(world):
    old = issued(world)
    begin(world, old)
    entry = Entry.objects.get(kind="reviews.correcting")

    tasks.tell(entry)
    tasks.tell(entry)

    notice = Notice.objects.get(template="permit_correcting")
    assert notice.person == world.sari
    assert WHY in notice.body
    assert WHY not in str(entry.data)


def test_a_mistake_in_what_is_put_right_changes_nothing(world):
    old = issued(world)
    before = Application.objects.count(), Entry.objects.count()

    for changes, refusal in (
        ({"reason": " salah "}, reissuing.CorrectionReasonMissing),
        ({"raw": {**RAW, "area": "luas"}}, reissuing.CorrectionWrong),
        ({"raw": {"area": "4"}}, reissuing.CorrectionWrong),
        ({"person": world.signer}, NotFound),
        ({"person": world.sari}, NotFound),
        ({"person": world.dinkes}, NotFound),
    ):
        with pytest.raises(refusal):
            begin(world, old, **changes)

    assert (Application.objects.count(), Entry.objects.count()) == before


def test_nobody_corrects_a_permit_of_their_own(world):
    old = issued(world)
    Membership.objects.create(mall=world.mall, agency=old.agency, person=world.sari, role="verifier")

    with pytest.raises(rules.OwnCase):
        begin(world, old, person=world.sari)
    assert not permits.may_correct(world.sari, old)


def test_one_thing_at_a_time_replaces_a_permit(world):
    old = issued(world)
    begin(world, old)

    with pytest.raises(reissuing.CorrectionUnderWay):
        begin(world, old)
    assert Application.objects.filter(why="correct").count() == 1


def test_one_at_a_time_also_beside_a_draft_of_the_holder(world):
    old = issued(world)
    following.ask(permit=old, why=Why.AMEND, person=world.sari, now=MONDAY)
    begin(world, old)

    with pytest.raises(reissuing.CorrectionUnderWay):
        begin(world, old)


def test_a_draft_of_the_holder_does_not_hold_it_up_and_cannot_be_sent_after_it(world):
    old = issued(world)
    draft = following.ask(permit=old, why=Why.AMEND, person=world.sari, now=MONDAY)

    signed(world, begin(world, old))

    draft.refresh_from_db()
    assert draft.follow_by == MONDAY.date() - timedelta(days=1)


def test_what_does_not_hold_is_not_corrected(world):
    old = issued(world)
    withdrawing.revoke(permit=old, reason="Alasan yang cukup panjang.", actor=world.signer, now=MONDAY)

    with pytest.raises(change_rules.RevokedNotChanged):
        begin(world, old)


def test_the_signing_official_who_does_not_agree_leaves_the_permit_as_it_is_and_sends_no_letter(world):
    old = issued(world)
    correction = begin(world, old)

    task = world.task(correction, "decide")
    decisions.reject(person=world.signer, task_id=task.pk, ground="-", text="Sudah benar.", now=MONDAY)

    correction.refresh_from_db()
    assert (correction.status, Permit.objects.count(), permits.state(old, MONDAY)) == (
        "withdrawn",
        1,
        "valid",
    )
    assert Case.objects.get(pk=correction.pk).closed_at == MONDAY
    begin(world, old)  # and it may be tried again


def test_silence_corrects_nothing():
    world = World(**FREE, deemed=True)
    correction = begin(world, issued(world))
    due = Case.objects.get(pk=correction.pk).due_at

    deadlines.check(now=due + timedelta(days=1))

    correction.refresh_from_db()
    assert correction.status == "decision"


def test_the_verifier_comes_from_the_permit_to_the_form_and_back(world, client):
    old = issued(world)
    client.force_login(world.verifier)
    client.defaults["HTTP_ACCEPT_LANGUAGE"] = "id"
    path = f"/izin/{old.pk}/betulkan/"
    assert path in client.get(f"/izin/{old.pk}/").content.decode()

    page = client.get(path).content.decode()
    wrong = client.post(path, {**RAW, "area": "0", "reason": WHY})

    assert 'name="area" value="3"' in page
    assert wrong.status_code == 422
    assert "field-error" in wrong.content.decode()
    sent = client.post(path, {**RAW, "reason": WHY})
    assert sent["Location"] == f"/izin/{old.pk}/"
    client.force_login(world.sari)
    assert "Sedang kami betulkan" in client.get(f"/izin/{old.pk}/").content.decode()
    client.force_login(person("Orang Lain"))
    assert client.get(path).status_code in (403, 404)
