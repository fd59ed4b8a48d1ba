"""Changing the wording of one permit without the agency's whole file in hand: the file is made, and proposed as any."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import transaction

from gerai.agencies.models import Agency, Mall
from gerai.catalogue import (
    exporting,
    joining,
    permit_checks,
    permit_text,
    queries,
    rules,
    services,
    yaml_lines,
)
from gerai.catalogue.models import Proposal
from gerai.core.errors import NotFound


@dataclass(frozen=True, slots=True)
class Draft:
    """What somebody words anew: the agency's file, the service in it, and their own proposal if one waits."""

    file: dict[str, Any]
    service: dict[str, Any]
    content: dict[str, Any]  # as it would be frozen
    waiting: Proposal | None

    @property
    def text(self) -> dict[str, str]:
        """The wording as it is; empty if there is none."""
        return {
            language: self.service["permit"].get("text", {}).get(language, "") for language in ("id", "en")
        }


def draft(mall: Mall, agency: Agency, service_code: str, person: Any) -> Draft:
    """
    The file to change: what the person has proposed and nobody has published yet goes on from there.

    :raises NotFound: if the agency issues no such permit here
    :raises rules.FileRefused: if the agency's file as it stands is wrong by now
    """
    waiting = queries.proposals(mall, agency.code).filter(made_by=person).first()
    text = waiting.text if waiting else exporting.file_of(agency)
    file, _ = yaml_lines.read(text)
    plan = joining.check(text, agencies=queries.agency_codes(mall), taken=queries.taken_counters(mall))
    raw = next((s for s in file["services"] if s["code"] == service_code), None)
    if raw is None:
        raise NotFound
    if plan.problems:  # the mall has changed since: another agency left, a counter was taken
        raise rules.FileRefused(plan.problems)
    planned = next(s for s in plan.services if s["code"] == service_code)
    if "permit" not in planned["content"]:
        raise NotFound
    raw.setdefault("permit", {"title": planned["content"]["permit"]["title"]})
    return Draft(file, raw, planned["content"], waiting)


def worded(content: dict[str, Any], text: dict[str, str]) -> dict[str, Any]:
    """A service's content with another wording; none at all where nothing is written."""
    permit = {name: value for name, value in content["permit"].items() if name != "text"}
    if any(words.strip() for words in text.values()):
        permit["text"] = {name: "\n".join(permit_text.lines(words)) for name, words in text.items()}
    return {**content, "permit": permit}


def problems(content: dict[str, Any]) -> list[dict[str, Any]]:
    """What is wrong with the wording of a content: language, line from 1, and the words for it in both languages."""
    found = [
        {"language": path[2], "line": int(path[3]) + 1, "code": code, "id": indonesian, "en": english}
        for path, code, indonesian, english in permit_checks.problems(content)
    ]
    for language, words in content["permit"].get("text", {}).items():
        if len(words) > permit_text.LIMIT:
            limit = permit_text.LIMIT
            told = {"id": f"Paling banyak {limit} huruf.", "en": f"At most {limit} characters."}
            found.append({"language": language, "line": 1, "code": "limit_passed", **told})
    return found


@transaction.atomic
def propose(
    *, mall: Mall, agency: Agency, service_code: str, text: dict[str, str], person: Any, now: datetime
) -> Proposal:
    """
    Propose a new wording, for a second person to publish. The person's own waiting proposal is carried on by it.

    :raises NotFound: if the agency issues no such permit here
    :raises rules.WordingUnchanged, rules.FileRefused: nothing is kept then
    """
    Mall.objects.select_for_update().get(
        pk=mall.pk
    )  # a second press waits, and finds the first one's proposal
    found = draft(mall, agency, service_code, person)
    changed = worded(found.content, text)["permit"].get("text")
    if changed == (found.service["permit"].get("text") or None):
        if found.waiting:  # the second press
            return found.waiting
        raise rules.WordingUnchanged
    found.service["permit"].pop("text", None)
    if changed:
        found.service["permit"]["text"] = changed
    made = services.propose(
        mall=mall, text=exporting.written(found.file), person=person, now=now, only_agency=agency.code
    )
    if found.waiting and found.waiting.pk != made.pk:
        services.withdraw(
            mall=mall, proposal_id=found.waiting.pk, person=person, now=now, only_agency=agency.code
        )
    return made
