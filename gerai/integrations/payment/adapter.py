"""The payment provider over HTTP."""

from datetime import date, datetime

import httpx
from django.conf import settings

from gerai.payments.ports import Charge, ProviderDown


class HttpProvider:
    """Speaks to PAYMENT_PROVIDER_URL, known there by PAYMENT_PROVIDER_KEY."""

    def _answer(self, method: str, path: str, json: dict[str, object] | None = None) -> httpx.Response:
        key = settings.PAYMENT_PROVIDER_KEY
        headers = {"Authorization": f"Bearer {key}"} if key else {}
        try:
            answer = httpx.request(
                method, settings.PAYMENT_PROVIDER_URL + path, json=json, headers=headers, timeout=5
            )
            answer.raise_for_status()
        except httpx.HTTPError as error:
            raise ProviderDown from error
        return answer

    def _ask(self, method: str, path: str, json: dict[str, object] | None = None) -> dict[str, object]:
        try:
            found = self._answer(method, path, json).json()
        except ValueError as error:
            raise ProviderDown from error
        if not isinstance(found, dict):
            raise ProviderDown
        return found

    def create_charge(
        self, *, mall: str, invoice_id: str, number: str, amount: int, attempt: int, back_url: str
    ) -> Charge:
        """See the port."""
        told = self._ask(
            "POST",
            "/charges",
            {
                "mall": mall,
                "invoice_id": invoice_id,
                "number": number,
                "amount": amount,
                "attempt": attempt,
                "back_url": back_url,
                "callback_url": f"{settings.BASE_URL}/bayar/panggilan/",
            },
        )
        try:
            expires_at = datetime.fromisoformat(str(told["expires_at"])) if told.get("expires_at") else None
            return Charge(
                ref=str(told["ref"]),
                url=str(told["url"]),
                qris=str(told.get("qris") or ""),
                account=str(told.get("account") or ""),
                expires_at=expires_at,
            )
        except (KeyError, ValueError) as error:
            raise ProviderDown from error

    def status(self, ref: str) -> dict[str, object]:
        """See the port."""
        return self._ask("GET", f"/charges/{ref}")

    def statement(self, *, mall: str, day: date) -> str:
        """See the port."""
        return self._answer("GET", f"/statements/{mall}/{day.isoformat()}.csv").text
