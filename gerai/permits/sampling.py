"""A permit that nobody asked for: the edition's paper with invented answers, for who words it. Nothing is stored."""

from datetime import date
from typing import Any

from gerai.accounts.models import Person
from gerai.agencies.models import Agency
from gerai.applications.models import Application
from gerai.catalogue import asking, branches, permit_checks
from gerai.catalogue.models import Edition, Service
from gerai.permits import wording

MARK = "CONTOH"
NONE = "-"  # chosen: this question is not answered
_GIVEN = {
    "address": "Jalan Contoh 1, Bengkulu",
    "integer": 12,
    "yes_no": True,
    "point": {"lat": -3.8004, "lon": 102.2655},
}


def _answer(field: dict[str, Any], today: date) -> Any:
    schema = field.get("schema", {})
    if field["type"] == asking.GROUP:
        row = {cell["key"]: _answer(cell, today) for cell in field["fields"]}
        return [row] * max(asking.least(field), 1)
    if field["type"] == "choice":
        return field["choices"][0]["value"]
    if field["type"] == "date":
        return today.isoformat()
    if field["type"] == "integer":
        least, most = schema.get("minimum", 0), schema.get("maximum", 1_000_000)
        return max(int(least), min(int(most), 12))
    label = field.get("label", {}).get("id", "")
    return _GIVEN.get(field["type"], f"{MARK} {label.lower()}"[: schema.get("maxLength", 60)])


def answers(content: dict[str, Any], chosen: dict[str, str], today: date) -> dict[str, Any]:
    """An answer to every question that is asked, in the branch that was chosen; what is chosen badly is invented."""
    given: dict[str, Any] = {}
    for section in content["questions"]:
        for field in section["fields"]:
            if field["type"] == asking.COMPUTED:
                continue
            wanted = chosen.get(field["key"], "")
            if wanted == NONE and not field.get("required", True):
                continue
            if wanted and wanted in dict(options(field)):
                given[field["key"]] = {"yes": True, "no": False}.get(wanted, wanted)
            elif field["type"] == "integer" and wanted.isascii() and wanted.isdigit() and len(wanted) < 10:
                given[field["key"]] = int(wanted)
            else:
                given[field["key"]] = _answer(field, today)
    return asking.settle(content, given)


def options(field: dict[str, Any]) -> list[tuple[str, dict[str, str]]]:
    """What can be chosen as the invented answer to a question: (value, its words)."""
    found: list[tuple[str, dict[str, str]]] = []
    if field["type"] == "choice":
        found = [(c["value"], c["label"]) for c in field["choices"]]
    elif field["type"] == "yes_no":
        found = [("yes", {"id": "Ya", "en": "Yes"}), ("no", {"id": "Tidak", "en": "No"})]
    elif not field.get("required", True):
        found = [("", {"id": "diisi", "en": "answered"})]
    if not field.get("required", True):
        found.append((NONE, {"id": "tidak dijawab", "en": "not answered"}))
    return found


def deciding(content: dict[str, Any]) -> list[dict[str, Any]]:
    """The questions on which it depends what is printed, for who wants to see another branch."""
    form = branches.Form(content)
    keys: set[str] = set()
    for text in content["permit"].get("text", {}).values():
        keys |= form.closure(permit_checks.deciding(text))
    return [f for f in form.fields.values() if f["key"] in keys and (options(f) or f["type"] == "integer")]


def paper(
    agency: Agency, service: Service, content: dict[str, Any], given: dict[str, Any], today: date
) -> dict[str, Any]:
    """What the permit would say."""
    application = Application(
        mall=agency.mall,
        agency=agency,
        service=service,
        edition=Edition(service=service, content=content),
        applicant=Person(name="Nama Pemegang Contoh"),
        number=f"{MARK}-0001",
    )
    signer = Person(name="Nama Pejabat Contoh")
    made, sealed = wording.permit(application, given, f"{MARK}/0001", today, signer)
    return wording.opened(made, sealed)
