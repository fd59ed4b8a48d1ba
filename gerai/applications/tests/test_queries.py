"""Who sees which applications."""

import pytest

from gerai.applications import queries, services
from gerai.applications.tests.make import MONDAY, World, person
from gerai.core.errors import NotFound

pytestmark = pytest.mark.django_db


@pytest.fixture
def world():
    return World()


def test_people_do_not_see_each_others_applications(world):
    mine = world.submitted()
    world.draft(world.budi)
    helped = services.start(person=person("Nenek"), service=world.service, now=MONDAY, helper=world.desk)

    assert list(queries.of(world.sari)) == [mine]
    assert list(queries.owned_by(world.desk, MONDAY)) == [helped]
    assert list(queries.of(world.desk)) == []
    for stranger in (world.budi, world.desk):
        with pytest.raises(NotFound):
            queries.get(stranger, mine.pk, MONDAY)


def test_the_list_asks_once_and_leaves_out_drafts_that_were_thrown_away(world, django_assert_num_queries):
    services.withdraw(person=world.sari, application_id=world.draft().pk, now=MONDAY)
    world.submitted()
    world.draft()

    with django_assert_num_queries(1):
        shown = [(a.service.code, a.agency.code, a.status) for a in queries.of(world.sari)]

    assert sorted(shown) == [("UJI", "DPMPTSP", "draft"), ("UJI", "DPMPTSP", "submitted")]
