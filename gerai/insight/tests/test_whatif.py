"""What if: a real day is played again as it was, a change is beside it, and the page says it is a simulation."""

import numpy as np
import pytest

from gerai.accounts.models import Person
from gerai.agencies import roster
from gerai.agencies.models import Counter, Membership
from gerai.floor import services as floor
from gerai.floor.models import Duty
from gerai.floor.tests.make import KIOSK, MORNING, Hall, later
from gerai.insight import asking, pictures, replay, whatif

DAY = MORNING.date()


@pytest.fixture
def played(db):
    """A Monday: one counter, twenty people in the first hour, ten minutes each."""
    hall = Hall()
    for n in range(20):
        hall.arrive("X", at=n * 3, priority="elderly" if n == 15 else "")
    for n in range(20):
        errand = floor.call_next(person=hall.officers[0], now=later(n * 10 + 1))
        floor.start(person=hall.officers[0], errand_id=errand.pk, now=later(n * 10 + 1))
        floor.finish(person=hall.officers[0], errand_id=errand.pk, now=later(n * 10 + 10))
    floor.sign_off(person=hall.officers[0], now=later(359))
    return hall


def waits(setting, **case):
    return whatif.answer([setting], whatif.Case(**case))


def test_a_real_day_is_played_as_it_was_and_comes_near_what_was(played):
    setting = replay.real(played.mall, DAY)

    assert len(setting.day.visitors) == 20
    assert setting.roster[0] == [1] * 14
    assert waits(setting).wait == pytest.approx(np.mean(setting.waits), rel=0.2)


def test_a_second_counter_shortens_the_wait_and_costs_hours_and_twice_gives_the_same(played):
    setting = replay.real(played.mall, DAY)
    before, after = waits(setting), waits(setting, agency="X", more=1)

    assert after.wait < before.wait / 2
    assert after.hours > before.hours
    assert waits(setting, agency="X", more=1) == after


def test_other_hours_rule_and_the_live_rule_change_what_they_should(played):
    setting = replay.real(played.mall, DAY)
    base = waits(setting)

    assert waits(setting, hours="noon").wait >= base.wait
    assert waits(setting, hours="late").wait >= base.wait
    elderly = next(n for n, v in enumerate(setting.day.visitors) if v.priority)

    def wait_of(rule):
        case = whatif.Case(rule=rule)
        tickets = whatif.play(whatif.changed(setting, case), case).tickets
        return next(t.wait for t in tickets if t.visitor == elderly)

    assert wait_of("credit") < wait_of("first")
    assert waits(setting, live=True).wait <= base.wait


def test_the_expected_day_comes_from_the_forecast_and_is_drawn_alike_each_time(played):
    x = played.services["X"].agency
    halves = roster.slots_of(x, 0)
    roster.propose_day(
        agency=x, weekday=0, counters=dict.fromkeys(halves, 1), expected=dict.fromkeys(halves, 4.0), actor=KIOSK,
        now=MORNING,
    )  # fmt: skip
    setting = replay.expected(played.mall, DAY)

    assert 30 < len(setting.day.visitors) < 90
    assert replay.expected(played.mall, DAY).day == setting.day
    assert setting.waits == ()


def test_the_same_people_over_longer_hours_wait_less_and_cost_more_hours(played):
    setting = replay.real(played.mall, DAY)
    longer = whatif.within(setting, 7 * 60, 17 * 60)

    assert (longer.opens, longer.closes, longer.slots) == (420, 600, 20)
    assert [v.errands for v in longer.day.visitors] == [v.errands for v in setting.day.visitors]
    before, after = waits(setting), waits(setting, opens=7 * 60, closes=17 * 60)
    assert after.wait < before.wait
    assert (before.hours, after.hours) == (pytest.approx(14), pytest.approx(20))
    assert min(after.by_slot) < min(before.by_slot)


def test_a_saturday_takes_its_share_of_the_week_and_the_same_people_whatever_else_is_asked(played):
    setting = replay.real(played.mall, DAY)
    days_of = whatif.week([setting] * 5, 10)
    more = whatif.week([setting] * 5, 20)

    assert len(days_of) == 6
    assert sum(len(one.day.visitors) for one in days_of) == 100
    assert 0 < len(days_of[-1].day.visitors) < len(more[-1].day.visitors)
    assert all(set(b.day.visitors) <= set(a.day.visitors) for a, b in zip(days_of[:5], more[:5], strict=True))
    before = whatif.answer([setting] * 5, whatif.Case())
    after = whatif.answer([setting] * 5, whatif.Case(saturday=10))
    assert (after.people, after.wait < before.wait, after.hours > before.hours) == (100, True, True)


