"""Who acts for whom: the roles in a business, and how long a helper at the desk sees what they typed."""

from datetime import datetime, timedelta
from typing import Any

from gerai.accounts import queries as people
from gerai.accounts import registers
from gerai.accounts.businesses import CONSULTANT, OWNER
from gerai.agencies import queries as agencies
from gerai.agencies.models import Mall
from gerai.applications.models import Application, Mandate
from gerai.core.errors import DomainError


class ConsultantOnlyFills(DomainError):
    """A consultant fills in; the business itself sends and takes back."""

    code = "consultant_only_fills"
    text = "Konsultan hanya mengisi. Minta pemilik atau staf usaha mengirim atau membatalkannya."
    status = 403


def end_of_day(mall: Mall, now: datetime) -> datetime:
    """When this day ends in the mall: a consent at the desk lasts until then."""
    local = agencies.calendar(mall).local(now)
    return (local + timedelta(days=1)).replace(hour=0, minute=0, second=0, microsecond=0)


def helping_until(mall: Mall, helper: Any, mandate: Mandate | None, now: datetime) -> datetime | None:
    """Until when a helper sees what they type: a holder as long as the mandate, an officer until the day ends."""
    if mandate is not None:
        return mandate.until
    return end_of_day(mall, now) if helper else None


def helps(person: Any, application: Application, now: datetime) -> bool:
    """Whether the person types for the applicant at this moment."""
    until = application.helped_until
    return application.helper_id == person.pk and until is not None and until > now


def at_desk(person: Any, application: Application) -> bool:
    """Whether the person is the officer who types for the applicant."""
    return application.helper_id == person.pk and application.mandate_id is None


def how_confirmed(person: Any, application: Application, confirmed: str) -> dict[str, str]:
    """What the entry of a sending says of it: how the applicant confirmed what an officer typed, at least by word."""
    how = confirmed or ("spoken" if at_desk(person, application) else "")
    return {"confirmed": how} if how else {}


def warning(application: Application) -> str:
    """What the desk should look at, of a person they help; not for who holds a mandate."""
    at_desk = application.helper_id and not application.mandate_id
    return registers.warning(application.applicant_id) if at_desk else ""


def is_own(person: Any, application: Application) -> bool:
    """Whether the case is the person's own: theirs, of a business they act for, or typed by them with a mandate."""
    by_mandate = application.mandate_id is not None and person.pk == application.helper_id
    if person.pk == application.applicant_id or by_mandate:
        return True
    if application.business_id is None:
        return False
    return people.acting_for(person).filter(business_id=application.business_id).exists()


def may_decide(person: Any, application: Application) -> bool:
    """Whether the person may send and take back: for a business, its owners and staff."""
    if application.business_id is None:
        return True
    roles = (
        people.acting_for(person).filter(business_id=application.business_id).values_list("role", flat=True)
    )
    # A helper at the desk does what the applicant may.
    role = roles.first() or people.acts_for(application.applicant, application.business_id).role
    return role != CONSULTANT


def check_may_decide(person: Any, application: Application) -> None:
    """
    Let the person send or take back.

    :raises ConsultantOnlyFills: if they only fill in
    """
    if not may_decide(person, application):
        raise ConsultantOnlyFills


def owner_of_files(person: Any, application: Application) -> Any:
    """Whose document an upload becomes: the applicant's, or of whoever uploads it for their business."""
    if (
        application.business_id
        and people.acting_for(person).filter(business_id=application.business_id).exists()
    ):
        return person
    return application.applicant


def to_tell(application: Application) -> Any:
    """Who hears of an application: its applicant; of a business they have left, the owner longest there."""
    if application.business_id is None:
        return application.applicant
    inside = people.colleagues(application.business_id)
    if inside.filter(person_id=application.applicant_id).exists():
        return application.applicant
    owner = inside.filter(role=OWNER).first()
    return owner.person if owner else application.applicant
