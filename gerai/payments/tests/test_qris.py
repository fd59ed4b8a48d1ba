"""QRIS payloads: written by the standard, read strictly, and read the same by others."""

import binascii
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as some

from gerai.integrations.payment.bank import TRIAL
from gerai.payments import qris

# The sample of EMVCo's specification (Merchant-Presented Mode, version 1.1), with its published checksum.
EMVCO = (
    "00020101021229300012D156000000000510A93FO3230Q31280012D15600000001030812345678520441115802CN5914BEST TRANSPORT"
    "6007BEIJING64200002ZH0104最佳运输0202北京540523.7253031565502016233030412340603***0708A60086670902ME"
    "91320016A0112233449988770708123456786304A13A"
)


def made(amount: int = 30000, bill: str = "INV-1771-2026-000001") -> str:
    """A payload of the trial merchant."""
    return qris.make(merchant=TRIAL, amount=amount, bill=bill, reference="ab12")


def sealed(body: str) -> str:
    """A payload with a right checksum, whatever is in it."""
    return f"{body}6304{binascii.crc_hqx(f'{body}6304'.encode(), 0xFFFF):04X}"


def other(payload: str, old: str, new: str) -> str:
    """The payload with a part of it changed, its checksum right again."""
    assert payload.count(old) == 1
    return sealed(payload[:-8].replace(old, new))


def decoded(payload: str) -> dict[str, object]:
    """
    A second decoder, of another build: it walks by recursion, knows no templates by name and checks nothing but
    that the pieces fill the text exactly.
    """

    def split(text: str) -> dict[str, str] | None:
        if not text:
            return {}
        if not text[:4].isdigit() or int(text[2:4]) > len(text) - 4:
            return None
        end = 4 + int(text[2:4])
        rest = split(text[end:])
        return None if rest is None else {text[:2]: text[4:end], **rest}

    whole = split(payload)
    assert whole is not None
    inside = {tag: split(value) for tag, value in whole.items() if tag in ("26", "51", "62")}
    return {**whole, **inside}


def test_the_sum_is_the_published_one():
    assert qris.crc("123456789") == "29B1"
    assert qris.crc(EMVCO[:-4]) == "A13A"
    assert qris.read(EMVCO).plain["59"] == "BEST TRANSPORT"
    assert qris.read(EMVCO).inner["29"] == {"00": "D15600000000", "05": "A93FO3230Q"}
    assert qris.read(EMVCO).inner["64"]["01"] == "最佳运输"


@given(some.text(max_size=80))
def test_the_sum_is_the_librarys(text):
    assert int(qris.crc(text), 16) == binascii.crc_hqx(text.encode("utf-8", "surrogatepass"), 0xFFFF)


def test_a_payload_says_exactly_this():
    fields = qris.read(made())
    assert fields.plain == {
        "00": "01", "01": "12", "52": "9399", "53": "360", "54": "30000", "58": "ID", "59": "UJI COBA GERAI",
        "60": "UJI COBA", "61": "38229", "63": made()[-4:],
    }  # fmt: skip
    assert fields.inner == {
        "26": {"00": "ID.CO.BANKUJI.WWW", "01": "9360000000000000000", "03": "UBE"},
        "51": {"00": "ID.CO.QRIS.WWW", "02": "ID0000000000000", "03": "UBE"},
        "62": {"01": "INV-1771-2026-000001", "05": "ab12"},
    }
    assert (fields.amount, fields.nmid) == (30000, "ID0000000000000")


amounts = some.integers(1, 10**13 - 1)
bills = some.text("ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-", min_size=1, max_size=25)


@given(amounts, bills)
def test_a_decoder_of_another_build_reads_the_same(amount, bill):
    payload = made(amount, bill)
    fields = qris.read(payload)

    assert decoded(payload) == {**fields.plain, **{tag: dict(value) for tag, value in fields.inner.items()}}
    assert fields.amount == amount


@given(amounts, bills)
def test_an_independent_library_finds_it_sound_and_reads_the_same(amount, bill):
    library = pytest.importorskip("qriskit")
    payload = made(amount, bill)
    theirs, ours = library.parse(payload, strict=True), qris.read(payload)

    assert library.validate(payload) == []
    assert theirs.dumps() == payload
    assert (theirs.amount, theirs.is_dynamic, theirs.currency) == (Decimal(amount), True, "360")
    assert (theirs.merchant_name, theirs.merchant_city) == (ours.plain["59"], ours.plain["60"])
    assert (theirs.nmid, theirs.postal_code, theirs.mcc) == (ours.nmid, ours.plain["61"], ours.plain["52"])
    assert theirs.additional_data.bill_number == ours.inner["62"]["01"] == bill
    assert theirs.crc == ours.plain["63"]


