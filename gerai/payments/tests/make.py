"""An application that waits for its payment, and the provider's way of calling back."""

import json
from typing import Any

from gerai.payments import rules, services
from gerai.payments.models import Invoice
from gerai.reviews import services as reviews
from gerai.reviews.tests.make import MONDAY, World


def invoice_of(world: World) -> Invoice:
    """Sari's invoice of Rp30.000, made by the assessment."""
    application = world.reviewed()
    reviews.assess(
        person=world.verifier,
        task_id=world.task(application, "assess").pk,
        outcome="approve",
        note="",
        now=MONDAY,
    )
    return Invoice.objects.get(application=application)


def event(invoice: Invoice, **changes: Any) -> dict[str, Any]:
    """What the provider tells of a payment."""
    told = {"event_id": "evt-1", "ref": "ref-1", "invoice_id": str(invoice.pk), "amount": invoice.amount}
    return {**told, "status": "paid", "channel": "QRIS", **changes}


def signed(told: object, *, secret: bytes | None = None, age: int = 0) -> dict[str, Any]:
    """Body and header of a call-back, signed `age` seconds before Monday 09.00."""
    body = json.dumps(told).encode()
    stamp = str(int(MONDAY.timestamp()) - age)
    made = rules.signature(services.shared_secret() if secret is None else secret, stamp, body)
    return {"body": body, "header": f"t={stamp},v1={made}"}
