"""The applicant confirms what an officer typed: bound to one device and to what was shown; then it is sent, once."""

import pytest

from gerai.accounts.models import Person
from gerai.applications import confirm_queries as queries
from gerai.applications import confirming, services
from gerai.applications.confirm_models import Confirmation
from gerai.applications.models import Application
from gerai.applications.rules import MoveNotAllowed
from gerai.applications.tests.confirmed import EVENING, Desk, opened, sent, wrong, yes
from gerai.applications.tests.make import MONDAY, World
from gerai.core.errors import NotFound
from gerai.ledger.models import Entry
from gerai.notices.models import Notice

pytestmark = pytest.mark.django_db


def test_what_is_right_is_sent_by_the_applicant_once_however_often_they_press() -> None:
    desk = Desk().ready()
    token = desk.ask()
    opened(token)
    draft = Application.objects.get()
    assert queries.state(queries.last(draft), draft, MONDAY) == "reading"

    assert yes(token).number == yes(token).number

    entry = sent(desk)
    assert (entry.actor_id, entry.data["confirmed"]) == (str(desk.aminah.pk), "phone")
    how = queries.how(Application.objects.get())
    assert how is not None
    assert (how["way"], how["signature"]) == ("phone", None)


def test_the_secrets_are_nowhere_in_the_open() -> None:
    desk = Desk().ready()
    token = desk.ask()
    kept = Confirmation.objects.values().get()
    code = queries.secret(Confirmation.objects.get())["code"]

    assert len(token) > 40
    for value in (token, code, "hp"):
        assert value not in str(kept)
        assert value not in str(list(Entry.objects.values()))


def test_a_second_press_shows_the_same_code_until_it_is_opened() -> None:
    desk = Desk().ready()
    first = desk.ask()

    assert desk.ask() == first
    opened(first)
    second = desk.ask()

    assert second != first
    with pytest.raises(confirming.ConfirmationOver):
        yes(first)
    assert Entry.objects.filter(kind="applications.shown").count() == 2


def test_who_has_a_phone_is_sent_where_the_code_is_typed_and_never_the_link() -> None:
    desk = Desk().ready()
    desk.ask()
    assert not Notice.objects.exists()

    Person.objects.filter(pk=desk.aminah.pk).update(phone="+6281234567890")
    Confirmation.objects.update(ended_at=MONDAY)
    token = desk.ask()

    notice = Notice.objects.get()
    assert (notice.channel, notice.urgent, notice.path) == ("text", True, "/benar/")
    assert token not in notice.body
    assert "Aminah" not in notice.body
    assert "Suprapto" not in notice.body


def test_an_answer_that_changes_after_it_was_shown_kills_the_link_and_one_before_does_not() -> None:
    desk = Desk().ready()
    token = desk.ask()
    desk.fill(area="4")  # nobody has seen it yet
    opened(token)
    desk.fill(area="5")

    with pytest.raises(confirming.ConfirmationOver):
        yes(token)
    assert desk.status == "draft"
    assert queries.state(queries.last(desk.draft_), Application.objects.get(), MONDAY) == "changed"
    again = desk.ask()
    opened(again)
    assert yes(again).status == "submitted"


def test_a_personal_answer_and_a_file_count_as_what_was_shown() -> None:
    desk = Desk().ready()
    for change in (
        lambda: desk.fill(address="Jalan Lain 3"),
        lambda: desk.attach(desk.draft_, who=desk.putri),
    ):
        token = desk.ask()
        opened(token)
        change()
        with pytest.raises(confirming.ConfirmationOver):
            yes(token)


def test_only_the_first_device_that_opens_it_answers() -> None:
    desk = Desk().ready()
    token = desk.ask()
    opened(token)
    assert opened(token).opened_at == MONDAY  # the same device once more

    for act in (
        lambda: opened(token, "lain"),
        lambda: yes(token, "lain"),
        lambda: wrong(token, device="lain"),
    ):
        with pytest.raises(confirming.OpenedElsewhere):
            act()
    assert desk.status == "draft"


def test_nobody_answers_before_it_was_opened() -> None:
    desk = Desk().ready()
    token = desk.ask()

    with pytest.raises(confirming.OpenedElsewhere):
        yes(token)
    assert desk.status == "draft"


def test_what_is_wrong_is_shown_to_the_officer_and_nothing_is_sent() -> None:
    desk = Desk().ready()
    token = desk.ask()
    opened(token)

    for _ in range(2):
        wrong(token, "answer:area", "file:KTP", "answer:none", note="Luasnya 5")

    last = queries.last(desk.draft_)
    assert last is not None
    assert queries.said(last) == {"marked": ["answer:area", "file:KTP"], "note": "Luasnya 5"}
    assert b"Luasnya" not in bytes(last.said_sealed or b"")
    assert queries.state(last, desk.draft_, MONDAY) == "wrong"
    with pytest.raises(confirming.ConfirmationOver):
        yes(token)
    entry = Entry.objects.get(kind="applications.marked")
    assert entry.data["marks"] == 2
    assert "Luasnya" not in str(entry.data)


def test_marked_and_sent_at_once_is_asked_back_and_so_is_wrong_without_a_mark() -> None:
    desk = Desk().ready()
    token = desk.ask()
    opened(token)

    with pytest.raises(confirming.MarkedYetRight):
        yes(token, marked=("answer:area",))
    with pytest.raises(confirming.NothingMarked):
        wrong(token, "answer:none", note=" ")

    assert desk.status == "draft"
    assert yes(token).status == "submitted"


@pytest.mark.parametrize("how", ["day", "sent", "other"])
def test_the_link_ends_with_the_consent_or_when_it_was_sent_otherwise(how: str) -> None:
    desk = Desk().ready()
    token, now = desk.ask(), MONDAY
    opened(token)
    if how == "day":
        now = EVENING
    elif how == "sent":
        services.submit(person=desk.putri, application_id=desk.draft_.pk, now=MONDAY)
    else:
        Application.objects.update(helper=desk.budi)

    with pytest.raises(confirming.ConfirmationOver):
        yes(token, now=now)

    assert desk.status == ("submitted" if how == "sent" else "draft")


def test_who_is_not_the_officer_at_the_desk_shows_nothing() -> None:
    desk = Desk().ready()

    for stranger in (desk.budi, desk.aminah, desk.desk):
        with pytest.raises(NotFound):
            desk.ask(officer=stranger)
    with pytest.raises(NotFound):
        desk.ask(now=EVENING)
    assert not Confirmation.objects.exists()


def test_what_is_incomplete_or_sent_cannot_be_shown() -> None:
    desk = Desk()
    with pytest.raises(services.NotYetComplete):
        desk.ask()
    desk.ready()
    services.submit(person=desk.putri, application_id=desk.draft_.pk, now=MONDAY)
    with pytest.raises(MoveNotAllowed):
        desk.ask()
    assert not Confirmation.objects.exists()


def test_read_out_at_the_desk_it_is_sent_as_before_and_the_entry_says_so() -> None:
    desk = Desk().ready()

    services.submit(person=desk.putri, application_id=desk.draft_.pk, now=MONDAY)

    assert sent(desk).data["confirmed"] == "spoken"


def test_who_types_for_themself_confirms_nothing() -> None:
    world = World()
    services.submit(person=world.sari, application_id=world.filled().pk, now=MONDAY)

    assert "confirmed" not in Entry.objects.get(kind="applications.submitted").data
    assert queries.how(Application.objects.get()) is None


# -- the short code --------------------------------------------------------------------------------------
