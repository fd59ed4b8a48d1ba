"""The index by its law, one rating a visit, and illegal-fee reports for the inspectorate only."""

from decimal import Decimal

import pytest

from gerai.agencies.models import Membership
from gerai.core.errors import NotFound
from gerai.feedback import queries, rules, services
from gerai.ledger.models import Entry
from gerai.reviews.tests.make import MONDAY, World, person


def all_nine(score: int) -> dict[str, int]:
    return dict.fromkeys(rules.ELEMENTS, score)


def test_a_perfect_score_is_exactly_one_hundred():
    assert rules.index([all_nine(4)]) == Decimal("100.00")
    assert rules.index([all_nine(1)]) == Decimal("25.00")
    assert rules.index([{**all_nine(4), "time": 3}, all_nine(3)]) == Decimal("86.11")
    assert rules.index([{"time": 4}]) is None


@pytest.mark.parametrize(
    ("value", "letter"), [("88.31", "A"), ("88.30", "B"), ("76.60", "C"), ("64.99", "D")]
)
def test_grades_follow_the_bands(value, letter):
    assert rules.grade(Decimal(value)) == letter


@pytest.mark.django_db
def test_the_first_rating_of_a_visit_stays():
    world = World()
    rate = {"mall": world.mall, "agency": world.agencies["DINKES"], "subject": "visit:1", "now": MONDAY}

    services.rate(score=4, elements={}, **rate)
    assert services.rate(score=1, elements={}, **rate).score == 4
    with pytest.raises(rules.ScoreUnknown):
        services.rate(score=5, elements={}, **{**rate, "subject": "visit:2"})
    assert Entry.objects.filter(kind="feedback.rated").count() == 1


@pytest.mark.django_db
def test_an_illegal_fee_report_reaches_the_inspectorate_only():
    world = World()
    dinkes = world.agencies["DINKES"]
    admin, manager, auditor = person("Admin"), person("Manajer"), person("Auditor")
    Membership.objects.create(mall=world.mall, agency=dinkes, person=admin, role="agency_admin")
    Membership.objects.create(mall=world.mall, person=manager, role="mall_manager")
    Membership.objects.create(mall=world.mall, person=auditor, role="auditor")
    say = {"mall": world.mall, "agency": dinkes, "contact": "", "now": MONDAY}
    secret = services.complain(kind="illegal_fee", text="Diminta lima puluh ribu.", **say)
    open_one = services.complain(kind="service", text="Menunggu dua jam lebih.", **say)

    assert list(queries.inbox(auditor)) == [secret]
    assert list(queries.inbox(admin)) == list(queries.inbox(manager)) == [open_one]
    assert not queries.inbox(world.sari).exists()
    with pytest.raises(NotFound):
        services.answer(person=admin, complaint_id=secret.pk, text="Tidak benar.", now=MONDAY)
    assert "DINKES" not in str(Entry.objects.get(kind="feedback.integrity_complained").data)
    assert queries.words(secret)[0] == "Diminta lima puluh ribu."
    assert b"lima puluh" not in bytes(secret.text_sealed)
