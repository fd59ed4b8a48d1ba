"""What pages of permits have in common."""

from datetime import date, datetime
from typing import Any

from django.http import HttpResponse


def quiet(response: HttpResponse) -> HttpResponse:
    """No search engine and no cache keeps what a permit says."""
    response["X-Robots-Tag"] = "noindex"
    response["Cache-Control"] = "no-store"
    return response


def dated(told: dict[str, Any]) -> dict[str, Any]:
    """The same with dates as dates, for the page's words."""
    start, end = told.get("decided_on"), told.get("valid_until")
    return {
        **told,
        "from": date.fromisoformat(start) if start else None,
        "until": date.fromisoformat(end) if end else None,
        "revoked": _moment(told.get("revoked_at")),
        "replaced": _moment(told.get("replaced_at")),
        "suspended": _moment(told.get("suspended_at")),
    }


def _moment(text: str | None) -> datetime | None:
    return datetime.fromisoformat(text) if text else None
