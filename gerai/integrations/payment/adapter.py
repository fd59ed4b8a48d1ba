"""The payment provider over HTTP."""

import httpx
from django.conf import settings

from gerai.payments.ports import ProviderDown


class HttpProvider:
    """Speaks to PAYMENT_PROVIDER_URL."""

    def _ask(self, method: str, path: str, json: dict[str, object] | None = None) -> dict[str, object]:
        try:
            answer = httpx.request(method, settings.PAYMENT_PROVIDER_URL + path, json=json, timeout=5)
            answer.raise_for_status()
            found: dict[str, object] = answer.json()
            return found
        except (httpx.HTTPError, ValueError) as error:
            raise ProviderDown from error

    def create_charge(self, *, invoice_id: str, number: str, amount: int, back_url: str) -> tuple[str, str]:
        """See the port."""
        told = self._ask(
            "POST",
            "/charges",
            {
                "invoice_id": invoice_id,
                "number": number,
                "amount": amount,
                "back_url": back_url,
                "callback_url": f"{settings.BASE_URL}/bayar/panggilan/",
            },
        )
        return str(told["ref"]), str(told["url"])

    def status(self, ref: str) -> dict[str, object]:
        """See the port."""
        return self._ask("GET", f"/charges/{ref}")
