"""Malls, holidays, agencies, counters and roles: written once, recorded once, refused without a trace."""

from datetime import UTC, date, datetime

import pytest

from gerai.accounts.models import Person
from gerai.agencies import queries, services
from gerai.agencies.models import Agency, Counter, Holiday, Mall, Membership
from gerai.agencies.places import Bounds, Places
from gerai.agencies.rules import CounterTaken, OpeningWrong, RoleWrong, TimezoneUnknown
from gerai.ledger.models import Entry
from gerai.ledger.rules import SYSTEM

pytestmark = pytest.mark.django_db
NOW = datetime(2026, 11, 23, 2, 0, tzinfo=UTC)
BY = {"actor": SYSTEM, "now": NOW}
VALUES = {
    "code": "1771",
    "name": "Mal Uji",
    "city": "Bengkulu",
    "timezone": "Asia/Jakarta",
    "opening": {"mon": ["08:00", "15:00"]},
    "details": {},
}


def mall():
    return services.open_mall(**VALUES, **BY)


def agency(code="DINKES"):
    return services.put_agency(
        mall=mall(), code=code, name={"id": code, "en": code}, short=code, kind="opd", **BY
    )


def sari():
    return Person.objects.create(name="Sari", email="sari@contoh.id", created_at=NOW)


def kinds():
    return list(Entry.objects.order_by("id").values_list("kind", flat=True))


def test_a_mall_opens_once_and_says_what_changed_later():
    mall()
    mall()
    changed = services.open_mall(**{**VALUES, "name": "Mal Baru"}, **BY)

    assert changed.name == "Mal Baru"
    assert kinds() == ["agencies.mall_opened", "agencies.mall_changed"]
    assert Entry.objects.last().data == {"changed": ["name"]}


@pytest.mark.parametrize(
    ("wrong", "refusal"),
    [({"timezone": "Mars/Base"}, TimezoneUnknown), ({"opening": {"mon": ["9", "10"]}}, OpeningWrong)],
)
def test_a_mall_with_impossible_hours_or_zone_is_refused_without_a_trace(wrong, refusal):
    with pytest.raises(refusal):
        services.open_mall(**{**VALUES, **wrong}, **BY)

    assert (Mall.objects.count(), kinds()) == (0, [])


def test_holidays_are_replaced_as_a_whole_and_reach_the_calendar():
    one = mall()
    services.set_holidays(
        mall=one,
        holidays=[(date(2026, 12, 25), "Natal", "national"), (date(2026, 12, 24), "Cuti", "x")],
        **BY,
    )

    changed = services.set_holidays(mall=one, holidays=[(date(2026, 12, 25), "Hari Natal", "national")], **BY)
    again = services.set_holidays(mall=one, holidays=[(date(2026, 12, 25), "Hari Natal", "national")], **BY)

    assert (changed, again) == (True, False)
    assert [h.name for h in Holiday.objects.all()] == ["Hari Natal"]
    assert queries.calendar(one).holidays == {date(2026, 12, 25)}
    assert Entry.objects.last().data == {"added": [], "removed": ["2026-12-24"]}


def test_an_agency_joins_live_and_joining_again_changes_nothing():
    one = agency()
    agency()

    assert one.live_at == NOW
    assert list(queries.agencies(one.mall)) == [one]
    assert kinds().count("agencies.agency_joined") == 1
    assert "agencies.agency_changed" not in kinds()


def test_counters_move_with_the_file_and_stay_for_others():
    one, other = agency(), agency("DLH")
    services.place_counters(agency=one, counters=[(1, "A", False), (2, "A", True)], **BY)
    services.place_counters(agency=other, counters=[(2, "B", True)], **BY)

    services.place_counters(agency=one, counters=[(3, "A", False)], **BY)

    placed = {c.number: sorted(a.code for a in c.agencies.all()) for c in Counter.objects.all()}
    assert placed == {1: [], 2: ["DLH"], 3: ["DINKES"]}
    assert Counter.objects.get(number=2).zone == "A"


def test_a_counter_of_another_agency_is_refused_without_a_trace():
    one, other = agency(), agency("DLH")
    services.place_counters(agency=one, counters=[(1, "A", False)], **BY)
    before = Entry.objects.count()

    with pytest.raises(CounterTaken):
        services.place_counters(agency=other, counters=[(5, "A", False), (1, "A", False)], **BY)

    assert Entry.objects.count() == before
    assert [c.number for c in Counter.objects.all()] == [1]


def test_the_same_counters_twice_are_recorded_once():
    one = agency()

    assert services.place_counters(agency=one, counters=[(1, "A", False)], **BY) is True
    assert services.place_counters(agency=one, counters=[(1, "A", False)], **BY) is False
    assert kinds().count("agencies.counters_placed") == 1


def test_a_role_is_given_once_taken_and_given_again():
    one, person = agency(), sari()
    first = services.give_role(mall=one.mall, person=person, role="signer", agency=one, **BY)
    services.give_role(mall=one.mall, person=person, role="signer", agency=one, **BY)
    assert queries.has_role(person.pk, "signer", agency_id=one.pk)

    services.take_role(membership=first, **BY)
    services.take_role(membership=first, **BY)
    assert not queries.has_role(person.pk, "signer")
    services.give_role(mall=one.mall, person=person, role="signer", agency=one, **BY)

    assert Membership.objects.get().active
    assert [k for k in kinds() if "role" in k] == [
        "agencies.role_given",
        "agencies.role_taken",
        "agencies.role_given",
    ]


def test_a_role_of_the_mall_is_not_given_at_an_agency():
    one = agency()

    with pytest.raises(RoleWrong):
        services.give_role(mall=one.mall, person=sari(), role="mayor", agency=one, **BY)

    assert (Membership.objects.count(), Agency.objects.count()) == (0, 1)


def test_the_places_of_a_city_are_set_once_and_read_with_the_mall():
    place = mall()
    told = {
        "bounds": {"south": -4, "west": 102, "north": -3, "east": 103},
        "kecamatan": [
            {
                "code": "17.71.07",
                "name": "Ratu Samban",
                "kelurahan": [{"code": "17.71.07.1009", "name": "Pengantungan"}],
            }
        ],
    }
    assert queries.places(place) == Places("Bengkulu")

    done = [services.set_places(mall=place, places=told, **BY) for _ in range(2)]

    found = queries.places(queries.mall(place.pk))
    assert done == [True, False]
    assert found.bounds == Bounds(-4, 102, -3, 103)
    assert [one.name for one in found.kelurahan] == ["Pengantungan"]
    assert Entry.objects.filter(kind="agencies.places_changed").get().data == {"kelurahan": 1}
