"""The state's registers over HTTP."""

from datetime import date

import httpx
from django.conf import settings

from gerai.accounts.ports import BusinessRecord, CivilRecord, RegisterDown

TIMEOUT = 2.0  # seconds; somebody may be waiting for the page
TRIES = 2


class HttpRegisters:
    """Speaks to REGISTERS_URL."""

    def _ask(self, path: str, subject: str) -> dict[str, object] | None:
        # The number goes in a header: addresses are written to logs on both sides.
        headers = {"Authorization": f"Bearer {settings.REGISTERS_TOKEN}", "X-Subject": subject}
        for left in reversed(range(TRIES)):
            try:
                answer = httpx.get(settings.REGISTERS_URL + path, headers=headers, timeout=TIMEOUT)
                if answer.status_code == httpx.codes.NOT_FOUND and answer.json() == {"code": "unknown"}:
                    return None
                answer.raise_for_status()
                found = answer.json()
            except (httpx.HTTPError, ValueError) as error:
                if not left:
                    raise RegisterDown from error
                continue
            if isinstance(found, dict):
                return found
            break
        raise RegisterDown

    def civil(self, nik: str) -> CivilRecord | None:
        """See the port."""
        told = self._ask("/people", nik)
        if told is None:
            return None
        try:
            if told["nik"] != nik:
                raise ValueError
            return CivilRecord(
                name=_words(told["name"]),
                born=date.fromisoformat(_words(told["born"])),
                address=_words(told["address"]),
                kelurahan_code=_words(told["kelurahan_code"]),
                kelurahan=_words(told["kelurahan"]),
                kecamatan_code=_words(told["kecamatan_code"]),
                kecamatan=_words(told["kecamatan"]),
            )
        except (KeyError, ValueError) as error:
            raise RegisterDown from error

    def business(self, nib: str) -> BusinessRecord | None:
        """See the port."""
        told = self._ask("/businesses", nib)
        if told is None:
            return None
        try:
            if told["nib"] != nib:
                raise ValueError
            return BusinessRecord(
                name=_words(told["name"]),
                legal_form=_words(told["legal_form"]),
                address=_words(told["address"]),
                responsible=_list(told["responsible"]),
                kbli=_list(told["kbli"]),
            )
        except (KeyError, ValueError) as error:
            raise RegisterDown from error


def _words(told: object) -> str:
    if not isinstance(told, str) or not told.strip() or len(told) > 500:
        raise ValueError
    return told.strip()


def _list(told: object) -> tuple[str, ...]:
    if not isinstance(told, list):
        raise ValueError
    return tuple(_words(one) for one in told[:200])
