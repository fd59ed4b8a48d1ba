"""The statements of every officer's press: may they, the task with its case, its neighbours. Prepared."""

from typing import Any
from uuid import UUID

from gerai.agencies.models import Agency, Mall, Substitution
from gerai.applications.models import Application
from gerai.catalogue import queries as catalogue
from gerai.catalogue.models import Service
from gerai.core import sql
from gerai.reviews.models import Case, Task
from gerai.reviews.rules import CANCELLED, FROM_ROUTE, VISIT, Kind

_READ = (
    (Application, "a"),
    (Case, "c"),
    (Task, "t"),
    (Agency, "owner"),
    (Agency, "desk"),
    (Service, "s"),
    (Mall, "m"),
    (Substitution, "stand"),
)
# Locked in this order everywhere: the application, its case, the task.
_LOCK = f"""
SELECT {", ".join(sql.columns(model, alias) for model, alias in _READ)}
FROM reviews_task t
JOIN reviews_case c ON c.application_id = t.case_id
JOIN applications_application a ON a.id = c.application_id
JOIN agencies_agency owner ON owner.id = a.agency_id
JOIN agencies_agency desk ON desk.id = t.agency_id
JOIN catalogue_service s ON s.id = a.service_id
JOIN agencies_mall m ON m.code = a.mall_id
JOIN agencies_membership held ON held.agency_id = t.agency_id AND held.role = t.role AND held.active
JOIN accounts_person p ON p.id = held.person_id AND p.is_active
LEFT JOIN agencies_substitution stand ON stand.id = held.substitution_id
WHERE t.id = %(task)s AND held.person_id = %(person)s
FOR UPDATE OF a, c, t
"""  # noqa: S608 - only our own constants


def lock_task(person: Any, task_id: int) -> Task | None:
    """A task of the person's agency and role with its case and application, locked. None: it is not theirs."""
    row = sql.row(_LOCK, {"task": task_id, "person": person.pk})
    if row is None:
        return None
    application, case, task, owner, desk, service, mall, stand = sql.split([model for model, _ in _READ], row)
    application.agency, application.service, application.mall = owner, service, mall
    application.edition = catalogue.frozen(application.edition_id)
    case.application, case.mall, case.agency = application, mall, owner
    task.case, task.agency = case, desk
    task.stand_in = stand if stand.pk is not None else None
    return task  # type: ignore[no-any-return]


_WITH_DESK = f"""
SELECT {sql.columns(Task, "t")}, {sql.columns(Agency, "desk")}
FROM reviews_task t JOIN agencies_agency desk ON desk.id = t.agency_id WHERE t.case_id = %s AND
"""  # noqa: S608 - only our own constants
_OF_ROUTE = _WITH_DESK + "t.kind = ANY(%s) AND t.outcome <> %s ORDER BY t.round, t.again, t.id"
_OPEN = _WITH_DESK + "t.done_at IS NULL ORDER BY t.id FOR UPDATE OF t"
_ENDED = """
SELECT count(*) FROM reviews_task WHERE case_id = %s AND key = %s AND round = %s AND done_at IS NOT NULL
"""
_ASSESSED = """
WHERE x.case_id = %s AND x.kind = %s AND x.done_at IS NOT NULL ORDER BY x.done_at DESC, x.id DESC LIMIT 1
"""
_OF_ERRAND = """
SELECT e.application_id FROM visits_errand e JOIN reviews_pause p ON p.case_id = e.application_id
WHERE e.id = %s AND p.reason = %s AND p.ended_at IS NULL
"""
_ASIDE = "SELECT 1 FROM reviews_stoodaside WHERE case_id = %s AND person_id = ANY(%s) LIMIT 1"
_NEW = sql.insertion(Task) + " ON CONFLICT DO NOTHING"


def of_errand(errand: int) -> UUID | None:
    """The application that an errand at a counter was about and that waits there, or None."""
    found = sql.row(_OF_ERRAND, [errand, VISIT])
    return found[0] if found else None


def stood_aside(case: UUID, people: list[UUID]) -> bool:
    """Whether one of these people has an interest in the case and said so."""
    return sql.row(_ASIDE, [case, people]) is not None


def of_route(case: UUID) -> list[Task]:
    """The tasks that the route has asked for so far, without the cancelled ones; the latest word of each is last."""
    return [_with_desk(row) for row in sql.rows(_OF_ROUTE, [case, list(FROM_ROUTE), CANCELLED])]


def lock_open(case: UUID) -> list[Task]:
    """The tasks of a case that are open, locked, oldest first."""
    return [_with_desk(row) for row in sql.rows(_OPEN, [case])]


def _with_desk(row: tuple[Any, ...]) -> Task:
    task: Task
    task, task.agency = sql.split([Task, Agency], row)
    return task


def ended(case: UUID, key: str, round_: int) -> int:
    """How many tasks of this key have ended in this round."""
    return int(sql.one(_ENDED, [case, key, round_])[0])


def asked(case: UUID, round_: int) -> bool:
    """Whether anything was asked in this round."""
    return (
        sql.row("SELECT id FROM reviews_task WHERE case_id = %s AND round = %s LIMIT 1", [case, round_])
        is not None
    )


def last_assessment(case: UUID) -> Task | None:
    """The last summing up that has ended."""
    return next(iter(sql.objects(Task, _ASSESSED, [case, Kind.ASSESS])), None)


def open_task(new: Task) -> None:
    """Put a new task on its list; one that stands there already stays as it is."""
    sql.act(_NEW, sql.values_of(new))
