"""Ten routes and one more, played in any order: each case ends, no deadline is silent, each due date is right."""

from zlib import crc32

import pytest
from hypothesis import HealthCheck, Phase, seed, settings
from hypothesis.stateful import run_state_machine_as_test

from gerai.reviews.tests.life import Life
from gerai.reviews.tests.make import World
from gerai.reviews.tests.office import Office
from gerai.reviews.tests.routes import ROUTES

pytestmark = pytest.mark.slow

# A failing example is told as it was found: making it small would take longer than all of them.
SHOWN = (Phase.explicit, Phase.reuse, Phase.generate)
CHECKS = {
    "deadline": None,
    "phases": SHOWN,
    "suppress_health_check": list(HealthCheck),
    "print_blob": True,
    "database": None,
}


def played(name: str, examples: int, steps: int) -> None:
    world = World(**ROUTES[name])
    machine = type("Life", (Life,), {"world": world, "office": Office(world)})
    run_state_machine_as_test(
        seed(crc32(name.encode()))(machine),  # each route another play, the same one every time
        settings=settings(max_examples=examples, stateful_step_count=steps, **CHECKS),
    )


@pytest.mark.django_db
@pytest.mark.parametrize("name", ["two side by side", "granted in silence, for a fee"])
def test_two_routes_a_few_times(name):
    played(name, 2, 12)


@pytest.mark.django_db
@pytest.mark.parametrize("name", ROUTES)
def test_every_route_many_times(name):
    played(name, 6, 18)
