"""What a simulated day that was killed left behind: its officers go home, and so do its visitors."""

from datetime import datetime
from typing import Any

from django.db.models import Exists, OuterRef, QuerySet, Value
from django.db.models.fields import CharField
from django.db.models.functions import Cast, Concat

from gerai.agencies.models import Mall
from gerai.floor import queries, rules, services
from gerai.floor.models import Duty
from gerai.floor.simulation.cast import SIMULATION
from gerai.ledger.models import Entry
from gerai.visits import booking
from gerai.visits import services as visits
from gerai.visits.models import Visit
from gerai.visits.rules import AHEAD, Stage


def open_visits(mall: Mall, *, simulated: bool) -> QuerySet[Visit]:
    """The visits, to come or in the mall, that a simulation made; or those that none made."""
    made = Exists(
        Entry.objects.filter(
            mall=mall.pk,
            subject=Concat(Value("visit:"), Cast(OuterRef("pk"), CharField())),
            actor_kind=SIMULATION.kind,
            actor_id=SIMULATION.id,
        )
    )
    return Visit.objects.filter(made if simulated else ~made, mall=mall, stage__in=[*AHEAD, Stage.ARRIVED])


def clear(*, mall: Mall, now: datetime) -> None:
    """End all of it through the services, so that the ledger explains it. A second time there is nothing left."""
    for duty in Duty.objects.filter(mall=mall, closed_at=None, person__email__endswith=rules.SIMULATED):
        _go_home(duty, now)
    for visit in open_visits(mall, simulated=True).order_by("pk"):
        end: Any = visits.leave if visit.stage == Stage.ARRIVED else booking.cancel
        end(visit=visit, actor=SIMULATION, now=now)


def _go_home(duty: Duty, now: datetime) -> None:
    here: Any = {"person": duty.person, "now": now}
    if present := queries.at_counter(duty.counter):
        services.finish(errand_id=present.pk, **here)
    for errand in queries.held_at(duty.counter):
        services.resume(errand_id=errand.pk, **here)
        services.finish(errand_id=errand.pk, **here)
    services.sign_off(**here)
