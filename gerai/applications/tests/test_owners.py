"""Rows that ask by their own answers and by those outside: addresses and points in rows, one row named for mending."""

import re
from typing import Any

import pytest

from gerai.agencies import places
from gerai.applications import answers, inputs, marks, queries, services, showing
from gerai.applications.models import Application
from gerai.applications.tests.house import PLACES, House
from gerai.applications.tests.make import CONTENT, MONDAY, both, save

CITY = places.of("Bengkulu", PLACES)
OWNERS: dict[str, Any] = {
    "key": "owners", "label": both("Pemilik"), "type": "group", "most": 4, "personal": True,
    "fields": [
        {"key": "name", "label": both("Nama"), "type": "text"},
        {"key": "alive", "label": both("Masih hidup"), "type": "yes_no"},
        {"key": "home", "label": both("Rumah"), "type": "address", "outside": True, "when": "row.alive"},
        {"key": "heir", "label": both("Ahli waris"), "type": "text", "when": "!row.alive"},
        {"key": "plot", "label": both("Titik petak"), "type": "point", "when": "answers.split"},
    ],
}  # fmt: skip
SPLIT = {"key": "split", "label": both("Dipecah"), "type": "yes_no"}
FEE = {"amount": "size(answers.owners.filter(r, has(r.plot))) * 5000", "text": both("Rp5.000 setiap petak")}
TYPED = {
    "split": "no",
    "owners": "2",
    "owners.0": "name alive home",
    "owners.0.name": "Ani",
    "owners.0.alive": "yes",
    "owners.0.home": "Jalan Suprapto 12",
    "owners.0.home.kelurahan": "17.71.07.1009",
    "owners.1": "name alive heir",
    "owners.1.name": "Bakri",
    "owners.1.alive": "no",
    "owners.1.heir": "Cici",
    "owners.1.home": "Jalan yang tidak ditanyakan",
}
HOME = {
    "street": "Jalan Suprapto 12", "code": "17.71.07.1009", "kelurahan": "Pengantungan", "kecamatan": "Ratu Samban",
}  # fmt: skip
KEPT = [{"name": "Ani", "alive": True, "home": HOME}, {"name": "Bakri", "alive": False, "heir": "Cici"}]
SPOT = "-3.7956, 102.2592"


def content() -> dict[str, Any]:
    section = {"key": "land", "title": both("Tanah"), "fields": [SPLIT, OWNERS]}
    return {**CONTENT, "requirements": [], "questions": [section], "fee": {**CONTENT["fee"], **FEE}}


def wrong(raw, known=None):
    return answers.check([OWNERS], {**TYPED, **raw}, CITY, known or {"split": False})[1]


def test_a_row_keeps_what_it_is_asked_and_its_inputs_say_it_again():
    kept = answers.check([OWNERS], TYPED, CITY, {"split": False})

    assert kept == ({"owners": KEPT}, {})
    again = inputs.texts(OWNERS, KEPT)
    assert answers.check([OWNERS], again, CITY, {"split": False}) == kept
    assert answers.recheck(content(), {"split": False, "owners": KEPT}, CITY) == {}
    assert answers.recheck(content(), {"split": True, "owners": KEPT}, CITY) == {
        "owners": answers.SENTENCES["row"]
    }


@pytest.mark.parametrize(
    ("raw", "found"),
    [
        ({"owners.0.home.kelurahan": ""}, {"owners.0.home.kelurahan": answers.SENTENCES["kelurahan"]}),
        ({"owners.0.home.kelurahan": "outside"}, {}),
        ({"owners.1.heir": ""}, {"owners.1.heir": answers.MUST}),
        ({"owners.1": "name alive", "owners.1.heir": ""}, {}),  # it was not on the page yet
        ({"owners.1.alive": ""}, {"owners.1.alive": answers.MUST}),
    ],
)
def test_what_is_wrong_is_told_of_what_the_row_asks_and_has_shown(raw, found):
    assert wrong(raw) == found


