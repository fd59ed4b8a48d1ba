"""The SMS and WhatsApp gateway over HTTP."""

import httpx
from django.conf import settings

from gerai.notices.ports import GatewayDown


class HttpGateway:
    """Speaks to MESSAGE_GATEWAY_URL."""

    def send_text(self, *, to: str, text: str, key: str) -> None:
        """See the port."""
        try:
            answer = httpx.post(
                settings.MESSAGE_GATEWAY_URL + "/messages",
                json={"to": to, "text": text, "callback_url": f"{settings.BASE_URL}/pesan/laporan/"},
                headers={
                    "Idempotency-Key": key,
                    "Authorization": f"Bearer {settings.MESSAGE_GATEWAY_TOKEN}",
                },
                timeout=5,
            )
            answer.raise_for_status()
        except httpx.HTTPError as error:
            raise GatewayDown from error
