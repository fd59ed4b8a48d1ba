"""Rules of the hall: machines and their codes, calls as people say them, announcements. Pure."""

import ipaddress
from datetime import datetime, timedelta

from gerai.core.errors import DomainError

KINDS = frozenset({"kiosk", "board", "counter_api", "printer"})
BOXES = frozenset({"kiosk", "board"})  # what has a screen of its own and asks for a code by itself
NAMES = {"kiosk": "Kios", "board": "Layar", "counter_api": "Program loket", "printer": "Pencetak"}
TROUBLES = {
    "": "Baik",
    "paper_out": "Kertas habis. Ganti gulungan kertas.",
    "paper_low": "Kertas hampir habis. Siapkan gulungan baru.",
    "unreachable": "Pencetak tidak menjawab. Periksa listrik dan kabelnya.",
    "offline": "Bekerja tanpa server. Nomor digabungkan setelah sambungan pulih.",
}
# What a visitor reads at the kiosk after "print": the number stands, and how to keep it without paper.
PRINTED = {
    "": "Ambil kertas nomor Anda di bawah layar.",
    "paper_out": "Kertas habis. Pindai kode QR dengan ponsel, atau catat nomornya; nomor Anda sudah tersimpan.",
    "unreachable": (
        "Pencetak tidak menjawab. Pindai kode QR dengan ponsel, atau catat nomornya; nomor Anda sudah tersimpan."
    ),
    "no_printer": (
        "Kios ini tidak punya pencetak. Pindai kode QR dengan ponsel, atau catat nomornya;"
        " nomor Anda sudah tersimpan."
    ),
}

LETTERS = "ABCDEFGHJKMNPQRSTUVWXYZ23456789"  # without I, L, O, 0, 1: they are read wrongly
CODE_LENGTH = 6
CODE_LIFE = timedelta(minutes=10)
CLAIM_LIFE = timedelta(minutes=10)  # how long a box may fetch its token after the manager confirmed
CODES_OPEN, CODES_OPEN_AT_ONE_PLACE = 200, 8
WRONG_CODES = 10
SILENT = timedelta(minutes=2)  # a machine not seen for so long is told as silent
PRINTER_PORTS = range(9100, 9110)

FRESH = timedelta(minutes=5)  # an older call is not said any more
LONGEST_ANNOUNCEMENT = timedelta(days=31)
REPEATS = (0, 10, 30, 60)


class DeviceWrong(DomainError):
    """A kind of machine that there is not, or a counter program of nobody."""

    code = "device_wrong"
    text = "Perangkat harus kiosk, board, printer, atau counter_api dengan petugas loket."


class NotPaired(DomainError):
    """A screen of the hall that nobody has let in, or that was shut out."""

    code = "device_not_paired"
    text = "Perangkat ini belum dipasangkan. Buka alamatnya di layar dan ikuti petunjuknya."
    status = 401


class CodeWrong(DomainError):
    """No box shows this code now."""

    code = "pairing_code_wrong"
    text = "Kode tidak cocok. Lihat lagi kode di layar perangkat, lalu ketik ulang."


class CodeOver(DomainError):
    """A code is good for ten minutes and for one machine."""

    code = "pairing_code_over"
    text = "Kode ini sudah lewat atau sudah dipakai. Pakai kode baru yang tampil di layar perangkat."
    status = 410


class TooManyWrongCodes(DomainError):
    """Somebody guesses."""

    code = "too_many_wrong_codes"
    text = "Terlalu banyak kode salah. Tunggu sepuluh menit, lalu coba lagi."
    status = 429


class TooManyBoxes(DomainError):
    """Too many boxes ask for a code at once."""

    code = "too_many_pairings"
    text = "Terlalu banyak perangkat meminta kode. Tunggu sepuluh menit, lalu muat ulang halaman ini."
    status = 429


class PlaceWrong(DomainError):
    """A zone, an entrance or a printer that this mall does not have."""

    code = "device_place_wrong"
    text = "Zona, pintu atau pencetak itu tidak ada di mal ini. Pilih dari daftar."


class PrinterAddressWrong(DomainError):
    """Not the address of a printer in our own network."""

    code = "printer_address_wrong"
    text = "Alamat pencetak harus di jaringan mal sendiri, misalnya 192.168.1.50:9100."


class AnnouncementWrong(DomainError):
    """Without words, or with an end before its beginning."""

    code = "announcement_wrong"
    text = "Isi pengumuman dalam bahasa Indonesia, dan selesai setelah mulai, paling lama 31 hari."


def clean_code(text: str) -> str:
    """A typed code as it is kept: "k7m-29q" is K7M29Q."""
    return "".join(c for c in text.upper() if c.isalnum())[:12]


def shown_code(code: str) -> str:
    """A code in two groups, easy to read aloud."""
    return f"{code[:3]}-{code[3:]}"


def check_printer(address: str, *, here_too: bool) -> str:
    """
    The host and port of a printer in our own network: a manager cannot make the server knock elsewhere.

    :raises PrinterAddressWrong: for any other; this very machine only with `here_too` (the demo's printer)
    """
    host, _, port = address.strip().partition(":")
    try:
        ip, number = ipaddress.IPv4Address(host), int(port or "9100")
    except ValueError as error:
        raise PrinterAddressWrong from error
    if ip.is_loopback and here_too and number > 1023:
        return f"{ip}:{number}"
    if not ip.is_private or ip.is_loopback or ip.is_link_local or number not in PRINTER_PORTS:
        raise PrinterAddressWrong
    return f"{ip}:{number}"


def spoken(entrance: str, number: int, counter: int, language: str = "id") -> str:
    """The call as it is said: "Nomor A, seratus empat puluh dua, silakan ke loket tujuh"."""
    from num2words import num2words

    letters = " ".join(entrance)
    said, where = num2words(number, lang=language), num2words(counter, lang=language)
    if language == "en":
        return f"Number {letters}, {said}, please go to counter {where}."
    return f"Nomor {letters}, {said}, silakan ke loket {where}."


def hold_of(texts: list[str]) -> timedelta:
    """How long a board may hold the hall's voice for these: a slow reading of them, and some air."""
    return timedelta(seconds=8 + sum(map(len, texts)) / 8)


def turn_of(from_at: datetime, every_minutes: int, now: datetime) -> int:
    """Which repetition of an announcement is due now."""
    return int((now - from_at) / timedelta(minutes=every_minutes)) if every_minutes else 0


def ranges(numbers: list[int]) -> str:
    """Counters as people read them: 5, 6, 7, 9 are "5–7, 9"."""
    runs: list[list[int]] = []
    for number in numbers:
        if runs and number == runs[-1][-1] + 1:
            runs[-1].append(number)
        else:
            runs.append([number])
    return ", ".join(f"{run[0]}–{run[-1]}" if len(run) > 1 else str(run[0]) for run in runs)
