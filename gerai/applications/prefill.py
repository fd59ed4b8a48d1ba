"""What the registers say, offered to fill empty fields: to the person themself, or to who acts for the business."""

from typing import Any

from gerai.accounts import businesses, registers
from gerai.accounts import queries as people
from gerai.applications import answers as form
from gerai.applications import queries
from gerai.applications.models import Application
from gerai.applications.rules import Status


def offers(application: Application, person: Any) -> dict[str, tuple[Any, str]]:
    """
    Of a draft, by field key: a value that the field would accept, and where it is from, "person" or "business".

    An unproven account's NIK fetches nothing, and a record that contradicts the card may be another person's.
    """
    if application.status != Status.DRAFT:
        return {}
    wanted = {f["key"]: f for f in form.fields(application.edition.content) if isinstance(f.get("from"), str)}
    if not wanted:
        return {}
    known = {**_of_person(application, person), **_of_business(application, person)}
    places = queries.places_of(application)
    found: dict[str, tuple[Any, str]] = {}
    for key, field in wanted.items():
        said = known.get(field["from"], "")
        whose = field["from"].split(".")[0]
        one = places.named(known.get(f"{whose}.kelurahan", ""))
        good, wrong = form.check([field], {key: said, f"{key}.kelurahan": one.code if one else ""}, places)
        if key in good:
            found[key] = (good[key], whose)
        elif said and key not in wrong:  # only the kelurahan is left to choose
            found[key] = (said, whose)
    return found


def silent(application: Application, person: Any) -> bool:
    """Whether the form would be offered the person's register data, and the register has not answered."""
    if application.status != Status.DRAFT or application.applicant_id != person.pk:
        return False
    wanted = [f.get("from", "") for f in form.fields(application.edition.content)]
    said = registers.said(person) if any(w.startswith("person.") for w in wanted) else None
    return said is not None and said.outcome == registers.UNREACHABLE


def _of_person(application: Application, person: Any) -> dict[str, str]:
    if application.applicant_id != person.pk or application.applicant.proven_at is None:
        return {}
    known = {"person.name": application.applicant.name}
    said = registers.said(person)
    if said is not None and said.outcome == registers.MATCH and said.record is not None:
        known["person.address"] = said.record.address
        known["person.kelurahan"] = said.record.kelurahan
    return known


def _of_business(application: Application, person: Any) -> dict[str, str]:
    if application.business_id is None:
        return {}
    member = people.acting_for(person).filter(business_id=application.business_id).first()
    if member is None:
        return {}
    known = {"business.name": member.business.name, "business.nib": member.business.nib}
    if record := businesses.record_of(member.business):
        known["business.address"] = record.address
    return known
