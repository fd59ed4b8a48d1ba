"""Learning from past days, gently: few observations move the catalogue's word a little, many replace it.

The shrinkage is that of empirical Bayes (Efron and Morris 1975): the prior counts as a fixed number of observations.
So the first day works from the catalogue alone, and a service asked for twice a month does not jump about.
"""

import math
from collections.abc import Sequence
from dataclasses import dataclass

from gerai.foresight.waits import VARIATION

SERVICES = 15  # observed services that weigh as much as the catalogue's minutes
DAYS = 2  # past days that weigh as much as the first guess of arrivals
TRIM = 0.125  # of the days at each end: a holiday's eve must not move a Monday


@dataclass(frozen=True, slots=True)
class ServiceTime:
    """Expected minutes of a service, their coefficient of variation, and how many services taught it."""

    minutes: float
    variation: float
    learnt_from: int


def shrunk_mean(observed: Sequence[float], prior: float, weight: float = SERVICES) -> float:
    """The mean of the observed, drawn towards `prior`, which counts as `weight` observations."""
    return (sum(observed) + weight * prior) / (len(observed) + weight)


def service_time(catalogue_minutes: float, observed: Sequence[float]) -> ServiceTime:
    """
    What one service takes at a counter, from its past service times in minutes.

    The spread is that of logarithms (service times are lognormal), shrunk in the same way. Times over six times the
    catalogue's are taken for a forgotten button and count as six.
    """
    times = [min(max(minutes, 0.2), 6 * catalogue_minutes) for minutes in observed]
    mean = shrunk_mean(times, catalogue_minutes)
    logs = [math.log(minutes) for minutes in times]
    centre = sum(logs) / len(logs) if logs else 0.0
    squares = [(one - centre) ** 2 for one in logs]
    sigma2 = shrunk_mean(squares, math.log(1 + VARIATION**2))
    return ServiceTime(mean, min(math.sqrt(math.exp(sigma2) - 1), 2.0), len(times))


def speed_of_the_day(observed: Sequence[float], expected: Sequence[float], usual: float = 10.0) -> float:
    """
    Today's pace at one agency: minutes taken over minutes expected, services that ended today; 1 is as usual.

    Drawn to 1 by a weight of 15 services of `usual` minutes, so that the first visitor of a day proves nothing.
    """
    prior = SERVICES * usual
    return (sum(observed) + prior) / (sum(expected) + prior)


def doubt_about_speed(services_today: int, day_to_day: float = 0.1, variation: float = VARIATION) -> float:
    """
    Standard deviation of the logarithm of today's pace after so many services: for `look_ahead(doubt=)`.

    Precisions add: what days differ by (`day_to_day`), and what today's services have shown.
    """
    return 1 / math.sqrt(1 / day_to_day**2 + services_today / variation**2)


def trimmed_mean(values: Sequence[float], trim: float = TRIM) -> float:
    """The mean without the `trim` lowest and highest part."""
    cut = int(len(values) * trim)
    kept = sorted(values)[cut : len(values) - cut]
    return sum(kept) / len(kept)


def arrivals(days: Sequence[Sequence[float]], first_guess: Sequence[float]) -> list[float]:
    """
    People expected in each half hour: past days of the same weekday, shape (days, slots), drawn to a first guess.

    Eight weeks back is a good span; `first_guess` has shape (slots,) and weighs as two days.
    """
    if not days:
        return list(first_guess)
    means = [trimmed_mean([day[slot] for day in days]) for slot in range(len(first_guess))]
    weight = len(days) / (len(days) + DAYS)
    return [weight * mean + (1 - weight) * guess for mean, guess in zip(means, first_guess, strict=True)]


def day_factor(come: float, expected: float, day_to_day: float = 0.1) -> float:
    """
    Today's crowd over the forecast, from those who have come so far: gamma-Poisson (Weinberg et al. 2007 use alike).

    `day_to_day`: standard deviation of the factor between days; its inverse square is the weight of "as usual".
    """
    prior = 1 / day_to_day**2
    return (come + prior) / (expected + prior)
