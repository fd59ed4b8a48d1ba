"""What a checked file would change, before and after: for the second person, who answers for it."""

from collections.abc import Mapping
from typing import Any

from gerai.agencies.models import Agency, Mall
from gerai.catalogue import comparing, queries, telling
from gerai.catalogue.joining import Plan
from gerai.catalogue.models import Edition, Service

Present = Mapping[str, tuple[Service, Edition | None]]


def changes(mall: Mall, plan: Plan) -> list[dict[str, Any]]:
    """The changes that `queries.changes` names, each with the thing's `name` and its `differences`."""
    present = queries.current(mall, plan.agency["code"])
    out = []
    for change in queries.changes(mall, plan):
        if change["what"] == "counters":
            more: tuple[Any, list[comparing.Difference]] = ("", _counters(mall, plan))
        elif change["what"].startswith("agency"):
            more = (plan.agency["name"], _agency(mall, plan))
        else:
            more = _service(change["code"], present, plan)
        out.append({**change, "name": more[0], "differences": more[1]})
    return out


def _counters(mall: Mall, plan: Plan) -> list[comparing.Difference]:
    own = plan.agency["code"]
    there = sorted(n for n, codes in queries.taken_counters(mall).items() if own in codes)
    wanted = sorted(number for number, _, _ in plan.counters)
    sides = (telling.texts(", ".join(map(str, numbers))) for numbers in (there, wanted))
    return [comparing.Difference("counters", *sides)]


def _agency(mall: Mall, plan: Plan) -> list[comparing.Difference]:
    after = {name: plan.agency[name] for name in (*queries.AGENCY_FIELDS, "permit_pattern")}
    agency = Agency.objects.filter(mall=mall, code=plan.agency["code"]).first()
    if agency is None:
        return comparing.differences(None, after)
    before = {name: getattr(agency, name) for name in after}
    return comparing.differences(
        before, {**after, "permit_pattern": after["permit_pattern"] or agency.permit_pattern}
    )


def _service(code: str, present: Present, plan: Plan) -> tuple[Any, list[comparing.Difference]]:
    wanted = next((s for s in plan.services if s["code"] == code), None)
    if wanted is None:  # no longer offered
        return present[code][0].name, []
    after = {name: wanted[name] for name in queries.SERVICE_FIELDS} | wanted["content"]
    if code not in present:
        return wanted["name"], comparing.differences(None, after)
    service, edition = present[code]
    before = {name: getattr(service, name) for name in (*queries.SERVICE_FIELDS, "active")}
    before |= edition.content if edition else {}
    return wanted["name"], comparing.differences(before, {**after, "active": True})
