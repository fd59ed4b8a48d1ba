"""Mandates: who is named is told, and both when it is taken up or ends. Nobody is named in a message."""

import pytest

from gerai.applications import mandates
from gerai.applications.tasks import tell_of_mandates
from gerai.applications.tests.make import MONDAY
from gerai.applications.tests.test_mandates import Two
from gerai.ledger.models import Entry
from gerai.notices import services as notices
from gerai.notices.models import Notice

pytestmark = pytest.mark.django_db
KINDS = ("applications.mandate_given", "applications.mandate_taken", "applications.mandate_ended")


def follow() -> None:
    for _ in range(2):
        for entry in Entry.objects.filter(kind__in=KINDS).order_by("id"):
            tell_of_mandates(entry)


def told(who: object) -> list[str]:
    return list(Notice.objects.filter(person=who).order_by("pk").values_list("template", flat=True))


def test_who_is_given_a_mandate_is_told_until_when_and_not_by_whom() -> None:
    two = Two()
    two.give()

    follow()

    notice = Notice.objects.get()
    assert (notice.person, notice.template, notice.path) == (two.budi, "mandate_given", "/saya/kuasa/")
    assert "Jumat, 27 November 2026" in notice.body
    assert "Sari" not in notice.body


def test_an_address_without_an_account_is_told_how_to_register_and_the_grantor_nothing() -> None:
    two = Two()
    two.give(contact="baru@uji.test")

    follow()

    notice = Notice.objects.get()
    assert (notice.person, notice.template) == (None, "mandate_given_new")
    assert "/daftar/?next=/saya/kuasa/" in notice.body
    assert told(two.sari) == []


def test_both_hear_that_it_was_taken_up_and_that_it_ended() -> None:
    two = Two()
    mandate = two.held()
    follow()
    assert (told(two.sari), told(two.budi)) == (["mandate_taken"], ["mandate_yours"])

    mandates.end(person=two.sari, mandate_id=mandate.pk, now=MONDAY)
    follow()

    assert told(two.sari) == ["mandate_taken", "mandate_ended"]
    assert told(two.budi) == ["mandate_yours", "mandate_ended"]
    assert told(two.rani) == []


def test_one_that_ended_before_it_was_told_invites_nobody() -> None:
    two = Two()
    mandates.end(person=two.sari, mandate_id=two.give().pk, now=MONDAY)

    follow()

    assert told(two.budi) == []


def test_somebody_gives_only_so_many_a_day() -> None:
    two = Two()
    for n in range(mandates.MOST):
        two.give(contact=f"a{n}@uji.test")

    with pytest.raises(mandates.TooManyMandates):
        two.give(contact="zu-viel@uji.test")

    assert mandates.Mandate.objects.count() == mandates.MOST
    assert two.give(contact="a0@uji.test")


def test_the_words_reach_the_address_that_was_named(mailoutbox: list) -> None:
    two = Two()
    two.give(contact="baru@uji.test")
    follow()

    notices.deliver(notice_id=Notice.objects.get().pk, now=MONDAY)

    assert mailoutbox[0].to == ["baru@uji.test"]
