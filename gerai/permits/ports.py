"""What permits ask of whoever signs: the mall's software key, a token, or the national e-signature service."""

from dataclasses import dataclass
from datetime import datetime
from typing import Protocol


@dataclass(frozen=True, slots=True)
class Checked:
    """What a signature check of a PDF found."""

    signed: bool  # it carries a signature at all
    intact: bool  # not one byte of what was signed has changed, and nothing was added later
    ours: bool  # signed with a certificate that this installation's signer trusts
    signer: str = ""
    signed_at: datetime | None = None  # by the time stamp
    detail: str = ""  # for the log


class Signer(Protocol):
    """Signs and checks PDFs. Chosen by the setting SIGNER."""

    certified: bool

    def sign(self, pdf: bytes, *, reason: str, place: str) -> bytes:
        """The PDF with a signature and a time stamp. The stamp says the real time, so none is passed in."""
        ...

    def check(self, pdf: bytes) -> Checked:
        """What the signature in a PDF is worth. Never raises for a bad file."""
        ...
