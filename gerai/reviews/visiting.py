"""The officer's side of a visit: proposed, changed, called off, set by notice, missed. Writes; entries without reasons.

The clock goes on all the while: a visit is within the task's time, and what is late is warned of as ever (`deadlines`).
The applicant's side is in `answering`.
"""

from collections.abc import Iterable
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import IntegrityError, transaction

from gerai.applications import services as applications
from gerai.core import encryption, sql
from gerai.ledger.rules import SYSTEM, ActorRef
from gerai.reviews import cases, inspecting, services, stages
from gerai.reviews.handing import hold_waiting
from gerai.reviews.handing import open_visit as open_visit
from gerai.reviews.handing import tell as tell
from gerai.reviews.inspecting import APPLICANT, OPEN, State
from gerai.reviews.inspection_models import SiteVisit, VisitTime
from gerai.reviews.models import Case, Task


def end(visit: SiteVisit, state: State, now: datetime, reason: str = "") -> None:
    """The visit is over in some way, and its hours are free."""
    visit.state, visit.ended_at = state, now
    visit.revision += 1
    if reason:
        visit.reason_sealed = encryption.seal(reason.encode(), place=f"reviews.visit:{visit.pk}")
    visit.save(update_fields=["state", "ended_at", "revision", "reason_sealed", "absent"])
    held = VisitTime.objects.filter(visit=visit, held=True)
    freed = list(held.values_list("starts_at", flat=True))
    held.update(held=False)
    hold_waiting(visit.officer_id, freed)


def reason_of(visit: SiteVisit) -> str:
    """Why a visit did not take place, for those who may see it."""
    if not visit.reason_sealed:
        return ""
    return encryption.unseal(visit.reason_sealed, place=f"reviews.visit:{visit.pk}").decode()


def _hold(visit: SiteVisit, times: list[datetime]) -> None:
    """
    Keep these hours of the officer free for this visit.

    :raises inspecting.TimeTaken: if one of them is not free, of however many presses at once
    """
    try:
        with transaction.atomic():
            VisitTime.objects.bulk_create(
                VisitTime(visit=visit, officer_id=visit.officer_id, starts_at=one) for one in times
            )
    except IntegrityError:
        raise inspecting.TimeTaken from None


@transaction.atomic
def propose(
    *, person: Any, task_id: int, times: Iterable[datetime], reason: str = "", now: datetime
) -> SiteVisit:
    """
    One to three times for the applicant to choose from. They replace an open visit; an agreed one with the reason.

    Who proposes works on the task. The same times again, of a second press, change nothing.

    :raises inspecting.TimesWrong, inspecting.TimeTaken: nothing is changed then, nor with these
    :raises inspecting.VisitReasonMissing, inspecting.VisitBegun: if an agreed one is to be replaced
    """
    task = services.inspection(person, task_id)
    calendar = stages.calendar_of(task.case)
    wanted = list(times)
    before = open_visit(task)
    if before is not None and before.state == State.PROPOSED and before.officer_id == person.pk:
        held = set(before.times.filter(held=True).values_list("starts_at", flat=True))
        if held == set(wanted):
            return before
    wanted = inspecting.check_times(wanted, due=task.due_at, now=now, calendar=calendar)
    since, actor = now, applications.person_ref(person)
    if before is not None:
        if before.state == State.PROPOSED:
            # Who has not answered yet does not begin anew; whose time to answer is over reads new hours.
            over = inspecting.silent_until(before.silent_since, calendar) <= now
            since = now if over else before.silent_since
        else:
            reason = inspecting.check_reason(reason)
            _check_not_begun(before, now)
        end(before, State.CALLED_OFF, now, reason)
    visit = SiteVisit.objects.create(task=task, officer=person, proposed_at=now, silent_since=since)
    _hold(visit, wanted)
    _take(task, person)
    by = inspecting.silent_until(since, calendar)
    changed = {"instead_of": str(before.pk)} if before is not None and before.starts_at else {}
    tell(
        task.case,
        visit,
        "reviews.visit_proposed",
        actor,
        now,
        by=by.isoformat(),
        count=len(wanted),
        **changed,
    )
    return visit


def _check_not_begun(visit: SiteVisit, now: datetime) -> None:
    if visit.starts_at is not None and visit.starts_at <= now:
        raise inspecting.VisitBegun


def _take(task: Task, person: Any) -> None:
    if task.taken_by_id != person.pk:
        task.taken_by = person
        task.save(update_fields=["taken_by"])


