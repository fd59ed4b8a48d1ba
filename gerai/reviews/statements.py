"""The statement of every officer's press: may they, and the task with its case, locked. Prepared per connection."""

from typing import Any

from gerai.agencies.models import Agency, Mall, Substitution
from gerai.applications.models import Application
from gerai.catalogue import queries as catalogue
from gerai.catalogue.models import Service
from gerai.core import sql
from gerai.reviews.models import Case, Task

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
    found, at = list[Any](), 0
    for model, _ in _READ:
        found.append(sql.built(model, row[at : at + sql.width(model)]))
        at += sql.width(model)
    application, case, task, owner, desk, service, mall, stand = found
    application.agency, application.service, application.mall = owner, service, mall
    application.edition = catalogue.frozen(application.edition_id)
    case.application, case.mall, case.agency = application, mall, owner
    task.case, task.agency = case, desk
    task.stand_in = stand if stand.pk is not None else None
    return task  # type: ignore[no-any-return]
