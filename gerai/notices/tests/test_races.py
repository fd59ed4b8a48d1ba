"""Two at once, and a worker that dies in between: once where it can be, twice at most, never not at all."""

from threading import Barrier, Event, Thread

import pytest
from django.conf import LazySettings
from django.core import mail
from django.db import connection, transaction
from procrastinate.contrib.django import app

from gerai.accounts.models import Person
from gerai.ledger.models import Entry
from gerai.notices import rules, services
from gerai.notices.models import Choice, Notice
from gerai.notices.tests import make
from gerai.notices.tests.make import MALL, MANAGER, NOW, jobs, send

commits = pytest.mark.django_db(transaction=True)


def at_once(act, times: int = 2) -> list[object]:
    """Do it in so many connections at the same moment."""
    start, outcomes = Barrier(times), []

    def run() -> None:
        start.wait()
        try:
            outcomes.append(act())
        finally:
            connection.close()

    threads = [Thread(target=run) for _ in range(times)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return outcomes


@pytest.mark.slow
@commits
def test_two_connections_with_the_same_key_write_one_notice_and_one_job() -> None:
    sari = make.sari()

    found = at_once(lambda: send(sari).pk, 4)

    assert found == [Notice.objects.get().pk] * 4
    assert len(jobs()) == 1


@pytest.mark.slow
@commits
@pytest.mark.parametrize("first_succeeds", [True, False])
def test_the_second_waits_for_the_first_and_takes_its_place_if_it_failed(first_succeeds: bool) -> None:
    sari = make.sari()
    written, second_asks, found = Event(), Event(), []

    def second() -> None:
        written.wait()
        second_asks.set()
        try:
            found.append(send(sari).pk)  # held by the first one's row until that ends
        finally:
            connection.close()

    thread = Thread(target=second)
    thread.start()
    try:
        with transaction.atomic():
            first = send(sari).pk
            written.set()
            second_asks.wait()
            if not first_succeeds:
                raise ZeroDivisionError
    except ZeroDivisionError:
        pass
    thread.join()

    notice = Notice.objects.get()
    assert found == [notice.pk]
    assert (notice.pk == first) is first_succeeds
    assert [pk for pk, _ in jobs()] == [notice.pk]


@pytest.mark.slow
@commits
def test_two_managers_at_once_retry_once() -> None:
    notice = make.given_up(make.sari())

    at_once(lambda: services.try_again(notice_id=notice.pk, mall=MALL, actor=MANAGER, now=NOW).pk)

    assert len(jobs()) == 1
    assert Entry.objects.filter(kind="notices.retried").count() == 1


@pytest.mark.slow
@commits
def test_two_clicks_at_once_keep_one_choice() -> None:
    sari = make.sari()

    at_once(
        lambda: services.choose(mall=MALL, person=sari, channel="", reminders=False, news=True, now=NOW).pk
    )

    assert Choice.objects.get().reminders is False
    assert Entry.objects.filter(kind="notices.chosen").count() == 1


@pytest.mark.django_db
def test_a_crash_between_sending_a_mail_and_writing_it_down_sends_twice_at_most(
    settings: LazySettings,
) -> None:
    notice = send(make.sari())
    settings.EMAIL_BACKEND = "gerai.notices.tests.make.DiesAfterSending"
    with pytest.raises(make.Killed):
        services.deliver(notice_id=notice.pk, now=NOW)
    notice.refresh_from_db()
    assert (notice.status, notice.attempts) == ("queued", 1)

    settings.EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"
    for _ in range(3):
        services.deliver(notice_id=notice.pk, now=NOW)

    assert len(mail.outbox) == 2


@pytest.mark.django_db
def test_a_message_that_kills_every_worker_is_given_up_in_the_end(settings: LazySettings) -> None:
    notice = send(make.sari())
    settings.EMAIL_BACKEND = "gerai.notices.tests.make.DiesAfterSending"
    for _ in range(rules.ATTEMPTS):
        with pytest.raises(make.Killed):
            services.deliver(notice_id=notice.pk, now=NOW)

    services.deliver(notice_id=notice.pk, now=NOW)

    notice.refresh_from_db()
    assert (notice.status, notice.last_error) == ("failed", "WorkerKilled")
    assert len(mail.outbox) == rules.ATTEMPTS


@pytest.mark.django_db
def test_a_text_is_sent_once_also_when_the_worker_dies(settings: LazySettings) -> None:
    notice = send(make.person(phone="+6281234567890"))
    settings.MESSAGE_GATEWAY = "gerai.notices.tests.make.GatewayOfTheKilled"
    with pytest.raises(make.Killed):
        services.deliver(notice_id=notice.pk, now=NOW)

    settings.MESSAGE_GATEWAY = "gerai.notices.tests.make.Gateway"
    services.deliver(notice_id=notice.pk, now=NOW)

    notice.refresh_from_db()
    assert notice.status == "sent"
    assert len(make.Gateway.sent) == 1


@pytest.mark.django_db
def test_two_jobs_of_one_notice_never_run_side_by_side() -> None:
    sari: Person = make.sari()
    notice = send(sari)

    with connection.cursor() as cursor:
        cursor.execute("SELECT lock FROM procrastinate_jobs WHERE task_name = %s", [rules.JOB])
        assert cursor.fetchall() == [(f"notice:{notice.pk}",)]


@pytest.mark.slow
@commits
def test_the_job_of_a_killed_worker_is_begun_again_and_delivers() -> None:
    notice = send(make.sari())
    with connection.cursor() as cursor:  # taken by a worker of whom nothing is left
        cursor.execute("UPDATE procrastinate_jobs SET status = 'doing', worker_id = NULL")
    app.configure_task("notices.resume", allow_unknown=True, queue="rescue").defer(timestamp=0)

    with app.replace_connector(
        app.connector.get_worker_connector()
    ) as worker:  # a real worker, for this job alone
        worker.run_worker(queues=["rescue"], wait=False, install_signal_handlers=False, listen_notify=False)

    assert [pk for pk, _ in jobs()] == [notice.pk]
    services.deliver(notice_id=notice.pk, now=NOW)
    assert len(mail.outbox) == 1
