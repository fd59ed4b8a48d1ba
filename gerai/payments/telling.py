"""Words to the payer about their money: it is owed back, it has gone back. Each once, by its key."""

from datetime import datetime
from uuid import UUID

from gerai.applications import acting
from gerai.applications.rules import Status
from gerai.core.money import rupiah
from gerai.ledger.models import Entry
from gerai.notices import services as notices
from gerai.payments.models import Refund
from gerai.payments.rules import Owed

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
            "amount": rupiah(refund.amount),
            "why": WHY[refund.reason],
            "reference": refund.returned_ref,
            "path": f"/bayar/{invoice.pk}/",
        },
        now=now,
    )
