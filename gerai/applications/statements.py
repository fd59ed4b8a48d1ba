"""The statements of every press on an application: it with what is read beside it. Prepared per connection."""

from typing import Any
from uuid import UUID

from gerai.accounts.models import Person
from gerai.agencies.models import Agency, Mall
from gerai.applications.models import Application
from gerai.catalogue import queries as catalogue
from gerai.catalogue.models import Service
from gerai.core import sql

_READ = ((Application, "a"), (Agency, "owner"), (Service, "s"), (Mall, "m"), (Person, "p"))
_ONE = f"""
SELECT {", ".join(sql.columns(model, alias) for model, alias in _READ)}
FROM applications_application a
JOIN agencies_agency owner ON owner.id = a.agency_id
JOIN catalogue_service s ON s.id = a.service_id
JOIN agencies_mall m ON m.code = a.mall_id
JOIN accounts_person p ON p.id = a.applicant_id
WHERE a.id = %s
"""  # noqa: S608 - only our own constants


def locked(application_id: UUID | str) -> Application | None:
    """An application with agency, service, mall, applicant and edition, its row locked. None: there is none."""
    return _built(sql.row(_ONE + " FOR UPDATE OF a", [application_id]))


def read(application_id: UUID | str) -> Application | None:
    """The same without a lock."""
    return _built(sql.row(_ONE, [application_id]))


def _built(row: tuple[Any, ...] | None) -> Application | None:
    if row is None:
        return None
    application: Application
    application, *beside = sql.split([model for model, _ in _READ], row)
    application.agency, application.service, application.mall, application.applicant = beside
    application.edition = catalogue.frozen(application.edition_id)
    return application
