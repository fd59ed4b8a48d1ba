"""NIK, phone numbers and codes. Pure."""

import re
from datetime import date, timedelta

from gerai.core.errors import DomainError

CODE_MINUTES = 10
CODE_TRIES = 5
CODES_PER_HOUR = 5


class NikMalformed(DomainError):
    """Not the form of a NIK (16 digits: place, birth date, serial)."""

    code = "nik_malformed"
    text = "NIK terdiri dari 16 angka. Periksa kembali angka pada KTP Anda."


class PhoneMalformed(DomainError):
    """Not an Indonesian mobile number."""

    code = "phone_malformed"
    text = "Tulis nomor ponsel seperti 0812 3456 7890."


class ContactMissing(DomainError):
    """An e-mail address or a phone number is needed to send a code to."""

    code = "contact_missing"
    text = "Tulis alamat surel atau nomor ponsel. Kami mengirim kode ke sana."


class CodeWrong(DomainError):
    """The code does not fit."""

    code = "code_wrong"
    text = "Kode tidak cocok. Periksa kembali angkanya."


class CodeSpent(DomainError):
    """Too late, or tried too often."""

    code = "code_spent"
    text = "Kode sudah tidak berlaku. Minta kode baru."


class TooManyCodes(DomainError):
    """Asked for too many codes."""

    code = "too_many_codes"
    text = "Terlalu banyak kode diminta. Coba lagi satu jam lagi, atau datang ke meja informasi."
    status = 429


class SignInWrong(DomainError):
    """Unknown contact or wrong password: the two look the same on purpose."""

    code = "sign_in_wrong"
    text = "Surel, nomor ponsel atau kata sandi tidak cocok."


class AlreadyProven(DomainError):
    """Another account has this NIK proven."""

    code = "nik_already_proven"
    text = "NIK ini sudah dibuktikan pada akun lain. Gunakan akun itu, atau hubungi meja informasi."
    status = 409


def check_nik(text: str, today: date) -> str:
    """
    The 16 digits of a NIK: district, birth day (women: plus 40), month, year, serial (PP 40/2019).

    A NIK never changes even when its birth date is wrong, so only its form is checked. There is no check digit.

    :raises NikMalformed: if the form is impossible
    """
    nik = re.sub(r"[\s.\-]", "", text)
    if not re.fullmatch(r"\d{16}", nik) or nik[12:] == "0000" or nik[:2] < "11":
        raise NikMalformed
    day, month, year = int(nik[6:8]), int(nik[8:10]), int(nik[10:12])
    day = day - 40 if day > 40 else day
    for century in (1900, 2000):
        try:
            born = date(century + year, month, day)
        except ValueError:
            continue
        if today - timedelta(days=365 * 111) < born <= today:
            return nik
    raise NikMalformed


def mask_nik(nik: str) -> str:
    """What screens show: the district and the serial."""
    return f"{nik[:4]}••••••••{nik[12:]}"


def check_phone(text: str) -> str:
    """
    The number in international form, +62...

    :raises PhoneMalformed: if it is not an Indonesian mobile number
    """
    digits = re.sub(r"[\s().\-]", "", text)
    digits = re.sub(r"^(\+62|62|0)", "", digits)
    if not re.fullmatch(r"8\d{7,11}", digits):
        raise PhoneMalformed
    return "+62" + digits
