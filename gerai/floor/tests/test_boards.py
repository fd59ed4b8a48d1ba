"""What a board shows of its zones, and that its voice says each call once and never over another board."""

import threading

import pytest
from django.db import connection

from gerai.floor import boards, hall, services, speaking
from gerai.floor.models import Announcement, Said
from gerai.floor.tests.make import KIOSK, MORNING, ZONES, Hall, later, pair
from gerai.ledger.models import Entry
from gerai.visits.rules import State

pytestmark = pytest.mark.django_db


def furnished(counters=2):
    """A hall with zone A at counter 1 and zone B at counter 2."""
    made = Hall(counters)
    made.mall.details = ZONES
    made.mall.save()
    for counter, zone in zip(made.mall.counters.order_by("number"), "AB", strict=False):
        counter.zone = zone
        counter.save()
    return made


def call(made, officer=0, at=1.0, **more):
    """Somebody comes and is called."""
    made.arrive("X", at=at - 1, **more)
    return services.call_next(person=made.officers[officer], now=later(at))


def turn(board, *done, at=2.0):
    said, wait = speaking.take_turn(device=board, done=list(done), now=later(at))
    return said.key if said else "wait" if wait else None


def test_a_board_shows_the_last_call_five_before_it_and_the_waits():
    made = Hall()
    board = pair(made.mall, "board")
    for minute in range(1, 9):
        errand = call(made, at=minute)
        services.finish(person=made.officers[0], errand_id=errand.pk, now=later(minute + 0.5))
    made.arrive("X", at=9)

    shown = boards.show(board, later(10))
    assert str(shown["last"].visit) == "A 008"
    assert [str(e.visit) for e in shown["before"]] == ["A 007", "A 006", "A 005", "A 004", "A 003"]
    assert (shown["waiting"], [q["agency"].code for q in shown["queues"]]) == (1, ["X", "Y"])


def test_a_board_of_a_zone_shows_and_says_only_its_own_calls():
    made = furnished()
    here, there = (
        pair(made.mall, "board", zones=["A"], hall="1"),
        pair(made.mall, "board", zones=["B"], hall="2"),
    )
    errand = call(made, officer=0)

    assert boards.show(here, later(2))["last"].pk == errand.pk
    assert boards.show(there, later(2))["last"] is None
    assert turn(here) == boards.key_of(errand)
    assert turn(there) is None


def test_a_call_is_said_once_also_when_the_answer_was_lost_or_the_board_reloads():
    made = Hall()
    board = pair(made.mall, "board")
    key = boards.key_of(call(made))

    assert turn(board) == key
    assert turn(board) == key  # the answer was lost: the same again
    assert turn(board, key) is None
    assert turn(board, key, at=3) is None  # told twice
    assert turn(board, at=3) is None  # after a reload with an empty memory
    assert Said.objects.get().done_at == later(2)


def test_calls_are_said_in_the_order_they_were_made():
    made = Hall(3)
    board = pair(made.mall, "board")
    keys = [boards.key_of(call(made, officer=n, at=1 + n / 10)) for n in (2, 0, 1)]
    keys.sort(key=lambda key: int(key.split(".")[1]))

    heard, done = [], []
    while (key := turn(board, *done)) is not None:
        heard.append(key)
        done = [key]
    assert heard == keys


def test_calling_again_is_said_again():
    made = Hall()
    board = pair(made.mall, "board")
    errand = call(made)
    key = boards.key_of(errand)
    turn(board)
    turn(board, key)
    again = services.recall(person=made.officers[0], errand_id=errand.pk, now=later(3))

    assert turn(board, at=3) == boards.key_of(again) != key


def test_who_has_come_and_a_call_of_long_ago_are_not_called():
    made = Hall(2)
    board = pair(made.mall, "board")
    came = call(made, officer=0)
    services.start(person=made.officers[0], errand_id=came.pk, now=later(1.5))
    call(made, officer=1)

    assert turn(board, at=1 + hall.FRESH.total_seconds() / 60) is None
    came.refresh_from_db()
    assert came.state == State.SERVING


def test_what_was_called_while_a_board_was_away_is_said_when_it_is_back():
    made = Hall(3)
    board = pair(made.mall, "board")
    first = boards.key_of(call(made, officer=0))
    turn(board)
    missed = [boards.key_of(call(made, officer=n, at=2 + n)) for n in (1, 2)]

    assert turn(board, first, at=5) == missed[0]
    assert turn(board, missed[0], at=5) == missed[1]
    assert turn(board, missed[1], at=5) is None


def test_in_one_hall_one_board_speaks_at_a_time():
    made = furnished()
    here, there = (
        pair(made.mall, "board", zones=["A"], hall="1"),
        pair(made.mall, "board", zones=["B"], hall="1"),
    )
    first, second = boards.key_of(call(made, officer=0)), boards.key_of(call(made, officer=1, at=1.5))

    assert turn(here) == first
    assert turn(there) == "wait"
    assert turn(here, first) is None
    assert turn(there) == second


