"""The officers' part of an application, by the product's own services, where a journey is about somebody else.

Run inside the running Gerai (`Walk.inside`); the screens of this part are walked in test_main_job.
"""

from typing import Any


def examine(number: str) -> Any:
    """Complete, every agency agrees, recommended to be approved. Returns the case."""
    from gerai.agencies.models import Membership
    from gerai.applications.models import Application
    from gerai.core import clock
    from gerai.reviews import cases, services
    from gerai.reviews.rules import Kind

    application = Application.objects.get(number=number)
    case = cases.open_case(application_id=application.pk, now=clock.now())  # the worker may have been first
    while task := case.tasks.filter(done_at=None).exclude(kind=Kind.DECIDE).order_by("pk").first():
        said: Any = {"task_id": task.pk, "note": "Sudah ditinjau, sesuai.", "now": clock.now()}
        officer = Membership.objects.filter(agency=task.agency, role=task.role)[0].person
        if task.kind == Kind.COMPLETENESS:
            services.complete(person=officer, **said)
        else:
            act = services.assess if task.kind == Kind.ASSESS else services.recommend
            act(person=officer, outcome="approve", **said)
    return case


def issue(number: str) -> None:
    """And the head signs."""
    from gerai.agencies.models import Membership
    from gerai.core import clock
    from gerai.reviews import decisions
    from gerai.reviews.rules import Kind

    task = examine(number).tasks.get(done_at=None, kind=Kind.DECIDE)
    head = Membership.objects.get(agency=task.agency, role=task.role)
    decisions.approve(person=head.person, task_id=task.pk, now=clock.now())


def refuse(number: str) -> None:
    """Recommended to be rejected, and the head rejects it."""
    from gerai.agencies.models import Membership
    from gerai.core import clock
    from gerai.reviews import decisions
    from gerai.reviews.rules import Kind

    task = examine(number).tasks.get(done_at=None, kind=Kind.DECIDE)
    head = Membership.objects.get(agency=task.agency, role=task.role)
    given = {"ground": "Perda Kota Bengkulu 3/2012 pasal 7", "text": "Lokasi berada di jalur hijau."}
    decisions.reject(person=head.person, task_id=task.pk, now=clock.now(), **given)


def nobody_answers(number: str) -> None:
    """The file is complete and then nobody does anything until the limit is over, on a clock of its own."""
    from gerai.agencies.models import Membership
    from gerai.applications.models import Application
    from gerai.core import clock
    from gerai.reviews import cases, services

    application = Application.objects.get(number=number)
    case = cases.open_case(application_id=application.pk, now=clock.now())
    task = case.tasks.get(done_at=None)
    officer = Membership.objects.filter(agency=task.agency, role=task.role)[0].person
    services.complete(person=officer, task_id=task.pk, note="", now=clock.now())
    case.refresh_from_db()
    cases.deem(application.pk, now=case.due_at)


def paid_once(number: str) -> None:
    """However often the provider said so, one payment is in the books, and the case went on once."""
    from gerai.ledger.models import Entry
    from gerai.payments.models import Payment

    payment = Payment.objects.get(invoice__application__number=number)
    entries = Entry.objects.filter(kind="payments.settled", subject=f"invoice:{payment.invoice_id}")
    assert entries.count() == 1, entries


def fetched(contact: str) -> None:
    """The papers of this person that earlier journeys left at the counter are fetched."""
    from gerai.accounts import queries as people
    from gerai.core import clock
    from gerai.ledger.rules import SYSTEM
    from gerai.permits import queries, services

    for permit in queries.waiting_for_pickup(people.by_contact(contact)):
        services.hand_over(
            permit=permit, receiver="Sari Wulandari", proof="KTP", actor=SYSTEM, now=clock.now()
        )
