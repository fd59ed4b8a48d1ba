"""What the crash test needs inside the running Gerai: an agency of many small services, and invoices to pay.

Run as `gerai shell -c "from tests.crash import prepare; prepare(...)"`, so through the same services as everybody.
"""

import json
import sys
from typing import Any

from gerai.catalogue.rules import COMPONENTS

AGENCY, OFFICER = "UJI", "periksa@dpmptsp.example"

_SERVICE = """
  - code: UJI-{n:02d}
    name: {{id: Layanan uji {n}, en: Test service {n}}}
    kind: licence
    online: true
    counter_minutes: 5
    summary: {{id: Layanan untuk uji, en: A service to test with}}
    standard:
      procedure: [{{id: Ajukan., en: Apply.}}]
      product: {{id: Surat, en: Letter}}
      complaints: {{id: Meja informasi., en: The information desk.}}
      legal_basis: [Perda 1]
      validity: {{id: 1 tahun, en: 1 year}}
      time: {{days: 3, kind: working}}
    questions:
      - key: data
        title: {{id: Data, en: Data}}
        fields: [{{key: place, label: {{id: Tempat, en: Place}}, type: text, personal: true}}]
    fee: {{amount: "50000", text: {{id: Rp50.000, en: Rp50.000}}, source: contoh}}
    route: []
    permit:
      title: {{id: Surat, en: Letter}}
      body: [{{label: {{id: Tempat, en: Place}}, value: place}}]
      valid_years: 1
    source: {{url: contoh}}
"""


def file(services: int) -> str:
    """The agency's file with so many services, no papers asked for."""
    names = "name: {id: Dinas Uji, en: Test Agency}, short: Uji, kind: opd, source: {url: contoh}"
    standard = ", ".join(f"{name}: {{id: contoh, en: example}}" for name in COMPONENTS)
    return f"agency: {{code: {AGENCY}, {names}}}\nstandard: {{{standard}}}\nservices:" + "".join(
        _SERVICE.format(n=n) for n in range(1, services + 1)
    )


def prepare(services: int, invoices: int) -> None:
    """Let the agency join, and print for each of so many applications the charge that its applicant must pay."""
    from gerai.accounts import queries as people
    from gerai.agencies import queries as agencies
    from gerai.agencies import services as roles
    from gerai.applications import services as applications
    from gerai.catalogue import queries as catalogue
    from gerai.catalogue import services as joining
    from gerai.core import clock
    from gerai.ledger.rules import SYSTEM
    from gerai.payments import queries as payments
    from gerai.payments import services as paying
    from gerai.reviews import cases
    from gerai.reviews import services as reviews

    mall, now = agencies.the_mall(), clock.now()
    joining.join(mall=mall, text=file(services), actor=SYSTEM, now=now)
    agency, officer = agencies.agency(mall, AGENCY), people.by_contact(OFFICER)
    roles.give_role(mall=mall, person=officer, role="verifier", agency=agency, actor=SYSTEM, now=now)
    payer: Any = people.by_contact("loket@dpmptsp.example")
    paying.shared_secret()  # the first who needs it makes it; the test signs its call-backs with it
    charges = []
    for n in range(1, invoices + 1):
        service = catalogue.find(mall, AGENCY, f"{AGENCY}-{n:02d}")
        draft = applications.start(person=payer, service=service, now=now)
        applications.save_answers(
            person=payer, application_id=draft.pk, section="data", raw={"place": "Bengkulu"}, now=now
        )
        applications.submit(person=payer, application_id=draft.pk, now=now)
        case = cases.open_case(application_id=draft.pk, now=now)
        first = case.tasks.get(key="completeness")
        reviews.complete(person=officer, task_id=first.pk, note="", now=now)
        last = case.tasks.get(key="assess")
        reviews.assess(person=officer, task_id=last.pk, outcome="approve", note="", now=now)
        invoice = payments.of_application(payer, draft.pk, now)
        paying.charge_url(of=invoice)
        invoice.refresh_from_db()
        charges.append({"ref": invoice.charge_ref, "invoice_id": str(invoice.pk), "amount": invoice.amount})
    sys.stdout.write(json.dumps(charges) + "\n")
