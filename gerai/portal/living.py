"""A living mall for the pictures: people who wait, applications on their way, made through the services.

Only in a demo. What is there already is left as it is, so that a second run makes no more.
"""

import io
from datetime import datetime
from typing import Any

from PIL import Image

from gerai.accounts import queries as people
from gerai.agencies.models import Mall
from gerai.applications import queries as applications
from gerai.applications import services as applying
from gerai.applications.models import Application
from gerai.catalogue import queries as catalogue
from gerai.core.errors import NotFound
from gerai.ledger.rules import ActorRef
from gerai.reviews import cases, services
from gerai.reviews import queries as reviews
from gerai.visits import queries as visits
from gerai.visits import services as arriving

VERIFIER, CITIZEN = "periksa@dpmptsp.example", "sari@warga.example"
STREET = "Jalan Suprapto nomor 12"
KELURAHAN = "17.71.07.1009"  # Pengantungan
# Who applies for what, and how far it comes: sent, found complete, or given back to be mended.
APPLICATIONS = (
    (CITIZEN, "DPMPTSP-34", "Trayek angkot Pagar Dewa ke Pasar Minggu", "complete"),
    (CITIZEN, "DPMPTSP-43", "Galian saluran air di depan toko", "returned"),
    ("meja@mpp.example", "DPMPTSP-34", "Trayek angkot Panorama ke Bentiring", "sent"),
    ("loket@dukcapil.example", "DPMPTSP-43", "Galian kabel serat optik di Jalan Suprapto", "sent"),
    ("dinkes@mpp.example", "DPMPTSP-40", "Praktik dokter hewan di rumah", "sent"),
)
WAITING = (
    ("DUKCAPIL/DUKCAPIL-02", "elderly"),
    ("DUKCAPIL/DUKCAPIL-11", ""),
    ("DUKCAPIL/DUKCAPIL-02", ""),
    ("BPJSKES/BPJSKES-03", ""),
    ("DPMPTSP/DPMPTSP-10", ""),
    ("DUKCAPIL/DUKCAPIL-02", "child"),
)


def paper() -> bytes:
    """A file to send, as a phone would."""
    out = io.BytesIO()
    Image.new("RGB", (600, 400), "white").save(out, "JPEG")
    return out.getvalue()


def fill(mall: Mall, now: datetime) -> None:
    """Bring to life what the pictures show."""
    for contact, code, purpose, end in APPLICATIONS:
        person: Any = people.by_contact(contact)
        service = catalogue.find(mall, "DPMPTSP", code)
        if person is None or applications.of(person).filter(service=service).exists():
            continue
        application = _send(person, service, purpose, now)
        if end != "sent":
            _check(application, end, now)
    if visits.waiting(mall).count() < len(WAITING):
        for name, priority in WAITING:
            chosen = [catalogue.find(mall, *name.split("/"))]
            actor = ActorRef("device", "kiosk")
            arriving.arrive(mall=mall, chosen=chosen, entrance="A", actor=actor, now=now, priority=priority)


def _send(person: Any, service: Any, purpose: str, now: datetime) -> Application:
    draft = applying.start(person=person, service=service, now=now)
    raw = {"purpose": purpose}
    for address in ("location", "contact_address"):
        raw |= {address: STREET, f"{address}.kelurahan": KELURAHAN}
    for section in draft.edition.content["questions"]:
        applying.save_answers(
            person=person, application_id=draft.pk, section=section["key"], raw=raw, now=now
        )
    for asked in applications.files_required(draft):
        applying.attach(
            person=person,
            application_id=draft.pk,
            requirement=asked["code"],
            name=f"{asked['code'].lower()}.jpg",
            data=paper(),
            now=now,
        )
    return applying.submit(person=person, application_id=draft.pk, now=now)


def _check(application: Application, end: str, now: datetime) -> None:
    """The verifier's first look, as the worker opens it and the officer ends it."""
    verifier: Any = people.by_contact(VERIFIER)
    cases.open_case(application_id=application.pk, now=now)
    task = next((t for t in reviews.inbox(verifier) if t.case_id == application.pk), None)
    if task is None:
        raise NotFound
    if end == "complete":
        services.complete(person=verifier, task_id=task.pk, note="", now=now)
    else:
        mend = [{"what": "answer:location", "text": "Sebutkan nomor tiang listrik terdekat."}]
        services.give_back(person=verifier, task_id=task.pk, corrections=mend, now=now)
