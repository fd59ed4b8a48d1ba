"""What the case screen shows: answers beside documents, what was mended, what agencies said, what may be done now."""

import re
from datetime import datetime
from typing import Any

from django.utils.translation import get_language

from gerai.accounts import businesses, registers
from gerai.accounts import queries as people
from gerai.agencies import queries as agencies
from gerai.agencies import substituting
from gerai.agencies.rules import FORMS
from gerai.applications import acting, alike, confirm_queries, follow_queries
from gerai.applications import answers as form
from gerai.applications import queries as application_queries
from gerai.applications.models import Application, Attachment
from gerai.applications.showing import shown, told
from gerai.catalogue.asking import COMPUTED, FILE
from gerai.permits import mapping
from gerai.permits import queries as permits
from gerai.reviews import (
    asking,
    decisions,
    foretelling,
    grounds,
    hands,
    history,
    inbox_queries,
    inspection_queries,
    noting,
    objecting,
    outside,
    queries,
    stages,
    statements,
)
from gerai.reviews.models import Task
from gerai.reviews.rules import Kind, Outcome, urgency

ANSWER = re.compile(r"\banswers\.(\w+)")  # in a condition


def _sections(
    application: Application,
    before: dict[str, Any] | None,
    permit: dict[str, Any] | None,
    attached: dict[str, Attachment],
) -> list[dict[str, Any]]:
    """
    Sections with their answers, a file beside its question, and what stood there where it differs.

    `was`: before the last return; `held`: in the permit that is to be changed or renewed.
    """
    values, language = application_queries.answers_of(application), get_language() or "id"

    def row(field: dict[str, Any]) -> dict[str, Any]:
        key = field["key"]
        there = attached.get(key) if field["type"] == FILE else None
        earlier = before["answers"].get(key, "") if before else None
        now = told(field, values.get(key), language, earlier)
        held = shown(field, permit["answers"].get(key), language) if permit else now["text"]
        return {
            "what": "" if field["type"] == COMPUTED else f"answer:{key}",
            "key": key,
            "label": field["label"],
            "document": there.document if there else None,
            "new": _is_new(there, before),
            "held": held if held != now["text"] else "",
            "each": _each(field, now["rows"]) if "rows" in now else [],
            **now,
        }

    found = application_queries.sections(application)
    return [{"title": s["title"], "rows": [row(f) for f in s["fields"]]} for s in found]