@given(some.integers(0, 10**6), some.characters(min_codepoint=32, max_codepoint=126))
def test_one_changed_character_is_always_found(at, character):
    payload = made()
    at %= len(payload)
    changed = payload[:at] + character + payload[at + 1 :]

    if changed != payload:
        with pytest.raises(qris.QrisUnreadable):
            qris.read(changed)


@pytest.mark.parametrize(
    "payload",
    [
        "",
        "000201",
        made()[:-1],
        made() + " ",
        made().lower(),
        sealed(made()[6:-8]),  # does not begin with its format
        sealed(made()[:-8] + "6105382290"),  # a length that does not fit
        sealed(made()[:-8] + "610538230"),  # a part twice
        sealed(made()[:-8] + "6500"),  # a part with nothing in it
        sealed("000201010212"),  # nobody to pay
        other(made(), "5802ID", ""),
        other(made(), "010212", "010213"),
        other(made(), "540530000", "540630.000"),
        other(made(), "540530000", "5405３0000"),
        other(made(), "0014ID.CO.QRIS.WWW", "0099ID.CO.QRIS.WWW"),  # a template that is torn inside
    ],
)
def test_what_is_not_whole_is_refused(payload):
    with pytest.raises(qris.QrisUnreadable):
        qris.check(payload, amount=30000)


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("540530000", "540531000"),
        ("540530000", "54043000"),
        ("540530000", ""),  # the payer writes the sum
        ("010212", "010211"),
        ("5303360", "5303840"),
        ("5802ID", "5802MY"),
        ("5802ID", "5502015802ID"),  # the payer may add to it
        ("5802ID", "55020256045000" + "5802ID"),
        ("0014ID.CO.QRIS.WWW", "0014ID.CO.QRIX.WWW"),
    ],
)
def test_what_would_move_another_sum_or_elsewhere_is_refused(old, new):
    with pytest.raises(qris.QrisWrong):
        qris.check(other(made(), old, new), amount=30000)


def test_the_payee_must_be_the_malls_where_the_mall_has_told_it():
    assert qris.check(made(), amount=30000).amount == 30000
    assert qris.check(made(), amount=30000, nmid=TRIAL.nmid)
    with pytest.raises(qris.QrisWrong):
        qris.check(made(), amount=30000, nmid="ID1020012345678")


def test_an_amount_is_exact_in_rupiah():
    assert [qris.rupiah(text) for text in ("30000", "30000.0", "30000.00")] == [30000] * 3
    for text in ("", "30.000", "30000.5", "30000.", "-1", "1e5", "٣", "30000.000", "1" * 14):
        with pytest.raises(qris.QrisUnreadable):
            qris.rupiah(text)


def test_names_are_written_in_plain_letters_and_cut():
    assert qris.plain("Dinas Penanaman Modal & Pelayanan Terpadu", qris.NAME) == "Dinas Penanaman Modal & P"
    assert qris.plain("Café  “Ünïon” – Łódź", qris.NAME) == "Cafe Union - Lodz"
    assert qris.plain("北京", qris.CITY) == ""
    assert qris.plain("Kota Jakarta   Selatan", qris.CITY) == "Kota Jakarta Se"


@pytest.mark.parametrize(
    "changes",
    [
        {"nmid": "ID123"}, {"nmid": "XX0000000000000"}, {"name": "北京"}, {"city": ""}, {"category": "93"},
        {"postal": "3822"}, {"pan": "12"}, {"criteria": "UB"},
    ],
)  # fmt: skip
def test_a_merchant_that_does_not_fit_makes_no_payload(changes):
    values = {name: getattr(TRIAL, name) for name in TRIAL.__slots__}
    with pytest.raises(qris.QrisNotMade):
        qris.make(merchant=qris.Merchant(**{**values, **changes}), amount=1, bill="x")


@pytest.mark.parametrize(("amount", "bill"), [(0, "x"), (-5, "x"), (10**13, "x"), (1, "x" * 26), (1, "")])
def test_a_sum_or_a_bill_that_does_not_fit_makes_no_payload(amount, bill):
    with pytest.raises(qris.QrisNotMade):
        qris.make(merchant=TRIAL, amount=amount, bill=bill)
