"""A busy hall for the bench of the floor: calls in an open loop, a million past errands, a list of two thousand."""

import gzip
import http.client
import os
import statistics
import time
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from pathlib import Path
from urllib.parse import urlsplit

import psycopg
from django.conf import settings
from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY, SESSION_KEY
from django.contrib.sessions.backends.db import SessionStore

from gerai.accounts.models import Person
from gerai.config.benches.load import COUNTERS, MALL, Hall, Line
from gerai.config.postgres import SUPER, Cluster

CALLS, ARRIVALS = 40.0, 10.0  # a second, whatever the answers take
PAST = 1_000_000

# So many visits of former days, one errand each, all served. Made by the database: nobody measures how.
_PAST_VISITS = """
INSERT INTO visits_visit (id, mall_id, day, stage, entrance, number, secret, claim_hash, priority, party, language,
    revision, own_order, arrived_at, ended_at)
SELECT gen_random_uuid(), %(mall)s, date '2020-01-01' + n / 900, 'ended', 'Z', n %% 900 + 1,
    replace(gen_random_uuid()::text, '-', ''), '', '', 1, 'id', 0, false,
    timestamptz '2020-01-01 01:00Z' + n / 900 * interval '1 day' + n %% 900 * interval '25 s',
    timestamptz '2020-01-01 01:20Z' + n / 900 * interval '1 day' + n %% 900 * interval '25 s'
FROM generate_series(0, %(past)s - 1) n
"""
_PAST_ERRANDS = """
INSERT INTO visits_errand (visit_id, mall_id, agency_id, service_id, sequence, state, rank_at, joined_at, called_at,
    started_at, ended_at, counter_id, officer_id, calls, outcome, note)
SELECT v.id, v.mall_id, s.agency_id, s.id, 0, 'done', v.arrived_at, v.arrived_at, v.arrived_at + interval '8 min',
    v.arrived_at + interval '9 min', v.ended_at, c.id, d.person_id, 1, 'done', ''
FROM visits_visit v
JOIN catalogue_service s ON s.code = 'X' AND s.agency_id IN (SELECT id FROM agencies_agency WHERE mall_id = %(mall)s)
JOIN agencies_counter c ON c.mall_id = v.mall_id AND c.number = v.number %% 32 + 1
JOIN floor_duty d ON d.counter_id = c.id AND d.closed_at IS NULL
WHERE v.mall_id = %(mall)s AND v.entrance = 'Z'
"""


def remember(mall: str = MALL) -> None:
    """
    Store a million past visits, then let the database look at its tables as it does by itself every night.

    As the throwaway database's own superuser, who may leave out the check of each foreign key: it takes a fifth of the
    time, and what is measured afterwards is the same.
    """
    owner = Cluster(Path(os.environ["GERAI_DATA"])).url(SUPER)
    with psycopg.connect(owner) as connection:
        connection.execute("SET session_replication_role = replica")
        for statement in (_PAST_VISITS, _PAST_ERRANDS):
            connection.execute(statement, {"mall": mall, "past": PAST})
        connection.execute("ANALYZE visits_visit")
        connection.execute("ANALYZE visits_errand")


def fill(url: str, hall: Hall, people: int) -> None:
    """So many people take a number, eight kiosks at once."""

    def take() -> None:
        kiosk = Line(url, hall.kiosk)
        for _ in range(people // 8):
            kiosk.post("visits", services=["X/X"], entrance="A")

    _together([take] * 8)


def call_next_in_an_open_loop(url: str, hall: Hall, seconds: float) -> float:
    """
    95th percentile of call-next in ms at 32 counters, 40 calls and 10 arrivals a second, from when each was due.

    A late answer delays no other call (no coordinated omission); the errand called is ended at once.
    """
    fill(url, hall, round((CALLS - ARRIVALS) * seconds) + 40)
    took: list[float] = []
    begin = time.perf_counter() + 0.5

    def counter(place: int) -> None:
        line = Line(url, hall.officers[place])
        for n in range(int(CALLS * seconds) // COUNTERS):
            due = begin + (n * COUNTERS + place) / CALLS
            time.sleep(max(0.0, due - time.perf_counter()))
            errand = line.post(f"counters/{place + 1}/call-next")["errand"]
            took.append(time.perf_counter() - due)
            if errand:
                line.post(f"errands/{errand['id']}/finish")

    def kiosk() -> None:
        line = Line(url, hall.kiosk)
        for n in range(int(ARRIVALS * seconds)):
            time.sleep(max(0.0, begin + n / ARRIVALS - time.perf_counter()))
            line.post("visits", services=["X/X"], entrance="A")

    _together([kiosk, *(partial(counter, place) for place in range(COUNTERS))])
    return statistics.quantiles(took, n=20)[-1] * 1000


def _together(jobs: Sequence[Callable[[], None]]) -> None:
    """Run all at once; the first error is raised."""
    with ThreadPoolExecutor(len(jobs)) as pool:
        for done in [pool.submit(job) for job in jobs]:
            done.result()


def list_of(url: str, rows: int, looks: int = 15) -> tuple[float, float]:
    """The page of everybody who waits, with at least so many rows: median ms over HTTP, KB sent (packed)."""
    person = Person.objects.get(email="p1@bench.test")
    session = SessionStore()
    session[SESSION_KEY], session[BACKEND_SESSION_KEY] = str(person.pk), settings.AUTHENTICATION_BACKENDS[0]
    session[HASH_SESSION_KEY] = person.get_session_auth_hash()
    session.save()
    parts = urlsplit(url)
    line = http.client.HTTPConnection(parts.hostname or "", parts.port or 80, timeout=60)
    headers = {"Cookie": f"{settings.SESSION_COOKIE_NAME}={session.session_key}", "Accept-Encoding": "gzip"}
    took, size = [], 0
    for _ in range(looks):
        began = time.perf_counter()
        line.request("GET", "/loket/menunggu/", headers=headers)
        answer = line.getresponse()
        body = answer.read()
        took.append(time.perf_counter() - began)
        size = len(body)
        seen = gzip.decompress(body).count(b"<li><b>") if answer.status == 200 else 0
        if seen < rows:
            raise RuntimeError(f"list: {answer.status}, {seen} rows")
    return statistics.median(took) * 1000, size / 1024
