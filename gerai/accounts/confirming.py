"""A fresh code for one act of somebody who is signed in: sign permits, revoke one. One code, one act, once.

For the pages of the rooms above: `confirmation` is the whole conversation, `accounts/_confirm.html` its fields.
"""

import hashlib
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from uuid import UUID

from django.conf import settings
from django.db import transaction
from django.http import HttpRequest
from django.utils.module_loading import import_string
from django.utils.translation import get_language

from gerai.accounts import entering, rules
from gerai.accounts.models import Code
from gerai.core import clock, ids
from gerai.core.errors import DomainError, NotFound
from gerai.ledger import services as ledger
from gerai.ledger.rules import ActorRef

PURPOSE = "confirm"


@dataclass(frozen=True)
class Confirmation:
    """How far it has come: `yes` once, `twice` for the second of two clicks, else the page has to ask (`context`)."""

    yes: bool = False
    twice: bool = False
    status: int = 200
    context: dict[str, Any] = field(default_factory=dict)


def _bound(act: str) -> bytes:
    return hashlib.sha256(act.encode()).digest()


@transaction.atomic
def begin(*, person: Any, act: str, now: datetime) -> tuple[UUID, str, str]:
    """
    A code for this act and no other. Returns its id, the contact, and the digits to send ("" if on their way).

    Of who has an authenticator app the contact is empty: the app has the digits.

    :raises rules.ContactMissing: if there is nowhere to send it
    :raises rules.TooManyCodes: if too many were asked for
    """
    contact = person.email or person.phone or ""
    if not contact:
        raise rules.ContactMissing
    code, digits = entering.new_code(
        purpose=PURPOSE, contact=contact, person=person, payload=_bound(act), now=now
    )
    return code.pk, contact if code.hashed else "", digits


def finish(*, mall: str, person: Any, code_id: UUID | str, act: str, digits: str, now: datetime) -> bool:
    """
    Use the code up. False for the second of two clicks: the first is at work already.

    :raises NotFound: if it is somebody else's
    :raises rules.CodeSpent: if it was for another act, is too old, used up or tried too often
    :raises rules.CodeWrong: the try is counted
    """
    with transaction.atomic():
        asked = Code.objects.select_for_update().filter(pk=code_id, purpose=PURPOSE, person_id=person.pk)
        code = asked.first()
        if code is None:
            raise NotFound
        if entering.carried(code) != _bound(act):
            raise rules.CodeSpent
        first = code.used_at is None
        fits = entering.use(code.pk, PURPOSE, digits, now) is not None
        if fits and first:
            ledger.append(
                mall=mall,
                kind="accounts.confirmed",
                subject=f"person:{person.pk}",
                actor=ActorRef("person", str(person.pk)),
                now=now,
                data={"act": act.partition(":")[0]},
            )
    if not fits:
        raise rules.CodeWrong
    return first


def forget(*, person_id: UUID) -> None:
    """A person's unused codes for acts lapse: what they may do has changed."""
    Code.objects.filter(purpose=PURPOSE, person_id=person_id, used_at=None).delete()


def _send(person: Any, act: str, now: datetime) -> dict[str, Any]:
    """Send a code; what the page needs to ask for it."""
    code_id, contact, digits = begin(person=person, act=act, now=now)
    if digits:
        try:
            import_string(settings.CODE_SENDER)(
                contact=contact, digits=digits, language=get_language() or "id"
            )
        except DomainError:
            entering.forget(code_id=code_id)
            raise
    return {"confirm": str(code_id), "contact": contact}


def is_asking(request: HttpRequest) -> bool:
    """Whether this press is to get a code: the page chooses now what it will be for."""
    return not request.POST.get("confirm") or "again" in request.POST


def confirmation(request: HttpRequest, act: str, *, check: Callable[[], None] | None = None) -> Confirmation:
    """
    One step: send the code, ask again, or yes. `act` names exactly what is confirmed; `check` may refuse first.

    A code that was used stays so, whatever becomes of the act: the next try needs a new one.
    """
    person, now, sent = request.user, clock.now(), request.POST
    asked = {"confirm": sent.get("confirm", ""), "contact": sent.get("contact", "")}
    try:
        if is_asking(request):
            asked = {"confirm": "", "contact": ""}
            return Confirmation(context=_send(person, act, now))
        if check is not None:
            check()
        first = finish(
            mall=settings.MALL_CODE,
            person=person,
            code_id=ids.named(asked["confirm"]),
            act=act,
            digits=sent.get("digits", ""),
            now=now,
        )
        return Confirmation(yes=first, twice=not first)
    except DomainError as error:
        if isinstance(error, NotFound | rules.CodeSpent):
            asked = {"confirm": "", "contact": ""}
            error = rules.CodeSpent()
        about = "digits_wrong" if isinstance(error, rules.CodeWrong) else "confirm_refusal"
        return Confirmation(status=error.status, context={**asked, about: error.sentence})
