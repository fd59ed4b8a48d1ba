"""Numbers, dates and what the public is told: pure."""

from datetime import date

import pytest

from gerai.permits import rules

DAY = date(2026, 11, 23)


def test_the_number_follows_the_agencys_pattern():
    pattern = "{number:04d}/{agency}/{service}/{roman_month}/{year}"
    made = rules.number(pattern, running=7, agency="DINKES", service="SIP", day=DAY, kind="permit")
    assert made == "0007/DINKES/SIP/XI/2026"


@pytest.mark.parametrize("pattern", ["{number}/{service}", "{number}/{year}"])
def test_a_refusal_never_has_the_number_of_a_permit(pattern):
    numbers = {
        rules.number(pattern, running=1, agency="A", service="S", day=DAY, kind=kind)
        for kind in ("permit", "refusal")
    }
    assert len(numbers) == 2


def test_five_years_from_a_leap_day_end_on_the_28th():
    assert rules.valid_until(date(2028, 2, 29), 5) == date(2033, 2, 28)
    assert rules.valid_until(DAY, None) is None


@pytest.mark.parametrize(
    ("status", "today", "shown"),
    [
        ("signing", DAY, "unknown"),
        ("valid", date(2026, 11, 22), "not_yet"),
        ("valid", DAY, "valid"),
        ("valid", date(2027, 11, 23), "valid"),
        ("valid", date(2027, 11, 24), "expired"),
        ("revoked", date(2027, 11, 24), "revoked"),
    ],
)
def test_the_public_sees_one_clear_state_and_nothing_before_the_signature(status, today, shown):
    assert rules.shown_status(status, first=DAY, last=date(2027, 11, 23), today=today) == shown


def test_a_name_found_by_guessing_a_number_is_veiled():
    assert rules.veiled("Sari Wulandari") == "S*** W********"
