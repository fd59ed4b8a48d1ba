"""What the floor ends with the day."""

from datetime import UTC, datetime

import pytest

from gerai.agencies import roster
from gerai.agencies.models import Agency, Counter
from gerai.floor import ending, services
from gerai.floor.models import Duty
from gerai.floor.tests.make import MORNING, Hall, later
from gerai.ledger.models import Entry
from gerai.ledger.rules import ActorRef

pytestmark = pytest.mark.django_db
MIDNIGHT = datetime(2026, 11, 23, 17, 0, tzinfo=UTC)  # in Bengkulu


def test_after_midnight_a_forgotten_counter_is_signed_off_and_a_lent_one_comes_back():
    hall = Hall()
    lent = Counter.objects.create(mall=hall.mall, number=9)
    lent.agencies.add(Agency.objects.get(code="X"))
    boss = ActorRef("person", "manager")
    roster.lend(
        counter=lent, agency=Agency.objects.get(code="Y"), reason="Antrean panjang", actor=boss, now=MORNING
    )

    assert ending.end_day(mall=hall.mall, now=later(600)) == 0
    assert ending.end_day(mall=hall.mall, now=MIDNIGHT) == 2
    assert ending.end_day(mall=hall.mall, now=MIDNIGHT) == 0

    assert not Duty.objects.filter(closed_at=None).exists()
    assert [a.code for a in lent.agencies.all()] == ["X"]
    assert Entry.objects.get(kind="floor.closed").data["forgotten"] is True


def test_who_signed_on_after_midnight_stays():
    hall = Hall()
    services.sign_off(person=hall.officers[0], now=later(100))
    Duty.objects.update(closed_at=None, opened_at=MIDNIGHT)

    assert ending.end_day(mall=hall.mall, now=MIDNIGHT) == 0
