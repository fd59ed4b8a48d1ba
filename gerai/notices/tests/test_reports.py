"""What the gateway tells about texts: once, in any order, signed; a lost one goes on by e-mail once."""

import json
import threading
import uuid
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.conf import LazySettings, settings
from django.core import mail
from django.db import connection
from django.test import Client

from gerai.core import callbacks, clock
from gerai.notices import queries, reports, services
from gerai.notices.models import Notice, Report
from gerai.notices.tests import make
from gerai.notices.tests.make import MALL, MANAGER, NOW, jobs, person, send

pytestmark = pytest.mark.django_db
LATER = NOW + timedelta(minutes=1)


def told(notice: Notice, outcome: str, **changes: Any) -> dict[str, Any]:
    key = f"notice-{notice.pk}"
    return {"event_id": str(uuid.uuid4()), "key": key, "outcome": outcome, "at": NOW.isoformat(), **changes}


def signed(body: bytes, now: Any, secret: bytes | None = None) -> str:
    secret = secret or callbacks.shared_secret(Path(settings.DATA) / "keys" / "messages.json")
    stamp = str(int(now.timestamp()))
    return f"t={stamp},v1={callbacks.signature(secret, stamp, body)}"


def report(event: Any, secret: bytes | None = None) -> str:
    body = json.dumps(event).encode()
    return reports.take(body=body, header=signed(body, LATER, secret), now=LATER)


@pytest.fixture
def text(settings: LazySettings) -> Notice:
    """A text that the gateway took, to somebody who has an e-mail address as well."""
    settings.MESSAGE_GATEWAY = "gerai.notices.tests.make.Gateway"
    sari = person(phone="+6281234567890", email="sari@uji.test")
    services.choose(mall=MALL, person=sari, channel="text", reminders=True, news=True, now=NOW)
    notice = send(sari)
    services.deliver(notice_id=notice.pk, now=NOW)
    make.drop_jobs()
    return notice


def state(notice: Notice) -> tuple[str, str, str]:
    notice.refresh_from_db()
    return notice.channel, notice.status, notice.text_outcome


def test_what_arrived_is_kept_with_its_time(text: Notice) -> None:
    assert report(told(text, "delivered")) == "kept"

    assert state(text) == ("text", "sent", "delivered")
    kept = Report.objects.get()
    assert (kept.notice_id, kept.outcome, kept.at, kept.received_at) == (text.pk, "delivered", NOW, LATER)
    assert text.text_outcome_at == NOW
    assert not jobs()


@pytest.mark.parametrize("outcome", ["failed", "undeliverable"])
def test_a_lost_text_goes_on_by_mail_once_however_often_it_is_told(text: Notice, outcome: str) -> None:
    event = told(text, outcome)

    assert [report(event), report(event), report(told(text, outcome))] == ["kept", "duplicate", "kept"]

    assert jobs() == [(text.pk, None)]
    assert state(text) == ("email", "queued", outcome)
    services.deliver(notice_id=text.pk, now=LATER)
    services.deliver(notice_id=text.pk, now=LATER)
    assert len(mail.outbox) == 1
    assert state(text) == ("email", "sent", outcome)


def test_without_an_address_a_lost_text_is_given_up_with_its_cause_and_retried_under_a_new_key(
    text: Notice,
) -> None:
    make.Person.objects.update(email=None)
    report(told(text, "undeliverable"))

    (row,), _more = queries.failed(MALL)
    assert (row.reason, row.contact, row.channel) == ("undeliverable", "…890", "text")
    services.try_again(notice_id=text.pk, mall=MALL, actor=MANAGER, now=LATER)
    services.deliver(notice_id=text.pk, now=LATER)
    assert list(make.Gateway.sent) == [f"notice-{text.pk}", f"notice-{text.pk}-2"]
    assert report(told(text, "undeliverable")) == "kept"  # of the first one, late: nothing follows from it
    assert state(text) == ("text", "sent", "")


def test_told_in_the_wrong_order_what_arrived_stays_arrived(text: Notice) -> None:
    report(told(text, "delivered"))
    report(told(text, "undeliverable"))

    assert state(text) == ("text", "sent", "delivered")
    assert not jobs()
    assert Report.objects.count() == 2


def test_what_arrived_after_all_is_no_longer_given_up(text: Notice) -> None:
    make.Person.objects.update(email=None)
    report(told(text, "failed"))
    assert state(text) == ("text", "failed", "failed")

    report(told(text, "delivered"))

    assert state(text) == ("text", "sent", "delivered")


