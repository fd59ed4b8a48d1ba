"""What if: a real day is played again as it was, a change is beside it, and the page says it is a simulation."""

import pytest

from gerai.accounts.models import Person
from gerai.agencies import roster
from gerai.agencies.models import Membership
from gerai.floor import services as floor
from gerai.floor.tests.make import KIOSK, MORNING, Hall, later
from gerai.insight import asking, pictures, whatif

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
    return whatif.result(setting, whatif.play(setting, whatif.Case(**case)))


def test_a_real_day_is_played_as_it_was_and_comes_near_what_was(played):
    setting = whatif.real(played.mall, DAY)

    assert len(setting.day.visitors) == 20
    assert setting.roster[0] == [1] * 14
    assert setting.real_wait is not None
    assert waits(setting).wait == pytest.approx(setting.real_wait, rel=0.2)


def test_a_second_counter_shortens_the_wait_and_costs_hours_and_twice_gives_the_same(played):
    setting = whatif.real(played.mall, DAY)
    before, after = waits(setting), waits(setting, agency="X", more=1)

    assert after.wait < before.wait / 2
    assert after.hours > before.hours
    assert waits(setting, agency="X", more=1) == after


def test_other_hours_rule_and_the_live_rule_change_what_they_should(played):
    setting = whatif.real(played.mall, DAY)
    base = waits(setting)

    assert waits(setting, hours="noon").wait >= base.wait
    assert waits(setting, hours="late").wait >= base.wait
    elderly = next(n for n, v in enumerate(setting.day.visitors) if v.priority)

    def wait_of(rule):
        tickets = whatif.play(setting, whatif.Case(rule=rule)).tickets
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
    setting = whatif.expected(played.mall, DAY)

    assert 30 < len(setting.day.visitors) < 90
    assert whatif.expected(played.mall, DAY).day == setting.day
    assert setting.real_wait is None


def test_a_day_without_anybody_and_nonsense_are_refused(played):
    with pytest.raises(whatif.NothingToReplay):
        whatif.real(played.mall, DAY.replace(day=16))
    with pytest.raises(whatif.NothingToReplay):
        whatif.expected(played.mall, DAY.replace(day=22))
    for asked in ({"more": "9"}, {"more": "x"}, {"agency": "Z"}, {"rule": "mine"}, {"hours": "never"}):
        with pytest.raises(asking.CaseWrong):
            asking.read(asked, ["X"])
    with pytest.raises(asking.CaseWrong):
        asking.day_of("2020-01-01", [DAY])


def test_the_page_shows_both_beside_each_other_in_the_words_of_a_simulation(played, client):
    boss = Person.objects.create(name="Maya", email="maya@uji.test", created_at=MORNING)
    Membership.objects.create(mall=played.mall, person=boss, role="mall_manager")
    client.force_login(boss)

    shown = client.get("/wali-kota/andai/", {"day": str(DAY), "agency": "X", "more": "1"})
    text = shown.content.decode()
    assert shown.status_code == 200
    assert "menurut simulasi" in text
    assert text.count("<polyline") == 2
    assert "sungguh menunggu" in text
    assert client.get("/wali-kota/andai/").status_code == 200
    assert client.get("/wali-kota/andai/", {"day": "kapan"}).status_code == 422
    assert "Belum ada data" in client.get("/wali-kota/andai/", {"day": "next"}).content.decode()


def test_coordinates_fit_the_picture_and_an_empty_half_hour_is_left_out():
    drawn = pictures.lines([0, None, 12], [0, 6, 3], ["08.00", "08.30", "09.00"])

    assert len(drawn.before.split()) == 2
    assert len(drawn.after.split()) == 3
    assert all(0 <= float(p.split(",")[1]) <= pictures.HEIGHT for p in drawn.after.split())
    assert [m for _, m in drawn.minutes] == [0, 5, 10, 15]
    (bar,) = pictures.bars({"X": 10.0}, {"X": 5.0})
    assert (bar.before_width, bar.after_width) == (100, 50)
