"""The legal grounds that an officer chooses from: of the standard, and of what an inspection looked at. Pure."""

from collections.abc import Iterable, Mapping
from typing import Any


def offered(content: Mapping[str, Any], reports: Iterable[Mapping[str, Any]] = ()) -> list[dict[str, Any]]:
    """
    The laws that a refusal may rest on, each once: first those of points that an inspection found unfulfilled.

    `reports` as `inspection_queries.shown` gives them.
    """
    unmet = [
        row["point"]["law"]
        for one in reports
        for row in one["rows"]
        if row["point"].get("law") and row["answer"] == "no"
    ]
    standard = [str(law) for law in content["standard"].get("legal_basis", [])]
    looked_at = [
        point["law"]
        for stage in content["route"]
        for step in stage["tasks"]
        for point in step.get("checklist", [])
        if point.get("law")
    ]
    return [{"law": law, "unmet": law in unmet} for law in dict.fromkeys([*unmet, *standard, *looked_at])]


def chosen(sent: Mapping[str, str]) -> str:
    """What was chosen of a form: the words that somebody typed, else the law that they marked."""
    return sent.get("other_ground", "").strip() or sent.get("ground", "")


def reasons(notes: Iterable[str]) -> str:
    """The words of those who advise rejection, each once, as a draft of the reason for the applicant."""
    return "\n".join(dict.fromkeys(note.strip() for note in notes if note.strip()))
