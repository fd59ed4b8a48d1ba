"""kill -9 of web server and database together, six times, in the middle of writes by clients that try again.

What was acknowledged is there, and whatever was sent twice is there once: applications, payments, numbers.
"""

import hashlib
import hmac
import json
import os
import re
import signal
import threading
import time
import uuid
from collections.abc import Callable, Iterator
from typing import Any

import httpx
import psycopg
import pytest

from gerai.config.postgres import APP, Cluster
from gerai.config.running import Running
from gerai.config.testing import SHARED
from tests.crash import AGENCY
from tests.test_start import eventually, family

pytestmark = pytest.mark.slow
KILLS, APPLICATIONS, PAYMENTS = 6, 18, 12  # numbers are taken without end
PATIENCE = 60


class Clients:
    """People and machines that do not give up: each act is tried again, with the same key, until it is answered."""

    def __init__(self, base: str) -> None:
        self.base = base
        self.answered = threading.Condition()
        self.acknowledged: dict[str, dict[str, str]] = {
            "session": {}, "application": {}, "payment": {}, "number": {},
        }  # fmt: skip
        self.wrong: list[str] = []
        self.allowed = {"application": threading.Semaphore(0), "payment": threading.Semaphore(0)}
        self.over = threading.Event()

    def insist(self, ask: Callable[[], httpx.Response], *good: int) -> httpx.Response | None:
        """Ask until there is an answer; no connection and a broken server are none."""
        while not self.over.is_set():
            try:
                answer = ask()
            except httpx.TransportError:
                self.over.wait(0.1)  # a client's pause before it tries again
                continue
            if answer.status_code in good:
                return answer
            if answer.status_code < 500:
                self.wrong.append(f"{answer.request.url}: {answer.status_code} {answer.text[:200]}")
                return None
        return None

    def acknowledge(self, kind: str, key: str, value: str) -> None:
        """Write down what the server has promised."""
        with self.answered:
            self.acknowledged[kind][key] = value
            self.answered.notify_all()

    def count(self) -> int:
        """How much has been acknowledged so far."""
        return sum(len(found) for found in self.acknowledged.values())

    def wait_for(self, check: Callable[[], bool]) -> None:
        """Wait until acknowledgements have made it true."""
        with self.answered:
            assert self.answered.wait_for(check, PATIENCE), (self.count(), self.wrong)

    # -- the three kinds -------------------------------------------------------------------------------

    def take_numbers(self, token: str) -> None:
        """A kiosk."""
        with httpx.Client(base_url=self.base, timeout=10) as kiosk:
            while not self.over.is_set():
                key = uuid.uuid4().hex
                headers = {"Authorization": f"Bearer {token}", "Idempotency-Key": key}
                body = {"services": ["DUKCAPIL/DUKCAPIL-02"]}
                told = self.insist(
                    lambda h=headers, b=body: kiosk.post("/api/v1/visits", json=b, headers=h), 201
                )
                if told is not None:
                    self.acknowledge("number", told.json()["secret"], told.json()["number"])

    def apply(self, contact: str, password: str, services: list[str]) -> None:
        """A citizen: begin, answer, send, service by service, each page again if it was not answered."""
        with httpx.Client(base_url=self.base, timeout=10) as browser:
            self.insist(lambda: browser.get("/masuk/"), 200)

            def send(path: str, **data: str) -> httpx.Response | None:
                return self.insist(lambda: browser.post(path, data=self._signed(browser, data)), 302)

            send("/masuk/", contact=contact, password=password)
            self.acknowledge("session", services[0], contact)
            for service in services:
                if not self._may("application"):
                    return
                begun = send(f"/ajukan/{AGENCY}/{service}/")
                if begun is None:
                    return
                found = re.search(r"/permohonan/([0-9a-f-]{36})/", begun.headers["location"])
                assert found
                send(f"/permohonan/{found[1]}/isi/data/", place="Jalan Suprapto 12")
                if send(f"/permohonan/{found[1]}/periksa/") is not None:
                    self.acknowledge("application", service, found[1])

    @staticmethod
    def _signed(browser: httpx.Client, data: dict[str, str]) -> dict[str, str]:
        return {**data, "csrfmiddlewaretoken": browser.cookies["csrftoken"]}

    def call_back(self, secret: bytes, charges: list[dict[str, Any]]) -> None:
        """The payment provider: it tells of each payment until it hears that we know."""
        with httpx.Client(base_url=self.base, timeout=10) as provider:
            for charge in charges:
                if not self._may("payment"):
                    return
                event = {**charge, "event_id": uuid.uuid4().hex, "status": "paid", "channel": "qris"}
                body = json.dumps(event).encode()

                def tell(body: bytes = body) -> httpx.Response:
                    stamp = str(int(time.time()))
                    made = hmac.new(secret, stamp.encode() + b"." + body, hashlib.sha256).hexdigest()
                    return provider.post(
                        "/bayar/panggilan/", content=body, headers={"X-Signature": f"t={stamp},v1={made}"}
                    )

                if self.insist(tell, 200) is not None:
                    self.acknowledge("payment", charge["invoice_id"], charge["ref"])

    def _may(self, kind: str) -> bool:
        """Whether the next one may be sent; some are left for after each kill."""
        self.allowed[kind].acquire()
        return not self.over.is_set()


