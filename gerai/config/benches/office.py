"""The office of `gerai bench cases`: one service with two agencies side by side, its officers, and their day."""

import os
import time
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import psycopg
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from gerai.accounts.models import Person
from gerai.agencies.models import Agency, Mall, Membership
from gerai.applications import services as applications
from gerai.applications.models import Application
from gerai.catalogue.models import Edition, Service
from gerai.core import clock, sql
from gerai.ledger.tasks import Follower
from gerai.permits import services as permits
from gerai.permits.models import Permit
from gerai.reviews import decisions, services
from gerai.reviews.models import Case, Task

MALL = "BENCH"
_TASK = "SELECT id FROM reviews_task WHERE case_id = %s AND key = %s AND done_at IS NULL"
ROUND = 50  # applications between two rounds of the follower, as in a busy office


def both(text: str) -> dict[str, str]:
    """The same in both languages."""
    return {"id": text, "en": text}


def _content() -> dict[str, Any]:
    task = {"kind": "recommend", "role": "reviewer", "days": 3, "title": both("Recommend")}
    fields = [
        {"key": "area", "label": both("Area"), "type": "integer", "required": True},
        {"key": "place", "label": both("Place"), "type": "text", "required": True, "personal": True},
    ]
    return {
        "summary": both("Bench"),
        "standard": {
            "procedure": [both("Apply")], "product": both("Permit"), "complaints": both("Desk"),
            "legal_basis": ["-"], "validity": both("1"), "time": {"days": 5, "kind": "working"},
        },
        "requirements": [],
        "questions": [{"key": "data", "title": both("Data"), "fields": fields}],
        "fee": {"amount": "0", "text": both("Free"), "confirmed": True, "source": "-"},
        "route": [{"key": "technical", "tasks": [
            {**task, "key": "a", "agency": "A"}, {**task, "key": "b", "agency": "B"}]}],
        "permit": {"title": both("PERMIT"), "body": [{"label": both("Area"), "value": "area"}], "valid_years": 1},
        "deemed": False,
        "system_of_record": "gerai",
        "source": {"url": "-", "verified_on": None},
    }  # fmt: skip


