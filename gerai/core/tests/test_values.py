"""Small things everybody uses: ids, money, the clock."""

import time
import uuid
from datetime import timedelta

import pytest

from gerai.core import clock
from gerai.core.ids import uuid7
from gerai.core.money import in_both, rupiah


def test_an_id_is_a_uuid_of_version_seven():
    made = uuid7()

    assert (made.version, made.variant) == (7, uuid.RFC_4122)


def test_an_id_carries_the_millisecond_it_was_made():
    before = time.time_ns() // 1_000_000
    made = uuid7()
    after = time.time_ns() // 1_000_000

    assert before <= made.int >> 80 <= after


def test_a_hundred_thousand_ids_are_all_different():
    assert len({uuid7() for _ in range(100_000)}) == 100_000


@pytest.mark.parametrize(
    ("amount", "shown"),
    [
        (0, "Rp0"),
        (999, "Rp999"),
        (30000, "Rp30.000"),
        (-1500, "-Rp1.500"),
        (10**15 + 1, "Rp1.000.000.000.000.001"),
    ],
)
def test_money_is_written_as_indonesians_do(amount, shown):
    assert rupiah(amount) == shown


def test_money_in_english_has_the_commas_of_english():
    assert rupiah(-1234567, "en-GB") == "-Rp1,234,567"
    assert in_both(30000) == {"id": "Rp30.000", "en": "Rp30,000"}


def test_the_clock_speaks_utc():
    assert clock.now().utcoffset() == timedelta(0)
