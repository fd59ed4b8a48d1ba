"""Refusals at the counter, numbers as people say them. Pure."""

from gerai.core.errors import DomainError


class CounterTaken(DomainError):
    """Another officer works there."""

    code = "counter_in_use"
    text = "Loket ini sedang dipakai petugas lain. Pilih loket lain."
    status = 409


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


class FinishFirst(DomainError):
    """Somebody is still at this counter."""

    code = "finish_first"
    text = "Masih ada orang di loket ini. Selesaikan dulu, atau tandai tidak hadir."
    status = 409


class NotHere(DomainError):
    """This errand is not at this counter, or no longer."""

    code = "errand_not_here"
    text = "Nomor ini tidak sedang di loket Anda. Muat ulang layar."
    status = 409


def spoken(entrance: str, number: int, counter: int) -> str:
    """The call as it is said: "Nomor A, seratus empat puluh dua, silakan ke loket tujuh"."""
    from num2words import num2words

    letters = " ".join(entrance)
    return (
        f"Nomor {letters}, {num2words(number, lang='id')}, silakan ke loket {num2words(counter, lang='id')}."
    )
