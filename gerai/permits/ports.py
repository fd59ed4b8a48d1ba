"""What permits ask of whoever signs: the mall's software key, a token, or the national e-signature service."""

from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Protocol

from openvc import SigningKey

from gerai.core.errors import DomainError


@dataclass(frozen=True, slots=True)
class Checked:
    """What a signature check of a PDF found."""

    signed: bool  # it carries a signature at all
    intact: bool  # not one byte of what was signed has changed, and nothing was added later
    ours: bool  # signed with a certificate that this installation's signer trusts
    signer: str = ""
    signed_at: datetime | None = None  # by the time stamp
    detail: str = ""  # for the log


@dataclass(frozen=True, slots=True)
class Official:
    """Who signs in person. The passphrase is in memory for one batch only, and shown nowhere."""

    name: str
    nik: str = field(repr=False)
    passphrase: str = field(repr=False)


class Signer(Protocol):
    """Signs and checks PDFs. Chosen by the settings SIGNER (an official's decision) and SEAL (the institution's)."""

    certified: bool  # by a certificate of a recognised provider
    asks_passphrase: bool  # only the official who decided can sign, with a passphrase: no job can

    def ready(self, official: Official) -> None:
        """
        Whether this official could sign now: asked before a decision, to warn. The passphrase is not looked at.

        :raises SignerFailed: with what is not in order
        """
        ...

    def sign(self, pdf: bytes, *, reason: str, place: str, official: Official | None = None) -> bytes:
        """
        The PDF with a signature. The time stamp says the real time, so none is passed in.

        :raises SignerFailed: with what went wrong
        """
        ...

    def check(self, pdf: bytes, *, kept_at: datetime | None = None) -> Checked:
        """
        What the signature in a PDF is worth. Never raises for a bad file.

        `kept_at`: when we kept this very file, if we did: a certificate that ended later does not matter then.
        """
        ...


class CredentialKeys(Protocol):
    """The keys that verifiable credentials are signed with. Chosen by the setting CREDENTIAL_KEYS."""

    certified: bool

    def signing(self) -> SigningKey:
        """The key that signs today."""
        ...

    def public(self) -> list[dict[str, Any]]:
        """Every key that may have signed, as JWK with `kid`: also the former ones, unless they were withdrawn."""
        ...


class SignerFailed(DomainError):
    """Signing did not work. `of_all`: the same would befall every other permit of the batch, so none is tried."""

    code = "signer_failed"
    text = "Belum berhasil ditandatangani. Coba lagi; bila berulang, beri tahu pengelola sistem."
    status = 503
    of_all = False


class SignerDown(SignerFailed):
    """The service does not answer, or not in its own words."""

    code = "signer_down"
    text = "Layanan tanda tangan sedang tidak menjawab. Coba lagi beberapa menit lagi."
    of_all = True


class SignerRefused(SignerFailed):
    """The service said no, for a reason that we do not know."""

    code = "signer_refused"
    text = "Layanan tanda tangan menolak tanpa alasan yang kami kenal. Beri tahu pengelola sistem."
    of_all = True


class PassphraseWrong(SignerFailed):
    """Too many of these and the service locks the official out: the batch stops at the first."""

    code = "passphrase_wrong"
    text = "Frasa sandi tanda tangan elektronik tidak cocok. Periksa, lalu tanda tangani lagi."
    of_all = True


class PassphraseMissing(SignerFailed):
    """Where officials sign in person the passphrase is half of it."""

    code = "passphrase_missing"
    text = "Tulis frasa sandi tanda tangan elektronik Anda."
    status = 422


class NotEnrolled(SignerFailed):
    """The official has no certificate at the service."""

    code = "signer_not_enrolled"
    text = (
        "NIK Anda belum terdaftar di layanan tanda tangan elektronik. Hubungi pengelola sertifikat kota Anda."
    )
    of_all = True


class CertificateNotActive(SignerFailed):
    """The official's certificate has expired, is revoked, or was never finished."""

    code = "signer_certificate_not_active"
    text = "Sertifikat elektronik Anda habis masa berlakunya atau tidak aktif. Perbarui, lalu tanda tangani lagi."
    of_all = True


class QuotaSpent(SignerFailed):
    """The city has used up its signatures."""

    code = "signer_quota_spent"
    text = "Kuota tanda tangan kota habis. Hubungi pengelola sertifikat, lalu tanda tangani lagi."
    of_all = True


class OfficeLeft(SignerFailed):
    """The official who decided no longer signs for the agency; the one who does decides it anew (`taking_over`)."""

    code = "signer_left_office"
    text = (
        "Pejabat yang memutuskannya tidak lagi memegang peran penanda tangan. "
        "Penanda tangan yang sekarang dapat mengambil alih di halaman tanda tangan."
    )


class WrongFileReturned(SignerFailed):
    """What came back is not the document that was sent with one whole signature."""

    code = "signer_wrong_file"
    text = "Berkas yang dikembalikan layanan bukan naskah ini dengan satu tanda tangan yang utuh. Berkas itu ditolak."


class WrongCertificate(SignerFailed):
    """Signed, but by another person or under another root."""

    code = "signer_wrong_certificate"
    text = "Berkas ditandatangani dengan sertifikat yang bukan milik Anda atau tidak dikenal. Berkas itu ditolak."
    of_all = True


class TokenGone(SignerFailed):
    """The token, or the key in it, is not there."""

    code = "token_gone"
    text = "Token tanda tangan tidak terpasang atau kuncinya tidak ada. Pasang token; sistem mencoba lagi sendiri."
    of_all = True


class TokenPinWrong(SignerFailed):
    """Not tried a second time: a few more and the token locks itself."""

    code = "token_pin_wrong"
    text = "PIN token salah. Tidak dicoba lagi agar token tidak terkunci: perbaiki GERAI_TOKEN_PIN, lalu mulai ulang."
    of_all = True


class TokenPinLocked(SignerFailed):
    """Too many wrong PINs."""

    code = "token_pin_locked"
    text = "PIN token terkunci. Buka dengan PUK lewat penerbit token; izin menunggu sampai itu selesai."
    of_all = True


_KINDS: list[type[SignerFailed]] = [SignerFailed, *SignerFailed.__subclasses__()]
FAILURES = {one.code: one for one in _KINDS}


def what_went_wrong(code: str) -> str:
    """The sentence of a failure that was kept by its code."""
    return FAILURES.get(code, SignerFailed).text
