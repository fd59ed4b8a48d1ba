"""The short way answers as the long way does; what it does not take, it has not touched."""

import json
from datetime import UTC, datetime
from typing import Any

import pytest
from django.db import connection

from gerai.api import lane
from gerai.api.callers import token_for
from gerai.api.tests.test_v1 import hall, paired  # noqa: F401 - a fixture
from gerai.config import asgi
from gerai.core import clock
from gerai.ledger.models import Entry
from gerai.visits.models import Errand, Visit

pytestmark = pytest.mark.django_db
NOW = datetime(2026, 11, 23, 3, 0, tzinfo=UTC)
OWN = {"id", "secret", "address", "visit", "number"}  # of each visit


def quick(path: str, token: str, body: Any = None, **headers: str) -> tuple[int, Any] | None:
    said = {b"authorization": f"Bearer {token}".encode()} | {
        k.encode(): v.encode() for k, v in headers.items()
    }
    raw = body if isinstance(body, bytes) else json.dumps(body or {}).encode()
    told = lane.answer("POST", f"/api/v1/{path}", said, raw)
    return told and (told[0], json.loads(told[1]))


def slow(client, path: str, token: str, body: Any = None) -> tuple[int, Any]:
    told = client.post(
        f"/api/v1/{path}",
        body if isinstance(body, bytes) else json.dumps(body or {}),
        content_type="application/json",
        headers={"Authorization": f"Bearer {token}"},
    )
    return told.status_code, told.json()


def without_own(told: Any) -> Any:
    """The answer without what differs from visit to visit."""
    if isinstance(told, dict):
        return {name: without_own(value) for name, value in told.items() if name not in OWN}
    return [without_own(one) for one in told] if isinstance(told, list) else told


def test_a_visit_by_either_way_is_answered_and_told_alike(client, hall, monkeypatch):  # noqa: F811
    monkeypatch.setattr(clock, "now", lambda: NOW)
    _, kiosk = paired(hall)
    officer = token_for(hall.officers[0])

    def visit(ask):
        answers = [
            ask("visits", kiosk, {"services": ["X/X"], "entrance": " a "}),
            ask("counters/1/call-next", officer),
        ]
        errand = answers[1][1]["errand"]["id"]
        answers += [
            ask(f"errands/{errand}/{verb}", officer) for verb in ("start", "start", "finish", "finish")
        ]
        told = Entry.objects.filter(subject=f"visit:{Errand.objects.get(pk=errand).visit_id}").order_by("id")
        history = [
            (e.kind, e.actor_kind, e.at, {k: v for k, v in e.data.items() if k != "errand"}) for e in told
        ]
        return without_own([list(answer) for answer in answers]), history

    short = visit(quick)
    assert short == visit(lambda *asked: slow(client, *asked))
    assert [kind for kind, *_ in short[1]] == [
        "visits.arrived",
        "floor.called",
        "floor.started",
        "floor.finished",
    ]
    assert set(Visit.objects.values_list("stage", flat=True)) == {"ended"}


def test_what_is_not_plain_goes_the_long_way_untouched(hall):  # noqa: F811
    _, kiosk = paired(hall)
    officer = token_for(hall.officers[0])
    plain = {"services": ["X/X"]}

    assert quick("visits", "wrong", plain) is None
    assert quick("counters/1/call-next", kiosk) is None  # a kiosk calls nobody
    assert quick("counters/2/call-next", officer) is None  # not their counter
    assert quick("visits", kiosk, plain, **{"idempotency-key": "k"}) is None
    assert quick("mall", officer) is None
    assert lane.answer("GET", "/api/v1/visits", {}, b"") is None
    for body in (b"{", b"[]", {}, {"services": "X/X"}, {"services": []}, {"services": ["X/none"]}):
        assert quick("visits", kiosk, body) is None
    assert quick("visits", kiosk, {**plain, "entrance": "123"}) is None
    assert quick("visits", kiosk, {**plain, "priority": "king"}) is None
    assert quick("errands/999999/start", officer) is None
    assert not Visit.objects.exists()
    assert not Entry.objects.filter(kind__startswith="visits.").exists()


def test_an_answer_has_the_headers_of_djangos(client, hall):  # noqa: F811
    _, kiosk = paired(hall)
    long = client.post(
        "/api/v1/visits",
        json.dumps({"services": ["X/X"]}),
        content_type="application/json",
        headers={"Authorization": f"Bearer {kiosk}"},
    )
    plain = {name.decode(): value.decode() for name, value in asgi._PLAIN}
    assert plain.items() <= {name.lower(): value for name, value in long.headers.items()}.items()


@pytest.mark.django_db(transaction=True)
def test_a_connection_that_the_database_closed_is_replaced_within_the_request(hall):  # noqa: F811
    _, kiosk = paired(hall)
    connection.connection.close()  # as after a restart of the database

    told = quick("visits", kiosk, {"services": ["X/X"]})
    assert told is not None
    assert told[0] == 201


def test_what_breaks_is_said_and_logged_not_tried_again(hall, monkeypatch, caplog):  # noqa: F811
    _, kiosk = paired(hall)
    tried = []

    def broken(*args):
        tried.append(args)
        raise ZeroDivisionError

    monkeypatch.setattr(lane.v1, "take_number", broken)
    told = quick("visits", kiosk, {"services": ["X/X"]})
    assert told is not None
    assert (told[0], told[1]["code"], len(tried)) == (500, "broken", 1)
    assert "ZeroDivisionError" in caplog.text
