"""The follower: asks little while idle, and misses nothing."""

from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from gerai.core import clock
from gerai.ledger import services
from gerai.ledger.rules import SYSTEM
from gerai.ledger.tasks import WHOLE_ROUND, Follower

pytestmark = pytest.mark.django_db(transaction=True)
heard: list[str] = []


def hear(entry) -> None:
    heard.append(entry.subject)


@pytest.fixture(autouse=True)
def one_consumer(settings):
    heard.clear()
    settings.LEDGER_CONSUMERS = {"test.hear": "gerai.ledger.tests.test_following.hear"}


def append(subject: str) -> None:
    services.append(mall="tes", kind="test.happened", subject=subject, actor=SYSTEM, now=clock.now())


def test_what_happens_is_heard_in_the_next_round_and_once():
    follower = Follower()
    append("a")
    while follower.round():
        pass
    append("b")
    while follower.round():
        pass

    assert heard == ["a", "b"]


def test_an_idle_round_asks_next_to_nothing():
    follower = Follower()
    while follower.round():
        pass

    with CaptureQueriesContext(connection) as asked:
        assert not follower.round()
    assert not any("ledger_subscription" in query["sql"] for query in asked)


def test_what_another_worker_placed_is_handed_on_after_five_seconds():
    follower = Follower()
    while follower.round():
        pass
    append("c")
    services.sequence()  # the other worker, which then died

    assert not follower.round()
    assert heard == []
    follower.last = clock.now() - WHOLE_ROUND - timedelta(seconds=1)
    follower.round()
    assert heard == ["c"]
