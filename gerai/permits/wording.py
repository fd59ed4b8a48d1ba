"""What a permit or a refusal letter says, built once at the decision. No rendering, no writes."""

from collections.abc import Iterator
from datetime import date, datetime
from typing import Any

from django.conf import settings

from gerai.agencies.rules import FORMS, WorkCalendar
from gerai.applications import answers as form
from gerai.applications.models import Application
from gerai.applications.rules import Why
from gerai.catalogue import expressions, lasting, permit_checks, permit_text
from gerai.catalogue.permit_text import Block
from gerai.permits import rules
from gerai.permits.models import Permit
from gerai.permits.rules import Kind

DEEMED_TITLE = "Segel elektronik instansi, tanpa keputusan pejabat"
DEEMED_GROUND = (
    "Dokumen ini terbit karena hukum: permohonan dianggap dikabulkan sebab tidak diputuskan dalam batas waktu "
    "(pasal 175 angka 6 UU 6/2023, perubahan pasal 53 UU 30/2014; "
    "belum dikonfirmasi instansi)."
)

DEEMED_OPENING = {
    "id": "Permohonan tidak diputuskan dalam batas waktunya, sehingga menurut hukum dianggap dikabulkan. Izin ini "
    "berlaku untuk:",
    "en": "The application was not decided within its time, so by law it counts as granted. This permit is for:",
}


def decider(application: Application, person: Any, capacity: str = "") -> tuple[str, str]:
    """Name and title as printed under the decision; `capacity`: of a substitute. Nobody: the institution's seal."""
    agency = application.agency.name["id"]
    if person is None:
        return agency, DEEMED_TITLE
    title = f"{FORMS[capacity]} pejabat" if capacity else "Pejabat"
    return person.name, f"{title} penanda tangan, {agency}"


def holder(application: Application) -> str:
    """Whose permit it is: the business, where it was applied for one, else the applicant."""
    business = application.business
    return f"{business.name} (NIB {business.nib})" if business else application.applicant.name


def _value(key: str, application: Application, answers: dict[str, Any]) -> tuple[str, bool]:
    """What stands beside a label, and whether it is personal."""
    if key in ("applicant", "applicant.name", "holder"):
        return holder(application), False
    if key == "application.number":
        return application.number or "-", False
    field = next((f for f in form.fields(application.edition.content) if f["key"] == key), None)
    if field is None:
        return "-", False
    value = answers.get(key)
    if field["type"] == "date" and value:
        return rules.long_date(date.fromisoformat(value)), bool(field.get("personal"))
    return form.shown(field, value, "id"), bool(field.get("personal"))


