"""Which parts of an application its applicant may change: all of a draft; of a return what was named. Reads."""

from typing import Any

from gerai.applications import answers as form
from gerai.applications import queries
from gerai.applications.models import Application
from gerai.applications.rules import Status
from gerai.catalogue import asking


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


def wishes(application: Application) -> list[dict[str, Any]]:
    """
    What the open return asks to be mended: {"what", "label", "text", "mended"}.

    `mended`: whether something else stands there now; None where what stood there was not kept.
    """
    if application.status != Status.RETURNED:
        return []
    names, before = form.labels(application.edition.content), queries.before_return(application)
    now = {"answers": queries.answers_of(application), "files": queries.files_of(application)}
    files = {f["key"] for f in form.fields(application.edition.content) if f["type"] == asking.FILE}

    def standing(at: dict[str, Any], what: str) -> Any:
        kind, _sep, key = what.partition(":")
        if kind == "file" or key in files:
            return at["files"].get(key)
        key, _sep, row = key.partition(".")
        value = at["answers"].get(key)
        return value if not row or not isinstance(value, list) else value[int(row) : int(row) + 1]

    return [
        {
            **wish,
            "label": names.get(wish["what"]),
            "mended": standing(before, wish["what"]) != standing(now, wish["what"]) if before else None,
        }
        for wish in application.corrections
    ]