class Office:
    """Who applies, who examines, who signs; each step one call of a real service."""

    def __init__(self, now: datetime) -> None:
        hours = {day: ["08:00", "15:00"] for day in ("mon", "tue", "wed", "thu", "fri")}
        self.mall = Mall.objects.create(code=MALL, name="Bench", city="Bench", opening=hours)
        self.agencies = {
            code: Agency.objects.create(
                mall=self.mall, code=code, name=both(code), short=code, kind="opd", live_at=now
            )
            for code in ("OWN", "A", "B")
        }
        self.service = Service.objects.create(
            agency=self.agencies["OWN"],
            code="S",
            name=both("S"),
            kind="licence",
            online=True,
            counter_minutes=5,
        )
        Edition.objects.create(
            service=self.service, number=1, content=_content(), status="published", published_at=now
        )
        self.applicant = Person.objects.create(name="Sari", email="sari@bench.test", created_at=now)
        self.verifier = self._officer("Vera", "OWN", "verifier", now)
        self.signer = self._officer("Kepala", "OWN", "signer", now)
        self.reviewers = {code: self._officer(code, code, "reviewer", now) for code in ("A", "B")}
        self.follower = Follower()
        self.client = Client(headers={"host": "127.0.0.1"})
        self.client.force_login(self.verifier)

    def _officer(self, name: str, agency: str, role: str, now: datetime) -> Person:
        found = Person.objects.create(name=name, email=f"{name}@bench.test".lower(), created_at=now)
        Membership.objects.create(mall=self.mall, agency=self.agencies[agency], person=found, role=role)
        return found

    def follow(self) -> None:
        """What the worker does in a round, until nothing is left."""
        while self.follower.round():
            pass
        self.follower.last = None

    def play(self, cases: int) -> int:
        """So many applications from draft to decision. Returns how many steps (calls of services) that took."""
        steps = 0
        for begin in range(0, cases, ROUND):
            sent = [self.send() for _ in range(min(ROUND, cases - begin))]
            self.follow()  # the worker opens each case
            for pk in sent:
                self.examine(pk)
            self.follow()
            steps += 9 * len(sent)  # start, answer, send; open, complete, two words, assess, decide
        return steps

    def send(self) -> Any:
        """Draft, answers, sent."""
        draft = applications.start(person=self.applicant, service=self.service, now=clock.now())
        raw = {"area": "3", "place": "Jalan Suprapto 12"}
        applications.save_answers(
            person=self.applicant, application_id=draft.pk, section="data", raw=raw, now=clock.now()
        )
        applications.submit(person=self.applicant, application_id=draft.pk, now=clock.now())
        return draft.pk

    def task(self, pk: Any, key: str) -> int:
        """The open task of a case by its key."""
        return int(sql.one(_TASK, [pk, key])[0])  # the officer's screen has it already: it shall cost little

    def examine(self, pk: Any) -> None:
        """Complete, both agencies agree, recommended, decided."""
        now = clock.now
        services.complete(person=self.verifier, task_id=self.task(pk, "completeness"), note="", now=now())
        for key, code in (("technical.a", "A"), ("technical.b", "B")):
            services.recommend(
                person=self.reviewers[code], task_id=self.task(pk, key), outcome="approve", note="", now=now()
            )
        services.assess(
            person=self.verifier, task_id=self.task(pk, "assess"), outcome="approve", note="", now=now()
        )
        decisions.approve(person=self.signer, task_id=self.task(pk, "decide"), now=now())

    def sign(self, count: int) -> float:
        """Permits signed per second, by one process."""
        waiting = list(Permit.objects.filter(status="signing").values_list("pk", flat=True)[:count])
        permits.sign(permit_id=waiting[0], now=clock.now())  # warm: fonts, keys
        began = time.perf_counter()
        for pk in waiting[1:]:
            permits.sign(permit_id=pk, now=clock.now())
        return (len(waiting) - 1) / (time.perf_counter() - began)

    def store(self, cases: int) -> None:
        """So many cases stored, a twentieth of them open on the verifier's list. Made by the database."""
        like = Application.objects.filter(submitted_at__isnull=False).latest("created_at")
        case = Case.objects.get(pk=like.pk)
        task = Task.objects.get(case=case, key="completeness")
        pk = "('01990000-0000-7000-8000-' || lpad(n::text, 12, '0'))::uuid"
        copies(Application, like, cases, id=pk, number="'N' || n")
        copies(Case, case, cases, application_id=pk)
        due = "now() + (mod(n, 4000) - 300) * interval '1 hour'"
        still = "mod(n, 20) = 0"
        closed = f"CASE WHEN {still} THEN NULL ELSE now() END"
        said = f"CASE WHEN {still} THEN '' ELSE 'approve' END"
        copies(Task, task, cases, case_id=pk, due_at=due, done_at=closed, outcome=said)
        with connection.cursor() as cursor:
            cursor.execute("ANALYZE applications_application")
            cursor.execute("ANALYZE reviews_case")
            cursor.execute("ANALYZE reviews_task")

    def look(self) -> None:
        """The verifier's inbox as a page."""
        answer = self.client.get("/tugas/")
        if answer.status_code != 200 or b"N20" not in answer.content:
            raise RuntimeError(f"the inbox answered {answer.status_code}")


def copies(model: Any, like: Any, count: int, **changes: str) -> None:
    """Rows like one, in one statement."""
    table, columns, values = model._meta.db_table, [], []
    for field in model._meta.concrete_fields:
        if field.attname == "id" and "id" not in changes:
            continue
        columns.append(field.column)
        values.append(changes.get(field.attname, f"t.{field.column}"))
    with connection.cursor() as cursor:
        cursor.execute(
            f"INSERT INTO {table} ({', '.join(columns)}) SELECT {', '.join(values)}"  # noqa: S608
            f" FROM {table} t, generate_series(1, {count}) n WHERE t.{model._meta.pk.column} = %s",
            [like.pk],
        )


@dataclass(frozen=True, slots=True)
class Work:
    """Rows that were inserted and updated, and those of them that are ledger entries."""

    inserted: int
    updated: int
    entries: int


_TOUCHED = """
SELECT coalesce(sum(n_tup_ins), 0), coalesce(sum(n_tup_upd), 0),
    coalesce(sum(n_tup_ins) FILTER (WHERE relname = 'ledger_entry'), 0)
FROM pg_stat_user_tables
"""


