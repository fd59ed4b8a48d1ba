"""Words about money: to the payer of what goes back, to the manager of a day that differs. Each once, by its key."""

from datetime import datetime
from typing import Any
from uuid import UUID

from gerai.agencies.models import Mall
from gerai.applications import acting
from gerai.applications.rules import Status
from gerai.core.dates import day_in_words
from gerai.core.money import in_both
from gerai.ledger.models import Entry
from gerai.notices import queries as sent
from gerai.notices import services as notices
from gerai.payments import queries, rules
from gerai.payments.models import Refund
from gerai.payments.rules import Owed
from gerai.payments.statement import Trouble

WHY: dict[str, dict[str, str]] = {
    Owed.PAID_TWICE: {"id": "tagihannya sudah dibayar", "en": "the invoice had been paid already"},
    Owed.CANCELLED: {"id": "permohonannya sudah dibatalkan", "en": "the application had been taken back"},
    Owed.WRONG_AMOUNT: {
        "id": "jumlahnya tidak sama dengan tagihan, yang masih harus dibayar tepat",
        "en": "the sum is not that of the invoice, which still waits for exactly its sum",
    },
    Owed.REJECTED: {"id": "permohonannya ditolak", "en": "the application was rejected"},
    Owed.WAIVED: {"id": "tagihannya sudah dibebaskan", "en": "the invoice had been waived"},
    Owed.LATE: {"id": "hari terakhir membayar sudah lewat", "en": "the last day to pay had passed"},
}


def told(*, entry: Entry, now: datetime) -> None:
    """What an entry says of money that goes back: owed, returned, or owed since a rejection that is public now."""
    if entry.kind == "payments.settled":
        if entry.data.get("channel") == rules.WAIVER:
            _waived(UUID(entry.subject.removeprefix("invoice:")), now)
        return
    found = Refund.objects.select_related(
        "invoice__agency", "invoice__application__applicant", "invoice__application__service"
    )
    if entry.kind == "applications.rejected":
        application = UUID(entry.subject.removeprefix("application:"))
        found = found.filter(invoice__application=application, reason=Owed.REJECTED)
    else:  # money whose word the provider has taken back meanwhile is owed no more
        found = found.filter(pk=entry.data.get("refund"))
    for refund in found:
        if entry.kind == "payments.returned":
            if refund.returned_ref:  # none of what was returned before references were kept
                _send("refund_returned", refund, now)
        elif refund.returned_at is None and refund.invoice.application.status != Status.SIGNING:
            _send("refund_owed", refund, now)  # before the letter is signed nobody is told of a rejection


TROUBLE: dict[str, dict[str, str]] = {
    Trouble.SILENT: {
        "id": "Bank tidak menjawab, atau berkasnya belum ada",
        "en": "The bank does not answer, or has no file yet",
    },
    Trouble.UNREADABLE: {"id": "Berkas bank tidak dapat dibaca", "en": "The bank's file cannot be read"},
}


def managers(*, mall: Mall, now: datetime) -> int:
    """The mall's managers hear of a day that differs from the bank or could not be compared, once of each."""
    told = 0
    for one, count in queries.to_be_told(mall, now):
        template = "reconciled_differs" if count else "reconciled_not"
        words: dict[str, Any] = {
            "day": {code: day_in_words(one.day, code) for code in ("id", "en")},
            "path": "/bayar/rekonsiliasi/",
        }
        words |= {"count": count} if count else {"why": TROUBLE[one.trouble or Trouble.SILENT]}
        people = {f"{template}:{one.pk}:{person.pk}": person for person in queries.managers(mall)}
        have = sent.known(people)
        for key, person in people.items():
            if key not in have:
                notices.send(key=key, mall=mall.pk, person=person, template=template, data=words, now=now)
                told += 1
    return told


def _waived(invoice_id: UUID, now: datetime) -> None:
    """Who was asked to pay hears that they need not; the ground stands on the page, for it may tell about them."""
    invoice = queries.waived(invoice_id)
    application = invoice.application
    notices.send(
        key=f"fee_waived:{invoice.pk}",
        mall=invoice.mall_id,
        person=acting.to_tell(application),
        template="fee_waived",
        data={
            "number": application.number or "",
            "service": application.service.name,
            "agency": invoice.agency.name,
            "amount": in_both(invoice.amount),
            "path": f"/bayar/{invoice.pk}/",
        },
        now=now,
    )


def _send(template: str, refund: Refund, now: datetime) -> None:
    invoice, application = refund.invoice, refund.invoice.application
    notices.send(
        key=f"{template}:{refund.pk}",
        mall=invoice.mall_id,
        person=acting.to_tell(application),
        template=template,
        data={
            "number": application.number or "",
            "service": application.service.name,
            "agency": invoice.agency.name,
            "amount": in_both(refund.amount),
            "why": WHY[refund.reason],
            "reference": refund.returned_ref,
            "path": f"/bayar/{invoice.pk}/",
        },
        now=now,
    )
