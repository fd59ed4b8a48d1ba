"""How dates, times, money and bilingual texts are said."""

from datetime import UTC, date, datetime

import pytest
from django.utils import translation

from gerai.portal.templatetags import words

MOMENT = datetime(2026, 11, 23, 2, 42, tzinfo=UTC)


@pytest.mark.django_db
def test_a_moment_is_said_on_the_malls_clock() -> None:
    with translation.override("id"):
        assert words.tanggal(MOMENT) == "Senin, 23 November 2026"
        assert words.jam(MOMENT) == "09.42"
        assert words.tanggal_jam(MOMENT) == "23 Nov 2026, 09.42"
    with translation.override("en"):
        assert words.tanggal(MOMENT) == "Monday, 23 November 2026"
        assert words.jam(MOMENT) == "09:42"


def test_a_date_written_down_is_said_too() -> None:
    with translation.override("id"):
        assert words.tanggal("2026-12-01") == words.tanggal(date(2026, 12, 1)) == "Selasa, 1 Desember 2026"
        assert words.jam("08:00") == "08.00"


def test_nothing_is_a_dash() -> None:
    for say in (words.tanggal, words.jam, words.tanggal_jam, words.rupiah, words.desimal):
        assert say(None) == "-"


def test_money_and_decimals_follow_the_language() -> None:
    with translation.override("id"):
        assert words.rupiah(30000) == "Rp30.000"
        assert words.desimal(7.42) == "7,4"
    with translation.override("en"):
        assert words.rupiah(30000) == "Rp30,000"
        assert words.desimal(7.42) == "7.4"


def test_a_bilingual_text_falls_back_to_indonesian() -> None:
    with translation.override("en"):
        assert words.lang({"id": "Izin", "en": "Permit"}) == "Permit"
        assert words.lang({"id": "Izin"}) == "Izin"
    assert words.lang("Izin") == "Izin"
    assert words.lang(None) == ""


def test_a_small_number_begins_a_sentence_as_a_word() -> None:
    with translation.override("id"):
        assert [words.bilangan(n) for n in (1, 3, 9, 10)] == ["Satu", "Tiga", "Sembilan", "10"]
    with translation.override("en"):
        assert words.bilangan(3) == "Three"
    assert words.menit(410) == 7


def test_a_long_wait_is_said_in_hours() -> None:
    with translation.override("id"):
        assert [words.jam_menit(n) for n in (0, 5, 120, 225)] == [
            "0 menit",
            "5 menit",
            "2 jam",
            "3 jam 45 menit",
        ]
    with translation.override("en"):
        assert words.jam_menit(61) == "1 hour 1 minute"


def test_a_long_address_is_said_by_its_site() -> None:
    assert words.situs("https://www.medcom.id/ekonomi/bisnis/izin") == "medcom.id"
    assert words.situs("praktik umum") == "praktik umum"
