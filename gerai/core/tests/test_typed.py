"""A number from a form is one, or nothing: what Python calls a digit is more than what `int` reads."""

import pytest

from gerai.core.typed import whole


@pytest.mark.parametrize("text", ["", None, "²", "٣", "-1", "+1", " 1", "1.0", "1e3", "x", "1" * 19, "1\0"])
def test_what_is_no_number_is_none(text):
    assert whole(text) is None


def test_a_number_is_read_and_one_that_is_too_long_is_not():
    assert whole("0") == 0
    assert whole("0071") == 71
    assert whole("9" * 18) == 10**18 - 1
    assert whole("1234567890", digits=9) is None
