"""What the tests of pushing share: a browser switched on, its jobs, and the work done."""

from datetime import datetime
from typing import Any

from django.db import connection

from gerai.accounts.models import Person
from gerai.notices import devices, pushing, rules
from gerai.notices.models import Device
from gerai.notices.tests import make
from gerai.notices.tests.browsers import service
from gerai.notices.tests.make import MALL, NOW

__all__ = ["service"]


def on(who: Person, browser: dict[str, Any], word: str = "", now: datetime = NOW) -> Device:
    return devices.switch_on(mall=MALL, person=who, subscription=browser, browser=word, now=now)[0]


def push_jobs() -> list[tuple[int, int, datetime | None]]:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT (args->>'notice_id')::bigint, (args->>'device_id')::bigint, scheduled_at FROM procrastinate_jobs"
            " WHERE task_name = %s AND status = 'todo' ORDER BY id",
            [rules.PUSH_JOB],
        )
        return cursor.fetchall()


def work(now: datetime = NOW) -> None:
    """Every waiting push once."""
    waiting = push_jobs()
    make.drop_jobs()
    for notice_id, device_id, _at in waiting:
        pushing.push(notice_id=notice_id, device_id=device_id, now=now)
