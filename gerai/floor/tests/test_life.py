"""The life of visits in any order that people may think of, at several counters of several agencies."""

import pytest
from hypothesis import HealthCheck, settings
from hypothesis.stateful import run_state_machine_as_test

from gerai.agencies.models import Agency, Counter
from gerai.catalogue.models import Edition
from gerai.floor.tests.life import SERVED_BY, Life
from gerai.floor.tests.make import MORNING, Hall


def a_hall():
    hall = Hall(counters=3)
    agencies = {agency.code: agency for agency in Agency.objects.all()}
    for number, codes in SERVED_BY.items():
        counter = Counter.objects.get(number=number)
        counter.agencies.set([agencies[code] for code in codes])
    hall.officers[2].memberships.update(agency=agencies["Y"])
    for code, service in hall.services.items():
        service.agency = Agency.objects.select_related("mall").get(code=code)
        Edition.objects.create(
            service=service, number=1, content={}, status="published", published_at=MORNING
        )
    return hall


CHECKS = {"deadline": None, "suppress_health_check": list(HealthCheck), "print_blob": True}


@pytest.mark.django_db
def test_a_few_lives():
    Life.hall = a_hall()
    run_state_machine_as_test(
        Life, settings=settings(max_examples=3, stateful_step_count=20, derandomize=True, **CHECKS)
    )


@pytest.mark.slow
@pytest.mark.django_db
def test_many_lives():
    Life.hall = a_hall()
    run_state_machine_as_test(
        Life, settings=settings(max_examples=15, stateful_step_count=40, derandomize=True, **CHECKS)
    )
