"""What a person does with a page that asks for a code: read the mail, type it."""

import re
from typing import Any

from django.core import mail
from django.test import Client


def code() -> str:
    """The newest code that was sent."""
    found = re.search(r"\b(\d{6})\b", str(mail.outbox[-1].body))
    assert found
    return found[1]


def typed(asked: Any, **more: str) -> dict[str, Any]:
    """What the page that asks sends on, with the code from the mail."""
    sent: dict[str, Any] = {}
    for name, value in asked.context["carried"]:
        sent.setdefault(name, []).append(str(value))
    return {**sent, "confirm": asked.context["confirm"], "digits": code(), **more}


def confirmed(client: Client, url: str, data: dict[str, Any], **more: str) -> Any:
    """Press, read the code, type it."""
    asked = client.post(url, data)
    assert asked.status_code == 200, asked
    return client.post(url, typed(asked, **more))
