"""Load for the bench of the floor: visitors and officers over HTTP, and the same row changes by pgbench."""

import json
import os
import socket
import subprocess
import tempfile
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, unquote, urlsplit

from gerai.accounts.models import Person
from gerai.agencies.models import Agency, Counter, Mall, Membership
from gerai.agencies.rules import DAYS
from gerai.catalogue.models import Edition, Service
from gerai.core import clock
from gerai.floor import devices, services
from gerai.ledger.rules import SYSTEM

COUNTERS = 32
MALL = "BENCH"

# The same rows as arrive, call-next, start and finish write: four transactions, nothing else.
PGBENCH = """
\\set n random(1, 2000000000)
\\set counter {counter} + :client_id
BEGIN;
INSERT INTO visits_numberseries (mall_id, day, entrance, last) VALUES ('BENCH', '2001-01-01', 'P', 1)
  ON CONFLICT (mall_id, day, entrance) DO UPDATE SET last = visits_numberseries.last + 1 RETURNING last \\gset
INSERT INTO visits_visit (id, mall_id, day, stage, entrance, number, secret, claim_hash, priority, party, language,
    revision, own_order, arrived_at)
  VALUES (gen_random_uuid(), 'BENCH', '2001-01-01', 'arrived', 'P', :last, gen_random_uuid()::text::varchar(32), '', '',
    1, 'id', 0, false, now())
  RETURNING id AS visit \\gset
INSERT INTO visits_errand (visit_id, mall_id, agency_id, service_id, sequence, state, rank_at, joined_at, calls,
    outcome, note)
  VALUES (:visit, 'BENCH', {agency}, {service}, 0, 'waiting', now(), now(), 0, '', '');
{entry}
COMMIT;
BEGIN;
UPDATE visits_errand SET state = 'called', called_at = now(), counter_id = :counter, officer_id = '{person}', calls = 1
  WHERE id = (SELECT id FROM visits_errand WHERE mall_id = 'BENCH' AND agency_id = {agency} AND state = 'waiting'
    ORDER BY rank_at, id LIMIT 1 FOR UPDATE SKIP LOCKED) RETURNING id AS errand, visit_id AS visit \\gset
{entry}
SELECT pg_notify('floor', 'BENCH');
COMMIT;
BEGIN;
UPDATE visits_errand SET state = 'serving', started_at = now() WHERE id = :errand;
{entry}
COMMIT;
BEGIN;
UPDATE visits_errand SET state = 'done', ended_at = now() WHERE id = :errand;
UPDATE visits_visit SET ended_at = now(), stage = 'ended' WHERE id = :visit;
{entry}
SELECT pg_notify('floor', 'BENCH');
COMMIT;
"""
ENTRY = """INSERT INTO ledger_entry (mall, kind, subject, actor_kind, actor_id, at, data) VALUES
  ('BENCH', 'floor.measured', 'visit:' || :n, 'system', 'pgbench', now(), '{"agency": "X", "service": "X"}');"""


@dataclass(frozen=True)
class Hall:
    """What the clients need: tokens, and the rows for pgbench."""

    kiosk: str
    officers: list[str]
    script: str


def furnish() -> Hall:
    """A mall of its own with 32 counters, an officer at each, and an agency only for pgbench."""
    now = clock.now()
    always = {day: ["00:00", "23:59"] for day in DAYS}  # it is measured at any hour
    mall = Mall.objects.create(code=MALL, name="Bench", city="Bench", opening=always)
    made = {}
    for code in ("X", "P"):
        name = {"id": code, "en": code}
        agency = Agency.objects.create(mall=mall, code=code, name=name, short=code, kind="opd", live_at=now)
        service = Service.objects.create(
            agency=agency, code=code, name=name, kind="licence", counter_minutes=10
        )
        Edition.objects.create(service=service, number=1, content={}, status="published", published_at=now)
        made[code] = (agency, service)
    tokens, places = [], []
    for number in range(1, COUNTERS + 1):
        counter = Counter.objects.create(mall=mall, number=number)
        counter.agencies.set([made["X"][0]])
        person = Person.objects.create(name=f"P{number}", email=f"p{number}@bench.test", created_at=now)
        member = Membership.objects.create(
            mall=mall, agency=made["X"][0], person=person, role="counter_officer"
        )
        services.sign_on(member=member, counter_number=number, now=now)
        _, token = devices.pair(
            mall=mall, kind="counter_api", name=f"c{number}", actor=SYSTEM, now=now, person=person
        )
        tokens.append(token)
        places.append(counter.pk)
    _, kiosk = devices.pair(mall=mall, kind="kiosk", name="k", actor=SYSTEM, now=now)
    agency, service = made["P"]
    if places != list(range(places[0], places[0] + COUNTERS)):
        raise RuntimeError(
            "the counters' ids do not follow each other: pgbench could not give each client its own"
        )
    script = PGBENCH.format(
        agency=agency.pk, service=service.pk, counter=places[0], person=person.pk, entry=ENTRY
    )
    return Hall(kiosk, tokens, script)