def touched() -> Work:
    """What the database has counted so far."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_stat_force_next_flush()")
        cursor.execute("SELECT pg_stat_clear_snapshot()")
        cursor.execute(_TOUCHED)
        return Work(*(int(value) for value in cursor.fetchone()))


def since(before: Work) -> Work:
    """What was done after `before`."""
    now = touched()
    return Work(now.inserted - before.inserted, now.updated - before.updated, now.entries - before.entries)


def bare(office: Office, cases: int, calls: int, work: Work) -> float:
    """
    Seconds for as many transactions that together touch as many rows, with nothing to think about.

    The rows are as wide as a task; the entries go into the ledger itself.
    """
    inserts = (work.inserted - work.entries) / calls
    updates, entries = work.updated / calls, work.entries / calls
    task = Task.objects.filter(case__mall=office.mall).latest("id").pk
    fields = [str(field.column) for field in Task._meta.concrete_fields]
    values = ", ".join({"id": "-%s", "key": "'k' || %s"}.get(name, name) for name in fields)
    another = f"INSERT INTO bench_row ({', '.join(fields)}) SELECT {values} FROM bench_row WHERE id = %s"  # noqa: S608
    with psycopg.connect(os.environ["DATABASE_OWNER_URL"]) as line:
        line.execute("CREATE TABLE bench_row (LIKE reviews_task INCLUDING INDEXES)")
        line.execute("INSERT INTO bench_row SELECT * FROM reviews_task WHERE id = %s", [task])
        line.commit()
        owed = [0.0, 0.0, 0.0]
        began = time.perf_counter()
        for n in range(calls):
            owed = [owed[0] + inserts, owed[1] + updates, owed[2] + entries]
            while owed[0] >= 1:
                line.execute(another, [n * 100 + int(owed[0]) + 1, f"{n}.{int(owed[0])}", task])
                owed[0] -= 1
            while owed[1] >= 1:
                line.execute("UPDATE bench_row SET note = %s WHERE id = %s", [str(n), task])
                owed[1] -= 1
            while owed[2] >= 1:
                line.execute(
                    "INSERT INTO ledger_entry (mall, kind, subject, actor_kind, actor_id, at, data)"
                    " VALUES (%s, 'bench.bare', %s, 'system', 'bench', now(), '{\"agency\": \"X\"}')",
                    [MALL + "0", f"bare:{n}"],
                )
                owed[2] -= 1
            line.commit()
        return time.perf_counter() - began


def asked(office: Office) -> dict[str, int]:
    """How many statements each step sends, with those that begin and end its transaction."""
    found: dict[str, int] = {}

    def count(name: str, act: Any) -> Any:
        prepared, send = list[str](), sql._sent  # these pass Django's own record by

        def noted(statement: str, values: Any) -> Any:
            prepared.append(statement)
            return send(statement, values)

        sql._sent = noted
        try:
            with CaptureQueriesContext(connection) as sent:
                done = act()
        finally:
            sql._sent = send
        found[name] = len(sent) + len(prepared)
        return done

    now = clock.now
    draft = count(
        "start", lambda: applications.start(person=office.applicant, service=office.service, now=now())
    )
    raw = {"area": "3", "place": "Jalan Suprapto 12"}
    given = {"person": office.applicant, "application_id": draft.pk}
    count("answer", lambda: applications.save_answers(section="data", raw=raw, now=now(), **given))
    count("send", lambda: applications.submit(now=now(), **given))
    office.follow()
    word = {"outcome": "approve", "note": ""}
    steps: tuple[tuple[str, str, Any, Person, dict[str, Any]], ...] = (
        ("complete", "completeness", services.complete, office.verifier, {"note": ""}),
        ("first_word", "technical.a", services.recommend, office.reviewers["A"], word),
        ("last_word", "technical.b", services.recommend, office.reviewers["B"], word),
        ("assess", "assess", services.assess, office.verifier, word),
        ("decide", "decide", decisions.approve, office.signer, {}),
    )
    for name, key, act, person, said in steps:
        task = office.task(draft.pk, key)
        count(name, lambda a=act, p=person, t=task, s=said: a(person=p, task_id=t, now=now(), **s))
    return found
