"""Background edges of the floor: live advice, what ends with the day, the roster's nightly proposal."""

from procrastinate.contrib.django import app

from gerai.agencies import queries as agencies
from gerai.core import clock
from gerai.floor import advice, ending, rostering


@app.periodic(cron="* * * * * */20")
@app.task(name="floor.advise", queueing_lock="floor.advise")
def advise(timestamp: int) -> None:
    """Every twenty seconds: look at every queue."""
    now = clock.now()
    for mall in agencies.malls():
        advice.look(mall=mall, now=now)


@app.periodic(cron="* * * * *")
@app.task(name="floor.end_day", queueing_lock="floor.end_day")
def end_day(timestamp: int) -> None:
    """Every minute, so that each mall's own midnight is found in time."""
    now = clock.now()
    for mall in agencies.malls():
        ending.end_day(mall=mall, now=now)


@app.periodic(cron="30 17 * * *")
@app.task(name="floor.propose", queueing_lock="floor.propose")
def propose(timestamp: int) -> None:
    """Every night of Indonesia: what the past weeks say of each weekday."""
    now = clock.now()
    for mall in agencies.malls():
        rostering.propose_all(mall=mall, now=now)
