"""The stages of a route: their tasks opened side by side, and what follows when every agency of a stage has spoken.

A stage ends when its tasks have. What the agencies want mended goes to the applicant once, all of it together; a
rejection ends the route, and the assessment sums up. Rows are locked by the caller (`cases.lock`).
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from gerai.agencies import queries as agencies
from gerai.agencies import substituting
from gerai.agencies.models import Agency
from gerai.agencies.rules import WorkCalendar, next_level_at
from gerai.applications import marks
from gerai.applications import queries as application_queries
from gerai.applications.rules import Status
from gerai.catalogue import expressions, generic
from gerai.core import sql
from gerai.core.errors import NotFound
from gerai.ledger import services as ledger
from gerai.ledger.rules import SYSTEM, ActorRef
from gerai.reviews import rules, statements
from gerai.reviews.models import Case, Pause, Task
from gerai.reviews.rules import Kind, Outcome


def record(
    case: Case, kind: str, actor: ActorRef, now: datetime, *, cause: int | None = None, **data: Any
) -> None:
    """One ledger entry about a case; `cause` is the entry it follows from."""
    application = case.application
    ledger.append(
        mall=case.mall_id,
        kind=kind,
        subject=f"application:{case.pk}",
        actor=actor,
        now=now,
        cause=cause,
        data={
            "agency": application.agency.code,
            "service": application.service.code,
            "number": application.number,
            **data,
        },
    )


def calendar_of(case: Case) -> WorkCalendar:
    """The mall's calendar, read once for a case in hand."""
    kept = vars(case)
    if "calendar" not in kept:
        kept["calendar"] = agencies.calendar(case.mall)
    found: WorkCalendar = kept["calendar"]
    return found


@dataclass(frozen=True, slots=True)
class Wanted:
    """A task to be opened; `again` counts second askings within a round."""

    kind: str
    key: str
    agency: Agency
    role: str
    days: int
    title: Any
    again: int = 0


def open_tasks(case: Case, wanted: Iterable[Wanted], now: datetime) -> None:
    """Put tasks on the agencies' lists, by the promise while the case runs. Opening the same one again leaves one."""
    calendar = calendar_of(case)
    promised = case.due_at if case.closed_at is None else None
    for one in wanted:
        due_at = rules.task_due(now, calendar.due(now, one.days), promised)
        statements.open_task(
            Task(
                case=case,
                round=case.application.round,
                kind=one.kind,
                service_id=case.application.service_id,
                key=one.key,
                agency=one.agency,
                role=one.role,
                days=one.days,
                title=one.title,
                again=one.again,
                opened_at=now,
                due_at=due_at,
                warn_at=next_level_at(now, due_at, 0),
            )
        )


def finish(
    task: Task, actor: ActorRef, outcome: str, note: str, now: datetime, corrections: list[Any] | None = None
) -> None:
    """
    Close a locked task and write it down, also for whom a substitute did it.

    :raises NotFound: if they stand in for somebody no longer
    """
    stand = task.stand_in if actor.kind == "person" else None
    if stand is not None:
        if stand.until_at <= now:
            raise NotFound
        task.done_for_id, task.done_as = stand.absent_id, stand.form
    task.done_at, task.outcome, task.note, task.corrections = now, outcome, note, corrections or []
    task.done_by_id = actor.id if actor.kind == "person" else None
    sql.put(task, "done_at", "done_by", "outcome", "note", "corrections", "done_for", "done_as")
    record(
        task.case,
        "reviews.task_done",
        actor,
        now,
        task=task.key,
        agency=task.agency.code,
        agency_name=task.agency.short,
        outcome=outcome,
        on_time=now <= task.due_at,
        **substituting.told(stand),
    )


def cancel_open(case: Case, now: datetime) -> None:
    """The tasks that are still open stop, each with its entry: their officers see why they are gone."""
    for task in statements.lock_open(case.pk):
        task.done_at, task.outcome = now, rules.CANCELLED
        sql.put(task, "done_at", "outcome")
        record(case, "reviews.task_cancelled", SYSTEM, now, task=task.key, agency=task.agency.code)


def open_completeness(case: Case, now: datetime) -> None:
    """Put the completeness check on the front office's list."""
    _open_own(case, Kind.COMPLETENESS, "completeness", "verifier", rules.COMPLETENESS_DAYS, now)


def open_assess(case: Case, now: datetime) -> None:
    """
    Put the summing up on the owner's list; anew when it is asked for a second time.

    Where an outside system decides and there is nothing to weigh or to pay here, its result is all that is left.
    """
    application = case.application
    outside = rules.is_outside(application.edition.content) and not rejected_by(case)
    if outside and application_queries.fee_of(application) == 0:
        case.fee_amount = 0
        sql.put(case, "fee_amount")
        marks.mark(application=application, status=Status.DECISION)
        open_decision(case, now)
        return
    _open_own(case, Kind.ASSESS, "assess", "verifier", rules.ASSESS_DAYS, now)


def open_decision(case: Case, now: datetime) -> None:
    """
    Put the case on the signing official's list; anew when it was sent back before.

    Where an outside system decides, the owner's officers record its result, by the day that was promised.
    """
    content = case.application.edition.content
    if generic.is_generic(content):
        _await_visit(case, now)
    if rules.is_outside(content):
        days = max(int(content["standard"]["time"]["days"]), rules.DECIDE_DAYS)
        days = case.promise_days or days
        title = rules.outside_title(content)
        _open_own(case, Kind.OUTSIDE, "decide", "verifier", days, now, title)
        if generic.is_generic(content):  # nobody is warned of a clock that stands still
            Task.objects.filter(case=case, done_at=None).update(warn_at=None)
        return
    _open_own(case, Kind.DECIDE, "decide", "signer", rules.DECIDE_DAYS, now)


