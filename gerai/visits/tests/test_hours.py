"""Numbers are given in opening hours: nobody stands before who is at the door by a tap at midnight."""

from datetime import UTC, datetime

import pytest

from gerai.agencies.models import Holiday
from gerai.floor import services as floor
from gerai.floor.tests.make import KIOSK, Hall
from gerai.ledger.models import Entry
from gerai.visits import rules, services, ticket
from gerai.visits.models import Visit

pytestmark = pytest.mark.django_db


def at(hour: int, minute: int = 0) -> datetime:
    """That time on the mall's Monday (UTC+7), 08.00 to 15.00."""
    return datetime(2026, 11, 23, hour - 7, minute, tzinfo=UTC)


@pytest.fixture
def hall(settings):
    settings.KEEP_HOURS = True
    return Hall()


def arrive(hall, *codes, now):
    chosen = [hall.services[code] for code in codes or ("X",)]
    return services.arrive(mall=hall.mall, chosen=chosen, entrance="B", actor=KIOSK, now=now)


def test_long_before_opening_and_after_closing_no_number_is_given(hall):
    with pytest.raises(rules.NotYet) as early:
        arrive(hall, now=datetime(2026, 11, 22, 17, 5, tzinfo=UTC))  # 00.05
    assert "08.00" in str(early.value)
    assert "07.00" in str(early.value)
    for closed in (at(15), at(23)):
        with pytest.raises(rules.ClosedNow):
            arrive(hall, now=closed)
    with pytest.raises(rules.NotOpenToday):
        arrive(hall, now=datetime(2026, 11, 24, 3, 0, tzinfo=UTC))  # it opens on Mondays only
    assert not Visit.objects.exists()
    assert not Entry.objects.filter(kind="visits.arrived").exists()


def test_who_comes_in_the_hour_before_opening_joins_at_opening(hall):
    first, second = arrive(hall, now=at(7, 10)), arrive(hall, now=at(7, 50))

    joined = [visit.errands.get().joined_at for visit in (first, second)]
    assert joined == [at(8), at(8)]
    assert first.errands.get().rank_at == second.errands.get().rank_at == at(8)
    assert arrive(hall, now=at(8, 5)).errands.get().joined_at == at(8, 5)


def test_a_holiday_and_the_agencys_own_hours_count(hall):
    agency = hall.services["Y"].agency
    agency.opening = {"mon": ["10:00", "12:00"]}
    agency.save()
    hall.services["Y"].agency.refresh_from_db()
    with pytest.raises(rules.NotYet):
        arrive(hall, "Y", now=at(8, 30))
    with pytest.raises(rules.NotYet):
        arrive(hall, "X", "Y", now=at(8, 30))
    visit = arrive(hall, "X", now=at(13))
    with pytest.raises(rules.ClosedNow):
        ticket.add(visit=visit, service=hall.services["Y"], actor=KIOSK, now=at(13))
    assert visit.errands.count() == 1

    Holiday.objects.create(mall=hall.mall, date=at(9).date(), name="Libur", kind="national")
    with pytest.raises(rules.NotOpenToday):
        arrive(hall, now=at(9))


def test_a_number_of_the_time_without_a_server_is_taken_in_whenever_it_comes(hall):
    chosen = [hall.services["X"]]
    late = services.arrive(
        mall=hall.mall, chosen=chosen, entrance="Z", actor=KIOSK, now=at(16), spare=(7, at(14))
    )
    assert late.errands.get().joined_at == at(14)


def test_in_the_demonstration_the_mall_has_no_hours(hall, settings):
    settings.KEEP_HOURS = False
    assert arrive(hall, now=at(23)).number == 1


def test_no_press_before_opening_puts_anybody_before_who_waits_since(hall):
    honest = arrive(hall, "Y", now=at(7, 1)).errands.get()
    sly, other = arrive(hall, "X", "Y", now=at(7, 30)), arrive(hall, "X", "Y", now=at(7, 30))

    dropped, planned = sly.errands.get(state="waiting"), other.errands.get(state="planned")
    ticket.drop(visit=sly, errand_id=dropped.pk, actor=KIOSK, now=at(7, 31))
    ticket.go_first(visit=other, errand_id=planned.pk, actor=KIOSK, now=at(7, 31))

    for visit in (sly, other):
        assert visit.errands.get(state="waiting").rank_at == at(8) == honest.rank_at


def test_with_two_agencies_each_counts_from_its_own_opening(hall):
    agency = hall.services["Y"].agency
    agency.opening = {"mon": ["10:00", "12:00"]}
    agency.save()
    hall.services["Y"].agency.refresh_from_db()
    only = arrive(hall, "Y", now=at(9, 1)).errands.get()
    both = arrive(hall, "X", "Y", now=at(9, 40))

    for code in ("Y", "X"):  # whichever comes first by itself, each is put first once
        errand = both.errands.get(service__code=code)
        ticket.go_first(visit=both, errand_id=errand.pk, actor=KIOSK, now=at(9, 41))
        errand.refresh_from_db()
        assert errand.joined_at == (at(10) if code == "Y" else at(9, 41))
    assert only.joined_at == at(10)


def test_who_is_called_before_opening_has_waited_no_time(hall):
    arrive(hall, "X", now=at(7, 30))
    floor.call_next(person=hall.officers[0], now=at(7, 50))

    assert Entry.objects.get(kind="floor.called").data["wait_s"] == 0
