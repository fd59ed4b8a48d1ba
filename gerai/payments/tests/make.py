"""An application that waits for its payment, the provider's way of calling back, and a provider without a network."""

import json
from datetime import date, datetime
from typing import Any, ClassVar

from gerai.accounts.models import Person
from gerai.agencies.models import Agency, Membership
from gerai.core import callbacks
from gerai.payments import services
from gerai.payments.models import Invoice
from gerai.payments.ports import Charge, ProviderDown
from gerai.reviews import services as reviews
from gerai.reviews.tests.make import MONDAY, World, both


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


def at_the_bank(world: World, who: Person) -> Membership:
    """A teller of the bank whose counter takes cash for the mall."""
    world.mall.details = {**world.mall.details, "cashier": "BANKBKL"}
    world.mall.save()
    given = {"name": both("Bank"), "short": "Bank", "kind": "company"}
    bank, _ = Agency.objects.get_or_create(mall=world.mall, code="BANKBKL", defaults=given)
    return Membership.objects.create(mall=world.mall, agency=bank, person=who, role="counter_officer")


def event(invoice: Invoice, **changes: Any) -> dict[str, Any]:
    """What the provider tells of a payment."""
    told = {"event_id": "evt-1", "ref": "ref-1", "invoice_id": str(invoice.pk), "amount": invoice.amount}
    return {**told, "status": "paid", "channel": "QRIS", **changes}


def signed(told: object, *, secret: bytes | None = None, age: int = 0) -> dict[str, Any]:
    """Body and header of a call-back, signed `age` seconds before Monday 09.00."""
    body = json.dumps(told).encode()
    stamp = str(int(MONDAY.timestamp()) - age)
    made = callbacks.signature(services.shared_secret() if secret is None else secret, stamp, body)
    return {"body": body, "header": f"t={stamp},v1={made}"}


class Books:
    """
    A provider with what it was told to know: charges by reference, and the lines of its file of every day.

    Named in the settings by `use`, which empties it.
    """

    charges: ClassVar[dict[str, dict[str, Any]]] = {}
    file: ClassVar[list[str]] = []
    down: ClassVar[bool] = False

    @classmethod
    def use(cls, settings: Any) -> type["Books"]:
        """Nothing known, nothing listed."""
        cls.charges, cls.file, cls.down = {}, [], False
        settings.PAYMENT_PROVIDER = f"{cls.__module__}.{cls.__name__}"
        return cls

    @classmethod
    def list(cls, ref: str, amount: int, paid_at: datetime, number: str) -> None:
        """One more line of the file."""
        cls.file.append(f"{ref},{amount},{paid_at.isoformat()},{number}")

    def create_charge(self, **asked: Any) -> Charge:
        """See the port."""
        raise ProviderDown

    def status(self, ref: str) -> dict[str, object]:
        """See the port."""
        if self.down or ref not in self.charges:
            raise ProviderDown
        return self.charges[ref]

    def statement(self, *, mall: str, day: date) -> str:
        """See the port."""
        if self.down:
            raise ProviderDown
        return "\n".join(["reference,amount,paid_at,invoice", *self.file]) + "\n"
