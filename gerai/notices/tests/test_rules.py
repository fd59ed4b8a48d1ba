"""Kinds, quiet hours, links and masks; and what a message may never say."""

from datetime import UTC, datetime
from string import Formatter
from zoneinfo import ZoneInfo

import pytest

from gerai.notices import rules
from gerai.notices.texts import TEXTS

WIB = ZoneInfo("Asia/Jakarta")
WIT = ZoneInfo("Asia/Jayapura")

# All that a message may be filled with. Never a NIK, a name, an address, a birthday or an answer: it travels in
# the open. Who adds a word here has thought of that.
HARMLESS = frozenset(
    {
        "agencies",
        "agency",
        "amount",  # of a fee: who is to pay must be told how much
        "before",  # how many people
        "by",
        "code",
        "count",  # of differences
        "counter",
        "day",
        "digits",
        "given",  # how many tasks
        "holding",
        "late",
        "later",
        "limit",  # how far ahead one can book after missed appointments
        "mall",
        "number",
        "opens",
        "mend_by",
        "pay_by",
        "place",  # an agency or the mall
        "role",  # of an officer
        "why",  # money is owed back, or a day not compared with the bank
        "what",  # changed about the way to sign in
        "reference",  # the number of a decision in an outside system, and its address
        "result",
        "system",
        "where",
        "reason",  # why an agency has closed for the day
        "service",
        "services",
        "today",
        "until",
        "url",
        "waiting",
        "when",
    }
)
PERSONAL = (
    "nik",
    "name",
    "nama",
    "address",
    "alamat",
    "answer",
    "jawaban",
    "phone",
    "email",
    "birth",
    "lahir",
)


def blanks(text: str) -> set[str]:
    return {name for _, name, _, _ in Formatter().parse(text) if name is not None}


@pytest.mark.parametrize("template", sorted(TEXTS))
def test_no_message_says_more_than_it_must(template: str) -> None:
    used = set().union(*(blanks(text) for words in TEXTS[template].values() for text in words))

    assert used <= HARMLESS
    assert not [name for name in used for word in PERSONAL if word in name.lower()]


def test_a_message_with_a_personal_blank_would_be_found() -> None:
    assert not blanks("NIK {nik}") <= HARMLESS
    assert not blanks("{service.owner.nik_masked}") <= HARMLESS
    assert not blanks("{answers[address]}") <= HARMLESS


def test_every_message_has_a_kind_and_no_kind_is_left_over() -> None:
    assert set(rules.KINDS) == set(TEXTS)
    assert set(TEXTS) >= rules.URGENT


@pytest.mark.parametrize("template", sorted(rules.KINDS))
def test_only_reminders_and_news_can_be_done_without(template: str) -> None:
    may_be_off = rules.KINDS[template] in (rules.Kind.REMINDER, rules.Kind.NEWS)

    assert rules.wanted(template, reminders=False, news=False) is not may_be_off
    assert rules.wanted(template, reminders=True, news=True)


def test_decisions_returns_payment_codes_and_deadlines_are_necessary() -> None:
    never_off = ("permit_issued", "permit_refused", "application_returned", "application_recommended", "code")

    for template in (*never_off, "application_mend_soon", "permit_ends"):
        assert rules.KINDS[template] == rules.Kind.NECESSARY


@pytest.mark.parametrize(
    ("utc", "zone", "until"),
    [
        ("2026-11-23 12:59", WIB, None),  # 19.59
        ("2026-11-23 13:00", WIB, "2026-11-23 23:00"),  # 20.00: until six the next day
        ("2026-11-23 17:00", WIB, "2026-11-23 23:00"),  # midnight
        ("2026-11-23 22:59", WIB, "2026-11-23 23:00"),  # 05.59
        ("2026-11-23 23:00", WIB, None),  # 06.00
        ("2026-11-23 12:59", WIT, "2026-11-23 21:00"),  # 21.59 in the east
        ("2026-12-31 14:00", WIB, "2026-12-31 23:00"),  # into the new year
    ],
)
def test_nights_are_quiet_on_the_malls_own_clock(utc: str, zone: ZoneInfo, until: str | None) -> None:
    def moment(text: str) -> datetime:
        return datetime.fromisoformat(text).replace(tzinfo=UTC)

    assert rules.quiet_until(moment(utc), zone) == (until and moment(until))


@pytest.mark.parametrize(
    ("email", "phone", "preferred", "urgent", "way"),
    [
        ("a@b", "+62", "", False, "email"),
        ("a@b", "+62", "", True, "text"),
        ("a@b", "+62", "text", False, "text"),
        ("a@b", "+62", "email", True, "text"),
        ("a@b", None, "text", True, "email"),
        (None, "+62", "email", False, "text"),
        (None, None, "email", False, "none"),
    ],
)
def test_a_wish_is_kept_where_it_can_be(
    email: str | None, phone: str | None, preferred: str, urgent: bool, way: str
) -> None:
    assert rules.way(email=email, phone=phone, preferred=preferred, urgent=urgent) == way


def test_the_sentence_before_an_address_becomes_its_link() -> None:
    body = "Anda kami terima: nomor 1.\nPerbaiki di sini: http://mpp.test/permohonan/1/"

    assert rules.linked(body, "/permohonan/1/") == (
        "Anda kami terima: nomor 1.\n",
        "Perbaiki di sini",
        "",
    )
    assert rules.linked("Lihat: http://x.test/a/ ya", "/a/") == ("", "Lihat", " ya")


def test_a_message_without_its_address_is_shown_as_it_is() -> None:
    assert rules.linked("Sampai besok.", "/a/") == ("Sampai besok.", "", "")
    assert rules.linked("Lihat: http://x.test/a/b/", "/a/") == ("Lihat: http://x.test/a/b/", "", "")
    assert rules.linked("Lihat: http://x.test/a/", "") == ("Lihat: http://x.test/a/", "", "")


@pytest.mark.parametrize("template", sorted(TEXTS))
def test_every_address_in_a_message_stands_after_the_words_that_become_its_link(template: str) -> None:
    for _, body in TEXTS[template].values():
        if "{url}" in body:
            assert rules.linked(body.replace("{url}", "http://x.test/a/"), "/a/")[1].strip()


def test_an_address_is_masked_beyond_use() -> None:
    assert rules.masked("sari@uji.test") == "s…@uji.test"
    assert rules.masked("+6281234567890") == "…890"


def test_a_subject_keeps_its_words_and_loses_what_fills_it() -> None:
    assert rules.blanked("Permohonan {number} perlu diperbaiki") == "Permohonan … perlu diperbaiki"


@pytest.mark.parametrize(
    ("error", "reason"),
    [
        ("GatewayDown", "gateway"),
        ("SMTPRecipientsRefused", "refused"),
        ("SMTPServerDisconnected", "server"),
        ("ConnectionRefusedError", "server"),
        ("TimeoutError", "server"),
        ("ZeroDivisionError", "other"),
        ("", "other"),
    ],
)
def test_trouble_is_told_by_its_kind(error: str, reason: str) -> None:
    assert rules.reason(error) == reason