def _each(group: dict[str, Any], rows: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """What can be mended of a group alone, where it has more than one row."""
    there = [row for row in rows if row["number"]]
    return [
        {
            "what": f"answer:{group['key']}.{row['number'] - 1}",
            "label": form.row_label(group, row["number"] - 1),
            "told": row["cells"][0]["text"] if row["cells"] else "",
        }
        for row in (there if len(there) > 1 else ())
    ]


def _is_new(there: Attachment | None, before: dict[str, Any] | None) -> bool:
    """Whether this file was sent after the last return."""
    return bool(before and there and before["files"].get(there.requirement) != str(there.document_id))


def _because(requirement: dict[str, Any], asked: dict[str, Any], values: dict[str, Any]) -> list[Any]:
    """The answers for which a requirement is asked: those that its condition looks at."""
    keys = dict.fromkeys(ANSWER.findall(requirement.get("when", "")))
    language = get_language() or "id"
    return [
        (asked[key]["label"], shown(asked[key], values[key], language))
        for key in keys
        if key in asked and key in values
    ]


def _files(
    application: Application, before: dict[str, Any] | None, attached: dict[str, Attachment]
) -> list[dict[str, Any]]:
    values = application_queries.answers_of(application)
    asked = {f["key"]: f for s in application_queries.sections(application) for f in s["fields"]}
    return [
        {
            "what": f"file:{r['code']}",
            "requirement": r,
            "because": _because(r, asked, values),
            "attachment": attached.get(r["code"]),
            "new": _is_new(attached.get(r["code"]), before),
        }
        for r in application_queries.files_required(application)
    ]


def _nearby(application: Application, now: datetime) -> list[dict[str, Any]]:
    """The permits at the place that the application names, as the public map shows them."""
    key = (application.edition.content.get("permit") or {}).get("place")
    point = application_queries.answers_of(application).get(key) if key else None
    if not point:
        return []
    found = mapping.near(application.mall, point["lat"], point["lon"])
    return [{"permit": permit, "state": permits.state(permit, now)} for permit in found]


def _objection(task: Task) -> str:
    found = objecting.of_task(task)
    return objecting.said(found) if found else ""


def _refusing(task: Task, reports: list[dict[str, Any]]) -> dict[str, Any]:
    """From what a refusal is written: the laws to choose from, and the words of those who advise it."""
    if task.kind not in (Kind.DECIDE, Kind.OBJECTION) or task.done_at is not None:
        return {}
    offered = grounds.offered(task.case.application.edition.content, reports)
    last = statements.last_assessment(task.case_id)
    said = stages.rejected_by(task.case) + ([last] if last and last.outcome == Outcome.REJECT else [])
    return {
        "grounds": offered,
        "laws": [row["law"] for row in offered],
        "draft_reason": grounds.reasons(one.note for one in said),
    }


def _between(task: Task, person: Any, interested: bool) -> dict[str, Any]:
    """What officers say among themselves; nothing of it for a reader whose own case it is, or who has an interest."""
    if interested:
        return {"notes": [], "opinions": [], "finished": [], "history": []}
    labels = form.labels(task.case.application.edition.content)
    return {
        "notes": noting.on(person, task),
        "opinions": asking.on(task.case),
        "finished": [
            {"task": t, "asked": [(labels.get(c["what"]), c["text"]) for c in t.corrections]}
            for t in queries.finished(task.case)
        ],
        "history": history.of(task.case),
    }


def _together(task: Task, person: Any, now: datetime) -> dict[str, Any]:
    """What officers share beside the case: whom to ask, for whom somebody stands in, an outside result."""
    working = task.done_at is None
    results = list(outside.of_case(task.case))
    system = task.case.application.edition.content["system_of_record"]
    return {
        "to_ask": asking.to_ask(task) if working else [],
        "ask_roles": ("reviewer", "verifier", "signer"),
        "answer_days": asking.days_left(task, now) if working else 0,
        "stand_in": substituting.running(person, task.agency_id, task.role, now),
        "forms": FORMS,
        "results": results,
        "correctable": task.kind == Kind.OUTSIDE and bool(results) and results[-1].result != "returned",
        "outside_where": outside.where_of(system),
    }


def context(task: Task, person: Any, now: datetime) -> dict[str, Any]:
    """Everything of the screen for one task and the officer who looks at it."""
    application, case = task.case.application, task.case
    calendar = agencies.calendar(case.mall)
    before = application_queries.before_return(application) if application.round > 1 else None
    permit = follow_queries.followed(application)
    attached = {a.requirement: a for a in application.attachments.select_related("document")}
    inspection = inspection_queries.screen(task, now, calendar)
    assessing, deciding = task.kind == Kind.ASSESS, task.kind == Kind.DECIDE
    earlier = application_queries.earlier_of(application)
    same = alike.same_as(application) if case.closed_at is None else None
    own, typed = acting.is_own(person, application), acting.at_desk(person, application)
    aside = hands.stood_aside(person, application)
    return {
        "task": task,
        "case": case,
        "application": application,
        "service": application.service,
        "content": application.edition.content,
        "holder": people.name_of([application.applicant_id]).get(application.applicant_id, ""),
        "nik_masked": application.applicant.nik_masked,
        "proven": application.applicant.proven_at is not None,
        "confirmed": confirm_queries.how(application),
        "sections": _sections(application, before, permit, attached),
        "followed": permits.for_application(application.follows_id) if application.follows_id else None,
        "files": _files(application, before or permit, attached),
        "beside": queries.beside(task),
        "amount": application_queries.fee_of(application) if assessing else None,
        "rejected_by": stages.rejected_by(case) if assessing else [],
        "own_advice": deciding and case.pk in decisions.own_advice(person, [task], now),
        "recommended": deciding and decisions.recommended(case),
        "may_ask_again": not case.fee_amount,
        "mine": task.taken_by_id == person.pk,
        "taken_by_other": task.taken_by if task.taken_by_id not in (None, person.pk) else None,
        "own": own,
        "typed": typed,
        "aside": aside,
        "apart": own or typed or aside,
        "warning": registers.warning(application.applicant_id),
        "business_warning": businesses.warning(application.business),
        "objection_text": _objection(task),
        "inspection": inspection,
        "stop": case.pauses.filter(ended_at=None).first(),
        "hits": foretelling.hits(case.mall) if case.expected_high else None,
        "earlier": earlier,
        "same": same,
        "openable": queries.from_the_same_seat(task, [one.pk for one in [*earlier, same] if one]),
        "nearby": _nearby(application, now),
        "calendar_days": application_queries.calendar_days(application, now, calendar),
        "next": inbox_queries.after(person, task),
        **_refusing(task, inspection["reports"]),
        **_between(task, person, own or aside),
        **_together(task, person, now),
        **urgency(task.opened_at, task.due_at, now, calendar),
    }
