"""What a browser and its push service do with a message, written from the RFCs and apart from the sender's libraries.

RFC 8291 and 8188 (aes128gcm, one record) to open it; RFC 8292 to see who sent it.
"""

import base64
import hashlib
import hmac
import json
import time
from typing import Any

from cryptography.exceptions import InvalidSignature, InvalidTag
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.asymmetric.utils import encode_dss_signature
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat


def text(data: bytes) -> str:
    """base64url without padding."""
    return base64.urlsafe_b64encode(data).rstrip(b"=").decode()


def raw(data: str) -> bytes:
    """The bytes of it."""
    return base64.urlsafe_b64decode(data + "=" * (-len(data) % 4))


def point(key: ec.EllipticCurvePublicKey) -> bytes:
    """A public key as 65 bytes."""
    return key.public_bytes(Encoding.X962, PublicFormat.UncompressedPoint)


def _hmac(key: bytes, data: bytes) -> bytes:
    return hmac.new(key, data, hashlib.sha256).digest()


def opened(body: bytes, *, key: ec.EllipticCurvePrivateKey, auth: bytes) -> bytes | None:
    """What a message says, or None if it is not for this browser or not well formed."""
    if len(body) < 86 + 17 or body[20] != 65:
        return None
    salt, size, theirs, record = body[:16], int.from_bytes(body[16:20], "big"), body[21:86], body[86:]
    if len(record) > size:
        return None
    try:
        shared = key.exchange(ec.ECDH(), ec.EllipticCurvePublicKey.from_encoded_point(key.curve, theirs))
        info = b"WebPush: info\0" + point(key.public_key()) + theirs
        secret = _hmac(_hmac(auth, shared), info + b"\1")
        extracted = _hmac(salt, secret)
        content_key = _hmac(extracted, b"Content-Encoding: aes128gcm\0\1")[:16]
        nonce = _hmac(extracted, b"Content-Encoding: nonce\0\1")[:12]
        plain = AESGCM(content_key).decrypt(nonce, record, None)
    except (ValueError, InvalidTag):
        return None
    bare = plain.rstrip(b"\0")
    return bare[:-1] if bare.endswith(b"\2") else None


def sender(authorization: str, *, origin: str) -> str | None:
    """The public key of who signed a call to this origin, or None if nobody did as they should."""
    scheme, _sep, rest = authorization.partition(" ")
    parts = dict(part.strip().split("=", 1) for part in rest.split(",") if "=" in part)
    try:
        head, claims, signature = parts["t"].split(".")
        told: dict[str, Any] = json.loads(raw(claims))
        signed = raw(signature)
        r, s = (int.from_bytes(half, "big") for half in (signed[:32], signed[32:]))
        key = ec.EllipticCurvePublicKey.from_encoded_point(ec.SECP256R1(), raw(parts["k"]))
        key.verify(encode_dss_signature(r, s), f"{head}.{claims}".encode(), ec.ECDSA(hashes.SHA256()))
        left = told["exp"] - time.time()
        good = json.loads(raw(head))["alg"] == "ES256" and told["aud"] == origin and 0 < left <= 86400
        good = good and str(told["sub"]).startswith(("mailto:", "https://"))
    except (KeyError, ValueError, TypeError, InvalidSignature):
        return None
    return parts["k"] if good and scheme.lower() == "vapid" and len(signed) == 64 else None