def test_bookings_fill_their_part_with_the_same_people_and_none_is_no_booking(played):
    setting = replay.real(played.mall, DAY)

    def slots(percent):
        day = whatif.with_bookings(setting, percent).day
        assert sorted(e.minutes for v in day.visitors for e in v.errands) == [9.0] * 20
        return [e.slot for v in day.visitors for e in v.errands if e.slot is not None]

    assert slots(0) == []
    assert 5 <= len(slots(25)) <= 10  # a quarter of seven hours holds ten of ten minutes
    assert len(slots(50)) >= 10
    assert waits(setting, bookable=50).wait < waits(setting).wait
    assert waits(whatif.with_bookings(setting, 50), bookable=0).people == 20


def test_lines_are_joined_of_two_agencies_and_of_one_whose_counters_served_apart(played):
    setting = replay.real(played.mall, DAY)
    both = whatif.joined(setting, "Y", "X")
    assert [(line.agency.code, line.counters) for line in both.lines] == [("X", 2)]
    assert both.roster[0][0] == setting.roster[0][0] + setting.roster[1][0]
    answer = waits(setting, agency="Y", join="X")
    assert answer.wait < waits(setting).wait
    assert set(answer.by_agency) == {"X"}

    other = played.offer("X", "X2")
    for number, service in ((8, "X"), (9, "X2")):
        counter = Counter.objects.create(mall=played.mall, number=number)
        counter.agencies.set([other.agency])
        duty = floor.sign_on(member=played.officer(f"P{number}"), counter_number=number, now=later(0))
        duty.services.set([played.services[service]])
    Duty.objects.filter(person=played.officers[0]).delete()
    apart = replay.real(played.mall, DAY)
    assert [[s.code for s in line.services] for line in apart.lines] == [["X"], ["X2"], ["Y"]]
    one = whatif.joined(apart, "X", "X")
    assert ([s.code for s in one.lines[0].services], one.roster[0][3]) == (["X", "X2"], 2)
    assert waits(apart, agency="X", join="X").wait < waits(apart).wait


def test_a_day_without_anybody_and_nonsense_are_refused(played):
    with pytest.raises(replay.NothingToReplay):
        replay.real(played.mall, DAY.replace(day=16))
    with pytest.raises(replay.NothingToReplay):
        replay.expected(played.mall, DAY.replace(day=22))
    for asked in (
        {"more": "9"}, {"more": "x"}, {"agency": "Z"}, {"rule": "mine"}, {"hours": "never"}, {"saturday": "7"},
        {"bookable": "-1"}, {"agency": "X", "join": "Z"},
    ):  # fmt: skip
        with pytest.raises(asking.CaseWrong):
            asking.read(asked, ["X"])
    with pytest.raises(asking.CaseWrong):
        asking.day_of("2020-01-01", [DAY])
    for wrong in ("7", "07:15", "25:00", "pagi"):
        with pytest.raises(asking.TimeWrong):
            asking.read({"opens": wrong}, ["X"])
    with pytest.raises(asking.NothingToJoin):
        asking.read({"join": "X"}, ["X"])


def test_the_page_shows_both_beside_each_other_in_the_words_of_a_simulation(played, client):
    boss = Person.objects.create(name="Maya", email="maya@uji.test", created_at=MORNING)
    Membership.objects.create(mall=played.mall, person=boss, role="mall_manager")
    client.force_login(boss)

    def page(status=200, **asked):
        shown = client.get("/wali-kota/andai/", asked)
        assert shown.status_code == status
        return shown.content.decode()

    text = page(day=DAY, agency="X", more=1)
    assert "Menurut simulasi orang menunggu rata-rata" in text
    assert text.count("<polyline") == 2
    assert "sungguh menunggu" in text
    assert "Mainkan" in page()
    assert "Pilihan itu tidak ada" in page(422, day="kapan")
    assert "Belum ada data" in page(422, day="next")
    text = page(
        day=DAY, opens="07.00", closes="16.30", saturday=10, bookable=50, agency="X", join="Y", live="yes"
    )
    assert all(
        part in text for part in ("100 pengunjung", "sepanjang jam yang baru", "10 datang pada hari Sabtu")
    )
    assert "<option selected>07.00" in text
    assert "setengah jam, misalnya 07.30" in page(422, day=DAY, opens="07.10")
    assert "2 sampai 14 jam" in page(422, day=DAY, opens="14.30")
    assert "sudah melayani semua layanannya" in page(422, day=DAY, agency="X", join="X")
    played.mall.opening["sat"] = ["08:00", "12:00"]
    played.mall.save()
    assert "sudah buka pada hari Sabtu" in page(422, day=DAY, saturday=10)


def test_coordinates_fit_the_picture_and_an_empty_half_hour_is_left_out():
    drawn = pictures.lines([0, None, 12], [0, 6, 3], ["08.00", "08.30", "09.00"])

    assert len(drawn.before.split()) == 2
    assert len(drawn.after.split()) == 3
    assert all(0 <= float(p.split(",")[1]) <= pictures.HEIGHT for p in drawn.after.split())
    assert [m for _, m in drawn.minutes] == [0, 5, 10, 15]
    (bar,) = pictures.bars({"X": 10.0}, {"X": 5.0})
    assert (bar.before_width, bar.after_width) == (100, 50)
