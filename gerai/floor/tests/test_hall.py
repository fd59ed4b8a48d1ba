"""Numbers as people say them, codes, addresses of printers, repetitions."""

from datetime import timedelta

import pytest

from gerai.floor import hall
from gerai.floor.tests.make import MORNING, later

ONES = ["", "satu", "dua", "tiga", "empat", "lima", "enam", "tujuh", "delapan", "sembilan"]


def said(number):
    """Indonesian numbers as school teaches them, written here once more and independently."""
    if number >= 200:
        return f"{ONES[number // 100]} ratus {said(number % 100)}".strip()
    if number >= 100:
        return f"seratus {said(number - 100)}".strip()
    if number >= 20:
        return f"{ONES[number // 10]} puluh {said(number % 10)}".strip()
    if number >= 12:
        return f"{ONES[number - 10]} belas"
    if number >= 10:
        return ("sepuluh", "sebelas")[number - 10]
    return ONES[number]


@pytest.mark.parametrize("hundred", range(10))
def test_every_number_from_1_to_999_is_read_right(hundred):
    for number in range(max(1, hundred * 100), hundred * 100 + 100):
        told = hall.spoken("A", number, number % 40 + 1)
        assert told == f"Nomor A, {said(number)}, silakan ke loket {said(number % 40 + 1)}."


def test_the_order_of_words_is_the_one_people_use():
    assert hall.spoken("A", 142, 7) == "Nomor A, seratus empat puluh dua, silakan ke loket tujuh."
    assert hall.spoken("K", 21, 12, "en") == "Number K, twenty-one, please go to counter twelve."


def test_a_code_is_read_however_it_is_typed():
    assert hall.clean_code(" k7m-29q ") == "K7M29Q"
    assert hall.shown_code("K7M29Q") == "K7M-29Q"


@pytest.mark.parametrize("address", ["192.168.1.50:9100", "10.0.0.9", "172.16.3.4:9109"])
def test_a_printer_stands_in_our_own_network(address):
    assert hall.check_printer(address, here_too=False).startswith(address.split(":")[0])


@pytest.mark.parametrize(
    "address",
    [
        "8.8.8.8:9100",
        "169.254.1.1:9100",
        "127.0.0.1:9100",
        "192.168.1.50:22",
        "printer.local",
        "10.0.0.1:x",
        "",
    ],
)
def test_the_server_knocks_nowhere_else(address):
    with pytest.raises(hall.PrinterAddressWrong):
        hall.check_printer(address, here_too=False)


def test_counters_in_a_row_are_read_as_a_row():
    assert hall.ranges([5, 6, 7, 9]) == "5–7, 9"
    assert hall.ranges([]) == ""


def test_an_announcement_is_due_again_after_its_interval():
    assert [hall.turn_of(MORNING, 10, later(m)) for m in (0, 9, 10, 25)] == [0, 0, 1, 2]
    assert hall.turn_of(MORNING, 0, later(500)) == 0


def test_a_long_sentence_holds_the_voice_longer():
    assert hall.hold_of(["a" * 80]) - hall.hold_of([]) == timedelta(seconds=10)
