"""What a renewal answers by itself: that it is one, which permit it renews; the days of the old one are asked anew."""

import pytest

from gerai.applications import queries as application_queries
from gerai.applications.rules import Why
from gerai.catalogue.models import Edition
from gerai.permits.tests.make import MONDAY, World, both
from gerai.permits.tests.test_following import NEAR_END, ask

pytestmark = [pytest.mark.django_db, pytest.mark.slow]


def asking_about_renewal(world: World) -> None:
    """The next edition asks in three ways what a renewal has an answer to."""
    edition = world.service.editions.get()
    kind = {"key": "kind", "label": both("Untuk apa?"), "type": "choice", "renewing": "renew"}
    kind["choices"] = [{"value": value, "label": both(value)} for value in ("new", "renew")]
    before = {"key": "before", "label": both("Nomor lama"), "type": "text", "renewing": "permit.number"}
    before["when"] = "answers.kind == 'renew'"
    again = {"key": "again", "label": both("Perpanjangan?"), "type": "yes_no", "renewing": True}
    (data,) = edition.content["questions"]
    content = {**edition.content, "questions": [{**data, "fields": [*data["fields"], kind, before, again]}]}
    Edition.objects.filter(pk=edition.pk).update(status="superseded")
    Edition.objects.create(
        service=world.service, number=2, content=content, status="published", published_at=MONDAY
    )


def test_a_renewal_answers_that_it_is_one_names_the_old_permit_and_asks_its_days_anew():
    world = World(lasts={"from": "start", "months": 60}, valid_years=None)
    old = world.issued()
    asking_about_renewal(world)

    said = application_queries.answers_of(ask(world, old, Why.RENEW, now=NEAR_END))

    assert (said["kind"], said["before"], said["again"]) == ("renew", old.number, True)
    assert said["clinic"] == "Klinik Sehat"
    assert "start" not in said


def test_a_change_answers_what_the_permit_was_given_for():
    world = World(lasts={"from": "start", "months": 60}, valid_years=None)
    old = world.issued()
    asking_about_renewal(world)

    assert application_queries.answers_of(ask(world, old)) == application_queries.answers_of(old.application)
