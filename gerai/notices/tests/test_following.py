"""Businesses: who is invited, comes in or leaves is told; nobody is named, and no inviter learns who has an account."""

from typing import Any

import pytest
from django.core import mail
from django.db.models import Q

from gerai.accounts import inviting
from gerai.accounts import queries as people
from gerai.accounts.tests import registers
from gerai.accounts.tests.firm import Cast, answer, invite, remove
from gerai.accounts.tests.make import MALL, MORNING
from gerai.ledger import services as ledger
from gerai.ledger.models import Entry
from gerai.ledger.rules import SYSTEM
from gerai.notices import following, queries, services
from gerai.notices.models import Notice
from gerai.notices.tests import make

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def memory(settings: Any) -> None:
    settings.REGISTERS = registers.PATH
    registers.clear()


def follow() -> None:
    """The worker reads all entries, twice: it may be killed between."""
    for _ in range(2):
        for entry in Entry.objects.filter(Q(kind__startswith="accounts.business_")).order_by("id"):
            following.follow(entry)


def told(who: Any) -> list[str]:
    return list(Notice.objects.filter(person=who).order_by("pk").values_list("template", flat=True))


def test_who_is_invited_is_told_once_without_any_name() -> None:
    cast = Cast()
    invite(cast.sari, cast.owned())

    follow()

    notice = Notice.objects.get(template="business_invited")
    assert (notice.person, notice.path) == (cast.budi, "/saya/usaha/")
    for secret in ("Sari", "Rafflesia", registers.NIB):
        assert secret not in notice.subject + notice.body


def test_a_changed_way_to_sign_in_is_told_to_its_owner_once() -> None:
    sari = Cast().sari
    kinds = ("accounts.password_changed", "accounts.authenticator_added", "accounts.authenticator_removed")
    for kind in kinds:
        ledger.append(mall=MALL, kind=kind, subject=f"person:{sari.pk}", actor=SYSTEM, now=MORNING)
    for _ in range(2):
        for entry in Entry.objects.filter(kind__in=kinds).order_by("id"):
            following.follow(entry)

    assert told(sari) == ["account_changed"] * 3
    assert "Kata sandi diganti" in Notice.objects.filter(person=sari).earliest("pk").body


def test_an_address_without_an_account_is_told_how_to_register() -> None:
    cast = Cast()
    invite(cast.sari, cast.owned(), "baru@uji.test")

    follow()

    (notice,) = Notice.objects.filter(person=None)
    assert b"baru@uji.test" not in bytes(notice.contact_sealed or b"")
    services.deliver(notice_id=notice.pk, now=MORNING)
    services.deliver(notice_id=notice.pk, now=MORNING)
    (message,) = mail.outbox
    assert message.to == ["baru@uji.test"]
    assert "/daftar/?next=/saya/usaha/" in message.body
    assert "Sari" not in message.body


def test_a_phone_without_an_account_gets_a_text(settings: Any) -> None:
    settings.MESSAGE_GATEWAY = "gerai.notices.tests.make.Gateway"
    cast = Cast()
    invite(cast.sari, cast.owned(), "0812 9999 8888")
    follow()

    services.deliver(notice_id=Notice.objects.get(person=None).pk, now=MORNING)

    ((to, words),) = make.Gateway.sent.values()
    assert to == "+6281299998888"
    assert "Abaikan pesan ini" in words


def test_the_inviter_sees_the_same_whether_there_is_an_account_or_not() -> None:
    cast = Cast()
    business = cast.owned()
    known, unknown = invite(cast.sari, business), invite(cast.sari, business, "baru@uji.test")

    follow()

    assert told(cast.sari) == []
    rows = [(row["invite"].ended_at, row["invite"].role) for row in people.invites(business.pk)]
    assert rows == [(known.ended_at, "staff"), (unknown.ended_at, "staff")]
    kinds = Entry.objects.filter(kind="accounts.business_invited").order_by("id")
    assert [set(entry.data) for entry in kinds] == [{"role", "invite"}] * 2


def test_both_sides_hear_of_acceptance_and_of_the_end() -> None:
    cast = Cast()
    business = cast.joined()
    follow()
    assert told(cast.sari) == ["business_joined"]
    assert told(cast.budi)[-1] == "business_you_joined"

    remove(cast.sari, business, business.members.get(person=cast.budi))
    follow()

    assert told(cast.sari) == ["business_joined", "business_left"]
    assert told(cast.budi)[-1] == "business_you_left"


def test_the_owner_hears_of_a_no_and_who_was_invited_of_its_end() -> None:
    cast = Cast()
    business = cast.owned()
    answer(cast.budi, invite(cast.sari, business), accept=False)
    second = invite(cast.sari, business, role="consultant")
    inviting.take_back(mall=MALL, person=cast.sari, business_id=business.pk, invite_id=second.pk, now=MORNING)

    follow()

    assert told(cast.sari) == ["business_declined"]
    assert told(cast.budi) == ["business_invite_over"]  # what had ended before it was told invites nobody


def test_a_business_invites_only_so_many_a_day() -> None:
    cast = Cast()
    business = cast.owned()
    for n in range(inviting.INVITES):
        invite(cast.sari, business, f"a{n}@uji.test")

    with pytest.raises(inviting.TooManyInvites):
        invite(cast.sari, business, "zu-viel@uji.test")

    assert business.invites.count() == inviting.INVITES
    assert invite(cast.sari, business, "a0@uji.test")  # there already: no further message


def test_what_did_not_reach_somebody_without_an_account_is_listed_masked() -> None:
    cast = Cast()
    invite(cast.sari, cast.owned(), "baru@uji.test")
    follow()
    Notice.objects.filter(person=None).update(status="failed", last_error="SMTPRecipientsRefused")

    (row,), _more = queries.failed(MALL)

    assert (row.contact, row.reason) == ("b…@uji.test", "refused")
