"""The keys of verifiable credentials, ES256, made at first use under `GERAI_DATA`/keys/credential. Trial keys."""

import fcntl
from functools import lru_cache
from pathlib import Path
from typing import Any

from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import ec
from django.conf import settings
from openvc import P256SigningKey
from openvc.keys import jwk_thumbprint

from gerai.core import clock, private


def folder() -> Path:
    """Where the keys lie."""
    return Path(settings.DATA) / "keys" / "credential"


@lru_cache(maxsize=16)
def _load(path: Path, changed: int) -> P256SigningKey:
    """A key, named by the thumbprint of its public part (RFC 7638)."""
    pem = path.read_bytes()
    name = jwk_thumbprint(P256SigningKey.from_pem(pem, "").public_jwk())
    return P256SigningKey.from_pem(pem, name)


def _files(keys: Path) -> list[Path]:
    return sorted(keys.glob("*.key"))


def _make(keys: Path) -> None:
    """The first key. Web and worker may come at once: a file lock lets one in."""
    keys.mkdir(parents=True, exist_ok=True, mode=0o700)
    with (keys / "lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not _files(keys):
            made = ec.generate_private_key(ec.SECP256R1()).private_bytes(
                serialization.Encoding.PEM,
                serialization.PrivateFormat.PKCS8,
                serialization.NoEncryption(),
            )
            private.write(keys / f"{clock.now():%Y-%m-%d}.key", made)


class SoftwareCredentialKeys:
    """
    The keys behind `permits.ports.CredentialKeys` until a certified service is configured.

    The last file by name signs, the others are still published: a key is renewed by adding a file of today's
    name, and withdrawn by taking its file away.
    """

    certified = False

    def __init__(self) -> None:
        keys = folder()
        if not _files(keys):
            _make(keys)
        self.keys = [_load(path, path.stat().st_mtime_ns) for path in _files(keys)]

    def signing(self) -> P256SigningKey:
        """The key that signs today."""
        return self.keys[-1]

    def public(self) -> list[dict[str, Any]]:
        """The public keys as JWK."""
        return [{**key.public_jwk(), "kid": key.kid, "use": "sig", "alg": key.alg} for key in self.keys]
