"""What a substitute does says for whom, and two pairs of eyes stay two."""

from datetime import date, timedelta

import pytest

from gerai.agencies import substituting
from gerai.agencies.models import Membership, Substitution
from gerai.applications.models import Application
from gerai.core import clock
from gerai.core.errors import NotFound
from gerai.ledger.models import Entry
from gerai.notices.models import Notice
from gerai.permits.models import Permit
from gerai.reviews import decisions, queries, rules, tasks
from gerai.reviews.tests.make import MONDAY, World, content

pytestmark = pytest.mark.django_db
FREE = {"fee": {**content()["fee"], "amount": "0"}}


@pytest.fixture
def world():
    return World(**FREE)


def stand_in(world, absent, role, substitute, form="plh", days=3):
    return substituting.name(
        person=absent,
        membership_id=Membership.objects.get(person=absent, role=role).pk,
        substitute_id=str(substitute.pk),
        form=form,
        first=date(2026, 11, 23),
        last=date(2026, 11, 22) + timedelta(days=days),
        ground="SP 800/12/2026",
        now=MONDAY,
    )


def test_a_substitute_signs_and_ledger_case_and_permit_say_for_whom(world):
    deputy = world.staff("Wakil", "DPMPTSP", "counter_officer")
    stand_in(world, world.signer, "signer", deputy)
    application = world.reviewed()
    world.assess(application)
    task = world.task(application, "decide")
    assert task in queries.inbox(deputy)

    decisions.approve(person=deputy, task_id=task.pk, now=MONDAY)

    task.refresh_from_db()
    assert (task.done_by, task.done_for, task.done_as) == (deputy, world.signer, "plh")
    permit = Permit.objects.get()
    assert (permit.decided_name, permit.decided_title) == ("Wakil", "Plh. pejabat penanda tangan, DPMPTSP")
    entry = Entry.objects.get(kind="reviews.task_done", data__task="decide")
    assert (entry.data["for"], entry.data["form"]) == (str(world.signer.pk), "plh")
    assert Entry.objects.get(kind="permits.reserved").data["form"] == "plh"


def test_what_the_holder_does_themself_says_nothing_of_a_substitute(world):
    stand_in(world, world.signer, "signer", world.staff("Wakil", "DPMPTSP", "counter_officer"))
    application = world.reviewed()
    world.assess(application)
    decisions.approve(person=world.signer, task_id=world.task(application, "decide").pk, now=MONDAY)

    assert world.task(application, "decide").done_for is None
    assert Permit.objects.get().decided_title == "Pejabat penanda tangan, DPMPTSP"


def test_two_pairs_of_eyes_are_seen_through_a_substitution(client, world):
    """Neither who recommended signs as a substitute, nor does a substitute sign for who recommended."""
    stand_in(world, world.signer, "signer", world.verifier)
    application = world.reviewed()
    world.assess(application)
    task = world.task(application, "decide")
    with pytest.raises(rules.AssessedByYou):
        decisions.approve(person=world.verifier, task_id=task.pk, now=MONDAY)

    both = world.staff("Dua", "DPMPTSP", "verifier")
    world.also(both, "DPMPTSP", "signer")
    deputy = world.staff("Wakil", "DPMPTSP", "counter_officer")
    stand_in(world, both, "verifier", deputy)
    second = world.reviewed()
    person, world.verifier = world.verifier, deputy
    world.assess(second)  # by the deputy, for Dua
    world.verifier = person
    with pytest.raises(rules.AssessedByYou):
        decisions.approve(person=both, task_id=world.task(second, "decide").pk, now=MONDAY)

    assert not Permit.objects.exists()
    theirs = [task, world.task(second, "decide")]
    assert decisions.own_advice(world.verifier, theirs, MONDAY) == {application.pk}
    assert decisions.own_advice(both, theirs, MONDAY) == {second.pk}
    assert decisions.own_advice(world.signer, theirs, MONDAY) == set()
    client.defaults["HTTP_ACCEPT_LANGUAGE"] = "id"
    client.force_login(both)
    signing = client.get("/tugas/tanda-tangan/")
    assert [(row["task"], row["own_advice"]) for row in signing.context["rows"]] == [
        (theirs[0], False), (theirs[1], True)
    ]  # fmt: skip
    assert signing.context["ready"] == 1
    case = client.get(f"/tugas/{theirs[1].pk}/").content.decode()
    assert "Anda yang menyarankan keputusan ini." in case
    assert "Tolak permohonan" not in case


def test_nobody_decides_for_the_applicant_as_their_substitute(world):
    world.also(world.sari, "DPMPTSP", "signer")
    deputy = world.staff("Wakil", "DPMPTSP", "counter_officer")
    stand_in(world, world.sari, "signer", deputy)
    application = world.reviewed()
    world.assess(application)
    with pytest.raises(rules.OwnCase):
        decisions.approve(person=deputy, task_id=world.task(application, "decide").pk, now=MONDAY)


