"""What a permit or a refusal letter says, built once at the decision. No rendering, no writes."""

from datetime import date, datetime
from typing import Any

from django.conf import settings

from gerai.agencies.rules import WorkCalendar
from gerai.applications import answers as form
from gerai.applications.models import Application
from gerai.permits import rules
from gerai.permits.rules import Kind

DEEMED_TITLE = "Segel elektronik instansi, tanpa keputusan pejabat"
DEEMED_GROUND = (
    "Dokumen ini terbit karena hukum: permohonan dianggap dikabulkan sebab tidak diputuskan dalam batas waktu "
    "(pasal 175 angka 6 UU 6/2023, perubahan pasal 53 UU 30/2014; "
    "belum dikonfirmasi instansi)."
)


def decider(application: Application, person: Any) -> tuple[str, str]:
    """Name and title as printed under the decision. Nobody: the institution's seal."""
    agency = application.agency.name["id"]
    if person is None:
        return agency, DEEMED_TITLE
    return person.name, f"Pejabat penanda tangan, {agency}"


def _value(key: str, application: Application, answers: dict[str, Any]) -> tuple[str, bool]:
    """What stands beside a label, and whether it is personal."""
    if key in ("applicant", "applicant.name", "holder"):
        return application.applicant.name, False
    if key == "application.number":
        return application.number or "-", False
    field = next((f for f in form.fields(application.edition.content) if f["key"] == key), None)
    if field is None:
        return "-", False
    value = answers.get(key)
    if field["type"] == "date" and value:
        return rules.long_date(date.fromisoformat(value)), bool(field.get("personal"))
    return form.shown(field, value, "id"), bool(field.get("personal"))


def _frame(application: Application, number: str, day: date, person: Any) -> dict[str, Any]:
    name, title = decider(application, person)
    mall = application.mall
    return {
        "number": number,
        "mall": mall.name,
        "city": mall.city,
        "address": mall.details.get("address", "") if isinstance(mall.details.get("address"), str) else "",
        "agency": application.agency.name,
        "service": application.service.name,
        "application": application.number,
        "holder": application.applicant.name,
        "decided_on": day.isoformat(),
        "decided_name": name,
        "decided_title": title,
        "deemed": DEEMED_GROUND if person is None else "",
        "law": [text(item) for item in application.edition.content["standard"].get("legal_basis", [])],
        "demo": settings.DEMO,
    }


def text(item: Any) -> str:
    """The Indonesian words of a text that may be bilingual."""
    return str(item["id"]) if isinstance(item, dict) else str(item)


def permit(
    application: Application, answers: dict[str, Any], number: str, day: date, person: Any
) -> tuple[dict[str, Any], dict[str, str]]:
    """The content of a permit, and apart from it the personal values by row."""
    told = application.edition.content.get("permit") or {}
    rows: list[dict[str, Any]] = []
    sealed: dict[str, str] = {}
    for line in told.get("body", []):
        value, personal = _value(str(line["value"]), application, answers)
        if value == "-":  # not asked of this applicant, or left empty: no row
            continue
        if personal:
            sealed[str(len(rows))] = value
        rows.append({"label": line["label"], "value": None if personal else value, "personal": personal})
    until = rules.valid_until(day, told.get("valid_years"))
    content = {
        **_frame(application, number, day, person),
        "kind": Kind.PERMIT.value,
        "title": told.get("title") or application.service.name,
        "rows": rows,
        "valid_until": until.isoformat() if until else None,
    }
    return content, sealed


def refusal(
    application: Application,
    number: str,
    ground: str,
    reason: str,
    person: Any,
    calendar: WorkCalendar,
    now: datetime,
) -> tuple[dict[str, Any], dict[str, str]]:
    """The content of a refusal letter with the dates by which one may object. The reason is sealed."""
    day = calendar.local(now).date()
    objection = calendar.add_working_days(day, rules.OBJECTION_DAYS)
    content = {
        **_frame(application, number, day, person),
        "kind": Kind.REFUSAL.value,
        "title": {"id": "Surat Penolakan Permohonan", "en": "Letter of Refusal"},
        "ground": ground,
        "rows": [{"label": {"id": "Alasan", "en": "Reason"}, "value": None, "personal": True}],
        "objection_days": rules.OBJECTION_DAYS,
        "objection_until": objection.isoformat(),
        "appeal_days": rules.APPEAL_DAYS,
        "objection_law": "UU 30/2014 tentang Administrasi Pemerintahan, pasal 77 dan 78",
        "valid_until": None,
    }
    return content, {"0": reason}
