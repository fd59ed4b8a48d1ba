"""Consumers that tell an applicant what happened to their application, and two people of a mandate."""

from datetime import datetime

from gerai.agencies import queries as agencies
from gerai.applications import acting, mandates, queries
from gerai.applications.models import Application
from gerai.catalogue import generic
from gerai.core import clock
from gerai.core.dates import day_in_words
from gerai.core.money import in_both
from gerai.ledger.models import Entry
from gerai.ledger.rules import follows
from gerai.notices import following
from gerai.notices import services as notices
from gerai.notices.texts.payments import AT_COUNTER, HERE

TEMPLATES = {
    "applications.submitted": "application_submitted",
    "reviews.completed": "application_complete",
    "reviews.returned": "application_returned",
    "reviews.recommended": "application_recommended",
    "reviews.deemed": "application_deemed",
    "reviews.lapsed": "application_lapsed",
    "reviews.unpaid": "application_unpaid",
    "reviews.not_come": "application_not_come",
    "reviews.extended": "application_clock",
    "reviews.stopped": "application_clock",
    "reviews.objection_answered": "objection_answered",
}

MANDATES = "/saya/kuasa/"


@follows(*TEMPLATES)
def tell(entry: Entry) -> None:
    """Send the notice that belongs to an entry; the entry's id keeps it to once."""
    template = TEMPLATES.get(entry.kind)
    if template is None or (entry.kind == "reviews.deemed" and not entry.data["amount"]):
        return  # granted without a fee: the permit itself says so as soon as it is there
    application = queries.of_entry(entry.subject)
    if template == "application_complete" and generic.is_generic(application.edition.content):
        template = "application_prepared"  # what remains is the visit
    # The promise stands in the entry: a later pause moves the application's own date, not what was said.
    due = datetime.fromisoformat(entry.data["due_at"]) if "due_at" in entry.data else None
    promise = {"by": {code: day_in_words(due, code) for code in ("id", "en")}} if due else {}
    owed: dict[str, object] = {}
    if "amount" in entry.data:
        where = AT_COUNTER if agencies.cashier(application.mall) else HERE
        owed |= {"amount": in_both(entry.data["amount"]), "where": where}
        # An entry from before there was a last day has none; the invoice has been given one since.
        written = {"id": "hari yang tertulis di tagihan", "en": "the day on the invoice"}
        owed["pay_by"] = _last_day(application, entry.data.get("pay_by"), written)
    if template == "application_returned":
        written = {"id": "hari yang tertulis di sana", "en": "the day written there"}
        promise["mend_by"] = _last_day(application, entry.data.get("by"), written)
    notices.send(
        key=f"{template}:{entry.pk}",
        mall=entry.mall,
        person=acting.to_tell(application),
        template=template,
        data={
            "number": application.number,
            "service": application.service.name,
            "path": f"/permohonan/{application.pk}/",
            **promise,
            **owed,
        },
        now=clock.now(),
    )


def _last_day(application: Application, told: str | None, written: dict[str, str]) -> dict[str, str]:
    """A moment of an entry as the mall's day in words; where it tells none, where it is written."""
    if told is None:
        return written
    last = agencies.calendar(application.mall).local(datetime.fromisoformat(told))
    return {code: day_in_words(last, code) for code in ("id", "en")}


@follows("applications.mandate_given", "applications.mandate_taken", "applications.mandate_ended")
def tell_of_mandates(entry: Entry) -> None:
    """Tell who is given a mandate, and both when it is taken up or ends; the entry names whom it concerns."""
    mandate = mandates.of_entry(entry.data["mandate"])
    until = agencies.calendar(mandate.mall).local(mandate.last_moment)
    data = {"until": {code: day_in_words(until, code) for code in ("id", "en")}}
    if entry.kind == "applications.mandate_given":
        if mandate.ended_at is None and mandate.holder_id is None:
            contact = mandates.contact_of(mandate)
            following.tell_contact(
                entry=entry, contact=contact, template="mandate_given", path=MANDATES, data=data
            )
        return
    concerned = mandate.grantor if entry.subject == f"person:{mandate.grantor_id}" else mandate.holder
    if concerned is None:
        return
    template = entry.kind.removeprefix("applications.")
    if template == "mandate_taken" and concerned == mandate.holder:
        template = "mandate_yours"
    notices.send(
        key=f"{template}:{entry.pk}",
        mall=entry.mall,
        person=concerned,
        template=template,
        data={**data, "path": MANDATES},
        now=clock.now(),
    )
