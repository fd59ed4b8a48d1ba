"""The fixed cast: sari signs up, dewi is an officer. The district 17.71.99 does not exist."""

import re
from datetime import UTC, datetime

from django.core import mail

from gerai.accounts import services
from gerai.accounts.models import Person

MORNING = datetime(2026, 11, 23, 2, 0, tzinfo=UTC)
PASSWORD = "lima-ekor-rusa"
NIK = "1771994107900001"
OTHER_NIK = "1771990107900002"
MALL = "1771"


def person(contact: str = "sari@uji.test", nik: str = NIK, name: str = "Sari Wulandari") -> Person:
    """Somebody with an account and the password of the tests."""
    known = {"email": contact} if "@" in contact else {"phone": contact}
    return services.register(mall=MALL, name=name, nik=nik, password=PASSWORD, now=MORNING, **known)


def form(**changes: str) -> dict[str, str]:
    """A sign-up as sari types it."""
    return {
        "name": "Sari Wulandari",
        "nik": "1771 9941 0790 0001",
        "contact": "Sari@uji.test",
        "password": PASSWORD,
        "privacy": "yes",
    } | changes


def mailed_code() -> str:
    """The six digits of the newest mail."""
    found = re.search(r"\b\d{6}\b", mail.outbox[-1].body)
    assert found
    return found[0]
