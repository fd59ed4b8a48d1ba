"""What is written down about a permit without changing it: that signing failed, that an officer looked at it."""

from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import transaction

from gerai.applications import services as applications
from gerai.ledger import queries as history
from gerai.ledger import services as ledger
from gerai.ledger.rules import SYSTEM
from gerai.permits import queries, rules
from gerai.permits.models import Permit
from gerai.permits.ports import SignerFailed
from gerai.permits.rules import Status
from gerai.permits.services import record


@transaction.atomic
def failure(*, permit_id: UUID | str, now: datetime, code: str = SignerFailed.code) -> None:
    """Write down that signing failed: it is tried again behind the others. The first time is in the ledger."""
    permit = (
        Permit.objects.select_for_update(of=("self",)).select_related("agency", "service").get(pk=permit_id)
    )
    if permit.status != Status.SIGNING:  # another worker has managed it
        return
    if permit.sign_failed_at is None:
        record(permit, "permits.signing_failed", SYSTEM, now)
    permit.sign_failed_at, permit.sign_failure, permit.held_until = now, code, None
    permit.save(update_fields=["sign_failed_at", "sign_failure", "held_until"])


@transaction.atomic
def opening(*, permit: Permit, actor: Any, now: datetime) -> None:
    """
    Write where the holder sees it that an officer looks at their permit.

    Their own look is none, nor a colleague's of the same business or that of who holds their mandate; another look of
    the same officer within ten minutes is the same opening.
    """
    if not queries.looks_as_officer(actor, permit):
        return
    subject = f"person:{permit.holder_id}"
    seen = history.history(permit.mall_id, subject).filter(
        kind="permits.opened",
        actor_id=str(actor.pk),
        data__permit=str(permit.pk),
        at__gt=now - rules.SAME_OPENING,
    )
    if not seen.exists():
        ledger.append(
            mall=permit.mall_id,
            kind="permits.opened",
            subject=subject,
            actor=applications.person_ref(actor),
            now=now,
            data={"permit": str(permit.pk), "number": permit.number, "agency": permit.agency.code},
        )
