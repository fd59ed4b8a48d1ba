"""Everybody goes home between two journeys, so that no file finds the visitors of another in its queue.

Run as `gerai shell -c "from tests.journeys.home import everybody; everybody()"`, so by the product's own service.
"""


def everybody() -> None:
    """All visitors who are in the mall leave; who sits at a counter stays."""
    from gerai.agencies import queries as agencies
    from gerai.core import clock
    from gerai.ledger.rules import SYSTEM
    from gerai.visits import services
    from gerai.visits.models import Stage, Visit

    mall, now = agencies.the_mall(), clock.now()
    for visit in Visit.objects.filter(mall=mall, stage=Stage.ARRIVED):
        services.leave(visit=visit, actor=SYSTEM, now=now)