class Line:
    """A kept connection to the API, as a counter's screen has; as light as pgbench, for it is not what is measured."""

    def __init__(self, url: str, token: str) -> None:
        parts = urlsplit(url)
        self.address = (parts.hostname or "", parts.port or 80)
        self.head = (
            f"Host: {parts.netloc}\r\nAuthorization: Bearer {token}\r\nContent-Type: application/json\r\n"
        )
        self.socket = socket.create_connection(self.address, timeout=60)
        self.socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)

    def post(self, path: str, **body: object) -> Any:
        """
        Ask, and the JSON of the answer.

        :raises RuntimeError: if it is refused
        """
        text = json.dumps(body)
        head = f"POST /api/v1/{path} HTTP/1.1\r\n{self.head}Content-Length: {len(text)}\r\n\r\n"
        self.socket.sendall((head + text).encode())
        come = b""
        while b"\r\n\r\n" not in come:
            come = self._more(come)
        head_of_answer, _, answer = come.partition(b"\r\n\r\n")
        length = int(head_of_answer.lower().partition(b"content-length:")[2].split(b"\r\n")[0])
        while len(answer) < length:
            answer = self._more(answer)
        if not head_of_answer.startswith((b"HTTP/1.1 200", b"HTTP/1.1 201")):
            raise RuntimeError(f"{path}: {head_of_answer[:15]!r} {answer[:200]!r}")
        return json.loads(answer)

    def _more(self, come: bytes) -> bytes:
        part = self.socket.recv(65536)
        if not part:
            raise RuntimeError("the server closed the connection")
        return come + part


def _client(url: str, hall: Hall, place: int, until: Callable[[], bool], done: list[float]) -> None:
    kiosk, officer = Line(url, hall.kiosk), Line(url, hall.officers[place])
    while until():
        began = time.perf_counter()
        kiosk.post("visits", services=["X/X"], entrance="A")
        called = officer.post(f"counters/{place + 1}/call-next")["errand"]
        if called is not None:  # a neighbour took it; they take ours
            officer.post(f"errands/{called['id']}/start")
            officer.post(f"errands/{called['id']}/finish")
        done.append(time.perf_counter() - began)


def over_http(url: str, hall: Hall, clients: int, seconds: float) -> tuple[float, float]:
    """Whole visits per second, and the 95th percentile of one in milliseconds."""
    done: list[float] = []
    errors: list[BaseException] = []
    end = time.perf_counter() + seconds

    def work(place: int) -> None:
        try:
            _client(url, hall, place, lambda: time.perf_counter() < end, done)
        except Exception as error:
            errors.append(error)

    threads = [threading.Thread(target=work, args=(place,)) for place in range(clients)]
    began = time.perf_counter()
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    if errors:
        raise errors[0]
    slow = sorted(done)[int(len(done) * 0.95)] if done else 0.0
    return len(done) / (time.perf_counter() - began), slow * 1000


def by_pgbench(program: Path, hall: Hall, clients: int, seconds: int) -> float:
    """The same row changes per second, made by PostgreSQL's own client."""
    parts = urlsplit(os.environ["DATABASE_URL"])
    host = parts.hostname or parse_qs(parts.query).get("host", [""])[0]
    with tempfile.NamedTemporaryFile("w", suffix=".sql") as script:
        script.write(hall.script)
        script.flush()
        command = [str(program), "-n", "-M", "prepared", "-c", str(clients), "-j", str(min(clients, 2))]
        command += ["-T", str(seconds), "-f", script.name, "-h", host, "-U", unquote(parts.username or "")]
        command += ["-p", str(parts.port)] if parts.port else []
        environment = {**os.environ, "PGPASSWORD": unquote(parts.password or "")}
        done = subprocess.run(
            [*command, parts.path.lstrip("/")], env=environment, capture_output=True, text=True
        )
    for line in done.stdout.splitlines():
        if line.startswith("tps ="):
            return float(line.split()[2])
    raise RuntimeError(done.stderr[-2000:])
