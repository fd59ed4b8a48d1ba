"""What people paste becomes a point, or a sentence that says what to do. No database."""

import pytest

from gerai.agencies.places import NOWHERE, Bounds, Places
from gerai.applications import points

CITY = Places("Kota Bengkulu", bounds=Bounds(-3.98, 102.17, -3.72, 102.40))
HERE = {"lat": -3.7956, "lon": 102.2592}


@pytest.mark.parametrize(
    "text",
    [
        "-3.7956, 102.2592",
        " (-3.7956,102.2592) ",
        "-3.7956 102.2592",
        "-3,7956 102,2592",
        "-3,7956; 102,2592",
        "-3.7956; 102.2592",
        "geo:-3.7956,102.2592",
        "geo:-3.7956,102.2592;u=35",
        "geo:0,0?q=-3.7956,102.2592(Toko)",
        "https://www.google.com/maps/@-3.7956,102.2592,17z",
        "https://www.google.com/maps/place/Pasar/@-3.9,102.3,17z/data=!3m1!4b1!4m6!3m5!8m2!3d-3.7956!4d102.2592!16s",
        "https://www.google.com/maps/search/-3.7956,+102.2592?entry=tts",
        "https://maps.google.com/?q=-3.7956,102.2592",
        "https://maps.google.com/maps?q=loc:-3.7956%2C102.2592&z=17",
        "https://www.google.com/maps/search/?api=1&query=-3.7956%2C102.2592",
        "https://www.openstreetmap.org/#map=17/-3.7956/102.2592",
        "https://www.openstreetmap.org/?mlat=-3.7956&mlon=102.2592#map=12/-3.9/102.3",
        "3°47'44.16\"S 102°15'33.12\"E",
        "3°47'44,16\" LS, 102°15'33,12\" BT",
        "-3.79560000000000001, 102.2592000000000001",
    ],
)
def test_coordinates_and_links_are_read_as_people_paste_them(text):
    assert points.read(text, CITY) == (HERE, None)


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("Jalan Suprapto 12", "point"),
        ("-3.7956", "point"),
        ("-93.7956, 102.2592", "point"),
        ("-3.7956, 182.2592", "point"),
        ("nan, nan", "point"),
        ("1e9, 1e9", "point"),
        ("https://www.google.com/maps", "point"),
        ("x" * 100_000, "point"),
        ("https://maps.app.goo.gl/abcDEF123", "point_short"),
        ("goo.gl/maps/abc", "point_short"),
        ("3.7956, 102.2592", "point_outside"),  # the minus forgotten
        ("-6.2, 106.8", "point_outside"),
    ],
)
def test_what_is_no_point_of_the_city_says_what_to_do(text, code):
    point, sentence = points.read(text, CITY)

    assert point is None
    assert sentence == points.SENTENCES[code].format(city="Kota Bengkulu")


def test_a_mall_without_bounds_takes_a_point_anywhere():
    assert points.read("-6.2, 106.8", NOWHERE)[0] == {"lat": -6.2, "lon": 106.8}


def test_a_point_is_shown_with_a_link_that_reads_back_as_itself():
    assert points.written(HERE) == "-3.795600, 102.259200"
    assert points.read(points.written(HERE), CITY)[0] == points.read(points.link(HERE), CITY)[0] == HERE
