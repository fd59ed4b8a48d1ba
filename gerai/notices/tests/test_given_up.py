"""What was given up is listed without its words, and sent once more when somebody says so."""

import pytest
from django.conf import LazySettings
from django.core import mail

from gerai.core.errors import NotFound
from gerai.ledger.models import Entry
from gerai.notices import queries, services
from gerai.notices.tests import make
from gerai.notices.tests.make import MALL, MANAGER, MORNING, NIGHT, NOW, given_up, jobs, send

pytestmark = pytest.mark.django_db


def again(pk: int, mall: str = MALL) -> make.Notice:
    return services.try_again(notice_id=pk, mall=mall, actor=MANAGER, now=NOW)


def test_the_list_names_template_time_masked_contact_and_reason_and_no_words_of_the_message() -> None:
    notice = given_up(make.sari())
    given_up(make.person(phone="+6281234567890"), "a:2", error="GatewayDown")
    send(make.person(), "a:3")

    (text, mailed), more = queries.failed(MALL)

    assert (text.contact, text.reason, more) == ("…890", "gateway", None)
    assert (mailed.pk, mailed.contact, mailed.reason) == (notice.pk, "s…@uji.test", "server")
    assert mailed.title["id"] == "Permohonan … perlu diperbaiki"
    assert "MPP-2026-000001" not in str(mailed)
    assert "Izin dokter" not in str(mailed)


def test_another_malls_failures_are_not_listed() -> None:
    given_up(make.sari(), mall="3578")

    assert queries.failed(MALL) == ([], None)


def test_a_long_list_goes_on_where_the_page_ended() -> None:
    sari = make.sari()
    pks = [given_up(sari, f"a:{n}").pk for n in range(31)]

    first, more = queries.failed(MALL)
    rest, end = queries.failed(MALL, more)

    assert [row.pk for row in first + rest] == pks[::-1]
    assert end is None


def test_a_retry_sends_it_and_is_recorded() -> None:
    notice = given_up(make.sari())

    again(notice.pk)

    assert jobs() == [(notice.pk, None)]
    entry = Entry.objects.get(kind="notices.retried")
    assert (entry.subject, entry.actor_id) == (f"notice:{notice.pk}", MANAGER.id)
    assert entry.data == {"template": "application_returned", "error": "SMTPServerDisconnected"}
    services.deliver(notice_id=notice.pk, now=NOW)
    assert len(mail.outbox) == 1
    assert queries.failed(MALL) == ([], None)


def test_a_second_press_adds_nothing() -> None:
    notice = given_up(make.sari())

    again(notice.pk)
    again(notice.pk)

    assert len(jobs()) == 1
    assert Entry.objects.filter(kind="notices.retried").count() == 1


def test_a_message_that_is_out_is_not_sent_again() -> None:
    notice = send(make.sari())
    services.deliver(notice_id=notice.pk, now=NOW)
    make.drop_jobs()

    assert again(notice.pk).status == "sent"

    assert not jobs()
    assert not Entry.objects.filter(kind="notices.retried").exists()


def test_another_malls_message_looks_like_none_and_stays_given_up() -> None:
    notice = given_up(make.sari(), mall="3578")

    with pytest.raises(NotFound):
        again(notice.pk)

    notice.refresh_from_db()
    assert notice.status == "failed"
    assert not jobs()


def test_at_night_a_retry_waits_like_anything_else(settings: LazySettings) -> None:
    settings.QUIET_HOURS = True
    notice = given_up(make.sari())

    services.try_again(notice_id=notice.pk, mall=MALL, actor=MANAGER, now=NIGHT)

    assert jobs() == [(notice.pk, MORNING)]
