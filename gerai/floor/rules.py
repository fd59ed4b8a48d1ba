"""Refusals at the counter, its short lists, what a note may hold. Pure. The hall has `hall.py`."""

import re
from collections.abc import Iterable
from datetime import timedelta
from enum import StrEnum

from gerai.core.errors import DomainError

UNDO_WITHIN = timedelta(minutes=2)
IDLE = timedelta(minutes=10)  # ruling "Privacy": an unattended counter hides its visitor
NOTE_LENGTH = 300

# One sentence, the same for all, on the officer's screen as on kiosk, ticket and board.
CALLING = (
    "Yang datang lebih dulu dipanggil lebih dulu; lansia, disabilitas, hamil, anak kecil dan janji temu "
    "mendapat 15 menit, dan tidak ada yang didahului orang yang datang lebih dari 15 menit kemudian."
)
PAUSES = {
    "prayer": "Salat",
    "meal": "Makan",
    "toilet": "Ke toilet",
    "meeting": "Rapat",
    "other": "Keperluan lain",
}
# Why somebody is called before their turn. The ledger keeps the code; manager and inspectorate see it.
SIMULATED = "@simulasi.example"  # the mailboxes of people whom a simulation plays

OUT_OF_ORDER = {
    "returned": "Sudah dipanggil tadi, baru kembali",
    "frail": "Tidak kuat menunggu",
    "together": "Datang bersama orang yang baru dilayani",
    "mistake": "Memperbaiki kesalahan petugas atau sistem",
    "ordered": "Diminta pengelola mal",
}


class Outcome(StrEnum):
    """How an errand ended at a counter."""

    DONE = "done"
    INCOMPLETE = "incomplete"  # must come back, with what the note says
    REFERRED = "referred"  # belongs elsewhere, outside this mall
    TRANSFERRED = "transferred"  # goes on at another service or agency of the mall


GIVEN = frozenset({Outcome.DONE, Outcome.INCOMPLETE, Outcome.REFERRED})  # by the officer who ends an errand
# The steps that can be taken back, and how they are called.
STEPS = {
    "floor.called": "memanggil",
    "floor.called_out_of_order": "memanggil nomor pilihan",
    "floor.started": "mulai",
    "floor.finished": "selesai",
    "floor.absent": "tidak hadir",
    "floor.held": "tahan",
    "floor.unheld": "lanjut dari tahan",
    "floor.transferred": "alihkan",
}
# After one of these the officer's last press is none that can be taken back.
ENDS_A_STEP = ("floor.recalled", "floor.proof_missing", "floor.came_back")


class CounterTaken(DomainError):
    """Another officer works there."""

    code = "counter_in_use"
    text = "Loket ini sedang dipakai petugas lain. Pilih loket lain."
    status = 409


class ServicesWrong(DomainError):
    """A counter serves services of its own agencies only."""

    code = "counter_services_wrong"
    text = "Ada layanan yang bukan milik instansi di loket ini. Pilih dari daftar di layar."


class NotOnDuty(DomainError):
    """The officer has not signed on to a counter."""

    code = "not_on_duty"
    text = "Pilih loket dulu sebelum memanggil."
    status = 409


class Paused(DomainError):
    """A counter that pauses calls nobody."""

    code = "counter_paused"
    text = "Loket Anda sedang jeda. Tekan Lanjut dulu, lalu panggil."
    status = 409


class PauseReasonMissing(DomainError):
    """A pause has a reason."""

    code = "pause_reason_missing"
    text = "Pilih alasan jeda: salat, makan, ke toilet, rapat, atau keperluan lain."


class FinishFirst(DomainError):
    """Somebody is still at this counter."""

    code = "finish_first"
    text = "Masih ada orang di loket ini. Selesaikan dulu, atau tandai tidak hadir."
    status = 409


class HeldHere(DomainError):
    """Somebody is parked at this counter."""

    code = "held_here"
    text = "Masih ada orang yang ditahan di loket ini. Lanjutkan dan selesaikan, atau serahkan loket."
    status = 409


class NotHere(DomainError):
    """This errand is not at this counter, or no longer."""

    code = "errand_not_here"
    text = "Nomor ini tidak sedang di loket Anda. Muat ulang layar."
    status = 409


class ColleagueBusy(DomainError):
    """Only a colleague who may work at this counter, and works at none, can take it over."""

    code = "colleague_not_free"
    text = "Rekan itu tidak dapat mengambil loket ini, atau sudah di loket lain. Pilih rekan dari daftar."
    status = 409


class NumberMalformed(DomainError):
    """A number is a letter and digits."""

    code = "number_malformed"
    text = "Tulis nomornya seperti A 142."


