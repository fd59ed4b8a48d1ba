"""Who will come on a simulated day, for what, and how they behave. Pure: no database, no clock.

The shape is that of the simulated mall in `foresight`: a morning peak, one to four errands, lognormal services,
one in eight with a priority. The rest are assumptions about people, to be replaced by a mall's own ledger.
"""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from random import Random
from typing import TypeVar

Kind = TypeVar("Kind")

ERRANDS = (0.70, 0.18, 0.08, 0.04)  # one, two, three, four
PRIORITIES = (("", 0.88), ("elderly", 0.06), ("child", 0.03), ("pregnant", 0.02), ("disabled", 0.01))
IMPATIENT, PATIENCE = 0.05, timedelta(minutes=45)  # so many go home if they wait about so long
BOOKS, CANCELS, MISSES = 0.2, 0.06, 0.08  # of all; of those who booked
NOT_THERE, COMES_BACK = 0.03, 0.6  # of the called; of those, who come after all
GROUPS = ((1, 0.94), (2, 0.03), (3, 0.02), (4, 0.01))  # so many people with the same errand
COMPANIES = (("", 0.95), ("companion", 0.04), ("interpreter", 0.01))
LANGUAGES = (("id", 0.98), ("en", 0.02))
SPREAD = 0.6  # coefficient of variation of service times
PACE = 0.08  # an agency's day: this much faster or slower than usual
LAST_NUMBER = timedelta(minutes=30)  # before closing

# What officers do besides calling, serving and finishing.
PARKED = 0.04  # of the served: something is missing, they fetch it and the counter serves others meanwhile
FETCHING = (180, 720)  # seconds until they are back with it
SENT_ON = 0.03  # of the served: they turn out to need another service, and are transferred
SLIPS = 0.02  # of the calls, starts and ends: pressed by mistake, taken back and done again
OUT_OF_TURN = 0.03  # of the calls: a chosen number, for a reason, if more than one waits
NO_PROOF = 0.1  # of those who are called earlier: they cannot show why, and wait on by the time they came
ENDS = (("done", 0.92), ("incomplete", 0.06), ("referred", 0.02))  # of the served
BREATHERS = 0.03  # of the moments between two visitors: a short pause
BREATHER = (180, 600)  # seconds of such a pause
RELIEVED = 0.5  # of the lunches: a stand-in takes the counter over, if one is free

# What visitors change about their ticket.
PRAY = 0.08  # of all, if they still wait a few minutes later: a break
BREAKS = (10, 15, 20)  # minutes that they say they are away
BACK_EARLY = 0.5  # of those: back sooner, and they say so
WANT_MORE = 0.05  # of all, if they still wait: one more errand
REORDER = 0.2  # of those with several errands: another one first
DROP = 0.1  # of those with several errands: one less


@dataclass(frozen=True, slots=True)
class Offer:
    """A service that can be chosen: its place in the caller's list, its agency, usual minutes, how much it is asked."""

    place: int
    agency: int
    minutes: int
    weight: float


@dataclass(frozen=True, slots=True)
class Visitor:
    """
    Somebody who will come, `at` the latest if nothing is free that they could book, for these offers.

    After `patience` they go home, if they have any limit.
    """

    at: datetime
    chosen: tuple[int, ...]
    priority: str
    patience: timedelta | None
    books: bool
    party: int = 1
    company: str = ""
    language: str = "id"


def crowd(part: float) -> float:
    """How many come at this part (0 to 1) of the day, relatively: a peak after an hour, a small one after lunch."""
    peak = 1.4 * math.exp(-(((part - 0.19) / 0.14) ** 2) / 2)
    return 0.55 + peak + 0.25 * math.exp(-(((part - 0.81) / 0.10) ** 2) / 2)


def visitors(
    *, number: int, offers: Sequence[Offer], opens: datetime, closes: datetime, random: Random
) -> list[Visitor]:
    """So many visitors of one day, in the order of their coming. Nobody comes for two services of one agency."""
    span = closes - LAST_NUMBER - opens
    steps = [(n + 0.5) / 200 for n in range(200)]
    parts = random.choices(steps, [crowd(part) for part in steps], k=number)
    times = sorted(opens + span * (part + (random.random() - 0.5) / 200) for part in parts)
    return [
        Visitor(
            at=at,
            chosen=_chosen(offers, random),
            priority=one_of(PRIORITIES, random),
            patience=PATIENCE * random.lognormvariate(0, 0.3) if random.random() < IMPATIENT else None,
            books=random.random() < BOOKS,
            party=one_of(GROUPS, random),
            company=one_of(COMPANIES, random),
            language=one_of(LANGUAGES, random),
        )
        for at in times
    ]


def _chosen(offers: Sequence[Offer], random: Random) -> tuple[int, ...]:
    many = random.choices(range(1, len(ERRANDS) + 1), ERRANDS)[0]
    weights = [offer.weight for offer in offers]
    found: dict[int, int] = {}
    for offer in random.choices(offers, weights, k=many):
        found.setdefault(offer.agency, offer.place)
    return tuple(found.values())


def one_of(shares: Sequence[tuple[Kind, float]], random: Random) -> Kind:
    """One of these, each with its share."""
    return random.choices([each for each, _ in shares], [share for _, share in shares])[0]


def duration(minutes: float, random: Random, spread: float = SPREAD) -> timedelta:
    """How long a service of so many minutes takes this time: lognormal (Brown et al. 2005), half a minute at least."""
    sigma = math.sqrt(math.log(1 + spread**2))
    return timedelta(minutes=max(0.5, minutes * random.lognormvariate(-(sigma**2) / 2, sigma)))


def bearable(offers: Sequence[Offer], counters: int, span: timedelta, load: float) -> int:
    """How many visitors keep so many counters busy for `load` of the day."""
    weight = sum(offer.weight for offer in offers)
    minutes = (
        sum(offer.minutes * offer.weight for offer in offers) / weight + 1.0
    )  # and a minute between two people
    errands = sum(n * share for n, share in enumerate(ERRANDS, 1)) * sum(n * share for n, share in GROUPS)
    return max(1, int(counters * load * (span / timedelta(minutes=1)) / (minutes * errands)))
