"""QRIS payloads: EMV QR Code for Payment Systems, Merchant-Presented Mode, as Bank Indonesia uses it. Pure.

A payload is a row of objects: two digits that name it, two that say how long it is, its value. `read` is strict: it
accepts nothing that a payer's app might read in another way. `make` is what the trial provider issues with; the
product itself shows only what the provider issued, after `check`.
"""

import binascii
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass

from gerai.core.errors import DomainError

NATIONAL = "ID.CO.QRIS.WWW"
RUPIAH = "360"
DYNAMIC = "12"  # one payload for one payment
LONGEST = 512
NAME, CITY = 25, 15  # how many characters the standard leaves to them
TIPS = ("55", "56", "57")  # what lets the payer pay another sum
# What has no accents to take off.
PLAIN = str.maketrans("øØđĐłŁ’‘–—", "oOdDlL''--", "") | {ord("ß"): "ss", ord("æ"): "ae", ord("Æ"): "AE"}


class QrisUnreadable(DomainError):
    """Not a whole, well-formed payload."""

    code = "qris_unreadable"
    text = "Kode QRIS dari bank rusak, jadi tidak ditampilkan. Pakai cara bayar yang lain."
    status = 409


class QrisWrong(DomainError):
    """Well-formed, but not what is to be paid: another sum, another payee, or a sum that the payer may change."""

    code = "qris_wrong"
    text = "Kode QRIS dari bank tidak cocok dengan tagihan ini, jadi tidak ditampilkan. Pakai cara bayar yang lain."
    status = 409


class QrisNotMade(DomainError):
    """The merchant's data does not fit into the standard."""

    code = "qris_not_made"
    text = "Kode QRIS tidak dapat dibuat. Periksa NMID, nama, kota, jenis usaha dan kode pos penerima."


@dataclass(frozen=True, slots=True)
class Merchant:
    """Who is paid, as registered with the acquirer (`guid`, `pan`) and the national repository (`nmid`)."""

    guid: str
    pan: str
    nmid: str
    name: str
    city: str
    category: str
    postal: str
    criteria: str = "UBE"


@dataclass(frozen=True, slots=True)
class Fields:
    """What a payload says; templates are opened into their own mappings."""

    plain: Mapping[str, str]
    inner: Mapping[str, Mapping[str, str]]

    @property
    def amount(self) -> int | None:
        """The sum in whole rupiah, if the payload fixes one."""
        return rupiah(self.plain["54"]) if "54" in self.plain else None

    @property
    def nmid(self) -> str:
        """The payee's number in the national repository."""
        return self.inner.get("51", {}).get("02", "")


def crc(text: str) -> str:
    """CRC-16/CCITT-FALSE of the text's bytes, four hexadecimal digits."""
    return f"{binascii.crc_hqx(text.encode(), 0xFFFF):04X}"


def rupiah(text: str) -> int:
    """
    An amount that is exact in whole rupiah: 30000 or 30000.00.

    :raises QrisUnreadable: if it is anything else
    """
    whole, point, part = text.partition(".")
    if not (_digits(whole) and len(text) <= 13) or (point and part not in ("0", "00")):
        raise QrisUnreadable
    return int(whole)


def _digits(text: str) -> bool:
    return text.isascii() and text.isdigit()


def plain(text: str, most: int) -> str:
    """A name in the characters that every payer's app can show, cut to its place."""
    bare = unicodedata.normalize("NFKD", text.translate(PLAIN))
    kept = "".join(c if " " <= c <= "~" else "" if unicodedata.combining(c) else " " for c in bare)
    return " ".join(kept.split())[:most].strip()


def _object(name: str, value: str) -> str:
    if not 0 < len(value) < 100:
        raise QrisNotMade
    return f"{name}{len(value):02d}{value}"


