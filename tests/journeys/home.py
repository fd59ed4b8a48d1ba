"""Everybody goes home before a journey that looks at a queue, so that it finds nobody of another journey in it.

Run inside the running Gerai (`Walk.inside`), so by the product's own service.
"""

GO = "from tests.journeys.home import everybody; everybody()"
CROWD = "from tests.journeys.home import crowd; crowd()"


def everybody() -> None:
    """All visitors who are in the mall leave; who sits at a counter stays. No advice was given lately."""
    from datetime import timedelta

    from django.db.models import F

    from gerai.agencies import queries as agencies
    from gerai.core import clock
    from gerai.floor import advice
    from gerai.floor.models import Advice
    from gerai.ledger.rules import SYSTEM
    from gerai.visits import services
    from gerai.visits.models import Stage, Visit

    mall, now = agencies.the_mall(), clock.now()
    for visit in Visit.objects.filter(mall=mall, stage=Stage.ARRIVED):
        services.leave(visit=visit, actor=SYSTEM, now=now)
    advice.look(mall=mall, now=now)  # what was advised for them lapses
    Advice.objects.update(made_at=F("made_at") - timedelta(minutes=10))  # as if that had been a while ago


def crowd() -> None:
    """
    After them a full queue for one agency: three numbers, the second one Sari's, and thirty behind them.

    The last to come is old and is called first, until an officer asks for the proof.
    """
    from gerai.accounts.models import Person
    from gerai.agencies import queries as agencies
    from gerai.core import clock
    from gerai.ledger.rules import ActorRef
    from gerai.visits import queries, services

    mall, sari = agencies.the_mall(), Person.objects.get(email="sari@warga.example")
    wanted = queries.offered(mall, "DUKCAPIL/DUKCAPIL-02")
    for place in range(34):
        services.arrive(
            mall=mall,
            chosen=[wanted],
            entrance="A",
            person=sari if place == 1 else None,
            priority="elderly" if place == 33 else "",
            actor=ActorRef("device", "kiosk"),
            now=clock.now(),
        )
