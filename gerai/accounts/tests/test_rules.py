"""The form of a NIK and of a phone number."""

from datetime import date

import pytest

from gerai.accounts import rules

TODAY = date(2026, 11, 23)


@pytest.mark.parametrize(
    "text", ["1771994107900001", "1771.99.410790.0001", "1771992902000001", " 1771990107900002 "]
)
def test_a_nik_of_the_right_form_is_taken_with_or_without_spaces(text: str) -> None:
    assert len(rules.check_nik(text, TODAY)) == 16


@pytest.mark.parametrize(
    "text",
    [
        "",
        "177199410790000",  # 15 digits
        "17719941079000011",  # 17
        "177199410790000a",
        "1771994107900000",  # serial 0000
        "1771993207900001",  # day 32
        "1771997207900001",  # day 72
        "1771990007900001",  # day 0
        "1771990113900001",  # month 13
        "1771993002900001",  # 30 February
        "1771992902990001",  # 29 February 1999
        "0571990107900001",  # no such province
    ],
)
def test_a_nik_of_an_impossible_form_is_refused(text: str) -> None:
    with pytest.raises(rules.NikMalformed):
        rules.check_nik(text, TODAY)


def test_another_birth_date_or_sex_is_only_a_doubt() -> None:
    assert rules.doubts_about("1771994107900001", born=date(1990, 7, 1), female=True) == []
    assert rules.doubts_about("1771994107900001", born=date(1991, 7, 1), female=False) == [
        "birth_date",
        "sex",
    ]


def test_a_masked_nik_shows_city_and_serial() -> None:
    assert rules.mask_nik("1771994107900001") == "1771••••••••0001"


@pytest.mark.parametrize("text", ["0812 3456 7890", "+62 812-3456-7890", "6281234567890"])
def test_a_phone_number_has_one_form(text: str) -> None:
    assert rules.check_phone(text) == "+6281234567890"


@pytest.mark.parametrize("text", ["", "0736 21234", "081", "0812345678901234", "halo"])
def test_what_is_no_mobile_number_is_refused(text: str) -> None:
    with pytest.raises(rules.PhoneMalformed):
        rules.check_phone(text)
