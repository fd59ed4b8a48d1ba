"""What the tests of the comparison with the bank look at."""

from datetime import date, timedelta
from typing import Any

from gerai.agencies.models import Mall, Membership
from gerai.ledger.models import Entry
from gerai.ledger.rules import SYSTEM
from gerai.payments import services
from gerai.payments.models import Difference, Invoice, Payment, Reconciliation, Refund
from gerai.reviews.tests.make import MONDAY, World, person

DAY = date(2026, 11, 23)

NEXT = MONDAY + timedelta(days=1)


def run(world: World, day: date = DAY) -> Reconciliation:
    return services.reconcile(mall=world.mall, day=day, actor=SYSTEM, now=NEXT)


def manager(mall: Mall, name: str = "Manajer") -> Membership:
    return Membership.objects.create(mall=mall, agency=None, person=person(name), role="mall_manager")


def everything() -> list[Any]:
    """All that a second run must leave as it is."""
    rows = [
        list(m.objects.order_by("pk").values())
        for m in (Reconciliation, Difference, Payment, Refund, Invoice)
    ]
    return [*rows, Entry.objects.count()]


def found() -> list[tuple[str, str, int | None, int | None]]:
    return [
        (d.kind, d.reference, d.told, d.ours)
        for d in Difference.objects.filter(closed_at=None).order_by("id")
    ]
