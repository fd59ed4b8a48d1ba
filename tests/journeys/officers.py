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
