"""Rows, addresses with kelurahan, points and photos: checked, kept, sealed, mended, compared."""

import pytest

from gerai.agencies import places
from gerai.applications import again, answers, inputs, marks, queries, services, showing, wallet
from gerai.applications.models import Application
from gerai.applications.rules import Status
from gerai.applications.tests.house import ADDRESS, HOME, KEPT, PLACES, POINT, ROOMS, TYPED, House, content
from gerai.applications.tests.make import MONDAY, save, state
from gerai.core.errors import NotFound

CITY = places.of("Bengkulu", PLACES)


def wrong(field, raw):
    return answers.check([field], raw, CITY)[1]


def kept(field, raw):
    return answers.check([field], raw, CITY)[0].get(field["key"])


def test_every_kind_is_kept_as_what_it_is_and_its_inputs_say_it_again():
    fields = content()["questions"][0]["fields"]
    asked = [f for f in fields if f["key"] in KEPT]

    assert answers.check(asked, TYPED, CITY) == (KEPT, {})
    assert answers.recheck(content(), KEPT, CITY) == {}
    again = {name: text for f in asked for name, text in inputs.texts(f, KEPT[f["key"]]).items()}
    assert answers.check(asked, again, CITY) == (KEPT, {})


@pytest.mark.parametrize(
    ("raw", "name", "sentence"),
    [
        ({}, "rooms", "Isi paling sedikit 1 baris."),
        ({"rooms": "2", "rooms.0.name": " ", "rooms.1.area": ""}, "rooms", "Isi paling sedikit 1 baris."),
        ({"rooms.0.name": "a"}, "rooms.0.area", answers.MUST),
        (
            {"rooms.0.name": "a", "rooms.0.area": "900"},
            "rooms.0.area",
            "Angka ini terlalu besar. Paling besar 500.",
        ),
        ({f"rooms.{n}.name": "a" for n in range(4)}, "rooms", "Paling banyak 3 baris. Hapus yang berlebih."),
        ({"rooms": "999999999", "rooms.999999.name": "a"}, "rooms", "Isi paling sedikit 1 baris."),
    ],
)
def test_each_way_a_group_is_wrong_is_told_where(raw, name, sentence):
    assert wrong(ROOMS, raw)[name] == sentence


def test_an_empty_row_between_is_left_out_and_the_errors_stay_at_their_place():
    raw = {
        "rooms": "3",
        "rooms.0.name": "Dapur",
        "rooms.0.area": "3",
        "rooms.2.name": "Kamar",
        "rooms.2.area": "x",
    }

    assert kept(ROOMS, raw) == [{"name": "Dapur", "area": 3}, {"name": "Kamar"}]
    assert list(wrong(ROOMS, raw)) == ["rooms.2.area"]


def test_a_row_that_is_not_whole_is_found_before_sending():
    unfinished = {**KEPT, "rooms": [{"name": "Kamar"}]}

    assert answers.recheck(content(), unfinished, CITY) == {"rooms": answers.SENTENCES["row"]}


@pytest.mark.parametrize(
    "value", ["ab", [3], [{"name": 3, "area": "x"}], {"a": 1}, [{}], [{"name": "a", "area": 1}] * 4]
)
def test_stored_rows_of_another_shape_are_not_sent(value):
    assert "rooms" in answers.recheck(content(), {**KEPT, "rooms": value}, CITY)


@pytest.mark.parametrize(
    ("field", "raw", "names"),
    [
        (ADDRESS, {"site": "Jalan Suprapto 12"}, ["site.kelurahan"]),
        (ADDRESS, {"site": "Jalan Suprapto 12", "site.kelurahan": "99.99"}, ["site.kelurahan"]),
        (ADDRESS, {"site": "Jalan Suprapto 12", "site.kelurahan": "outside"}, ["site.kelurahan"]),
        (ADDRESS, {"site.kelurahan": "17.71.07.1009"}, ["site"]),
        (ADDRESS, {"site": "Jl", "site.kelurahan": "17.71.07.1009"}, ["site"]),
        (ADDRESS, {}, ["site"]),
        (HOME, {}, []),
        (HOME, {"home.kelurahan": "outside"}, []),
        (HOME, {"home": "Jalan Sudirman 1, Curup", "home.kelurahan": "outside"}, []),
        (HOME, {"home": "Jalan Sudirman 1, Curup"}, ["home.kelurahan"]),
    ],
)
def test_an_address_needs_a_street_and_a_kelurahan_of_the_list(field, raw, names):
    assert list(wrong(field, raw)) == names


