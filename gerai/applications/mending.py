"""Which parts of an application its applicant may change: all of a draft; of a return what was named. Reads."""

from typing import Any

from gerai.applications import answers as form
from gerai.applications import queries
from gerai.applications.models import Application
from gerai.applications.rules import Status


def may_change(application: Application, what: str) -> bool:
    """
    Whether "answer:<key>" or "file:<code>" is open: all of a draft; of a return the parts named, and what is
    newly asked because one of them was mended. A group is open with any of its rows (`open_rows`).
    """
    if application.status == Status.DRAFT:
        return True
    if application.status != Status.RETURNED:
        return False
    named = (c["what"] for c in application.corrections)
    return any(n == what or n.startswith(f"{what}.") for n in named) or what in queries.missing(application)


def open_rows(application: Application, group: dict[str, Any]) -> set[int] | None:
    """The rows of a group that may be changed; None if all may, and rows may come and go."""
    what = f"answer:{group['key']}"
    named = {c["what"] for c in application.corrections}
    if application.status == Status.DRAFT or what in named:
        return None
    if application.status != Status.RETURNED:
        return set()
    found = {int(name.rpartition(".")[2]) for name in named if name.startswith(f"{what}.")}
    if what in queries.missing(
        application
    ):  # an answer outside was mended, and the rows ask more or less now
        known = queries.answers_of(application)
        lacking = form.lacking_rows(group, known.get(group["key"], []), queries.places_of(application), known)
        return found | lacking if lacking else None
    return found
