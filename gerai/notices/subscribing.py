"""Where a browser says that it can be reached: checked before anything is kept, since we shall call it. Pure."""

import base64
import binascii
import ipaddress
from typing import Any
from urllib.parse import urlsplit

from cryptography.hazmat.primitives.asymmetric import ec

from gerai.core.errors import DomainError


class SubscriptionMalformed(DomainError):
    """Not what a browser's Push API gives."""

    code = "push_subscription_malformed"
    text = "Peramban ini tidak memberi alamat pemberitahuan yang dapat dibaca. Coba perbarui peramban Anda."


class EndpointRefused(DomainError):
    """Only https addresses of public machines are called."""

    code = "push_endpoint_refused"
    text = "Alamat pemberitahuan dari peramban ini tidak dapat dipakai. Coba peramban lain."


def check_endpoint(endpoint: str, *, local: bool) -> str:
    """
    The host of a push service that may be called. What its name leads to is checked again when it is called.

    :raises EndpointRefused: unless it is https on its usual port at a public name; `local`, for trials, allows any
    """
    try:
        parts = urlsplit(endpoint)
        host, port = parts.hostname or "", parts.port
    except ValueError as error:
        raise EndpointRefused from error
    if not host or not endpoint.isascii() or len(endpoint) > 1000 or parts.username is not None:
        raise EndpointRefused
    if local:
        return host
    inside = host == "localhost" or host.endswith((".localhost", ".local", ".internal"))
    if parts.scheme != "https" or port not in (None, 443) or inside or not is_public(host):
        raise EndpointRefused
    return host


def is_public(host: str) -> bool:
    """Whether a literal address is on the open internet; a name is not judged here."""
    try:
        address = ipaddress.ip_address(host)
    except ValueError:
        return True
    mapped = getattr(address, "ipv4_mapped", None)
    return (mapped or address).is_global and not address.is_multicast


def check_subscription(given: Any, *, local: bool) -> tuple[str, dict[str, str]]:
    """
    Address and keys of a subscription as `PushSubscription.toJSON()` writes it.

    :raises SubscriptionMalformed, EndpointRefused: as they say
    """
    try:
        endpoint, keys = given["endpoint"], given["keys"]
        found = {"p256dh": str(keys["p256dh"]), "auth": str(keys["auth"])}
        point, auth = (unpadded(found[name]) for name in ("p256dh", "auth"))
        ec.EllipticCurvePublicKey.from_encoded_point(ec.SECP256R1(), point)
    except (KeyError, TypeError, ValueError, binascii.Error) as error:
        raise SubscriptionMalformed from error
    if not isinstance(endpoint, str) or len(point) != 65 or len(auth) != 16:
        raise SubscriptionMalformed
    check_endpoint(endpoint, local=local)
    return endpoint, found


def unpadded(text: str) -> bytes:
    """Bytes from base64url without its padding."""
    return base64.urlsafe_b64decode(text + "=" * (-len(text) % 4))
