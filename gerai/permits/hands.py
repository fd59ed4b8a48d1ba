"""Who signs what: an official's decision by SIGNER, what the law approves in silence by SEAL, the institution's own."""

from datetime import datetime
from typing import Any

from django.conf import settings
from django.utils.module_loading import import_string

from gerai.permits.ports import Checked, Signer


def _made(path: str) -> Signer:
    made: Signer = import_string(path)()
    return made


def signer() -> Signer:
    """Who signs what an official decides (setting SIGNER)."""
    return _made(settings.SIGNER)


def hand_of(decided_by: Any) -> Signer:
    """Who signs a document. Without a decider it is the institution's seal, never an official's signature."""
    return signer() if decided_by else _made(settings.SEAL)


def check(pdf: bytes, *, kept_at: datetime | None = None) -> Checked:
    """What the signature in a PDF is worth, by whichever signer of this installation knows it."""
    found = Checked(False, False, False)
    for path in settings.SIGNERS_CHECKED:
        checked = _made(path).check(pdf, kept_at=kept_at)
        if checked.ours or not checked.signed:
            return checked
        found = checked
    return found