@pytest.fixture
def gerai() -> Iterator[Running]:
    running = Running()
    try:
        yield running.copied_from(SHARED / "ready").start()
    finally:
        running.remove()


def kill_both(gerai: Running, cluster: Cluster) -> None:
    """SIGKILL to the database and to every process of the web server."""
    assert gerai.process is not None
    webs = [pid for pid, line in family(gerai.process.pid).items() if "granian" in line]
    database = cluster.pid()
    assert database is not None
    assert webs
    for pid in (database, *webs):
        os.kill(pid, signal.SIGKILL)


def test_nothing_acknowledged_is_lost_and_nothing_is_doubled(gerai: Running) -> None:
    inside = f"from tests.crash import prepare; prepare({APPLICATIONS + PAYMENTS}, {PAYMENTS})"
    prepared = gerai.command("shell", "-v", "0", "-c", inside)
    assert prepared.returncode == 0, prepared.stderr
    charges = json.loads(prepared.stdout.splitlines()[-1])
    token = gerai.command("device", "Kios uji").stdout.strip()
    secret = bytes.fromhex(json.loads((gerai.data / "keys" / "payment.json").read_text())["secret"])
    password = next(a["password"] for a in gerai.accounts if a["email"] == "sari@warga.example")
    wanted = [f"{AGENCY}-{n:02d}" for n in range(PAYMENTS + 1, PAYMENTS + APPLICATIONS + 1)]
    cluster, clients = Cluster(gerai.data), Clients(gerai.url)
    threads = [threading.Thread(target=clients.take_numbers, args=(token,)) for _ in range(2)]
    for part in (0, 1):
        threads += [
            threading.Thread(target=clients.apply, args=("sari@warga.example", password, wanted[part::2])),
            threading.Thread(target=clients.call_back, args=(secret, charges[part::2])),
        ]
    for thread in threads:
        thread.start()
    try:  # first in, then the kills: who tries a password again and again is kept out, and rightly
        clients.wait_for(lambda: len(clients.acknowledged["session"]) == 2)
        for number in range(1, KILLS + 1):
            clients.allowed["application"].release(APPLICATIONS // KILLS)
            clients.allowed["payment"].release(PAYMENTS // KILLS)
            # Up again first: answers that were on their way at the last kill are no work after it.
            assert eventually(cluster.answers, PATIENCE), number
            seen = clients.count()
            clients.wait_for(lambda seen=seen: clients.count() > seen + 2)
            kill_both(gerai, cluster)
            assert not clients.wrong, (number, clients.wrong)
        clients.wait_for(lambda: len(clients.acknowledged["application"]) == APPLICATIONS)
        clients.wait_for(lambda: len(clients.acknowledged["payment"]) == PAYMENTS)
    finally:
        clients.over.set()
        for limit in clients.allowed.values():
            limit.release(2)
        for thread in threads:
            thread.join(PATIENCE)
    assert clients.wrong == []
    look_closely(cluster, clients, charges)


def look_closely(cluster: Cluster, clients: Clients, charges: list[dict[str, Any]]) -> None:
    """The rows and the ledger, against what the clients were told."""
    with psycopg.connect(cluster.url(APP)) as connection:

        def rows(statement: str, *values: Any) -> list[Any]:
            return connection.execute(statement, values).fetchall()

        told = clients.acknowledged
        sent = rows(
            "SELECT a.id::text, a.number FROM applications_application a JOIN accounts_person p "
            "ON p.id = a.applicant_id WHERE p.email = 'sari@warga.example' AND a.submitted_at IS NOT NULL"
        )
        assert sorted(pk for pk, _ in sent) == sorted(told["application"].values())
        assert len({number for _, number in sent}) == APPLICATIONS
        paid = rows("SELECT invoice_id::text, provider_ref FROM payments_payment")
        assert dict(paid) == told["payment"]
        assert len(paid) == PAYMENTS
        assert rows("SELECT count(*) FROM payments_refund") == [(0,)]
        visits = dict(rows("SELECT secret, entrance || ' ' || lpad(number::text, 3, '0') FROM visits_visit"))
        assert told["number"].items() <= visits.items()
        assert (
            len(visits) - len(told["number"]) <= 2
        )  # at most the one that each kiosk was asking for at the end
        assert len(set(visits.values())) == len(visits)
        for kind, number in (
            ("applications.submitted", APPLICATIONS + PAYMENTS),
            ("payments.settled", PAYMENTS),
            ("visits.arrived", len(visits)),
        ):
            assert rows(
                "SELECT count(*), count(DISTINCT subject) FROM ledger_entry WHERE kind = %s", kind
            ) == [(number, number)]
