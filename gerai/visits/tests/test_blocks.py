"""Spare numbers: lent ahead, given while the server is away, brought in with the place of their moment."""

import threading
from datetime import timedelta

import pytest
from django.db import connection

from gerai.agencies.models import Mall
from gerai.core.errors import DomainError
from gerai.floor import services as floor
from gerai.floor.hall import PlaceWrong
from gerai.floor.tests.make import KIOSK, Hall, later, pair
from gerai.ledger.models import Entry
from gerai.visits import blocks, services
from gerai.visits.models import Visit
from gerai.visits.numbers import NumberBlock

pytestmark = pytest.mark.django_db
ME = "11111111-1111-1111-1111-111111111111"


def lease(hall: Hall, minute: float = 0, **other):
    return blocks.lease(**{"mall": hall.mall, "entrance": "A", "holder": ME, "now": later(minute), **other})


def bring_in(hall: Hall, number: int, minute: float, ago: float, **other):
    given = {
        "mall": hall.mall,
        "entrance": "A",
        "holder": ME,
        "number": number,
        "chosen": [hall.services["X"]],
    }
    return blocks.bring_in(**{**given, "ago": timedelta(minutes=ago), "now": later(minute), **other})


def test_a_machine_keeps_its_numbers_and_gets_more_when_half_are_used():
    hall = Hall()
    mine = lease(hall)
    assert mine == list(range(9001, 9031))
    assert lease(hall, 5) == mine
    assert lease(hall, 5, holder="other") == list(range(9031, 9061))
    for number in mine[:15]:
        bring_in(hall, number, 20, 1)
    assert lease(hall, 21) == [*mine[15:], *range(9061, 9091)]
    assert lease(hall, 24 * 60) == mine  # a new day


def test_who_got_a_spare_number_is_called_by_the_moment_they_got_it():
    hall = Hall()
    lease(hall)
    first, late = hall.arrive("X", at=1), hall.arrive("X", at=10)
    spare = bring_in(hall, 9001, minute=12, ago=8)

    assert str(spare) == "A 9001"
    called = []
    for minute in (13, 14, 15):
        errand = floor.call_next(person=hall.officers[0], now=later(minute))
        floor.finish(person=hall.officers[0], errand_id=errand.pk, now=later(minute))
        called.append(errand.visit_id)
    assert called == [first.pk, spare.pk, late.pk]
    told = Entry.objects.get(kind="visits.arrived", subject=f"visit:{spare.pk}")
    assert told.data["spare_s"] == 8 * 60
    assert spare.errands.get().said_high is None  # no wait was told, none is judged


def test_twice_is_once_and_what_was_not_lent_is_refused():
    hall = Hall()
    lease(hall)
    once = bring_in(hall, 9001, 5, 1)
    assert bring_in(hall, 9001, 6, 2).pk == once.pk
    for wrong in ({"holder": "other"}, {"entrance": "B"}, {"number": 9031}, {"now": later(24 * 60)}):
        with pytest.raises(blocks.NotLent):
            bring_in(hall, **{"number": 9002, "minute": 6, "ago": 1, **wrong})
    assert Visit.objects.count() == 1


def test_a_wrong_clock_gives_no_place_before_the_block_was_lent_nor_in_the_future():
    hall = Hall()
    lease(hall, 10)
    assert bring_in(hall, 9001, 12, 600).arrived_at == later(10)
    assert bring_in(hall, 9002, 12, -600).arrived_at == later(12)


def test_a_number_whose_answer_got_lost_is_taken_back_for_the_one_the_visitor_holds():
    hall = Hall()
    lease(hall)
    lost = services.arrive(
        mall=hall.mall,
        chosen=[hall.services["X"]],
        entrance="A",
        actor=KIOSK,
        now=later(1),
        request_key="tap",
    )
    held = bring_in(hall, 9001, 3, 2, instead_of="tap")
    assert bring_in(hall, 9001, 3, 2, instead_of="tap").pk == held.pk

    lost.refresh_from_db()
    assert lost.ended_at == later(3)
    assert floor.call_next(person=hall.officers[0], now=later(4)).visit_id == held.pk


def test_a_tap_that_the_server_hears_only_afterwards_finds_the_number_that_was_given():
    hall = Hall()
    lease(hall)
    held = bring_in(hall, 9001, 3, 2, instead_of="tap")
    heard = services.arrive(
        mall=hall.mall,
        chosen=[hall.services["X"]],
        entrance="A",
        actor=KIOSK,
        now=later(4),
        request_key="tap",
    )
    assert heard.pk == held.pk
    assert Visit.objects.count() == 1


def type_in(hall: Hall, text: str, at: str = "09:05", *codes: str, minute: float = 60):
    chosen = [hall.services[code] for code in codes or ("X",)]
    return blocks.type_in(mall=hall.mall, text=text, at=at, chosen=chosen, actor=KIOSK, now=later(minute))


def test_a_number_from_paper_is_called_by_the_hour_it_was_taken():
    hall = Hall()
    later_one = hall.arrive("X", at=30)
    paper = type_in(hall, "z 12", "09:05", "X", "Y")
    assert (str(paper), paper.arrived_at) == ("Z 012", later(5))
    assert type_in(hall, "12", "09:05", "X", "Y").pk == paper.pk
    assert floor.call_next(person=hall.officers[0], now=later(61)).visit_id == paper.pk
    assert later_one.ended_at is None


def test_no_kiosk_gives_numbers_under_the_letter_of_the_paper():
    hall = Hall()
    hall.mall.details = {"entrances": [{"letter": "A"}, {"letter": blocks.PAPER}]}
    hall.mall.save()
    with pytest.raises(PlaceWrong):
        pair(hall.mall, "kiosk", entrance=blocks.PAPER)
    assert pair(hall.mall, "kiosk", entrance="A").entrance == "A"


@pytest.mark.parametrize(
    ("text", "at", "code"),
    [
        ("A 12", "09:05", "paper_number_wrong"), ("Z 0", "09:05", "paper_number_wrong"),
        ("Z 201", "09:05", "paper_number_wrong"), ("Z", "09:05", "ticket_number_unreadable"),
        ("Z 1", "", "paper_time_wrong"), ("Z 1", "25:00", "paper_time_wrong"), ("Z 1", "10:01", "paper_time_wrong"),
        ("Z 7", "09:05", "paper_number_typed"),
    ],
)  # fmt: skip
def test_what_cannot_be_a_paper_number_is_refused_and_changes_nothing(text, at, code):
    hall = Hall()
    type_in(hall, "Z 7", "09:00", "Y")
    with pytest.raises(DomainError) as refused:
        type_in(hall, text, at)
    assert refused.value.code == code
    assert Visit.objects.count() == 1


@pytest.mark.django_db(transaction=True)
def test_many_machines_at_once_hold_different_numbers():
    mall = Mall.objects.create(code="1771", name="Mal Uji", city="Bengkulu")
    held: list[int] = []

    def work(n: int) -> None:
        held.extend(blocks.lease(mall=mall, entrance="A", holder=f"kiosk {n}", now=later(0)))
        connection.close()

    threads = [threading.Thread(target=work, args=(n,)) for n in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(30)
    assert len(held) == len(set(held)) == 8 * blocks.SIZE
    assert NumberBlock.objects.count() == 8
