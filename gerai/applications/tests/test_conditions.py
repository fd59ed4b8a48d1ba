"""A form that asks only what matters: by earlier answers, what is computed, and what the person told before."""

import copy
from datetime import timedelta

import pytest
from django.utils import translation

from gerai.applications import marks, queries, services
from gerai.applications.models import Application
from gerai.applications.rules import Status
from gerai.applications.tests.make import CONTENT, MONDAY, World, both, picture, save
from gerai.catalogue.models import Edition
from gerai.core import clock

pytestmark = pytest.mark.django_db


def field(key, kind, **more):
    return {"key": key, "label": both(key), "type": kind, "required": True, "personal": False, **more}


QUESTIONS = [
    {
        "key": "stall",
        "title": both("Lapak"),
        "fields": [
            field("length", "integer", schema={"minimum": 1, "maximum": 90}),
            field("width", "integer", schema={"minimum": 1, "maximum": 90}),
            field("area", "computed", value="answers.length * answers.width"),
            field("rented", "yes_no"),
            field("owner", "text", when="answers.rented", personal=True),
        ],
    },
    {
        "key": "large",
        "title": both("Lapak besar"),
        "when": "answers.area > 100",
        "fields": [field("exit", "text")],
    },
]
REQUIREMENTS = [
    {"code": "KTP", "name": both("KTP-el"), "file": True, "required": True},
    {
        "code": "SEWA",
        "name": both("Perjanjian sewa"),
        "file": True,
        "required": True,
        "when": "answers.rented",
    },
]
SMALL = {"length": "5", "width": "4", "rented": "no"}


@pytest.fixture
def world():
    made = World()
    Edition.objects.update(status="superseded")
    content = {**CONTENT, "questions": QUESTIONS, "requirements": REQUIREMENTS}
    content["fee"] = {**CONTENT["fee"], "amount": "answers.area * 100"}
    made.edition = Edition.objects.create(
        service=made.service, number=2, content=content, status="published", published_at=MONDAY
    )
    return made


def read(draft):
    return queries.get(draft.applicant, draft.pk, MONDAY)


def attach(draft, who, requirement):
    services.attach(
        person=who,
        application_id=draft.pk,
        requirement=requirement,
        name="berkas.jpg",
        data=picture(),
        now=MONDAY,
    )


def asked(draft):
    return [f["key"] for s in queries.sections(read(draft)) for f in s["fields"]]


def files(draft):
    return [r["code"] for r in queries.files_required(read(draft))]


def test_only_what_the_answers_call_for_is_asked_and_needed(world):
    draft = world.draft()
    assert asked(draft) == ["length", "width", "area", "rented"]

    assert save(world.sari, draft, SMALL, "stall") == {}
    assert (asked(draft), files(draft)) == (["length", "width", "area", "rented"], ["KTP"])
    assert queries.answers_of(read(draft))["area"] == 20

    assert save(world.sari, draft, {"length": "20", "width": "10", "rented": "yes"}, "stall") == {}
    assert asked(draft) == ["length", "width", "area", "rented", "owner", "exit"]
    assert files(draft) == ["KTP", "SEWA"]
    assert set(services.missing(read(draft))) == {"answer:owner", "answer:exit", "file:KTP", "file:SEWA"}


def test_what_came_with_the_answer_that_calls_for_it_is_checked_too(world):
    draft = world.draft()
    long = {"length": "5", "width": "4", "rented": "yes", "owner": "x" * 300}

    assert list(save(world.sari, draft, long, "stall")) == ["owner"]
    assert save(world.sari, draft, {**long, "owner": "Pak Rahmat"}, "stall") == {}
    assert read(draft).answers_sealed is not None


def test_an_answer_comes_back_while_it_is_a_draft_and_goes_when_it_is_sent(world):
    draft = world.draft()
    save(world.sari, draft, {**SMALL, "rented": "yes", "owner": "Pak Rahmat"}, "stall")
    save(world.sari, draft, {**SMALL, "owner": "Pak Rahmat"}, "stall")  # as the browser sends the page
    assert "owner" not in queries.answers_of(read(draft))
    save(world.sari, draft, {**SMALL, "rented": "yes"}, "stall")
    assert queries.answers_of(read(draft))["owner"] == "Pak Rahmat"
    attach(draft, world.sari, "SEWA")
    save(world.sari, draft, SMALL, "stall")
    world.attach(draft)

    services.submit(person=world.sari, application_id=draft.pk, now=MONDAY)

    sent = Application.objects.get()
    assert queries.kept_answers(sent) == {"length": 5, "width": 4, "area": 20, "rented": False}
    assert sent.answers_sealed is None
    assert [a.requirement for a in sent.attachments.all()] == ["KTP"]


