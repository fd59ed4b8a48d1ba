"""A permit that holds from a day its applicant names: that day must still come. Reads."""

from datetime import date, datetime

from gerai.applications import answers as form
from gerai.applications import queries
from gerai.applications.models import Application
from gerai.applications.rules import Why

PASSED = form.SENTENCES["passed"]


def question(application: Application) -> str:
    """The question whose answer a permit begins with; empty where none does, or it may have begun already."""
    lasts = (application.edition.content.get("permit") or {}).get("lasts", {})
    begun = application.why == Why.AMEND or lasts.get("begun")
    return "" if begun else str(lasts.get("from", ""))


def passed(application: Application, now: datetime) -> dict[str, str]:
    """A sentence for its answer if that day is over: "answer:<key>" as in `queries.missing`."""
    key = question(application)
    over = key and _is_over(application, queries.answers_of(application).get(key), now)
    return {f"answer:{key}": PASSED} if over else {}


def check(application: Application, key: str, read: form.Read, now: datetime) -> form.Read:
    """What was just read for this question, refused if the permit would begin in the past."""
    if key == question(application) and _is_over(application, read[0], now):
        return None, {key: PASSED}
    return read


def _is_over(application: Application, told: object, now: datetime) -> bool:
    try:
        return date.fromisoformat(str(told)) < queries.today(application, now)
    except ValueError:
        return False