def test_a_hall_hears_each_call_once_whichever_board_says_it():
    made = Hall(2)
    one, two, three = (pair(made.mall, "board") for _ in range(3))  # no hall named: one hall
    elsewhere = pair(made.mall, "board", hall="2")
    first = boards.key_of(call(made, officer=0))

    assert (turn(two), turn(one), turn(three)) == (first, "wait", "wait")
    assert (turn(two, first), turn(one), turn(three)) == (None, None, None)
    assert turn(elsewhere) == first  # who is there has not heard it
    second = boards.key_of(call(made, officer=1, at=3))
    assert (turn(three, at=3), turn(two, at=3)) == (second, "wait")
    assert (turn(three, second, at=3), turn(two, at=3), turn(one, at=3)) == (None, None, None)


def test_a_board_that_falls_silent_is_followed_by_another_and_says_nothing_twice_when_it_is_back():
    made = Hall()
    here, there = pair(made.mall, "board"), pair(made.mall, "board")
    key = boards.key_of(call(made))
    assert (turn(here, at=1), turn(there, at=1.1)) == (key, "wait")

    assert turn(there, at=2) == key
    assert turn(here, at=2.05) == "wait"
    assert turn(there, key, at=2.2) is None
    assert turn(here, at=2.3) is None
    assert turn(here, key, at=2.4) is None  # its word came late: no second sentence


def test_what_the_manager_tells_is_heard_once_in_a_hall():
    made = Hall()
    here, there = pair(made.mall, "board"), pair(made.mall, "board")
    key = f"a{announce(made).pk}.0"

    assert turn(here) == key
    assert turn(here, key) is None
    assert turn(there) is None


def test_a_board_that_falls_silent_does_not_hold_the_hall_for_ever():
    made = furnished()
    here, there = pair(made.mall, "board", hall="1"), pair(made.mall, "board", hall="1")
    key = boards.key_of(call(made))
    turn(here, at=1)

    assert turn(there, at=1.1) == "wait"
    assert turn(there, at=2) == key


def test_a_silent_board_is_never_given_a_turn_and_a_printer_has_no_hall():
    made = Hall()
    board = pair(made.mall, "board", speaks=False)
    call(made)

    assert turn(board) is None
    assert not Said.objects.exists()


def test_a_visitor_who_reads_english_is_called_in_both_languages():
    made = Hall()
    board = pair(made.mall, "board")
    call(made, language="en")

    said, _ = speaking.take_turn(device=board, done=[], now=later(2))
    assert list(said.texts) == ["id", "en"]
    assert said.texts["en"] == "Number A, one, please go to counter one."


def announce(made, **more):
    values = {
        "text": {"id": " Mal tutup  pukul 15. ", "en": ""},
        "zones": [],
        "from_at": MORNING,
        "until_at": later(60),
        "every_minutes": 10,
        **more,
    }
    return speaking.announce(mall=made.mall, actor=KIOSK, now=MORNING, **values)


def test_an_announcement_is_shown_and_said_after_the_calls_and_again_after_its_interval():
    made = Hall()
    board = pair(made.mall, "board")
    told = announce(made)
    key = boards.key_of(call(made))

    assert [a.text["id"] for a in boards.show(board, later(2))["announcements"]] == ["Mal tutup pukul 15."]
    assert turn(board) == key
    assert turn(board, key) == f"a{told.pk}.0"
    assert turn(board, f"a{told.pk}.0") is None
    assert turn(board, at=9) is None
    assert turn(board, at=10) == f"a{told.pk}.1"
    assert Entry.objects.filter(kind="floor.announced").count() == 1


def test_an_announcement_for_a_zone_is_told_there_only_and_ends_when_taken_back():
    made = furnished()
    here, there = (
        pair(made.mall, "board", zones=["A"], hall="1"),
        pair(made.mall, "board", zones=["B"], hall="2"),
    )
    told = announce(made, zones=["A"])

    assert (turn(here), turn(there)) == (f"a{told.pk}.0", None)
    for _ in range(2):
        speaking.take_back(announcement=told, actor=KIOSK, now=later(3))
    assert boards.show(here, later(3))["announcements"] == []
    assert Entry.objects.filter(kind="floor.announcement_ended").count() == 1


@pytest.mark.parametrize(
    "wrong",
    [
        {"text": {"id": " ", "en": "Closed"}},
        {"until_at": MORNING},
        {"until_at": later(60 * 24 * 40)},
        {"every_minutes": 7},
    ],
)
def test_an_impossible_announcement_is_refused_and_nothing_is_told(wrong):
    made = Hall()
    with pytest.raises(hall.AnnouncementWrong):
        announce(made, **wrong)

    assert not Announcement.objects.exists()


def test_an_announcement_for_a_zone_that_is_not_there_is_refused():
    made = furnished()
    with pytest.raises(hall.PlaceWrong):
        announce(made, zones=["Z"])


@pytest.mark.slow
@pytest.mark.django_db(transaction=True)
def test_boards_of_one_hall_that_ask_at_the_same_moment_get_one_turn():
    made = Hall()
    together = [pair(made.mall, "board", hall="1") for _ in range(4)]
    call(made)
    barrier, outcomes = threading.Barrier(len(together)), []

    def work(board):
        try:
            barrier.wait(20)
            outcomes.append(turn(board))
        finally:
            connection.close()

    threads = [threading.Thread(target=work, args=(board,)) for board in together]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(30)

    (key,) = (o for o in outcomes if o != "wait")
    assert outcomes.count("wait") == 3
    speaker = Said.objects.get(key=key).device
    assert turn(speaker, key) is None
    assert [turn(board) for board in together] == [None] * 4
