"""Numbers over the years: a series starts anew only where its numbers say the year."""

from datetime import UTC, date, datetime

import pytest
from django.db import transaction

from gerai.permits import queries, rules
from gerai.permits.models import Permit, PermitSeries
from gerai.permits.tests.make import MONDAY, World, person

pytestmark = pytest.mark.django_db
NEXT_YEAR = datetime(2027, 1, 4, 2, 0, tzinfo=UTC)


def world(pattern: str) -> World:
    """A mall whose agency numbers by this pattern."""
    made = World()
    made.agencies["DINKES"].permit_pattern = pattern
    made.agencies["DINKES"].save()
    return made


@pytest.mark.parametrize(
    ("pattern", "year"),
    [
        ("{number:04d}/{agency}/{year}", 2026),
        ("{number}/{agency}", rules.EVERY_YEAR),
        ("{number}/{roman_month}", rules.EVERY_YEAR),
        ("{number}/year", rules.EVERY_YEAR),
    ],
)
def test_a_series_belongs_to_the_year_only_if_the_number_says_it(pattern, year):
    assert rules.series_year(pattern, date(2026, 12, 31)) == year


def test_a_pattern_without_the_year_counts_on_in_january():
    place = world("{number:04d}/{agency}/{service}")

    first, second = place.reserved(), place.reserved(person("Ani"), now=NEXT_YEAR)

    assert (first.number, second.number) == ("0001/DINKES/SIP", "0002/DINKES/SIP")
    assert queries.next_number(place.agencies["DINKES"], "SIP", NEXT_YEAR.date()) == "0003/DINKES/SIP"


def test_a_pattern_with_the_year_starts_anew_in_january():
    place = world("{number:04d}/{agency}/{year}")

    first, second = place.reserved(), place.reserved(person("Ani"), now=NEXT_YEAR)

    assert (first.number, second.number) == ("0001/DINKES/2026", "0001/DINKES/2027")


def test_a_series_that_used_to_be_of_a_year_is_carried_on():
    place = world("{number:04d}/{agency}")
    agency = place.agencies["DINKES"]
    for year, last in ((2025, 41), (2026, 7)):  # as it was counted before
        PermitSeries.objects.create(agency=agency, kind="permit", year=year, last=last)

    assert queries.next_number(agency, "SIP", MONDAY.date()) == "0042/DINKES"
    assert place.reserved().number == "0042/DINKES"


def test_a_number_that_an_older_pattern_has_spelt_is_passed_over_and_no_decision_is_stopped():
    place = world("{number}/A/{year}")
    place.reserved()
    Permit.objects.get(number="1/A/2026")
    place.agencies["DINKES"].permit_pattern = "{number}/A/2026"
    place.agencies["DINKES"].save()
    PermitSeries.objects.all().delete()  # whatever led there

    place.service.refresh_from_db()
    assert queries.next_number(place.agencies["DINKES"], "SIP", MONDAY.date()) == "2/A/2026"
    assert place.reserved(person("Ani")).number == "2/A/2026"


def test_a_decision_of_a_yearless_series_that_is_rolled_back_leaves_no_gap():
    place = world("{number:04d}/{agency}")
    mark = transaction.savepoint()
    assert place.reserved().number == "0001/DINKES"
    transaction.savepoint_rollback(mark)

    assert place.reserved().number == "0001/DINKES"
