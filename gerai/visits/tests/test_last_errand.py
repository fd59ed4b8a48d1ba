"""The end of a visit against whatever comes in the same moment: nobody is left with an errand in an ended visit."""

import threading
from datetime import timedelta

import pytest
from django.db import connection, transaction

from gerai.core import sql
from gerai.floor import services as floor
from gerai.floor.tests.make import KIOSK, Hall, later
from gerai.visits import ticket
from gerai.visits.models import Errand, Visit

_WAITS = "SELECT count(*) FROM pg_locks WHERE NOT granted"


@pytest.mark.django_db(transaction=True)
def test_an_errand_added_while_the_last_one_is_finished_is_joined_not_lost():
    hall = Hall()
    visit = hall.arrive("X")
    errand = floor.call_next(person=hall.officers[0], now=later(1))
    floor.start(person=hall.officers[0], errand_id=errand.pk, now=later(1))

    def finish():
        floor.finish(person=hall.officers[0], errand_id=errand.pk, now=later(5))
        connection.close()

    officer = threading.Thread(target=finish)
    with transaction.atomic():
        ticket.add(visit=visit, service=hall.services["Y"], actor=KIOSK, now=later(5))
        officer.start()  # its end of the visit waits for us, and cannot see what we added
        while sql.one(_WAITS, [])[0] == 0:
            officer.join(0.01)
            assert officer.is_alive()
    officer.join(20)

    assert not officer.is_alive()
    assert list(Errand.objects.order_by("sequence").values_list("state", flat=True)) == ["done", "waiting"]
    assert Visit.objects.get().ended_at is None
    second = floor.call_next(person=hall.officers[0], now=later(6))
    floor.finish(person=hall.officers[0], errand_id=second.pk, now=later(7))
    assert Visit.objects.get().ended_at == later(6) + timedelta(minutes=1)
