"""Reading confirmations: what is shown to whom, whether it still stands, how an application was confirmed."""

import json
from datetime import datetime
from typing import Any

from gerai.applications import queries
from gerai.applications.confirm_models import Confirmation, Way
from gerai.applications.models import Application
from gerai.applications.rules import Status
from gerai.catalogue import queries as catalogue
from gerai.core import encryption
from gerai.core.errors import NotFound
from gerai.ledger import queries as ledger

ENTER = "/benar/"  # where the short code is typed
SENT = ("applications.submitted", "applications.resubmitted")


def index(value: str, what: str) -> bytes:
    """By which a secret (token, code, device) is found; the secret itself is not kept in the open."""
    return encryption.blind_index(value, place=f"applications.confirmation.{what}")


def path(token: str) -> str:
    """Where the applicant looks and answers."""
    return f"{ENTER}{token}/"


def secret(confirmation: Confirmation) -> dict[str, str]:
    """Token and code, for the officer's screen."""
    place = f"applications.confirmation:{confirmation.pk}"
    found: dict[str, str] = json.loads(encryption.unseal(confirmation.secret_sealed or b"", place=place))
    return found


def by_token(token: str) -> Confirmation:
    """
    The confirmation of a link.

    :raises NotFound: if there is none
    """
    found = Confirmation.objects.select_related("application__applicant", "application__service")
    confirmation = found.filter(token_index=index(token, "token")).first()
    if confirmation is None:
        raise NotFound
    return confirmation


def whole(confirmation: Confirmation, *, lock: bool = False) -> Application:
    """Its application with all that is shown; locked, if it is to be changed."""
    found = Application.objects.select_related("agency", "service", "mall", "applicant", "business")
    if lock:
        found = found.select_for_update(of=("self",))
    application = found.get(pk=confirmation.application_id)
    application.edition = catalogue.frozen(application.edition_id)
    return application


def digest(application: Application) -> bytes:
    """A keyed fingerprint of what is shown: every answer that counts, every file, for whom."""
    files = application.attachments.order_by("requirement").values_list("requirement", "document_id")
    shown = {
        "edition": application.edition_id,
        "answers": queries.answers_of(application),
        "files": [[code, str(document)] for code, document in files],
        "business": str(application.business_id),
        "round": application.round,
    }
    return index(json.dumps(shown, sort_keys=True, default=str), "shown")


def why_over(confirmation: Confirmation, application: Application, now: datetime) -> str:
    """Why a link no longer works: answered, consent, changed, replaced, sent; empty if it does."""
    if confirmation.outcome:
        return "answered"
    if confirmation.ended_at is not None:
        return "replaced"
    if application.status not in (Status.DRAFT, Status.RETURNED):
        return "sent"
    until = application.helped_until
    if application.helper_id != confirmation.officer_id or until is None or until <= now:
        return "consent"
    if confirmation.digest is not None and bytes(confirmation.digest) != digest(application):
        return "changed"
    return ""


def is_of(confirmation: Confirmation, device: str) -> bool:
    """Whether this device opened the link."""
    claimed = confirmation.claim_index
    return claimed is not None and bytes(claimed) == index(device, "device")


def markable(application: Application) -> list[str]:
    """What the applicant can mark as wrong: "answer:<key>" and "file:<code>"."""
    answers = [f"answer:{f['key']}" for s in queries.sections(application) for f in s["fields"]]
    return answers + [f"file:{r['code']}" for r in queries.files_required(application)]


def last(application: Application) -> Confirmation | None:
    """The latest showing on a phone."""
    found = Confirmation.objects.filter(application=application, way=Way.PHONE)
    return found.order_by("-created_at", "-pk").first()


def state(confirmation: Confirmation | None, application: Application, now: datetime) -> str:
    """For the officer's screen: none, waiting, reading, wrong, right, or why it is over."""
    if confirmation is None:
        return "none"
    if confirmation.outcome:
        return confirmation.outcome
    if application.status not in (Status.DRAFT, Status.RETURNED):
        return "sent"
    return why_over(confirmation, application, now) or ("reading" if confirmation.claim_index else "waiting")


def said(confirmation: Confirmation) -> dict[str, Any]:
    """What the applicant said is wrong: {"marked": what, "note": words}."""
    if confirmation.said_sealed is None:
        return {"marked": [], "note": ""}
    place = f"applications.said:{confirmation.pk}"
    found: dict[str, Any] = json.loads(encryption.unseal(confirmation.said_sealed, place=place))
    return found


def how(application: Application) -> dict[str, Any] | None:
    """How the latest sending of what an officer typed was confirmed: way, time, signature. None if nobody typed."""
    entries = ledger.history(application.mall_id, f"application:{application.pk}").filter(kind__in=SENT)
    sent = entries.order_by("-id").first()
    if sent is None or "confirmed" not in sent.data:
        return None
    return {"way": sent.data["confirmed"], "at": sent.at, "signature": signature(application)}


def signature(application: Application) -> Confirmation | None:
    """The signature under the latest sending, if there is one."""
    found = Confirmation.objects.filter(application=application, way=Way.SIGNATURE, round=application.round)
    return found.select_related("signature").order_by("-created_at").first()
