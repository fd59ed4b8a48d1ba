"""Entries of the ledger about an application."""

from datetime import datetime
from typing import Any

from gerai.applications.models import Application
from gerai.ledger import services as ledger
from gerai.ledger.rules import ActorRef


def person_ref(person: Any) -> ActorRef:
    """A person as an actor of the ledger."""
    return ActorRef("person", str(person.pk))


def record(application: Application, kind: str, actor: ActorRef, now: datetime, **data: Any) -> None:
    """One ledger entry about an application."""
    ledger.append(
        mall=application.mall_id,
        kind=kind,
        subject=f"application:{application.pk}",
        actor=actor,
        now=now,
        data={
            "agency": application.agency.code,
            "service": application.service.code,
            "number": application.number,
            "channel": "desk" if application.helper_id and not application.mandate_id else "online",
            **data,
        },
    )
