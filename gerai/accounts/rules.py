"""NIK, phone numbers and codes. Pure."""

import re
from datetime import date, timedelta

from gerai.core.errors import DomainError

CODE_MINUTES = 10
CODE_TRIES = 5
CODES_PER_HOUR = 5
SECOND_FACTOR_SHOWN = "second_factor"  # in a session: it was begun with a code besides the password
DOUBLE_CLICK = timedelta(seconds=10)
CODES_PER_ADDRESS = 60  # an hour; a whole mall may sit behind one address

# Wrong passwords in a quarter of an hour before we ask for patience.
TRY_MINUTES = 15
TRIES_CONTACT_FROM_ADDRESS = 10
TRIES_CONTACT = 50
TRIES_ADDRESS = 200


class NikMalformed(DomainError):
    """Not the form of a NIK (16 digits: place, birth date, serial)."""

    code = "nik_malformed"
    text = "NIK terdiri dari 16 angka. Periksa kembali angka pada KTP Anda."


class NibMalformed(DomainError):
    """Not the form of a NIB (13 digits)."""

    code = "nib_malformed"
    text = "NIB terdiri dari 13 angka. Periksa kembali angka pada dokumen NIB Anda."


class PhoneMalformed(DomainError):
    """Not an Indonesian mobile number."""

    code = "phone_malformed"
    text = "Tulis nomor ponsel seperti 0812 3456 7890."


class ContactMissing(DomainError):
    """An e-mail address or a phone number is needed to send a code to."""

    code = "contact_missing"
    text = "Tulis alamat surel atau nomor ponsel. Kami mengirim kode ke sana."


class ContactMalformed(DomainError):
    """Not an e-mail address."""

    code = "contact_malformed"
    text = "Alamat surel ini belum benar. Contoh: nama@contoh.id"


class CodeWrong(DomainError):
    """The code does not fit."""

    code = "code_wrong"
    text = "Kode tidak cocok. Periksa kembali angkanya."


class CodeSeen(CodeWrong):
    """A code of the app, or a recovery code, is good once."""

    code = "code_seen"
    text = "Kode ini sudah dipakai. Tunggu sampai aplikasi menampilkan kode berikutnya."


class AuthenticatorThere(DomainError):
    """One app a person."""

    code = "authenticator_there"
    text = "Aplikasi autentikator sudah terpasang. Cabut dulu yang lama untuk memasang yang baru."
    status = 409


class CodeSpent(DomainError):
    """Too late, or tried too often."""

    code = "code_spent"
    text = "Kode sudah tidak berlaku. Minta kode baru."


class TooManyCodes(DomainError):
    """Asked for too many codes."""

    code = "too_many_codes"
    text = "Terlalu banyak kode diminta. Coba lagi satu jam lagi, atau datang ke meja informasi."
    status = 429


class TooManyTries(DomainError):
    """Too many passwords tried."""

    code = "too_many_tries"
    text = "Terlalu banyak percobaan. Coba lagi 15 menit lagi, atau buat kata sandi baru."
    status = 429


class AlreadyRegistered(DomainError):
    """Told only to somebody who has shown, by the code, that the contact is theirs."""

    code = "already_registered"
    text = "Alamat ini sudah punya akun. Masuk dengan kata sandinya, atau buat kata sandi baru bila lupa."
    status = 409


class NotRegistered(DomainError):
    """Told only to somebody who has shown, by the code, that the contact is theirs."""

    code = "not_registered"
    text = "Alamat ini belum punya akun yang aktif. Buat akun dulu, atau datang ke meja informasi."


class PasswordWeak(DomainError):
    """Too short or too common."""

    code = "password_weak"
    text = "Kata sandi paling sedikit 10 huruf atau angka, dan jangan yang mudah ditebak."


class PasswordWrong(DomainError):
    """The present password does not fit."""

    code = "password_wrong"
    text = "Kata sandi Anda yang sekarang tidak cocok."


class LanguageUnknown(DomainError):
    """Only Indonesian and English are there."""

    code = "language_unknown"
    text = "Pilih Bahasa Indonesia atau English."


class NikMissing(DomainError):
    """The account holds no NIK."""

    code = "nik_missing"
    text = "Akun ini tidak menyimpan NIK."


class SignInWrong(DomainError):
    """Unknown contact or wrong password: the two look the same on purpose."""

    code = "sign_in_wrong"
    text = "Surel, nomor ponsel atau kata sandi tidak cocok."


class AlreadyProven(DomainError):
    """Another account has this NIK proven."""

    code = "nik_already_proven"
    text = "NIK ini sudah dibuktikan pada akun lain. Gunakan akun itu, atau hubungi meja informasi."
    status = 409


class NotPresent(DomainError):
    """No account fits what somebody at the desk has shown and said."""

    code = "person_not_found_at_desk"
    text = (
        "Belum ada akun yang cocok. Tulis juga surel atau nomor ponsel akunnya; "
        "NIK saja cukup hanya bila KTP-el sudah pernah dilihat petugas."
    )


def check_nik(text: str, today: date) -> str:
    """
    The 16 digits of a NIK: district, birth day (women: plus 40), month, year, serial (PP 40/2019).

    A NIK never changes even when its birth date is wrong, so only its form is checked. No check digit.

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


def check_nib(text: str) -> str:
    """
    The 13 digits of a business number.

    :raises NibMalformed: if it cannot be one
    """
    nib = re.sub(r"[\s.\-]", "", text)
    if not re.fullmatch(r"[0-9]{13}", nib):
        raise NibMalformed
    return nib


def doubts_about(nik: str, *, born: date | None = None, female: bool | None = None) -> list[str]:
    """What an officer should look at: "birth_date", "sex". Never a reason to refuse (PP 40/2019)."""
    day = int(nik[6:8])
    found = []
    if born and (day - 40 if day > 40 else day, int(nik[8:10]), int(nik[10:12])) != (
        born.day,
        born.month,
        born.year % 100,
    ):
        found.append("birth_date")
    if female is not None and female != (day > 40):
        found.append("sex")
    return found


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
