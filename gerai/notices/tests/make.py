"""The fixed cast: sari gets messages, budi is a stranger. And gateways for the port, each with its own mood."""

from datetime import UTC, datetime
from typing import Any, ClassVar

from django.core.mail.backends.locmem import EmailBackend as Kept
from django.db import connection

from gerai.accounts.models import Person
from gerai.ledger.rules import ActorRef
from gerai.notices import rules, services
from gerai.notices.models import Notice
from gerai.notices.ports import GatewayDown

NOW = datetime(2026, 11, 23, 2, 0, tzinfo=UTC)  # nine in the morning in Bengkulu
NIGHT = datetime(2026, 11, 23, 14, 30, tzinfo=UTC)  # half past nine in the evening there
MORNING = datetime(2026, 11, 23, 23, 0, tzinfo=UTC)  # six o'clock the next day
MALL = "1771"
MANAGER = ActorRef("person", "00000000-0000-7000-8000-000000000001")
WORDS = {"number": "MPP-2026-000001", "service": {"id": "Izin dokter", "en": "Doctor permit"}, "path": "/x/",
         "mend_by": {"id": "Senin, 4 Januari 2027", "en": "Monday, 4 January 2027"}}  # fmt: skip


def person(**about: str) -> Person:
    return Person.objects.create(**{"name": "Sari", "created_at": NOW, **about})


def sari() -> Person:
    return person(email="sari@uji.test")


def send(
    to: Person,
    key: str = "a:1",
    *,
    template: str = "application_returned",
    mall: str = MALL,
    now: datetime = NOW,
    by_text: bool = False,
    **data: Any,
) -> Notice:
    return services.send(
        key=key, mall=mall, person=to, template=template, data=WORDS | data, now=now, by_text=by_text
    )


def reminder(to: Person, key: str = "r:1", *, now: datetime = NOW) -> Notice:
    words = {"when": "besok", "mall": "MPP", "services": "KTP", "code": "123456"}
    data = WORDS | words
    return services.send(key=key, mall=MALL, person=to, template="appointment_tomorrow", data=data, now=now)


def given_up(
    to: Person, key: str = "a:1", *, mall: str = MALL, error: str = "SMTPServerDisconnected"
) -> Notice:
    notice = send(to, key, mall=mall)
    notice.status, notice.attempts, notice.last_error = "failed", rules.ATTEMPTS, error
    notice.save()
    drop_jobs()
    return notice


def drop_jobs() -> None:
    with connection.cursor() as cursor:
        cursor.execute("TRUNCATE procrastinate_jobs CASCADE")


def jobs() -> list[tuple[int, datetime | None]]:
    """The waiting jobs: which notice, and from when."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT (args->>'notice_id')::bigint, scheduled_at FROM procrastinate_jobs"
            " WHERE task_name = %s AND status = 'todo' ORDER BY id",
            [rules.JOB],
        )
        return cursor.fetchall()


class Killed(BaseException):
    """The process ends here; nobody catches it."""


class DiesAfterSending(Kept):
    """A mail server that takes the message of a worker that dies in the same moment."""

    def send_messages(self, messages: Any) -> int:
        super().send_messages(messages)
        raise Killed


class Gateway:
    """A message gateway that keeps its promise: the same key again sends nothing."""

    sent: ClassVar[dict[str, tuple[str, str]]] = {}

    def send_text(self, *, to: str, text: str, key: str) -> None:
        self.sent.setdefault(key, (to, text))


class GatewayOfTheKilled(Gateway):
    """It takes the message of a worker that dies in the same moment."""

    def send_text(self, *, to: str, text: str, key: str) -> None:
        super().send_text(to=to, text=text, key=key)
        raise Killed


class Closed:
    """It takes nothing."""

    def send_text(self, *, to: str, text: str, key: str) -> None:
        raise GatewayDown


def zone_in_the_east(mall: str) -> str:
    """Who tells a mall's zone: this one is in Jayapura, two hours before Bengkulu."""
    return "Asia/Jayapura"
