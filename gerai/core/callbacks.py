"""Call-backs of outside systems: signed with a secret that both know, fresh, readable. Knows no settings."""

import hashlib
import hmac
import json
import secrets
from datetime import datetime
from pathlib import Path
from typing import Any

from gerai.core import private
from gerai.core.errors import DomainError

WINDOW_SECONDS = 300


class SignatureWrong(DomainError):
    """The call-back is not signed with our shared secret, or is too old."""

    code = "callback_signature_wrong"
    text = "Panggilan ini tidak bertanda tangan sah."
    status = 403


class CallbackMalformed(DomainError):
    """Signed, but not the agreed shape."""

    code = "callback_malformed"
    text = "Isi panggilan tidak dapat dibaca."
    status = 400


def shared_secret(path: Path) -> bytes:
    """The secret shared with an outside system, kept in this file, made at first use by whoever comes first."""
    made = private.made_once(path, lambda: json.dumps({"secret": secrets.token_hex(32)}).encode())
    return bytes.fromhex(json.loads(made)["secret"])


def signature(secret: bytes, stamp: str, body: bytes) -> str:
    """HMAC-SHA256 over "stamp.body", as hex."""
    return hmac.new(secret, stamp.encode() + b"." + body, hashlib.sha256).hexdigest()


def check_signature(*, secret: bytes, header: str, body: bytes, now: float) -> None:
    """
    Accept a header "t=<unix seconds>,v1=<hex>".

    :raises SignatureWrong: if it is malformed, stale or does not match
    """
    parts = dict(pair.split("=", 1) for pair in header.split(",") if "=" in pair)
    stamp = parts.get("t", "")
    if (
        not (stamp.isascii() and stamp.isdigit() and len(stamp) < 12)
        or abs(now - int(stamp)) > WINDOW_SECONDS
    ):
        raise SignatureWrong
    if not hmac.compare_digest(signature(secret, stamp, body).encode(), parts.get("v1", "").encode()):
        raise SignatureWrong


def read(*, secret: bytes, header: str, body: bytes, now: datetime) -> Any:
    """
    What a call-back says.

    :raises SignatureWrong: if it is not signed by who knows the secret
    :raises CallbackMalformed: if it is no JSON
    """
    check_signature(secret=secret, header=header, body=body, now=now.timestamp())
    try:
        return json.loads(body)
    except ValueError as error:
        raise CallbackMalformed from error