def _frame(
    application: Application, number: str, day: date, person: Any, capacity: str = ""
) -> dict[str, Any]:
    name, title = decider(application, person, capacity)
    mall = application.mall
    return {
        "number": number,
        "mall": mall.name,
        "city": mall.city,
        "address": mall.details.get("address", "") if isinstance(mall.details.get("address"), str) else "",
        "agency": application.agency.name,
        "service": application.service.name,
        "application": application.number,
        "holder": holder(application),
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


LANGUAGES = ("id", "en")
ALWAYS = {"id": "selama tidak dicabut", "en": "until it is revoked"}


def _text(
    application: Application, answers: dict[str, Any], content: dict[str, Any]
) -> tuple[dict[str, Any], dict[str, str]]:
    """The wording of the edition with its values, in both languages; apart from it the personal values by key."""
    texts = (application.edition.content.get("permit") or {}).get("text") or {}
    hidden = permit_checks.personal(application.edition.content) if texts else set()
    made, sealed = {}, dict[str, str]()
    for language in (tongue for tongue in LANGUAGES if tongue in texts):
        values = {"answers": answers, **_values(application, answers, content, language)}
        blocks, _ = permit_text.read(texts[language])
        if content["deemed"]:
            blocks = _by_law(blocks, language)
        made[language] = [
            _filled(block, values, hidden, sealed) for block in blocks if _holds(block, answers)
        ]
    return ({"text": made} if made else {}), sealed


def _by_law(blocks: list[Block], language: str) -> list[Block]:
    """What stands before the holder tells of an examination and of who grants it: nobody did, so the law is told."""
    rows = next((n for n, block in enumerate(blocks) if block.kind == permit_text.ROWS), 0)
    headings = [block for block in blocks[:rows] if block.kind == "h"]
    said = Block("p", line=0, runs=[permit_text.Run(DEEMED_OPENING[language])])
    return [*headings, said, *blocks[rows:]] if rows else blocks


def _values(
    application: Application, answers: dict[str, Any], content: dict[str, Any], language: str
) -> dict[str, str]:
    """What stands for each placeholder."""
    values = {name: content[name] for name in ("number", "mall", "city", "application", "holder")}
    values |= {name: content[name] for name in ("decided_name", "decided_title")}
    values |= {name: content[name][language] for name in ("title", "agency", "service")}
    values["decided_on"] = values["valid_from"] = _day(content["decided_on"], language)
    until = content["valid_until"]
    values["valid_until"] = _day(until, language) if until else ALWAYS[language]
    for field in form.fields(application.edition.content):
        answer = answers.get(field["key"])
        is_day = field["type"] == "date" and answer
        shown = _day(str(answer), language) if is_day else form.shown(field, answer, language)
        values[f"answers.{field['key']}"] = shown
    return values


def _day(text: str, language: str) -> str:
    day = date.fromisoformat(text)
    return rules.long_date(day) if language == "id" else f"{day.day} {day:%B %Y}"


def _holds(block: Block, answers: dict[str, Any]) -> bool:
    return expressions.holds(block.when or None, answers)


def _filled(block: Block, values: dict[str, Any], hidden: set[str], sealed: dict[str, str]) -> dict[str, Any]:
    """A block as it is kept: a personal value is not in it but in `sealed`."""
    runs: list[dict[str, Any]] = []
    for run in block.runs:
        made: dict[str, Any] = {"text": values.get(run.name, run.text) if run.name else run.text}
        key = permit_text.answer_of(run.name)
        if key in hidden:
            sealed.setdefault(run.name, made["text"])
            made = {"text": None, "personal": run.name}
        runs.append({**made, "bold": True} if run.bold else made)
    inner = [b for b in block.blocks if _holds(b, values["answers"])]
    blocks = [_filled(b, values, hidden, sealed) for b in inner]
    return {"kind": block.kind, "level": block.level, "runs": runs, "blocks": blocks}


def opened(content: dict[str, Any], sealed: dict[str, str]) -> dict[str, Any]:
    """The content with its personal values back in their places: for the paper only."""
    for index, value in sealed.items():
        if index.isdecimal():
            content["rows"][int(index)]["value"] = value
    for blocks in content.get("text", {}).values():
        for run in runs_of(blocks):
            if run.get("personal"):
                run["text"] = sealed[run["personal"]]
    return content


def runs_of(blocks: list[dict[str, Any]]) -> Iterator[dict[str, Any]]:
    """All words of a wording, in order."""
    for block in blocks:
        yield from block["runs"]
        yield from runs_of(block["blocks"])


def paragraphs(blocks: list[dict[str, Any]]) -> Iterator[tuple[str, bool]]:
    """Every paragraph, heading and item as plain words, and whether something in it is personal."""
    for block in blocks:
        if words := "".join(run["text"] or "" for run in block["runs"]).strip():
            yield words, any(run.get("personal") for run in block["runs"])
        yield from paragraphs(block["blocks"])


def permit(
    application: Application,
    answers: dict[str, Any],
    number: str,
    day: date,
    person: Any,
    capacity: str = "",
    old: Permit | None = None,
) -> tuple[dict[str, Any], dict[str, str]]:
    """The content of a permit, and apart from it the personal values by row; `old` is the one that it replaces."""
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
    until = _until(application, answers, day, old)
    content = {
        **_frame(application, number, day, person, capacity),
        "kind": Kind.PERMIT.value,
        "title": told.get("title") or application.service.name,
        "rows": rows,
        "valid_until": until.isoformat() if until else None,
        **({"replaces": old.number} if old else {}),
    }
    if place := _place(application, answers):
        content["place"] = place
    text, kept_back = _text(application, answers, content)
    return {**content, **text}, {**sealed, **kept_back}


def _until(application: Application, answers: dict[str, Any], day: date, old: Permit | None) -> date | None:
    """
    The last day. What the answers say goes first, also of a change.

    Else a change leaves the end, and a renewal counts from the old one: nobody loses days by asking early. What the
    office corrects counts from the day of the permit that was wrong.
    """
    told = application.edition.content.get("permit") or {}
    if "lasts" in told:
        since = old.valid_from if old is not None and application.why == Why.CORRECT else day
        return lasting.last_day(told["lasts"], answers, since)
    if old is not None and application.why in (Why.AMEND, Why.CORRECT):
        return old.valid_until
    begins = day if old is None or old.valid_until is None else old.valid_until
    return rules.valid_until(begins, told.get("valid_years"))


def _place(application: Application, answers: dict[str, Any]) -> dict[str, float] | None:
    """Where it is on the public map: what the edition names, never what is personal."""
    key = (application.edition.content.get("permit") or {}).get("place")
    point = answers.get(key) if key else None
    if not isinstance(point, dict) or key in permit_checks.personal(application.edition.content):
        return None
    lat, lon = round(float(point["lat"]), 6), round(float(point["lon"]), 6)
    return {"lat": lat, "lon": lon} if abs(lat) <= 90 and abs(lon) <= 180 else None


def refusal(
    application: Application,
    number: str,
    ground: str,
    reason: str,
    person: Any,
    calendar: WorkCalendar,
    now: datetime,
    capacity: str = "",
) -> tuple[dict[str, Any], dict[str, str]]:
    """The content of a refusal letter with the dates by which one may object. The reason is sealed."""
    day = calendar.local(now).date()
    objection = calendar.add_working_days(day, rules.OBJECTION_DAYS)
    content = {
        **_frame(application, number, day, person, capacity),
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
