"""What a person may do without, and what not."""

import pytest
from django.core import mail

from gerai.ledger.models import Entry
from gerai.notices import queries, rules, services
from gerai.notices.models import Choice, Notice
from gerai.notices.tests import make
from gerai.notices.tests.make import MALL, NOW, jobs, reminder, send

pytestmark = pytest.mark.django_db


def choose(of: make.Person, channel: str = "", *, reminders: bool = True, news: bool = True) -> Choice:
    return services.choose(mall=MALL, person=of, channel=channel, reminders=reminders, news=news, now=NOW)


def test_a_choice_is_kept_and_recorded_without_saying_what_it_was() -> None:
    sari = make.sari()

    choose(sari, "text", reminders=False)

    kept = queries.choice_of(sari)
    assert (kept.channel, kept.reminders, kept.news, kept.changed_at) == ("text", False, True, NOW)
    entry = Entry.objects.get(kind="notices.chosen")
    assert (entry.subject, entry.data) == (f"person:{sari.pk}", {})


def test_the_same_choice_twice_is_recorded_once() -> None:
    sari = make.sari()

    choose(sari, news=False)
    choose(sari, news=False)

    assert Entry.objects.filter(kind="notices.chosen").count() == 1


def test_an_unknown_way_is_refused_and_nothing_changed() -> None:
    sari = make.sari()

    with pytest.raises(rules.ChannelUnknown):
        choose(sari, "pigeon", news=False)

    assert not Choice.objects.exists()
    assert not Entry.objects.filter(kind="notices.chosen").exists()


def test_a_reminder_that_is_not_wanted_stays_on_the_page_of_messages() -> None:
    sari = make.sari()
    choose(sari, reminders=False)

    notice = reminder(sari)

    assert (notice.status, notice.channel) == ("silent", "none")
    assert not jobs()
    assert queries.inbox(sari)[0] == [notice]


def test_what_is_necessary_goes_out_whatever_was_chosen() -> None:
    sari = make.sari()
    choose(sari, reminders=False, news=False)

    notice = send(sari)
    services.deliver(notice_id=notice.pk, now=NOW)

    assert len(mail.outbox) == 1


def test_a_choice_is_only_ones_own() -> None:
    choose(make.sari(), reminders=False)

    assert reminder(make.person(email="budi@uji.test")).status == "queued"


def test_the_preferred_way_is_taken_and_without_its_address_the_other() -> None:
    both = make.person(email="sari@uji.test", phone="+6281234567890")
    mail_only = make.person(email="budi@uji.test")
    for one in (both, mail_only):
        choose(one, "text")

    assert send(both, "a:1").channel == "text"
    assert send(mail_only, "a:2").channel == "email"


def test_unread_messages_are_counted_until_they_are_seen_and_only_by_their_reader() -> None:
    sari, budi = make.sari(), make.person()
    ids = [send(sari, f"a:{n}").pk for n in range(3)]

    services.mark_read(person=budi, ids=ids, now=NOW)
    assert queries.unread(sari) == 3
    services.mark_read(person=sari, ids=ids[:2], now=NOW)
    assert queries.unread(sari) == 1
    assert queries.unread(budi) == 0


def test_a_message_keeps_the_time_it_was_first_read() -> None:
    sari = make.sari()
    notice = send(sari)

    for now in (NOW, make.NIGHT):
        services.mark_read(person=sari, ids=[notice.pk], now=now)

    assert Notice.objects.get().read_at == NOW
