"""Mends one flaw of asn1crypto 1.5.1 that made one signature in ten take 10 to 100 seconds instead of 0.06.

It takes any header that ends in 0x80 for one of indefinite length and encodes everything below anew, at every
level again. A definite length of 128, 384, 1920 ... ends in 0x80 as well. Found when a signature's attributes came
to 1920 bytes; a file sent to the check page could do it on purpose.
"""

from asn1crypto.core import Asn1Value


class Header(bytes):
    """The bytes before a value. Only an indefinite length (one tag byte, then 0x80) shows its 0x80 at the end."""

    def __getitem__(self, key):  # type: ignore[no-untyped-def]
        """A byte or a slice; asn1crypto asks for `[-1:]` to tell an indefinite length."""
        found = super().__getitem__(key)
        if found == b"\x80" and key == slice(-1, None) and len(self) > 2:
            return b""
        return found


def _get(value: Asn1Value) -> bytes | None:
    header: bytes | None = value.__dict__.get("_header")
    return header


def _set(value: Asn1Value, header: bytes | None) -> None:
    value.__dict__["_header"] = Header(header) if header is not None else None


def mend() -> None:
    """Make asn1crypto keep headers in the careful form. Harmless when repeated."""
    Asn1Value._header = property(_get, _set)