def test_an_address_outside_the_city_stays_outside():
    raw = {"home": "Jalan Sudirman 1, Curup", "home.kelurahan": "outside"}

    assert kept(HOME, raw) == {"street": "Jalan Sudirman 1, Curup"}
    assert inputs.texts(HOME, kept(HOME, raw)) == raw
    assert (
        answers.recheck({"questions": [{"key": "a", "fields": [HOME]}]}, {"home": kept(HOME, raw)}, CITY)
        == {}
    )


def test_an_address_from_before_the_list_is_shown_and_stays_good():
    old = {**KEPT, "site": "Jalan Suprapto 12, Bengkulu"}

    assert answers.recheck(content(), old, CITY) == {}
    assert showing.shown(ADDRESS, old["site"], "id") == "Jalan Suprapto 12, Bengkulu"
    assert inputs.texts(ADDRESS, old["site"]) == {"site": "Jalan Suprapto 12, Bengkulu"}


def test_a_mall_without_a_list_asks_the_street_only():
    assert answers.check([ADDRESS], {"site": "Jalan Suprapto 12"}) == (
        {"site": {"street": "Jalan Suprapto 12"}},
        {},
    )


def test_a_point_outside_the_city_is_refused_and_also_when_it_was_stored():
    assert (
        wrong(POINT, {"spot": "-6.2, 106.8"})["spot"]
        == "Titik ini di luar Bengkulu. Periksa angkanya, atau pilih titik lain."
    )
    assert "spot" in answers.recheck(content(), {**KEPT, "spot": {"lat": -6.2, "lon": 106.8}}, CITY)
    assert "spot" in answers.recheck(content(), {**KEPT, "spot": "-3.8, 102.3"}, CITY)


def test_each_kind_is_shown_as_people_read_it():
    assert (
        showing.shown(ROOMS, KEPT["rooms"], "id")
        == "Dapur, Luas ruang: 12; Kamar, Luas ruang: 9, Jendela: Ya"
    )
    assert showing.shown(ROOMS, [], "id") == "-"
    assert (
        showing.shown(ADDRESS, KEPT["site"], "en") == "Jalan Suprapto 12, Kel. Pengantungan, Kec. Ratu Samban"
    )
    assert showing.told(POINT, KEPT["spot"], "id")["link"].startswith(
        "https://www.openstreetmap.org/?mlat=-3.795600"
    )


def test_rows_are_compared_one_by_one():
    now = [
        {"name": "Teras", "area": 4},
        {"name": "Dapur", "area": 12},
        {"name": "Kamar", "area": 10, "window": True},
    ]

    found = showing.told(ROOMS, now, "id", KEPT["rooms"])

    assert found["heads"] == ["Nama ruang", "Luas ruang", "Jendela"]
    assert [row["state"] for row in found["rows"]] == ["new", "", "changed"]
    assert [cell["was"] for cell in found["rows"][2]["cells"]] == ["", "9", ""]
    assert [r["state"] for r in showing.told(ROOMS, now[1:2], "id", KEPT["rooms"])["rows"]] == ["", "gone"]
    assert [r["state"] for r in showing.told(ROOMS, KEPT["rooms"], "id")["rows"]] == ["", ""]


@pytest.mark.parametrize(
    ("button", "rows", "names"),
    [
        ({"row_add": "rooms"}, "3", ["Dapur", "Kamar", None]),
        ({"row_remove": "rooms.0"}, "1", ["Kamar", None, None]),
        ({"row_remove": "rooms.9"}, "2", ["Dapur", "Kamar", None]),
        ({"row_remove": "rooms.x"}, "2", ["Dapur", "Kamar", None]),
    ],
)
def test_a_row_more_or_less_keeps_what_was_typed(button, rows, names):
    turned = inputs.pressed([ROOMS], {**TYPED, **button})

    assert turned["rooms"] == rows
    assert [turned.get(f"rooms.{n}.name") for n in range(3)] == names
    assert turned["site"] == TYPED["site"]


