"""What the reviewer sees of rows, a point and a photo, before and after they were mended."""

from datetime import timedelta

import pytest

from gerai.applications import services as applications
from gerai.applications.models import Application
from gerai.applications.tests.house import TYPED, live_in
from gerai.applications.tests.house import content as house
from gerai.applications.tests.make import FIELDS, picture
from gerai.ledger.models import Entry
from gerai.reviews import cases, services
from gerai.reviews.models import Opinion, Task
from gerai.reviews.tests.make import MONDAY, World

pytestmark = pytest.mark.django_db
OWN = FIELDS[3]  # a yes or no


@pytest.fixture
def world():
    section = house()["questions"][0]
    made = World(
        questions=[{**section, "fields": [*section["fields"], OWN]}],
        fee={**house()["fee"], "amount": "sum(answers.rooms.map(r, r.area)) * 1000"},
        route=[],
    )
    live_in(made.mall)
    return made


def typed(world: World, application: Application, **changes: str) -> None:
    raw = {**TYPED, "own": "no", **changes}
    assert not applications.save_answers(
        person=world.sari, application_id=application.pk, section="house", raw=raw, now=MONDAY
    )


def photo(world: World, application: Application, colour: str) -> None:
    applications.attach(
        person=world.sari, application_id=application.pk, requirement="photo", name=f"{colour}.jpg",
        data=picture(colour), now=MONDAY,
    )  # fmt: skip


def sent(world: World) -> Application:
    draft = applications.start(person=world.sari, service=world.service, now=MONDAY)
    typed(world, draft)
    photo(world, draft, "teal")
    applications.submit(person=world.sari, application_id=draft.pk, now=MONDAY)
    cases.open_case(application_id=draft.pk, now=MONDAY)
    return Application.objects.get(pk=draft.pk)


def read(client, world: World, application: Application):
    client.defaults["HTTP_ACCEPT_LANGUAGE"] = "id"
    client.force_login(world.verifier)
    task = world.task(application, "completeness")
    answer = client.get(f"/tugas/{task.pk}/")
    return task, answer, {row["key"]: row for row in answer.context["sections"][0]["rows"]}


def test_the_reviewer_reads_a_table_a_link_to_the_map_and_the_photo_beside_its_question(client, world):
    application = sent(world)

    task, answer, rows = read(client, world, application)

    shown = answer.content.decode()
    assert '<th scope="col">Nama ruang</th>' in shown
    assert 'href="https://www.openstreetmap.org/?mlat=-3.795600' in shown
    assert rows["total"]["text"] == "21"
    assert f"/tugas/{task.pk}/berkas/photo/" in shown
    assert client.get(f"/tugas/{task.pk}/berkas/photo/")["Content-Type"] == "image/jpeg"
    assert Entry.objects.filter(kind="documents.opened").get().data["what"] == "photo"


def test_what_was_mended_is_told_row_by_row_and_what_was_not_stays_unmarked(client, world):
    application = sent(world)
    named = [{"what": f"answer:{key}", "text": "Perbaiki."} for key in ("rooms", "photo")]
    task = world.task(application, "completeness")
    services.give_back(person=world.verifier, task_id=task.pk, corrections=named, now=MONDAY)
    typed(world, application, **{"rooms.1.area": "10", "rooms.2.name": "Teras", "rooms.2.area": "4"})
    photo(world, application, "red")
    applications.resubmit(person=world.sari, application_id=application.pk, now=MONDAY)
    cases.open_case(application_id=application.pk, now=MONDAY)

    _task, answer, rows = read(client, world, application)

    assert [row["state"] for row in rows["rooms"]["rows"]] == ["", "changed", "new"]
    assert rows["rooms"]["rows"][1]["cells"][1] == {"text": "10", "was": "9", "link": ""}
    assert (rows["photo"]["new"], rows["photo"]["document"].name) == (True, "red.jpg")
    assert {key for key, row in rows.items() if row["was"]} == {"rooms", "total"}
    assert "diubah" in answer.content.decode()


def test_the_photo_of_a_question_can_be_shown_to_an_agency_that_is_asked_and_nothing_else(client, world):
    application = sent(world)
    Task.objects.update(due_at=MONDAY + timedelta(days=7000))
    task, answer, _rows = read(client, world, application)
    asked = {
        "ask_agency": "PUPR", "ask_role": "reviewer", "question": "Apakah rumah ini di sempadan?",
        "answer_days": "1", "show_file": "photo",
    }  # fmt: skip
    assert 'name="show_file" value="photo">' in answer.content.decode()

    refused = client.post(f"/tugas/{task.pk}/tanya/", asked)
    client.post(f"/tugas/{task.pk}/tanya/", {**asked, "show_reason": "Untuk melihat letaknya"})

    assert refused.status_code == 422
    assert 'name="show_file" value="photo" checked>' in refused.content.decode()
    opinion = Opinion.objects.get()
    assert opinion.files == ["photo"]
    client.force_login(world.pupr)
    assert (
        f"/tugas/{opinion.pk}/pertanyaan/photo/"
        in client.get(f"/tugas/{opinion.pk}/pertanyaan/").content.decode()
    )
    assert client.get(f"/tugas/{opinion.pk}/pertanyaan/photo/")["Content-Type"] == "image/jpeg"
    assert client.get(f"/tugas/{opinion.pk}/pertanyaan/KTP/").status_code == 404