def make(*, merchant: Merchant, amount: int, bill: str, reference: str = "") -> str:
    """
    The payload of one payment of exactly this sum.

    :raises QrisNotMade: if the merchant's data or the sum does not fit
    """
    name, city = plain(merchant.name, NAME), plain(merchant.city, CITY)
    sound = (
        len(merchant.nmid) == 15 and merchant.nmid.startswith("ID") and _digits(merchant.nmid[2:])
        and _digits(merchant.pan) and 13 <= len(merchant.pan) <= 19
        and _digits(merchant.category) and len(merchant.category) == 4
        and _digits(merchant.postal) and len(merchant.postal) == 5
        and len(merchant.criteria) == 3 and len(merchant.guid) <= 32
        and name and city and 0 < amount < 10**13 and len(bill) <= 25 and len(reference) <= 25
    )  # fmt: skip
    if not sound:
        raise QrisNotMade
    account = _object("00", merchant.guid) + _object("01", merchant.pan) + _object("03", merchant.criteria)
    national = _object("00", NATIONAL) + _object("02", merchant.nmid) + _object("03", merchant.criteria)
    further = _object("01", bill) + (_object("05", reference) if reference else "")
    values = (
        ("00", "01"), ("01", DYNAMIC), ("26", account), ("51", national), ("52", merchant.category), ("53", RUPIAH),
        ("54", str(amount)), ("58", "ID"), ("59", name), ("60", city), ("61", merchant.postal), ("62", further),
    )  # fmt: skip
    body = "".join(_object(tag, value) for tag, value in values) + "6304"
    return body + crc(body)


def _objects(text: str) -> dict[str, str]:
    """The objects of a payload or template, in their order."""
    found: dict[str, str] = {}
    at = 0
    while at < len(text):
        name, length = text[at : at + 2], text[at + 2 : at + 4]
        if not (_digits(name) and _digits(length) and len(name) == len(length) == 2) or name in found:
            raise QrisUnreadable
        at += 4 + int(length)
        found[name] = text[at - int(length) : at]
        if length == "00" or at > len(text):
            raise QrisUnreadable
    return found


def _is_template(name: str) -> bool:
    return "26" <= name <= "51" or name in ("62", "64") or name >= "80"


def read(payload: str) -> Fields:
    """
    Every object of a payload, its sum checked.

    :raises QrisUnreadable: if it is cut, changed, doubled in a part, or lacks what the standard demands
    """
    if not payload.startswith("000201") or len(payload) > LONGEST or payload[-8:-4] != "6304":
        raise QrisUnreadable
    if any(not c.isprintable() for c in payload) or crc(payload[:-4]) != payload[-4:]:
        raise QrisUnreadable
    found = _objects(payload)
    payee = any("02" <= name <= "51" for name in found)
    if list(found)[-1] != "63" or not payee or not {"52", "53", "58", "59", "60"} <= found.keys():
        raise QrisUnreadable
    if len(found["59"]) > NAME or len(found["60"]) > CITY or found.get("01", "11") not in ("11", DYNAMIC):
        raise QrisUnreadable
    inner = {name: _objects(value) for name, value in found.items() if _is_template(name)}
    return Fields(plain={k: v for k, v in found.items() if k not in inner}, inner=inner)


def check(payload: str, *, amount: int, nmid: str = "") -> Fields:
    """
    Let a payload be shown for this sum; `nmid` is the payee's number where the mall has told it.

    :raises QrisUnreadable: if it is not a whole payload
    :raises QrisWrong: if somebody who pays it would pay another sum, or another payee
    """
    fields = read(payload)
    said = fields.plain
    right = (
        said.get("01") == DYNAMIC
        and (said["53"], said["58"]) == (RUPIAH, "ID")
        and fields.amount == amount
        and not any(tip in said for tip in TIPS)
        and fields.inner.get("51", {}).get("00") == NATIONAL
        and (not nmid or fields.nmid == nmid)
    )
    if not right:
        raise QrisWrong
    return fields
