"""The short way for the four busy addresses of the API: the same acts and answers without Django's handler and Ninja.

Only the plain case goes here: a good token, the expected shape, nothing refused. Whatever else comes is left to the
long way (`api.v1`), which finds the words; nothing was done then. With a key for repeats it goes the long way too.
"""

import json
import logging
import re
from collections.abc import Callable, Mapping
from typing import Any

from django.db import OperationalError, connection
from pydantic import ValidationError

from gerai.api import counters, v1
from gerai.api.callers import TOKEN, Caller
from gerai.core import clock
from gerai.core.errors import DomainError
from gerai.floor import services as floor

log = logging.getLogger(__name__)
Told = tuple[int, bytes]
_NOTHING_MORE = counters.Step()
_BROKEN = {
    "code": "broken",
    "text": "Ada yang rusak di sisi kami. Coba lagi sebentar. / Something broke on our side. Try again in a moment.",
}


def _caller(token: str) -> Caller | None:
    """Who asks. The question is also the proof that the connection is alive: a restarted database is asked anew."""
    try:
        found = TOKEN.authenticate(None, token)
    except OperationalError:
        connection.close()
        found = TOKEN.authenticate(None, token)
    connection.health_check_done = True  # type: ignore[attr-defined] # Django need not ask again
    return found


def _visits(caller: Caller, body: bytes) -> tuple[int, Any]:
    return 201, v1.take_number(caller, v1.Arrival.model_validate_json(body), "")


def _call_next(caller: Caller, body: bytes, number: str) -> tuple[int, Any]:
    called = floor.call_next(person=caller.person, now=clock.now(), counter_number=int(number))
    return 200, counters.called(called)


def _act(caller: Caller, body: bytes, errand: str, verb: str) -> tuple[int, Any]:
    step = counters.Step.model_validate_json(body) if body not in (b"", b"{}") else _NOTHING_MORE
    acts: dict[str, Callable[..., Any]] = counters.acts_of(step)
    return 200, counters.told(acts[verb](person=caller.person, errand_id=int(errand), now=clock.now()))


_WAYS: list[tuple[re.Pattern[str], Callable[..., tuple[int, Any]], tuple[str, ...]]] = [
    (re.compile(r"/api/v1/visits"), _visits, ("kiosk", "counter_api")),
    (re.compile(r"/api/v1/counters/(\d{1,9})/call-next"), _call_next, ("counter_api",)),
    (re.compile(r"/api/v1/errands/(\d{1,18})/(start|finish)"), _act, ("counter_api",)),
]


def answer(method: str, path: str, headers: Mapping[bytes, bytes], body: bytes) -> Told | None:
    """Status and JSON; None: this is for the long way, and nothing was done."""
    scheme, _, token = headers.get(b"authorization", b"").decode("latin1").partition(" ")
    if method != "POST" or scheme != "Bearer" or b"idempotency-key" in headers:
        return None
    for pattern, act, kinds in _WAYS:
        if found := pattern.fullmatch(path):
            try:
                caller = _caller(token)
                if caller is None or caller.kind not in kinds:
                    return None
                status, told = act(caller, body, *found.groups())
            except (DomainError, ValidationError):
                return None
            except Exception:
                log.exception("%s %s", method, path)
                return 500, json.dumps(_BROKEN).encode()
            return status, json.dumps(told).encode()
    return None