def test_a_report_that_comes_before_the_sender_has_written_down_that_it_sent_is_not_overwritten(
    settings: LazySettings,
) -> None:
    settings.MESSAGE_GATEWAY = "gerai.notices.tests.test_reports.TellsAtOnce"
    sari = person(phone="+6281234567401", email="sari@uji.test")
    services.choose(mall=MALL, person=sari, channel="text", reminders=True, news=True, now=NOW)
    notice = send(sari)

    services.deliver(notice_id=notice.pk, now=NOW)

    assert state(notice) == ("email", "queued", "undeliverable")


class TellsAtOnce(make.Gateway):
    """A gateway that knows at once that the number does not exist."""

    def send_text(self, *, to: str, text: str, key: str) -> None:
        super().send_text(to=to, text=text, key=key)
        report(told(Notice.objects.get(), "undeliverable"))


@pytest.mark.parametrize("key", ["notice-987654321", "code-ab12", "notice-x", "notice-1-99"])
def test_a_report_about_nothing_of_ours_changes_nothing(text: Notice, key: str) -> None:
    assert report(told(text, "undeliverable", key=key)) == "unknown"

    assert not Report.objects.exists()
    assert state(text) == ("text", "sent", "")


@pytest.mark.parametrize("at", ["", "gestern", "1999-01-01T00:00:00", "2999-01-01T00:00:00+00:00"])
def test_an_impossible_time_is_the_time_it_was_told(text: Notice, at: str) -> None:
    report(told(text, "delivered", at=at))

    assert Report.objects.get().at == LATER


def test_a_forged_report_is_refused_and_changes_nothing(text: Notice) -> None:
    with pytest.raises(callbacks.SignatureWrong):
        report(told(text, "undeliverable"), secret=b"a guess")

    assert state(text) == ("text", "sent", "")
    assert not Report.objects.exists()


@pytest.mark.parametrize(
    "event", [[], "x", {"key": "notice-1"}, {"event_id": "1", "key": "k", "outcome": "?"}]
)
def test_a_report_of_another_shape_is_refused(event: Any) -> None:
    with pytest.raises(callbacks.CallbackMalformed):
        report(event)


def test_the_address_answers_repeats_with_200_and_forgers_with_403(text: Notice) -> None:
    body, now = json.dumps(told(text, "delivered")).encode(), clock.now()
    client = Client(enforce_csrf_checks=True)

    def post(header: str) -> Any:
        return client.post(
            "/pesan/laporan/", body, content_type="application/json", headers={"X-Signature": header}
        )

    assert [post(signed(body, now)).json() for _ in range(2)] == [{"result": "kept"}, {"result": "duplicate"}]
    answer = post("t=1,v1=no")
    assert (answer.status_code, answer.json()["code"]) == (403, "callback_signature_wrong")


def test_the_shares_tell_way_by_way_what_arrived(text: Notice) -> None:
    report(told(text, "delivered"))
    lost = send(person(phone="+6281234567891"), "a:2")
    services.deliver(notice_id=lost.pk, now=NOW)
    report(told(lost, "undeliverable"))
    mailed = send(make.person(email="budi@uji.test"), "a:3")
    services.deliver(notice_id=mailed.pk, now=NOW)
    make.given_up(make.person(email="rani@uji.test"), "a:4")
    send(make.person(email="lain@uji.test"), "a:5", mall="3578")

    shares = queries.shares(MALL, NOW - timedelta(days=30))

    assert (shares.texts, shares.arrived, shares.lost, shares.share) == (2, 1, 1, 50)
    assert (shares.mails, shares.mails_failed, shares.pushes) == (1, 1, 0)
    assert queries.shares(MALL, LATER).share is None


@pytest.mark.django_db(transaction=True)
def test_two_reports_of_a_lost_text_at_once_send_one_mail(settings: LazySettings) -> None:
    settings.MESSAGE_GATEWAY = "gerai.notices.tests.make.Gateway"
    sari = person(phone="+6281234567890", email="sari@uji.test")
    services.choose(mall=MALL, person=sari, channel="text", reminders=True, news=True, now=NOW)
    notice = send(sari)
    services.deliver(notice_id=notice.pk, now=NOW)
    make.drop_jobs()
    together = threading.Barrier(3)

    def tell() -> None:
        together.wait()
        report(told(notice, "undeliverable"))
        connection.close()

    threads = [threading.Thread(target=tell) for _ in range(3)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert jobs() == [(notice.pk, None)]
    assert Report.objects.count() == 3
