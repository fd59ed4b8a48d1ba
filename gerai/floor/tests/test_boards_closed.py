"""Boards say by themselves what was closed for today: a paper ticket is told nothing else."""

import pytest

from gerai.floor import boards, speaking
from gerai.floor.tests.make import KIOSK, Hall, later, pair
from gerai.floor.tests.test_boards import furnished, turn
from gerai.visits import closing

pytestmark = pytest.mark.django_db


def shut(made, code="X", service=None, at=3.0):
    agency = made.services[code].agency
    return closing.close_today(
        agency=agency, service=service, reason="Listrik padam.", actor=KIOSK, now=later(at)
    )


def test_what_was_closed_is_told_once_in_both_languages_while_people_wait_there():
    made = Hall()
    here, there = pair(made.mall, "board"), pair(made.mall, "board")
    made.arrive("X")
    shut(made, "Y")  # nobody waits there: nobody need be told
    closure = shut(made)
    key = f"t{closure.pk}.0"

    said, _ = speaking.take_turn(device=here, done=[], now=later(4))
    assert said.key == key
    assert said.texts == {
        "id": "X, tutup untuk hari ini: Listrik padam. Yang menunggu di sana, silakan ke meja informasi.",
        "en": "X is closed for the rest of today. If you wait there, please ask the information desk.",
    }
    assert boards.utterance(here, key, later(4)) == said
    assert (turn(here, key, at=4.5), turn(there, at=4.5)) == (None, None)
    assert boards.show(there, later(20))["closed"] == [said.texts]  # to read, for paper tickets
    assert boards.show(there, later(34))["closed"] == []


def test_a_closed_service_is_told_near_its_counters_and_no_more_when_it_opened_again():
    made = furnished()
    here, there = (
        pair(made.mall, "board", zones=["A"], hall="1"),
        pair(made.mall, "board", hall="2", zones=["B"]),
    )
    made.mall.counters.get(zone="B").agencies.remove(made.services["X"].agency)
    made.arrive("X")
    shut(made, service=made.offer("X", "X2"))  # nobody waits for this one
    assert (turn(here, at=4), turn(there, at=4)) == (None, None)
    closure = shut(made, service=made.services["X"])

    assert turn(here, at=4) == f"t{closure.pk}.0"
    assert turn(there, at=4) is None
    closing.reopen(closure=closure, actor=KIOSK, now=later(5))
    assert turn(here, at=5) is None
    assert boards.show(here, later(5))["closed"] == []