def test_a_computed_answer_cannot_be_sent_by_hand(world):
    draft = world.draft()
    save(world.sari, draft, {**SMALL, "area": "1"}, "stall")

    assert queries.answers_of(read(draft))["area"] == 20


def test_mending_an_answer_opens_what_it_newly_calls_for(world):
    draft = world.draft()
    save(world.sari, draft, SMALL, "stall")
    world.attach(draft)
    sent = services.submit(person=world.sari, application_id=draft.pk, now=MONDAY)
    marks.mark(
        application=sent,
        status=Status.RETURNED,
        corrections=[{"what": "answer:rented", "text": "Lapak ini disewa."}],
    )

    assert save(world.sari, sent, {"rented": "yes", "length": "9"}, "stall") == {}
    assert queries.answers_of(read(sent))["length"] == 5  # not opened
    with pytest.raises(services.NotYetComplete):
        services.resubmit(person=world.sari, application_id=sent.pk, now=MONDAY)

    assert save(world.sari, sent, {"rented": "yes", "owner": "Pak Rahmat"}, "stall") == {}
    attach(sent, world.sari, "SEWA")
    assert services.resubmit(person=world.sari, application_id=sent.pk, now=MONDAY).round == 2


def test_the_page_asks_what_an_answer_calls_for_before_it_goes_on(client, world):
    client.defaults["HTTP_ACCEPT_LANGUAGE"] = "id"
    client.force_login(world.sari)
    with translation.override("id"):
        client.post("/ajukan/DPMPTSP/UJI/")
        base = f"/permohonan/{Application.objects.get().pk}/"
        page = client.get(base + "isi/stall/").content.decode()
        assert 'name="owner"' not in page
        assert 'name="area"' not in page
        assert client.get(base + "isi/large/").status_code == 404

        again = client.post(base + "isi/stall/", {"length": "20", "width": "10", "rented": "yes"})
        assert again["Location"] == base + "isi/stall/"
        shown = client.get(again["Location"]).content.decode()
        assert 'name="owner"' in shown
        assert "membuka pertanyaan lain di halaman ini" in shown  # or the button seems to have done nothing
        filled = {"length": "20", "width": "10", "rented": "yes", "owner": "Pak Rahmat"}
        assert client.post(base + "isi/stall/", filled)["Location"] == base + "isi/large/"
        assert client.post(base + "isi/large/", {"exit": "Belakang"})["Location"] == base + "berkas/"
        check = client.get(base + "periksa/").content.decode()
    assert "200" in check
    assert "Pak Rahmat" in check


def shared(world, number):
    """Another edition, whose owner of the stall is a shared question."""
    Edition.objects.update(status="superseded")
    content = copy.deepcopy(world.edition.content)
    content["questions"][0]["fields"][4]["shared"] = True
    world.edition = Edition.objects.create(
        service=world.service, number=number, content=content, status="published", published_at=MONDAY
    )


RENTED = {**SMALL, "rented": "yes", "owner": "Pak Rahmat"}


def send(world, who, raw, now=MONDAY):
    draft = world.draft(who)
    assert save(who, draft, raw, "stall") == {}
    world.attach(draft, who=who)
    attach(draft, who, "SEWA")
    return services.submit(person=who, application_id=draft.pk, now=now)


def test_a_shared_question_is_offered_the_persons_own_latest_answer(world, client):
    shared(world, 3)
    send(world, world.sari, RENTED)
    send(world, world.sari, {**RENTED, "owner": "Bu Dewi"}, MONDAY + timedelta(days=1))
    draft = world.draft()

    assert queries.shared_answers(read(draft)) == {"owner": "Bu Dewi"}
    assert queries.answers_of(read(draft)) == {}  # offered, not answered
    assert queries.shared_answers(read(world.draft(world.budi))) == {}

    save(world.sari, draft, {**SMALL, "rented": "yes"}, "stall")
    client.defaults["HTTP_ACCEPT_LANGUAGE"] = "id"
    client.force_login(world.sari)
    page = client.get(f"/permohonan/{draft.pk}/isi/stall/").content.decode()
    assert 'value="Bu Dewi"' in page
    assert "Dari permohonan Anda sebelumnya" in page


def test_who_types_for_somebody_is_not_shown_what_they_told_before(world, client):
    shared(world, 3)
    send(world, world.sari, RENTED)
    draft = services.start(person=world.sari, service=world.service, now=MONDAY, helper=world.desk)
    save(world.desk, draft, {**SMALL, "rented": "yes"}, "stall")
    Application.objects.filter(pk=draft.pk).update(helped_until=clock.now() + timedelta(hours=1))
    client.force_login(world.desk)

    page = client.get(f"/permohonan/{draft.pk}/isi/stall/").content.decode()

    assert 'name="owner"' in page
    assert "Pak Rahmat" not in page