@transaction.atomic
def call_off(*, person: Any, task_id: int, reason: str, now: datetime) -> None:
    """
    The officer cannot come, until the visit begins. Without an open visit (a second press) nothing changes.

    :raises inspecting.VisitReasonMissing, inspecting.VisitBegun: without a reason, or once it has begun
    """
    task = services.inspection(person, task_id)
    visit = open_visit(task)
    if visit is None:
        return
    said = inspecting.check_reason(reason)
    _check_not_begun(visit, now)
    end(visit, State.CALLED_OFF, now, said)
    tell(task.case, visit, "reviews.visit_called_off", applications.person_ref(person), now)


@transaction.atomic
def set_by_notice(*, person: Any, task_id: int, starts_at: datetime, now: datetime) -> SiteVisit:
    """
    After three working days of silence the officer sets the time and the applicant is told; recorded as that.

    :raises inspecting.NotSilentYet, inspecting.VisitClosed: if the applicant still has time, or nothing was proposed
    :raises inspecting.TimesWrong, inspecting.TimeTaken: not on a later working day, or not free
    """
    task = services.inspection(person, task_id)
    calendar = stages.calendar_of(task.case)
    visit = open_visit(task)
    if visit is not None and visit.by_notice and visit.starts_at == starts_at:
        return visit
    if visit is None or visit.state != State.PROPOSED:
        raise inspecting.VisitClosed
    until = inspecting.silent_until(visit.silent_since, calendar)
    if now < until:
        raise inspecting.NotSilentYet(until=calendar.local(until))
    due = task.due_at if calendar.local(task.due_at).date() > calendar.local(now).date() else now
    inspecting.check_times([starts_at], due=due, now=now, calendar=calendar, most=1)
    if calendar.local(starts_at).date() <= calendar.local(now).date():
        raise inspecting.NoticeTooShort
    end(visit, State.CALLED_OFF, now)
    made = SiteVisit.objects.create(
        task=task,
        officer=person,
        proposed_at=now,
        silent_since=visit.silent_since,
        state=State.AGREED,
        starts_at=starts_at,
        by_notice=True,
    )
    _hold(made, [starts_at])
    _take(task, person)
    actor = applications.person_ref(person)
    tell(task.case, made, "reviews.visit_set", actor, now, silent_since=visit.silent_since.isoformat())
    return made


@transaction.atomic
def missed(*, person: Any, task_id: int, note: str, now: datetime) -> None:
    """
    The officer found nobody at the agreed time; they propose again. Without an open visit nothing changes.

    :raises inspecting.NotTimeYet, inspecting.VisitReasonMissing: before the time, or without a word
    """
    task = services.inspection(person, task_id)
    visit = open_visit(task)
    if visit is not None:
        note_absence(task.case, visit, APPLICANT, note, applications.person_ref(person), now)


def note_absence(
    case: Case, visit: SiteVisit, absent: str, note: str, actor: ActorRef, now: datetime
) -> None:
    if visit.starts_at is None or now < visit.starts_at + inspecting.LONG / 2:
        raise inspecting.NotTimeYet
    said = inspecting.check_reason(note)
    visit.absent = absent
    end(visit, State.MISSED, now, said)
    tell(case, visit, "reviews.visit_missed", actor, now, absent=absent)


def held(visit: SiteVisit, now: datetime) -> None:
    """The report about a locked visit has come."""
    end(visit, State.HELD, now)


# Asked after every task of every case; mostly there is none.
_STAYED = """
SELECT v.id FROM reviews_sitevisit v JOIN reviews_task t ON t.id = v.task_id
WHERE t.case_id = %s AND t.done_at IS NOT NULL AND v.state = ANY(%s) LIMIT 1
"""


@transaction.atomic
def release(*, application_id: UUID, now: datetime) -> int:
    """
    Visits whose task has ended otherwise are off, and the officers' hours free. Harmless when repeated.

    Returns how many were called off.
    """
    if sql.row(_STAYED, [application_id, list(OPEN)]) is None:
        return 0
    gone = SiteVisit.objects.filter(task__case_id=application_id, task__done_at__isnull=False, state__in=OPEN)
    case = cases.lock(application_id)
    found = list(gone.select_related("task__agency"))
    for visit in found:
        end(visit, State.CALLED_OFF, now)
        tell(case, visit, "reviews.visit_called_off", SYSTEM, now)
    return len(found)