def _await_visit(case: Case, now: datetime) -> None:
    """
    What is left needs the applicant at the counter: their time, so the clock stands still until they have come.

    They have a last day for it (`awaited`), and by that day the result is due.
    """
    case.promise_days = rules.VISIT_DAYS
    case.due_at, case.warn_at = calendar_of(case).due(now, rules.VISIT_DAYS), None
    sql.put(case, "promise_days", "due_at", "warn_at")
    marks.promise(application=case.application, by=case.due_at)
    if not case.pauses.filter(ended_at=None).exists():
        Pause.objects.create(case=case, reason=rules.VISIT, began_at=now)


def open_objection(case: Case, now: datetime) -> None:
    """Put the answer to an objection on the signing official's list."""
    _open_own(case, Kind.OBJECTION, "objection", "signer", rules.OBJECTION_ANSWER_DAYS, now)


def _open_own(
    case: Case, kind: Kind, key: str, role: str, days: int, now: datetime, title: dict[str, str] | None = None
) -> None:
    # A task of this round that has ended is asked anew; an open one stays.
    again = statements.ended(case.pk, key, case.application.round)
    open_tasks(case, [Wanted(kind, key, case.agency, role, days, title or rules.TITLES[kind], again)], now)


def of_route(case: Case) -> list[Task]:
    """The tasks that the route has asked for so far, without the cancelled ones; the latest word of each is last."""
    return statements.of_route(case.pk)


def words(asked: list[Task]) -> dict[str, Task]:
    """The last word on each task by key."""
    return {task.key: task for task in asked if task.done_at is not None}


def rejected_by(case: Case) -> list[Task]:
    """The agencies' last words that are a rejection, in this round."""
    return _said(case, words(of_route(case)), Outcome.REJECT)


def _said(case: Case, last: dict[str, Task], outcome: Outcome) -> list[Task]:
    return [t for t in last.values() if t.outcome == outcome and t.round == case.application.round]


def open_stage(case: Case, now: datetime, asked: list[Task] | None = None) -> None:
    """
    Open the tasks of the present stage side by side; skip stages of which nothing is to be asked.

    After a return only what has not been approved is asked again, and what a mended answer newly calls for.
    """
    application = case.application
    route = application.edition.content["route"]
    answers = application_queries.answers_of(application) if case.stage < len(route) else {}
    last = words(of_route(case) if asked is None else asked)
    approved = {key for key, word in last.items() if word.outcome == Outcome.APPROVE}
    while case.stage < len(route):
        stage = route[case.stage]
        holding = (t for t in stage["tasks"] if expressions.holds(t.get("when"), answers))
        steps = {f"{stage['key']}.{step['key']}": step for step in holding}
        open_ = {key: step for key, step in steps.items() if key not in approved}
        if open_:
            known = agencies.by_codes(case.mall, {step["agency"] for step in open_.values()})
            open_tasks(
                case,
                (
                    Wanted(s["kind"], key, known[s["agency"]], s["role"], int(s["days"]), s["title"])
                    for key, s in open_.items()
                ),
                now,
            )
            return
        case.stage += 1
        sql.put(case, "stage")
    open_assess(case, now)


def go_on(case: Case, now: datetime) -> None:
    """
    After a word of the running stage: wait for the others; then sum up, give back, or open the next stage.

    Somebody who wants a thing mended waits for the others until they are late, so that the applicant is told once.
    """
    asked = of_route(case)
    last = words(asked)
    named = _said(case, last, Outcome.RETURN)
    open_ = [t for t in asked if t.done_at is None and t.round == case.application.round]
    if any(not named or t.due_at > now for t in open_):
        return
    if _said(case, last, Outcome.REJECT):
        cancel_open(case, now)
        open_assess(case, now)
    elif named:
        give_back(case, named, now)
    else:
        case.stage += 1
        sql.put(case, "stage")
        open_stage(case, now, asked)


def ask_again(case: Case, tasks: list[Task], now: datetime) -> None:
    """These agencies say their word once more; the stage that they belong to runs again."""
    keys = [stage["key"] for stage in case.application.edition.content["route"]]
    case.stage = min((keys.index(t.key.split(".")[0]) for t in tasks), default=case.stage)
    sql.put(case, "stage")
    again = (Wanted(t.kind, t.key, t.agency, t.role, t.days, t.title, t.again + 1) for t in tasks)
    open_tasks(case, again, now)


def give_back(case: Case, tasks: list[Task], now: datetime, actor: ActorRef = SYSTEM) -> None:
    """To the applicant, with everything these tasks want mended, by when, and what silence will mean."""
    together: dict[str, list[str]] = {}
    for task in tasks:
        for one in task.corrections:
            said = together.setdefault(one["what"], [])
            if one["text"] not in said:
                said.append(one["text"])
    named = [{"what": what, "text": " ".join(said)} for what, said in together.items()]
    by = calendar_of(case).due(now, rules.CORRECTION_DAYS)
    cancel_open(case, now)
    marks.give_back(application=case.application, corrections=named, by=by)
    who = ", ".join(sorted({task.agency.code for task in tasks}))
    record(case, "reviews.returned", actor, now, count=len(named), returned_by=who, by=by.isoformat())
