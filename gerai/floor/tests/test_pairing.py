"""A machine is let in by the code on its screen, once, by the manager, and only that machine."""

import threading
from datetime import timedelta

import pytest
from django.db import connection

from gerai.floor import devices, hall, pairing
from gerai.floor.models import Device, Pairing
from gerai.floor.tests.make import KIOSK, MORNING, Hall, later
from gerai.ledger.models import Entry

pytestmark = pytest.mark.django_db


@pytest.fixture
def mall(db):
    return Hall().mall


def ask(mall, kind="board", place="", at=MORNING):
    """A box asks: its id, its secret, the code that it shows."""
    made, secret = pairing.ask(mall=mall, kind=kind, place=place, now=at)
    return str(made.pk), secret, pairing.code_of(made.pk, secret)


def confirm(mall, code, at=MORNING, **place):
    return pairing.confirm(mall=mall, code=code, name="", actor=KIOSK, now=at, **place)


def claim(own, secret, at=MORNING, kind="board"):
    return pairing.claim(pairing_id=own, secret=secret, kind=kind, now=at)


def test_the_box_that_showed_the_code_gets_a_token_that_works_until_revoked(mall):
    own, secret, code = ask(mall)
    assert claim(own, secret) is None  # the manager has not typed it yet

    device = confirm(mall, code.lower(), at=later(1), hall="Lantai 1")
    token = claim(own, secret, at=later(2))

    found = devices.by_token(token)
    assert (found.pk, found.kind, found.hall, found.name) == (device.pk, "board", "Lantai 1", "Layar 1")
    assert Entry.objects.filter(kind="floor.device_paired").count() == 1
    devices.revoke(device=device, actor=KIOSK, now=later(3))
    devices.revoke(device=device, actor=KIOSK, now=later(4))
    assert devices.by_token(token) is None
    assert Entry.objects.filter(kind="floor.device_revoked").count() == 1


def test_neither_code_nor_secret_nor_token_is_stored(mall):
    own, secret, code = ask(mall)
    confirm(mall, code)
    token = claim(own, secret)

    stored = str([*Pairing.objects.values(), *Device.objects.values()])
    assert not [word for word in (code, secret, token) if word in stored]


def test_a_code_is_good_for_ten_minutes(mall):
    own, secret, code = ask(mall)

    with pytest.raises(hall.CodeOver):
        confirm(mall, code, at=later(10))
    with pytest.raises(hall.CodeOver):
        claim(own, secret, at=later(10))
    assert not Device.objects.exists()


def test_a_code_lets_in_one_machine(mall):
    _, _, code = ask(mall)
    confirm(mall, code)

    with pytest.raises(hall.CodeOver):
        confirm(mall, code, at=later(1))
    assert Device.objects.count() == 1


def test_another_box_cannot_fetch_the_token(mall):
    own, _, code = ask(mall)
    other, others_secret, _ = ask(mall)
    confirm(mall, code)

    with pytest.raises(hall.CodeOver):
        claim(own, others_secret)
    assert claim(other, others_secret) is None


def test_a_box_that_lost_the_answer_asks_again_and_the_first_token_is_dead(mall):
    own, secret, code = ask(mall)
    confirm(mall, code)

    lost, kept = claim(own, secret), claim(own, secret, at=later(1))
    assert devices.by_token(lost) is None
    assert devices.by_token(kept) is not None


def test_once_the_machine_works_nobody_gets_another_token(mall):
    own, secret, code = ask(mall)
    device = confirm(mall, code)
    token = claim(own, secret)
    devices.seen(device, later(1))

    with pytest.raises(hall.CodeOver):
        claim(own, secret, at=later(2))
    assert devices.by_token(token) is not None


def test_who_guesses_is_stopped_after_ten_wrong_codes_even_with_a_right_one(mall):
    _, _, code = ask(mall)
    for _ in range(hall.WRONG_CODES):
        with pytest.raises(hall.CodeWrong):
            confirm(mall, "AAAAAA")

    with pytest.raises(hall.TooManyWrongCodes):
        confirm(mall, code)
    assert not Device.objects.exists()
    _, _, later_code = ask(mall, at=later(11))
    assert confirm(mall, later_code, at=later(11)).kind == "board"


def test_a_code_of_another_mall_is_no_code_here(mall):
    from gerai.agencies.models import Mall

    other = Mall.objects.create(code="9999", name="Mal Lain", city="Lain")
    _, _, code = ask(other)

    with pytest.raises(hall.CodeWrong):
        confirm(mall, code)


def test_one_place_cannot_use_up_all_codes(mall):
    for _ in range(hall.CODES_OPEN_AT_ONE_PLACE):
        ask(mall, place="10.0.0.1")

    with pytest.raises(hall.TooManyBoxes):
        ask(mall, place="10.0.0.1")
    assert ask(mall, place="10.0.0.2")
    assert ask(mall, place="10.0.0.1", at=MORNING + timedelta(minutes=11))


def test_only_boards_and_kiosks_show_a_code(mall):
    for kind in ("counter_api", "printer", "toaster"):
        with pytest.raises(hall.DeviceWrong):
            ask(mall, kind=kind)
    assert not Pairing.objects.exists()


def test_a_place_that_the_mall_does_not_have_is_refused_and_the_code_stays_good(mall):
    _, _, code = ask(mall)

    with pytest.raises(hall.PlaceWrong):
        confirm(mall, code, zones=["Z"])
    assert not Device.objects.exists()
    assert confirm(mall, code, at=later(1))


@pytest.mark.slow
@pytest.mark.django_db(transaction=True)
def test_two_managers_with_the_same_code_let_in_one_machine():
    mall = Hall().mall
    _, _, code = ask(mall)
    barrier, outcomes = threading.Barrier(2), []

    def work():
        try:
            barrier.wait(20)
            confirm(mall, code)
            outcomes.append("in")
        except hall.CodeOver:
            outcomes.append("over")
        finally:
            connection.close()

    threads = [threading.Thread(target=work) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(30)

    assert sorted(outcomes) == ["in", "over"]
    assert Device.objects.count() == 1
