"""What an officer's screen shows of a visitor: before the KTP readiness only, after it the file."""

from typing import Any

from gerai.applications import queries as applications
from gerai.applications.models import Application, Attachment
from gerai.core.errors import NotFound
from gerai.ledger import queries as entries
from gerai.visits import queries as visits
from gerai.visits.models import Errand

# What happened in a visit, as the officer reads it.
HAPPENED = {
    "visits.arrived": "tiba, ambil nomor",
    "visits.checked_in": "tiba, lapor kedatangan",
    "visits.left": "pulang",
    "floor.called": "dipanggil",
    "floor.called_out_of_order": "dipanggil di luar urutan",
    "floor.recalled": "dipanggil lagi",
    "floor.started": "mulai dilayani",
    "floor.held": "ditahan",
    "floor.unheld": "dilanjutkan",
    "floor.finished": "selesai dilayani",
    "floor.absent": "tidak hadir",
    "floor.came_back": "datang kembali",
    "floor.proof_missing": "bukti prioritas tidak ada",
    "floor.transferred": "dialihkan",
    "floor.undone": "langkah terakhir diurungkan",
}


def required(application: Application) -> list[dict[str, Any]]:
    """Each file that the service asks for, with what was sent: {requirement, attachment}."""
    sent = {a.requirement: a for a in application.attachments.select_related("document")}
    return [
        {"requirement": one, "attachment": sent.get(one["code"])}
        for one in applications.files_required(application)
    ]


def readiness(errand: Errand) -> dict[str, Any]:
    """Flags without any personal data: {permit, application, missing}."""
    application = errand.application
    return {
        "permit": errand.permit_id is not None,
        "application": application is not None,
        "account": errand.visit.person_id is not None,
        "missing": sum(one["attachment"] is None for one in required(application)) if application else 0,
    }


def of_visit(errand: Errand) -> dict[str, Any]:
    """What is no secret: the other errands, notes from counter to counter, what happened when."""
    told = entries.history(errand.mall_id, f"visit:{errand.visit_id}").filter(kind__in=HAPPENED)
    others = visits.errands(errand.visit)
    return {
        "others": [one for one in others if one.pk != errand.pk and one.outcome != "transferred"],
        "notes": [one for one in others if one.note],
        "happened": [
            {"at": entry.at, "what": HAPPENED[entry.kind], "counter": entry.data.get("counter")}
            for entry in told.order_by("-id")[:8][::-1]
        ],
    }


def attachment(errand: Errand, requirement: str) -> Attachment:
    """
    One file of the errand's application.

    :raises NotFound: if nothing was sent for it
    """
    if errand.application is None:
        raise NotFound
    sent = errand.application.attachments.filter(requirement=requirement)
    found: Attachment | None = sent.select_related("document").first()
    if found is None:
        raise NotFound
    return found