def test_it_ends_with_its_last_day_also_if_the_worker_has_not_looked(world):
    deputy = world.staff("Wakil", "DPMPTSP", "counter_officer")
    one = stand_in(world, world.signer, "signer", deputy, days=1)
    application = world.reviewed()
    world.assess(application)
    with pytest.raises(NotFound):
        decisions.approve(person=deputy, task_id=world.task(application, "decide").pk, now=one.until_at)

    assert Application.objects.get(pk=application.pk).status == "decision"
    assert world.task(application, "decide").done_at is None


def test_the_screen_of_substitutes(world, client):
    client.defaults["HTTP_ACCEPT_LANGUAGE"] = "id"
    deputy = world.staff("Wakil", "DPMPTSP", "counter_officer")
    client.force_login(deputy)
    assert client.get("/tugas/pengganti/").status_code == 404
    client.force_login(world.verifier)
    held = Membership.objects.get(person=world.verifier)
    today = date.today()  # noqa: DTZ011 - the page reads the real clock
    typed = {"role_of": held.pk, "substitute": str(deputy.pk), "form": "plh", "letter": "SP 800/12/2026",
             "first": str(today + timedelta(days=1)), "last": str(today + timedelta(days=3))}  # fmt: skip

    assert client.post("/tugas/pengganti/", {**typed, "last": "kapan"}).status_code == 422
    assert client.post("/tugas/pengganti/", {**typed, "role_of": "999999"}).status_code == 404
    client.post("/tugas/pengganti/", typed)
    shown = client.get("/tugas/pengganti/").content.decode()
    assert "Wakil" in shown
    assert "belum mulai" in shown
    client.post("/tugas/pengganti/", {"end": substituting.of_agency(held.agency, MONDAY).get().pk})
    assert "berakhir" in client.get("/tugas/pengganti/").content.decode()


def test_the_case_screen_says_for_whom_a_substitute_acts_and_acted(world, client):
    client.defaults["HTTP_ACCEPT_LANGUAGE"] = "id"
    deputy = world.staff("Wakil", "DPMPTSP", "counter_officer")
    one = stand_in(world, world.verifier, "verifier", deputy)
    Substitution.objects.filter(pk=one.pk).update(until_at=MONDAY + timedelta(days=7000))  # the real clock
    application = world.submitted()
    task = world.task(application, "completeness")
    client.force_login(deputy)
    assert (
        "Anda bertindak sebagai Plh. untuk Vera sampai" in client.get(f"/tugas/{task.pk}/").content.decode()
    )

    client.post(f"/tugas/{task.pk}/lengkap/")
    client.force_login(world.dinkes)
    reviewed = client.get(f"/tugas/{world.task(application, 'technical.dinkes').pk}/").content.decode()
    assert "Wakil, Plh. untuk Vera" in reviewed


def test_the_substitute_is_told_once_and_the_list_says_for_whom(client, world):
    deputy = world.staff("Wakil", "DPMPTSP", "verifier")
    stand_in(world, world.signer, "signer", deputy, form="plt")
    entry = Entry.objects.get(kind="agencies.substitute_named")

    tasks.tell(entry)
    tasks.tell(entry)

    notice = Notice.objects.get(template="substitute_named")
    assert notice.person == deputy
    said = "pengganti pejabat penanda tangan di DPMPTSP, mulai Senin, 23 November 2026 sampai Rabu, 25 November 2026."
    assert said in notice.body
    Substitution.objects.update(until_at=clock.now() + timedelta(days=1))
    client.force_login(deputy)
    said = "Anda bertindak sebagai Plt. untuk Kepala sampai"
    assert said in client.get("/tugas/", HTTP_ACCEPT_LANGUAGE="id").content.decode()
    client.force_login(world.verifier)
    assert said not in client.get("/tugas/", HTTP_ACCEPT_LANGUAGE="id").content.decode()


def test_a_substitute_without_the_code_reads_why_they_sign_in_again(client, world):
    deputy = world.staff("Wakil", "DPMPTSP", "verifier")
    stand_in(world, world.signer, "signer", deputy)
    Substitution.objects.update(until_at=clock.now() + timedelta(days=1))
    client.defaults["HTTP_ACCEPT_LANGUAGE"] = "id"
    client.force_login(deputy)

    door = client.get("/tugas/tanda-tangan/", follow=True)

    assert door.redirect_chain[0][0] == "/masuk/?next=/tugas/tanda-tangan/"
    assert "Masuk sekali lagi untuk memakainya." in door.content.decode()