class NumberNotWaiting(DomainError):
    """It does not wait for what this counter serves, or somebody else was faster."""

    code = "number_not_waiting"
    text = "Nomor itu tidak sedang menunggu layanan loket ini. Periksa nomornya, atau tanya meja informasi."
    status = 409


class NumberNotAbsent(DomainError):
    """Nobody called it in vain for this counter today."""

    code = "number_not_absent"
    text = "Nomor itu tidak terlewat di loket ini hari ini. Periksa tiketnya, atau tanya meja informasi."
    status = 409


class NoPriority(DomainError):
    """Nothing was to be proven."""

    code = "no_priority"
    text = "Nomor ini tidak didahulukan, jadi tidak perlu bukti. Lanjutkan seperti biasa."
    status = 409


class OrderReasonMissing(DomainError):
    """Nobody is called before their turn without a reason."""

    code = "order_reason_missing"
    text = "Pilih alasan memanggil nomor di luar urutan. Alasan itu tercatat dan dapat dilihat pengawas."


class OutcomeUnknown(DomainError):
    """Not an outcome a counter can give."""

    code = "outcome_unknown"
    text = "Pilih hasilnya: selesai, belum lengkap, atau dirujuk."


class NoteMissing(DomainError):
    """Who must come back, go elsewhere or to another counter is told why."""

    code = "counter_note_missing"
    text = "Tulis catatan singkat: apa yang harus dibawa, ke mana, atau apa yang dibutuhkan loket berikutnya."


class NoteTooLong(DomainError):
    """A note is a sentence or two."""

    code = "note_too_long"
    text = "Catatan paling panjang 300 huruf. Singkatkan."


class NotePersonal(DomainError):
    """A note travels to other counters, so it names nobody."""

    code = "note_personal"
    text = "Jangan tulis nama, NIK, nomor telepon atau surel di catatan. Tulis keperluannya saja."


class TransferSame(DomainError):
    """A transfer goes somewhere else."""

    code = "transfer_same"
    text = "Itu layanan yang sama. Pilih layanan atau instansi lain."


class ReturnOver(DomainError):
    """The right to come back ends with the day."""

    code = "return_over"
    text = "Nomor itu bukan dari hari ini. Orang ini perlu mengambil nomor baru."
    status = 409


class CalledElsewhere(DomainError):
    """Another errand of the same visit is at a counter now."""

    code = "called_elsewhere"
    text = "Orang ini sedang dipanggil atau dilayani di loket lain. Panggil lagi setelah selesai di sana."
    status = 409


class NothingToUndo(DomainError):
    """Too late, or something has happened since."""

    code = "nothing_to_undo"
    text = "Langkah itu tidak dapat diurungkan lagi: lewat dua menit, atau sudah ada kejadian sesudahnya."
    status = 409


class HandedOver(DomainError):
    """A permit that changed hands stays with its holder."""

    code = "undo_after_hand_over"
    text = "Izin sudah tercatat diserahkan, jadi langkah ini tidak dapat diurungkan."
    status = 409


class KeyMalformed(DomainError):
    """A key tells one press from another."""

    code = "key_malformed"
    text = "Kunci tindakan harus 8 sampai 64 huruf atau angka. Muat ulang layar."


class ScreenLocked(DomainError):
    """Nobody touched the counter for ten minutes."""

    code = "screen_locked"
    text = "Layar terkunci karena lama tidak dipakai. Tulis kata sandi Anda untuk melanjutkan."
    status = 423


def check_note(note: str, *, needed: bool, names: Iterable[str] = ()) -> str:
    """
    The note as it is kept: short, and naming nobody.

    :raises NoteMissing, NoteTooLong, NotePersonal: with a sentence that says what to do
    """
    note = " ".join(note.split())
    if needed and len(note) < 3:
        raise NoteMissing
    if len(note) > NOTE_LENGTH:
        raise NoteTooLong
    digits = re.search(r"\d(?:[\s.\-]?\d){8,}", note)  # a NIK, a phone number; not a date or a counter
    words = {word.casefold() for word in re.findall(r"\w{4,}", note)}
    named = {part.casefold() for name in names for part in re.findall(r"\w{4,}", name)}
    if digits or re.search(r"\S@\S", note) or words & named:
        raise NotePersonal
    return note


def parse_number(text: str) -> tuple[str, int]:
    """
    Entrance and number of "A 142", "a142", "A-142".

    :raises NumberMalformed: if it is nothing like it
    """
    found = re.fullmatch(r"\s*([A-Za-z]{1,2})[\s.\-]*0*(\d{1,5})\s*", text)
    if not found:
        raise NumberMalformed
    return found[1].upper(), int(found[2])
