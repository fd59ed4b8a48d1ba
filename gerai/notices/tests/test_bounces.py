"""Mail that comes back: named by its envelope, counted once, and the other way is tried."""

import io
import mailbox
import sys
from pathlib import Path
from typing import Any

import pytest
from django.conf import LazySettings
from django.core import mail
from django.core.management import call_command
from django.test import Client

from gerai.accounts.models import Person
from gerai.notices import bounces, queries, returning, rules, services
from gerai.notices.models import Notice, Report
from gerai.notices.tests import make
from gerai.notices.tests.make import NOW, jobs, person, send

pytestmark = pytest.mark.django_db

BOUNCE = """\
From: MAILER-DAEMON@uji.test
To: {to}
Subject: Undelivered Mail Returned to Sender
MIME-Version: 1.0
Content-Type: multipart/report; report-type=delivery-status; boundary="B"

--B
Content-Type: text/plain

The mail system: user unknown. {more}
--B
Content-Type: message/delivery-status

Reporting-MTA: dns; mx.uji.test
Arrival-Date: Mon, 23 Nov 2026 02:00:00 +0000

Final-Recipient: rfc822; sari@uji.test
Action: {action}
Status: {status}
Diagnostic-Code: smtp; 550 5.1.1 user unknown

--B
Content-Type: message/rfc822

Subject: x

x
--B--
"""


@pytest.fixture(autouse=True)
def returns(settings: LazySettings) -> None:
    settings.BOUNCE_ADDRESS = "pantulan@mpp.test"
    settings.MESSAGE_GATEWAY = "gerai.notices.tests.make.Gateway"


def sent(to: Person) -> Notice:
    notice = send(to)
    services.deliver(notice_id=notice.pk, now=NOW)
    make.drop_jobs()
    return notice


def raw(
    notice: Notice, *, action: str = "failed", status: str = "5.1.1", to: str = "", more: str = ""
) -> bytes:
    to = to or returning.returns_to(notice, "sari@uji.test")
    return BOUNCE.format(to=to, action=action, status=status, more=more).encode()


def state(notice: Notice) -> tuple[str, str, str]:
    notice.refresh_from_db()
    return notice.channel, notice.status, notice.last_error


def test_a_mail_shows_who_we_are_and_comes_back_to_an_address_of_its_own() -> None:
    notice = sent(make.sari())

    (out,) = mail.outbox
    assert out.from_email == returning.returns_to(notice, "sari@uji.test")
    assert out.from_email.startswith(f"pantulan+{notice.pk}-")
    assert out.message()["From"].endswith("<jangan-balas@mpp.localhost>")
    assert len(out.from_email.partition("@")[0]) <= 64


def test_a_hard_bounce_goes_on_by_text_once_and_the_address_is_tried_no_more() -> None:
    sari = person(email="sari@uji.test", phone="+6281234567890")
    notice = sent(sari)

    event = raw(notice)
    assert [bounces.take(raw=event, now=NOW) for _ in "12"] == ["kept", "duplicate"]

    assert jobs() == [(notice.pk, None)]
    services.deliver(notice_id=notice.pk, now=NOW)
    assert state(notice) == ("text", "sent", "")
    assert bounces.take(raw=raw(notice, more="again"), now=NOW) == "kept"
    assert state(notice)[1] == "sent"  # a second server's word changes nothing
    other = send(sari, "a:2")
    services.deliver(notice_id=other.pk, now=NOW)
    assert (state(other)[0], len(mail.outbox)) == ("text", 1)


def test_without_a_phone_it_is_given_up_and_its_owner_is_told_and_may_trust_it_again(client: Client) -> None:
    sari = make.sari()
    notice = sent(sari)
    assert returning.word_at_sign_in(sari) == ""

    bounces.take(raw=raw(notice), now=NOW)

    assert state(notice) == ("email", "failed", "MailUndeliverable")
    assert queries.failed(make.MALL)[0][0].reason == "returned"
    assert "tidak menerima pesan" in returning.word_at_sign_in(sari)
    client.force_login(sari)
    assert "Surat kami ke sari@uji.test kembali" in client.get("/saya/pesan/").content.decode()
    client.post("/saya/pesan/", {"trust": "yes"})
    assert not returning.is_unreachable("Sari@uji.test")


@pytest.mark.parametrize(
    ("changes", "done", "status", "marked"),
    [
        ({"action": "delayed", "status": "4.4.1"}, "soft", "sent", False),
        ({"status": "5.2.2"}, "kept", "failed", False),  # full: another day it may not be
        ({"status": "4.4.7"}, "kept", "failed", False),
        ({"to": "pantulan+1-00000000000000000000@mpp.test"}, "unknown", "sent", False),
        ({"to": "pantulan@mpp.test"}, "unknown", "sent", False),
        ({"status": "5.1.10"}, "kept", "failed", True),
    ],
)
def test_only_what_fails_for_good_and_is_ours_counts(
    changes: dict[str, Any], done: str, status: str, marked: bool
) -> None:
    notice = sent(make.sari())

    assert bounces.take(raw=raw(notice, **changes), now=NOW) == done

    assert (state(notice)[1], returning.is_unreachable("sari@uji.test")) == (status, marked)


def test_a_bounce_of_an_address_that_was_changed_since_changes_nothing() -> None:
    sari = make.sari()
    notice = sent(sari)
    event = raw(notice)
    sari.email = "baru@uji.test"
    sari.save()

    assert bounces.take(raw=event, now=NOW) == "unknown"
    assert not Report.objects.exists()


@pytest.mark.parametrize("other", [b"", b"Subject: Libur\n\nSaya sedang libur.", b"\xff\x00", b"--B\n"])
def test_what_is_no_report_is_passed_over(other: bytes) -> None:
    assert bounces.take(raw=other, now=NOW) == "no report"


def test_mailboxes_and_a_pipe_are_read(tmp_path: Path, capsys: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    notice = sent(make.sari())
    folder = mailbox.Maildir(tmp_path / "Maildir")
    folder.add(raw(notice, to="x@mpp.test", more="1"))
    folder.add(raw(notice, more="2"))
    box = mailbox.mbox(tmp_path / "mbox")
    box.add(raw(notice, more="3"))
    box.flush()

    call_command("notices", "bounces", str(tmp_path / "Maildir"))
    call_command("notices", "bounces", str(tmp_path / "Maildir"))
    call_command("notices", "bounces", str(tmp_path / "mbox"))
    pipe = io.TextIOWrapper(io.BytesIO(raw(notice, to="x@mpp.test", more="4")))
    monkeypatch.setattr(sys, "stdin", pipe)
    call_command("notices", "bounces", to=returning.returns_to(notice, "sari@uji.test"))

    assert capsys.readouterr().out.splitlines() == ["kept: 1, unknown: 1", "0", "kept: 1", "kept: 1"]


def test_words_of_the_reports_are_known() -> None:
    assert [rules.is_hard(status) for status in ("5.1.1", "5.1.10", "5.2.1", "5.2.2", "5.7.1", "4.2.2", "")] == [
        True, True, True, False, False, False, False,
    ]  # fmt: skip
