"""The ways of confirming: a short code, a signature on the screen, and two that press at once."""

from datetime import timedelta

import pytest

from gerai.applications import confirm_queries as queries
from gerai.applications import confirming, services, signature
from gerai.applications.confirm_models import Confirmation
from gerai.applications.models import Application
from gerai.applications.tests.confirmed import (
    Desk,
    by_code,
    code_of,
    drawn,
    opened,
    sent,
    signed,
    together,
    yes,
)
from gerai.applications.tests.make import MONDAY
from gerai.core.errors import DomainError
from gerai.documents.models import Document
from gerai.ledger.models import Entry

pytestmark = pytest.mark.django_db


def test_the_short_code_opens_the_same_link_however_it_is_typed() -> None:
    desk = Desk().ready()
    code = code_of(desk)

    assert by_code(f" {code[:4].lower()} {code[4:]} ") == desk.ask()
    opened(desk.ask())
    with pytest.raises(confirming.CodeUnknown):  # it opens once
        by_code(code)


def test_codes_are_not_guessed_from_one_address_nor_from_many(monkeypatch) -> None:
    monkeypatch.setattr(confirming, "CODE_TRIES_ALL", 40)  # ten thousand take as many tries to count
    desk = Desk().ready()
    code = code_of(desk)
    for _ in range(confirming.CODE_TRIES):
        with pytest.raises(confirming.CodeUnknown):
            by_code("AAAAAAAA")

    with pytest.raises(confirming.TooManyCodes):
        by_code(code)
    assert by_code(code, "203.0.113.10")
    for n in range(confirming.CODE_TRIES_ALL):
        with pytest.raises(DomainError):
            by_code("AAAAAAAA", f"198.51.100.{n}")
    with pytest.raises(confirming.TooManyCodes):
        by_code(code, "192.0.2.1")
    assert by_code(code, "192.0.2.1", MONDAY + timedelta(minutes=16))


# -- a signature on the counter's screen -----------------------------------------------------------------


def test_a_signature_sends_it_and_is_kept_sealed_as_proof() -> None:
    desk = Desk().ready()
    shown = queries.digest(queries.whole(Confirmation(application=desk.draft_))).hex()

    assert signed(desk).number == signed(desk, seen=shown).number

    assert sent(desk).data["confirmed"] == "signature"
    kept = queries.signature(Application.objects.get())
    assert kept is not None
    assert kept.signature is not None
    assert (kept.signature.media_type, kept.signature.owner) == ("image/png", desk.aminah)
    assert Document.objects.filter(kind="SIGNATURE").count() == 1


def test_what_was_signed_must_be_what_stands_there() -> None:
    desk = Desk().ready()
    shown = queries.digest(queries.whole(Confirmation(application=desk.draft_))).hex()
    desk.fill(area="9")

    for seen in (shown, "", "zz"):
        with pytest.raises(confirming.ChangedSinceShown):
            signed(desk, seen=seen)
    assert desk.status == "draft"
    assert not Document.objects.filter(kind="SIGNATURE").exists()


@pytest.mark.parametrize(
    "picture",
    ["", "data:image/png;base64,", "data:image/png;base64,%%", "data:image/png;base64,AAAA", drawn(0),
     drawn(size=(2500, 300)), drawn().replace("png", "svg", 1), "data:image/png;base64," + "A" * 500_000],
)  # fmt: skip
def test_an_empty_broken_or_huge_picture_is_no_signature(picture: str) -> None:
    desk = Desk().ready()

    with pytest.raises(signature.SignatureMissing):
        signed(desk, picture)

    assert desk.status == "draft"


def test_a_signature_ends_a_link_that_is_open() -> None:
    desk = Desk().ready()
    token = desk.ask()
    opened(token)

    signed(desk)

    with pytest.raises(confirming.ConfirmationOver):
        yes(token)
    assert Entry.objects.filter(kind="applications.submitted").count() == 1


# -- at once ---------------------------------------------------------------------------------------------


@pytest.mark.django_db(transaction=True)
def test_of_two_devices_that_open_it_at_once_one_has_it() -> None:
    desk = Desk().ready()
    token = desk.ask()

    results = together(*(lambda name=name: opened(token, name).pk for name in ("a", "b", "c")))

    assert sorted(map(str, results)).count(str(confirming.OpenedElsewhere)) == 2


@pytest.mark.django_db(transaction=True)
def test_a_double_click_sends_once_and_an_answer_changed_in_that_moment_is_in_or_stops_it() -> None:
    desk = Desk().ready()
    token = desk.ask()
    opened(token)

    def change() -> None:
        desk.fill(area="77")

    results = together(lambda: yes(token), lambda: yes(token), change)

    area = queries.queries.answers_of(Application.objects.get())["area"]
    if desk.status == "submitted":
        assert (area, Entry.objects.filter(kind="applications.submitted").count()) == (3, 1)
        assert services.NotOpenForChange in results
    else:
        assert (area, results.count(confirming.ConfirmationOver)) == (77, 2)
