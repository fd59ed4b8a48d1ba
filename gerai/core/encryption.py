"""Encryption at rest and blind indexes. The keys live in a file outside the database and its backup.

AES-256-GCM (NIST SP 800-38D) with the row's place as associated data, so that a ciphertext moved to
another row or column does not open. Look-ups go by HMAC-SHA256 under a second key: a NIK has only
some 10^12 real values, so a plain hash would fall in minutes.
"""

import hashlib
import hmac
import json
import os
from functools import lru_cache
from pathlib import Path

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from gerai.core import private
from gerai.core.errors import DomainError

VERSION = b"\x01"
SHORTEST = 1 + 12 + 16  # version, nonce and tag around nothing


class CannotOpen(DomainError):
    """The stored bytes do not open with this installation's key, or were moved."""

    code = "cannot_open_sealed_data"
    text = "Data terlindungi ini tidak dapat dibuka. Hubungi pengelola sistem."
    status = 500


def make_keys(path: Path) -> None:
    """Write a new key file, readable by its owner only. An existing one is left as it is."""
    keys = {name: os.urandom(32).hex() for name in ("data", "index", "secret")}
    private.made_once(path, lambda: json.dumps(keys).encode())


@lru_cache(maxsize=8)
def _keys(path: str) -> dict[str, bytes]:
    return {name: bytes.fromhex(value) for name, value in json.loads(Path(path).read_text()).items()}


def key(name: str) -> bytes:
    """One key ("data", "index" or "secret") of this installation's key file (`GERAI_KEYS`)."""
    return _keys(os.environ["GERAI_KEYS"])[name]


def seal(plain: bytes, *, place: str) -> bytes:
    """Encrypt `plain` for `place`, for example "accounts.person.nik:<id>"."""
    nonce = os.urandom(12)
    return VERSION + nonce + AESGCM(key("data")).encrypt(nonce, plain, place.encode())


def unseal(sealed: bytes | memoryview, *, place: str) -> bytes:
    """
    Decrypt what `seal` made for the same place.

    :raises CannotOpen: if key, place or bytes differ
    """
    sealed = bytes(sealed)
    try:
        if sealed[:1] != VERSION or len(sealed) < SHORTEST:
            raise CannotOpen
        return AESGCM(key("data")).decrypt(sealed[1:13], sealed[13:], place.encode())
    except InvalidTag as error:
        raise CannotOpen from error


def blind_index(value: str, *, place: str) -> bytes:
    """A keyed fingerprint (32 bytes) for equality look-ups of a sealed value."""
    return hmac.new(key("index"), f"{place}\0{value}".encode(), hashlib.sha256).digest()
