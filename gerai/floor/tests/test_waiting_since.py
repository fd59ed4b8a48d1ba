"""Who comes early to an appointment waits from its time on, wherever waiting is counted."""

import pytest
from django.db.models import Avg

from gerai.accounts.models import Person
from gerai.floor import detours, outlook, overview, queries, services
from gerai.floor.models import Duty
from gerai.floor.tests.make import KIOSK, MORNING, Hall, later
from gerai.insight import queries as figures
from gerai.ledger.models import Entry
from gerai.visits import booking, since
from gerai.visits.models import Errand, Visit

pytestmark = pytest.mark.django_db


def early(hall, slot=40):
    """Checked in now for an appointment at `slot`, by the service that does it."""
    person = Person.objects.create(name="Sari", email=f"sari{slot}@uji.test", created_at=MORNING)
    visit = Visit.objects.create(
        mall=hall.mall, day=MORNING.date(), stage="confirmed", person=person, slot_at=later(slot), code=f"AB{slot}"
    )  # fmt: skip
    Errand.objects.create(
        visit=visit, mall=hall.mall, agency=hall.services["X"].agency, service=hall.services["X"], sequence=0,
        state="booked", slot_at=later(slot),
    )  # fmt: skip
    return booking.check_in(mall=hall.mall, code=f"AB{slot}", entrance="A", actor=KIOSK, now=later(0))


def test_the_managers_list_and_the_x_from_the_time_of_the_appointment():
    hall = Hall()
    errand = early(hall).errands.get()
    duty = Duty.objects.get()

    def seen(minute):
        now = later(minute)
        late = overview.now(hall.mall, now)
        (one,) = (one for one in outlook.of(hall.mall, now) if one.waiting)
        alarms = {a.agency: (a.count, a.since) for a in figures.alarms(hall.mall, now) if a.kind == "waiting"}
        shown = [e.pk for e in late["late"]], late["late_count"], one.longest_since, alarms
        return shown, queries.waiting_rows(duty, now)[0][3], since.seconds(errand, now)

    assert seen(30) == (([], 0, None, {}), 0, 0)
    assert seen(50) == (([], 0, later(40), {}), 10, 600)
    assert seen(60) == (([errand.pk], 1, later(40), {"X": (1, later(40))}), 20, 1200)
    assert overview.now(hall.mall, later(60))["late"][0].since == later(40)


def test_the_figures_count_a_call_before_its_time_as_no_wait_and_a_later_one_from_it():
    hall = Hall()
    officer = hall.officers[0]
    first, second = (early(hall, slot).errands.get() for slot in (20, 25))
    services.call_next(person=officer, now=later(10))
    services.start(person=officer, errand_id=first.pk, now=later(11))
    services.finish(person=officer, errand_id=first.pk, now=later(20))
    detours.call_number(person=officer, number=str(second.visit), reason="ordered", now=later(32))

    told = Entry.objects.filter(kind__in=["floor.called", "floor.called_out_of_order"]).order_by("at")
    assert [entry.data["wait_s"] for entry in told] == [0, 7 * 60]
    measured = Errand.objects.aggregate(wait=Avg(since.WAITED))["wait"]  # as an advice is measured
    assert measured.total_seconds() == 3.5 * 60
