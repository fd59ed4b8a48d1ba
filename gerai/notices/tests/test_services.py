"""Once per key, in the person's language, by the way they have; queued with the change that caused it."""

import pytest
from django.conf import LazySettings
from django.core import mail
from django.db import transaction
from procrastinate.contrib.django import app

from gerai.notices import rules, services
from gerai.notices.models import Notice
from gerai.notices.ports import GatewayDown
from gerai.notices.tests.make import NOW, jobs, person, send
from gerai.notices.texts import TEXTS

pytestmark = pytest.mark.django_db


def test_the_worker_knows_the_jobs() -> None:
    app.perform_import_paths()

    assert {rules.JOB, "notices.resume"} <= set(app.tasks)


def test_the_same_key_sends_once() -> None:
    sari = person(email="sari@uji.test")

    first, second = send(sari), send(sari)

    assert first.pk == second.pk
    assert len(jobs()) == 1


def test_no_notice_and_no_job_remain_of_a_change_that_failed() -> None:
    sari = person(email="sari@uji.test")

    @transaction.atomic
    def change() -> None:
        send(sari)
        raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        change()

    assert not Notice.objects.exists()
    assert not jobs()


def test_mail_goes_first_then_phone_then_nothing() -> None:
    both = person(email="sari@uji.test", phone="+6281234567890")
    phone = person(phone="+6281234567891")
    neither = person()

    assert send(both, "a:1").channel == "email"
    assert send(phone, "a:2").channel == "text"
    silent = send(neither, "a:3")
    assert (silent.channel, silent.status) == ("none", "silent")
    assert len(jobs()) == 2


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


def test_a_notice_remembers_its_template_and_where_it_leads() -> None:
    notice = send(person(email="sari@uji.test"))

    assert (notice.template, notice.path) == ("application_returned", "/x/")


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


# -- tries ---------------------------------------------------------------------------------------------


def test_a_blocked_way_is_tried_again_and_in_the_end_said_to_have_failed(settings: LazySettings) -> None:
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    settings.EMAIL_PORT = 1
    notice = send(person(email="sari@uji.test"))

    for attempt in range(1, rules.ATTEMPTS):
        with pytest.raises(OSError, match="refused"):
            services.deliver(notice_id=notice.pk, now=NOW)
        notice.refresh_from_db()
        assert (notice.status, notice.attempts) == ("queued", attempt)
    services.deliver(notice_id=notice.pk, now=NOW)  # the last: there is nothing more to raise for

    notice.refresh_from_db()
    assert (notice.status, notice.attempts) == ("failed", rules.ATTEMPTS)
    assert notice.last_error == "ConnectionRefusedError"


def test_what_was_given_up_is_not_tried_again_by_itself(settings: LazySettings) -> None:
    notice = send(person(email="sari@uji.test"))
    Notice.objects.update(status="failed", attempts=rules.ATTEMPTS)

    services.deliver(notice_id=notice.pk, now=NOW)

    assert not mail.outbox


def test_a_notice_that_got_out_at_last_forgets_its_trouble(settings: LazySettings) -> None:
    settings.MESSAGE_GATEWAY = "gerai.notices.tests.make.Closed"
    notice = send(person(phone="+6281234567890"))
    with pytest.raises(GatewayDown):
        services.deliver(notice_id=notice.pk, now=NOW)
    notice.refresh_from_db()
    assert notice.last_error == "GatewayDown"

    settings.MESSAGE_GATEWAY = "gerai.notices.tests.make.Gateway"
    services.deliver(notice_id=notice.pk, now=NOW)

    notice.refresh_from_db()
    assert (notice.status, notice.last_error, notice.attempts) == ("sent", "", 2)


def test_an_address_that_is_gone_gives_way_to_the_other_one(settings: LazySettings) -> None:
    settings.MESSAGE_GATEWAY = "gerai.notices.tests.make.Closed"
    sari = person(phone="+6281234567890")
    notice = send(sari)
    sari.phone, sari.email = None, "sari@uji.test"
    sari.save()

    services.deliver(notice_id=notice.pk, now=NOW)

    notice.refresh_from_db()
    assert (notice.status, notice.channel) == ("sent", "email")
    assert mail.outbox[0].recipients() == ["sari@uji.test"]


@pytest.mark.parametrize("change", [{"email": None}, {"is_active": False}])
def test_nothing_goes_to_somebody_who_has_left(change: dict[str, object]) -> None:
    sari = person(email="sari@uji.test")
    notice = send(sari)
    type(sari).objects.filter(pk=sari.pk).update(**change)

    services.deliver(notice_id=notice.pk, now=NOW)

    notice.refresh_from_db()
    assert (notice.status, notice.sent_at) == ("silent", None)
    assert not mail.outbox
