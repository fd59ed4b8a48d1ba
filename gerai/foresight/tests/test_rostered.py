"""What a roster says of the counters to come."""

from gerai.foresight import rostered, waits

DAY = {"08:00": 1, "08:30": 1, "09:00": 3, "09:30": 2, "10:00": 2}


def test_each_step_moves_what_is_open_and_never_beyond_the_plan():
    assert rostered.changes(DAY, 8 * 60 + 20, 1) == [(40, 2), (70, -1)]
    assert rostered.changes(DAY, 8 * 60 + 20, 2) == [(40, 1), (70, -1)]  # one opened before its time
    assert rostered.changes(DAY, 9 * 60 + 10, 2) == []  # one of three is missing: it is not there to close
    assert rostered.changes(DAY, 9 * 60 + 10, 4) == [(20, -1)]  # one more than planned stays one more
    assert rostered.changes(DAY, 8 * 60, 0) == []  # nobody follows it
    assert rostered.changes({"12:00": 0, "12:30": 0, "13:00": 2}, 12 * 60 + 5, 0) == [(55, 2)]


def test_outside_its_hours_and_without_one_a_roster_says_nothing():
    assert rostered.changes(DAY, 7 * 60 + 50, 1) == rostered.changes(DAY, 10 * 60 + 30, 1) == []
    assert rostered.changes({}, 600, 1) == []


def test_a_wait_past_an_opening_is_shorter_and_past_a_closing_longer():
    def wait(changes):
        return waits.look_ahead(ahead=[10] * 6, busy=[10, 10], free=0, changes=changes).middle

    assert wait([(10, 2)]) < wait([]) < wait([(10, -1)])
    assert rostered.course(1, [(7, 2), (60, -1)])[:3] == [1, 1, 3]
    assert rostered.course(1, [(7, 2), (60, -1)])[12:14] == [2, 2]
