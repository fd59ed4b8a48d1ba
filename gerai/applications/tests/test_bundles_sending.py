"""Sending a bundle: in order, each once, and what waits for what."""

import pytest

from gerai.applications import bundle_queries, bundles, marks
from gerai.applications.models import Application, NumberSeries
from gerai.applications.rules import Status
from gerai.applications.tests.make import MONDAY
from gerai.applications.tests.street import Street, states
from gerai.applications.tests.test_races import at_once
from gerai.ledger.models import Entry

pytestmark = pytest.mark.django_db


@pytest.fixture
def world() -> Street:
    return Street()


def test_what_is_complete_is_sent_in_order_and_what_is_not_is_named(world):
    bundle = world.begin("UJI-1", "UJI-2")
    world.answer(world.sign, "words")

    outcome = world.send(bundle)

    assert [a.service.code for a in outcome.sent] == ["UJI-2"]
    assert [a.service.code for a in outcome.incomplete] == ["UJI-1"]
    assert states(bundle) == ["empty", "sent"]
    assert world.of(world.sign).number == "1771-2026-000001"


def test_a_second_press_sends_nothing_twice_and_sends_what_is_complete_by_now(world):
    bundle = world.begin("UJI-1", "UJI-2")
    world.answer(world.sign, "words")
    world.send(bundle)
    again = world.send(bundle)
    world.answer(world.shop, "name")

    assert (again.sent, NumberSeries.objects.get().last) == ([], 1)
    assert [a.service.code for a in world.send(bundle).sent] == ["UJI-1"]
    assert Entry.objects.filter(kind="applications.submitted").count() == 2


def test_one_that_needs_a_permit_first_waits_until_it_is_approved(world):
    bundle = world.begin("UJI-1", "UJI-3")
    world.answer(world.shop, "name")
    world.answer(world.road, "street")

    outcome = world.send(bundle)

    assert [a.service.code for a in outcome.sent] == ["UJI-1"]
    assert [a.service.code for a in outcome.waiting] == ["UJI-3"]
    assert world.of(world.road).status == "draft"

    Application.objects.filter(pk=world.of(world.shop).pk).update(status=Status.APPROVED)
    assert [a.service.code for a in world.send(bundle).sent] == ["UJI-3"]


def test_a_draft_that_waits_is_told_apart_from_one_that_may_go(world):
    bundle = world.begin("UJI-1", "UJI-3")

    with pytest.raises(bundle_queries.WaitsForAnother):
        bundle_queries.check_free(world.of(world.road))
    bundle_queries.check_free(world.of(world.shop))
    assert bundle_queries.holding(world.sari, world.of(world.road)) == [bundle]
    assert bundle_queries.holding(world.budi, world.of(world.road)) == []


def test_nothing_waits_for_a_permit_that_is_not_in_the_bundle_or_that_one_has(world):
    bundle = world.begin("UJI-3")
    assert bundles.rows(bundle)[0].waits == []

    world.begin("UJI-1", "UJI-3")
    assert [a.service.code for a in bundles.rows(bundle)[1].waits] == ["UJI-1"]

    Application.objects.create(
        mall=world.mall, agency=world.agency, service=world.shop, edition=world.shop.editions.get(),
        applicant=world.sari, status=Status.APPROVED, number="1", created_at=MONDAY, submitted_at=MONDAY,
    )  # fmt: skip
    assert bundles.rows(bundle)[1].waits == []


def test_what_was_refused_keeps_the_later_one_waiting_and_may_be_begun_again(world):
    bundle = world.begin("UJI-1", "UJI-3")
    world.answer(world.shop, "name")
    world.send(bundle)
    rejected = world.of(world.shop)
    Application.objects.filter(pk=rejected.pk).update(status=Status.REJECTED)
    assert bundles.rows(bundle)[1].waits

    assert world.begin("UJI-1").pk == bundle.pk

    assert bundles.rows(bundle)[0].application.pk != rejected.pk
    assert states(bundle) == ["empty", "empty"]


def test_what_is_under_way_is_not_begun_a_second_time_and_a_bundle_that_ended_makes_room(world):
    bundle = world.begin("UJI-2")
    world.answer(world.sign, "words")
    world.send(bundle)

    assert world.begin("UJI-2").pk == bundle.pk
    assert Application.objects.count() == 1

    Application.objects.update(status=Status.APPROVED)
    fresh = world.begin("UJI-2")
    assert fresh.pk != bundle.pk
    assert (states(bundle), states(fresh)) == (["sent"], ["empty"])
    assert bundle_queries.open_of(world.sari) == [fresh]


def test_what_was_returned_is_shown_and_not_sent_by_the_bundle(world):
    bundle = world.begin("UJI-2")
    world.answer(world.sign, "words")
    world.send(bundle)
    corrections = [{"what": "answer:words", "text": "Kurang jelas."}]
    marks.mark(application=world.of(world.sign), status=Status.RETURNED, corrections=corrections)

    outcome = world.send(bundle)

    assert (outcome.sent, outcome.incomplete, outcome.waiting) == ([], [], [])
    assert world.fill(bundle, world.sign).status == "returned"


@pytest.mark.slow
@pytest.mark.django_db(transaction=True)
def test_eight_clicks_on_send_all_send_each_once(world):
    bundle = world.begin("UJI-1", "UJI-2")
    world.answer(world.shop, "name")
    world.answer(world.sign, "words")

    outcomes = at_once([lambda: world.send(bundle)] * 8)

    assert sum(len(outcome.sent) for outcome in outcomes) == 2
    assert NumberSeries.objects.get().last == 2
    assert Entry.objects.filter(kind="applications.submitted").count() == 2