def test_rows_end_at_the_most_and_only_a_group_has_them():
    assert inputs.pressed([ROOMS], {**TYPED, "rooms": "3", "row_add": "rooms"})["rooms"] == "3"
    assert inputs.pressed([ROOMS], {**TYPED, "row_add": "site"}) is None
    assert inputs.pressed([ROOMS], TYPED) is None
    assert inputs.rows_shown({**ROOMS, "least": 0}, {}) == 0


@pytest.mark.django_db
def test_a_personal_group_is_sealed_and_counted():
    draft = House().complete()

    assert "rooms" not in draft.answers
    assert b"Dapur" not in bytes(draft.answers_sealed)
    assert queries.answers_of(draft) == {**KEPT, "total": 21}
    assert services.missing(draft) == {}


@pytest.mark.django_db
def test_a_photo_that_is_asked_is_missing_until_it_is_sent():
    house = House()
    draft = house.draft()

    assert services.missing(draft)["answer:photo"] == "Berkas ini belum dikirim."
    house.photo(draft)

    assert "answer:photo" not in services.missing(draft)
    with pytest.raises(NotFound):
        services.attach(
            person=house.budi, application_id=draft.pk, requirement="photo", name="x", data=b"", now=MONDAY
        )
    with pytest.raises(NotFound):
        services.attach(
            person=house.sari, application_id=draft.pk, requirement="spot", name="x", data=b"", now=MONDAY
        )


@pytest.mark.django_db
def test_only_the_group_and_the_photo_that_were_named_can_be_mended():
    house = House()
    application = services.submit(person=house.sari, application_id=house.complete().pk, now=MONDAY)
    named = [{"what": "answer:rooms", "text": "Kurang satu."}, {"what": "answer:photo", "text": "Buram."}]
    marks.give_back(application=application, corrections=named, by=MONDAY)

    assert not save(house.sari, application, {**TYPED, "rooms.1.area": "10", "site": "Jalan Lain 5"}, "house")
    house.photo(application, "red")
    mended = services.resubmit(person=house.sari, application_id=application.pk, now=MONDAY)

    assert queries.answers_of(mended)["rooms"][1]["area"] == 10
    assert queries.answers_of(mended)["site"]["street"] == "Jalan Suprapto 12"
    before = queries.before_return(mended)
    assert before["answers"]["rooms"] == KEPT["rooms"]
    assert before["files"]["photo"] != str(mended.attachments.get(requirement="photo").document_id)


@pytest.mark.django_db
def test_a_closed_photo_is_refused_and_nothing_changes():
    house = House()
    application = services.submit(person=house.sari, application_id=house.complete().pk, now=MONDAY)
    before = state(application)

    with pytest.raises(services.NotOpenForChange):
        house.photo(application, "red")

    assert state(application) == before


@pytest.mark.django_db
def test_a_photo_that_the_form_does_not_ask_for_in_the_end_goes_with_the_sending():
    asked = content()
    asked["questions"][0]["fields"] = [
        {**f, "when": "has(answers.home)"} if f["key"] == "photo" else f
        for f in asked["questions"][0]["fields"]
    ]
    house = House(asked)
    draft = house.draft()
    home = {"home": "Jalan Sudirman 1", "home.kelurahan": "outside"}
    save(house.sari, draft, {**TYPED, **home}, "house")
    house.photo(draft)
    save(house.sari, draft, TYPED, "house")

    sent = services.submit(person=house.sari, application_id=draft.pk, now=MONDAY)

    assert not sent.attachments.exists()


@pytest.mark.django_db
def test_a_new_application_begins_with_the_rows_the_point_and_the_photo_of_the_earlier():
    house = House()
    earlier = services.submit(person=house.sari, application_id=house.complete().pk, now=MONDAY)
    Application.objects.filter(pk=earlier.pk).update(status=Status.APPROVED)

    draft = again.start_like(person=house.sari, earlier_id=earlier.pk, now=MONDAY)

    assert queries.kept_answers(draft) == KEPT
    assert draft.attachments.get().requirement == "photo"
    names = [row["name"]["id"] for row in wallet.of(house.sari)]
    assert names == ["Foto tempat"]


def test_a_date_is_shown_in_words_and_what_is_no_date_as_it_stands():
    day = {"type": "date"}

    assert showing.shown(day, "2026-12-04", "id") == "Jumat, 4 Desember 2026"
    assert showing.shown(day, "2026-12-04", "en") == "Friday, 4 December 2026"
    assert showing.shown(day, "besok", "id") == "besok"
