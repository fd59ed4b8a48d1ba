"""Many people at once: no slot is overbooked, nobody waits for another for ever."""

import threading

import pytest
from django.db import connection

from gerai.core.errors import DomainError
from gerai.floor.tests.make import KIOSK, MORNING, Hall
from gerai.visits import booking, rules
from gerai.visits.models import Slot
from gerai.visits.tests.test_booking import TEN, book, person


@pytest.mark.slow
@pytest.mark.django_db(transaction=True)
def test_thirty_two_people_race_for_few_places_and_no_slot_is_overbooked():
    hall = Hall(counters=6)  # three counters' worth, half bookable: 45 minutes, four errands of ten
    people = [person(f"V{n}") for n in range(32)]
    start = threading.Barrier(16)
    results = []

    def work(some):
        start.wait()
        for who in some:
            try:
                book(hall, who)
                results.append("booked")
            except DomainError as error:
                results.append(error.code)
        connection.close()

    threads = [threading.Thread(target=work, args=(people[n::16],)) for n in range(16)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert sorted(results) == ["booked"] * 4 + ["slot_taken"] * 28
    assert Slot.objects.get(booked__gt=0).booked == 40


@pytest.mark.slow
@pytest.mark.django_db(transaction=True)
def test_people_who_change_places_at_once_do_not_wait_for_each_other_for_ever():
    hall = Hall(counters=4)
    visits = [
        book(hall, person(f"V{n}"), "X" if n % 2 else "Y", at=TEN + n % 3 * rules.SLOT) for n in range(6)
    ]
    before = sum(Slot.objects.values_list("booked", flat=True))
    errors = []

    def work(visit, turn):
        for n in range(6):
            try:
                at = TEN + (turn + n) % 8 * rules.SLOT
                booking.move(visit=visit, starts_at=at, actor=KIOSK, now=MORNING)
            except rules.SlotTaken:
                continue
            except Exception as error:
                errors.append(error)
        connection.close()

    threads = [threading.Thread(target=work, args=(visit, n)) for n, visit in enumerate(visits)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert errors == []
    assert sum(Slot.objects.values_list("booked", flat=True)) == before
