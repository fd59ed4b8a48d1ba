"""Once per key, in the person's language, by the way they have; queued with the change that caused it."""

from datetime import UTC, datetime
from typing import Any

import pytest
from django.conf import LazySettings
from django.core import mail
from django.db import connection, transaction
from procrastinate.contrib.django import app

from gerai.accounts.models import Person
from gerai.notices import rules, services
from gerai.notices.models import Notice
from gerai.notices.texts import TEXTS

pytestmark = pytest.mark.django_db
NOW = datetime(2026, 11, 23, 2, 0, tzinfo=UTC)


@pytest.fixture(autouse=True)
def no_jobs_of_others(db: None) -> None:
    """A test that commits leaves its jobs: the flush of tables knows only Django's own."""
    with connection.cursor() as cursor:
        cursor.execute("TRUNCATE procrastinate_jobs CASCADE")


def person(**contact: str) -> Person:
    return Person.objects.create(name="Sari", created_at=NOW, **contact)


def send(to: Person, key: str = "a:1", **data: Any) -> Notice:
    words = {
        "number": "MPP-2026-000001",
        "service": {"id": "Izin dokter", "en": "Doctor permit"},
        "path": "/x/",
    }
    return services.send(
        key=key, mall="1771", person=to, template="application_returned", data=words | data, now=NOW
    )


def jobs() -> int:
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM procrastinate_jobs WHERE task_name = %s", [rules.JOB])
        return int(cursor.fetchone()[0])


def test_the_worker_knows_the_job() -> None:
    app.perform_import_paths()

    assert rules.JOB in app.tasks


def test_the_same_key_sends_once() -> None:
    sari = person(email="sari@uji.test")

    first, second = send(sari), send(sari)

    assert first.pk == second.pk
    assert jobs() == 1


def test_no_notice_and_no_job_remain_of_a_change_that_failed() -> None:
    sari = person(email="sari@uji.test")

    @transaction.atomic
    def change() -> None:
        send(sari)
        raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        change()

    assert not Notice.objects.exists()
    assert jobs() == 0


def test_mail_goes_first_then_phone_then_nothing() -> None:
    both = person(email="sari@uji.test", phone="+6281234567890")
    phone = person(phone="+6281234567891")
    neither = person()

    assert send(both, "a:1").channel == "email"
    assert send(phone, "a:2").channel == "text"
    silent = send(neither, "a:3")
    assert (silent.channel, silent.status) == ("none", "silent")
    assert jobs() == 2


def test_a_delivered_notice_speaks_the_persons_language_and_is_not_sent_again() -> None:
    notice = send(person(email="sari@uji.test", language="en"))

    for _ in range(2):
        services.deliver(notice_id=notice.pk, now=NOW)

    (message,) = mail.outbox
    assert message.subject == "Please mend application MPP-2026-000001"
    assert "Doctor permit" in message.body
    assert "/x/" in message.body
    notice.refresh_from_db()
    assert (notice.status, notice.sent_at) == ("sent", NOW)


def test_a_blocked_way_is_tried_again_and_in_the_end_said_to_have_failed(settings: LazySettings) -> None:
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    settings.EMAIL_PORT = 1
    notice = send(person(email="sari@uji.test"))

    for attempt in range(1, rules.ATTEMPTS + 1):
        with pytest.raises(OSError, match="refused"):
            services.deliver(notice_id=notice.pk, now=NOW)
        notice.refresh_from_db()
        assert notice.status == ("failed" if attempt == rules.ATTEMPTS else "queued")


def test_a_line_break_in_a_name_does_not_block_the_mail() -> None:
    notice = send(person(email="sari@uji.test"), number="1\r\nBcc: jahat@uji.test")

    services.deliver(notice_id=notice.pk, now=NOW)

    assert mail.outbox[0].recipients() == ["sari@uji.test"]
    assert "\n" not in mail.outbox[0].subject


@pytest.mark.parametrize("template", sorted(TEXTS))
def test_every_message_exists_in_both_languages_with_the_same_blanks(template: str) -> None:
    texts = TEXTS[template]
    blanks = {"number", "service", "url", "digits"}

    assert set(texts) == {"id", "en"}
    used = [{b for b in blanks if "{" + b + "}" in " ".join(texts[language])} for language in ("id", "en")]
    assert used[0] == used[1]
