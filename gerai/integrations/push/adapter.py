"""Push services of browsers over HTTP: encrypted by RFC 8291 (http_ece), signed by RFC 8292 (py_vapid).

A browser names the address that is called here, so nothing inside our network may be meant: the name is looked up
once, every machine it leads to must be public, and the call goes to that very machine.
"""

import base64
import os
import socket
from collections.abc import Callable
from datetime import timedelta
from functools import cache
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import http_ece
import httpx
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat
from django.conf import settings
from py_vapid import Vapid02

from gerai.core import clock, private
from gerai.notices import subscribing
from gerai.notices.ports import PushBusy, PushDown, PushGone, PushRefused

LookUp = Callable[..., list[tuple[Any, ...]]]


def _unpadded(data: bytes) -> str:
    return base64.urlsafe_b64encode(data).rstrip(b"=").decode()


def _fresh() -> bytes:
    number = ec.generate_private_key(ec.SECP256R1()).private_numbers().private_value
    return _unpadded(number.to_bytes(32, "big")).encode()


def vapid() -> Vapid02:
    """Our key towards push services, made at first use. Another key would end every subscription."""
    return Vapid02.from_raw(private.made_once(Path(settings.DATA) / "keys" / "push.key", _fresh))


def public_key() -> str:
    """What browsers need to know to subscribe for us."""
    point = vapid().public_key.public_bytes(Encoding.X962, PublicFormat.UncompressedPoint)
    return _unpadded(point)


def public_address(host: str, port: int, look_up: LookUp = socket.getaddrinfo) -> str:
    """
    The machine that a public name leads to.

    :raises PushDown: if the name leads nowhere now
    :raises PushRefused: if one of its machines is not on the open internet
    """
    try:
        found = {str(answer[4][0]) for answer in look_up(host, port, type=socket.SOCK_STREAM)}
    except OSError as error:
        raise PushDown from error
    if not found or not all(subscribing.is_public(address) for address in found):
        raise PushRefused
    return min(found, key=lambda address: (":" in address, address))


@cache
def _client() -> httpx.Client:
    """One for all: its certificates take a while to read. No proxy, which would look names up itself."""
    return httpx.Client(timeout=5, trust_env=False)


class WebPush:
    """Speaks to whatever push service a browser has."""

    def push(
        self, *, endpoint: str, p256dh: str, auth: str, payload: bytes, seconds: int, urgent: bool, topic: str
    ) -> None:
        """See the port."""
        url = httpx.URL(endpoint)
        try:
            host = subscribing.check_endpoint(endpoint, local=settings.PUSH_LOCAL)
            body = http_ece.encrypt(
                payload,
                salt=os.urandom(16),
                private_key=ec.generate_private_key(ec.SECP256R1()),
                dh=subscribing.unpadded(p256dh),
                auth_secret=subscribing.unpadded(auth),
                version="aes128gcm",
            )
        except (subscribing.EndpointRefused, ValueError) as error:
            raise PushRefused from error
        headers = {
            **_signed(endpoint),
            "Host": url.netloc.decode(),
            "Content-Encoding": "aes128gcm",
            "TTL": str(seconds),
            "Urgency": "high" if urgent else "normal",
            "Topic": topic,
        }
        if not settings.PUSH_LOCAL:
            url = url.copy_with(host=public_address(host, 443))
        try:
            # Not read: what a stranger's server answers is as long as it likes.
            with _client().stream(
                "POST", url, content=body, headers=headers, extensions={"sni_hostname": host}
            ) as answer:
                _judge(answer)
        except httpx.HTTPError as error:
            raise PushDown from error


def _signed(endpoint: str) -> dict[str, str]:
    parts = urlsplit(endpoint)
    claims = {
        "aud": f"{parts.scheme}://{parts.netloc}",
        "exp": int((clock.now() + timedelta(hours=12)).timestamp()),
        "sub": settings.PUSH_CONTACT,
    }
    signed: dict[str, str] = vapid().sign(claims)
    return signed


def _judge(answer: httpx.Response) -> None:
    status = answer.status_code
    if status in (404, 410):
        raise PushGone
    if status == 429:
        asked = answer.headers.get("Retry-After", "")
        raise PushBusy(int(asked) if asked.isascii() and asked.isdigit() and len(asked) < 7 else 60)
    if status >= 500 or 300 <= status < 400:
        raise PushDown
    if status >= 400:
        raise PushRefused