def test_a_point_in_a_row_is_asked_by_an_answer_outside_and_must_lie_in_the_city():
    spots = {"owners.0.plot": SPOT, "owners.1.plot": "1.0, 102.2"}

    assert list(wrong(spots, {"split": True})) == ["owners.1.plot"]
    assert wrong(spots, {"split": False}) == {}


def test_a_table_of_rows_has_only_the_columns_that_were_asked_and_links_its_points():
    told = showing.told(OWNERS, KEPT, "id")
    split = showing.told(OWNERS, [{**KEPT[0], "plot": {"lat": -3.7956, "lon": 102.2592}}], "id", KEPT)

    assert told["heads"] == ["Nama", "Masih hidup", "Rumah", "Ahli waris"]
    assert [row["number"] for row in split["rows"]] == [1, None]
    assert split["rows"][0]["cells"][-1]["link"].startswith("https://www.openstreetmap.org/?mlat=-3.7956")
    assert showing.shown(OWNERS, KEPT, "id").endswith("Bakri, Masih hidup: Tidak, Cici")


@pytest.mark.django_db
def test_a_page_asks_in_each_row_what_its_answers_call_for(client):
    house = House(content())
    client.force_login(house.sari)
    client.defaults["HTTP_ACCEPT_LANGUAGE"] = "id"
    page = f"/permohonan/{house.draft().pk}/isi/land/"

    def names(answer):
        return set(re.findall(r'name="owners\.(\d\.[a-z.]+)"', answer.content.decode()))

    few = {"split": "yes", "owners": "1", "owners.0": "name alive", "owners.0.name": "Ani"}
    looked = client.post(page, {**few, "owners.0.alive": "no", "row_look": "owners.0.alive"})
    assert names(looked) == {"0.name", "0.alive", "0.heir", "0.plot"}  # also by the answer not kept yet
    assert not Application.objects.get().answers

    assert client.post(page, {**few, "owners.0.alive": "yes"}).url == page  # it asks more now
    shown = client.get(page)
    assert names(shown) == {"0.name", "0.alive", "0.home", "0.home.kelurahan", "0.plot"}
    typed = {**few, "owners.0.alive": "yes", "owners.0": "name alive home plot"}
    refused = client.post(page, {**typed, "owners.0.home": "Jalan 1", "owners.0.plot": SPOT})
    assert 'href="#id_owners_0_home_kelurahan">1. Rumah</a>' in refused.content.decode()
    good = {**typed, "owners.0.home": "Jalan 1", "owners.0.home.kelurahan": "outside", "owners.0.plot": SPOT}
    assert client.post(page, good).url.endswith("/periksa/")
    assert queries.fee_of(Application.objects.get()) == 5000


@pytest.mark.django_db
def test_only_the_named_row_is_open_and_what_is_newly_asked_because_of_it(client):
    house = House(content())
    draft = house.draft()
    assert not save(house.sari, draft, TYPED, "land")
    sent = services.submit(person=house.sari, application_id=draft.pk, now=MONDAY)
    marks.give_back(application=sent, corrections=[{"what": "answer:owners.1", "text": "Salah."}], by=MONDAY)
    client.force_login(house.sari)
    page = f"/permohonan/{draft.pk}/isi/land/"

    shown = client.get(page).content.decode()
    assert "Salah." in shown
    assert not re.search(r"name=.row_(add|remove)", shown)
    assert re.search(r'name="owners.0.name" value="Ani"[^>]* disabled', shown)
    assert not re.search(r'name="owners.1.name" value="Bakri"[^>]* disabled', shown)
    forged = {
        **TYPED,
        "owners.0.name": "Xaver",
        "owners.1.name": "Budi",
        "owners.2.name": "Z",
        "split": "yes",
    }
    assert client.post(page, {**forged, "owners.1.heir": "", "row_add": "owners"}).status_code == 422
    assert client.post(page, forged).url.endswith("/periksa/")

    mended = queries.answers_of(Application.objects.get())
    assert mended == {"split": False, "owners": [KEPT[0], {**KEPT[1], "name": "Budi"}]}
    sent.refresh_from_db()
    services.keep_answers(sent, {**mended, "split": True})
    assert services.open_rows(sent, OWNERS) == {0, 1}  # both lack their plot now
