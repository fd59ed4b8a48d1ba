"""An application that only has to be paid, by the product's own services, where a journey is about money.

Run inside the running Gerai (`Walk.inside`).
"""


def to_pay(contact: str, code: str) -> None:
    """Somebody's application for a service with a fee: filled in, sent, examined, recommended."""
    from datetime import timedelta
    from types import SimpleNamespace

    from gerai.accounts import queries as people
    from gerai.agencies import queries as agencies
    from gerai.applications import services as applications
    from gerai.catalogue.models import Service
    from gerai.core import clock
    from gerai.portal.tests import plausible
    from gerai.portal.tests import test_pilot_services as pilot
    from gerai.reviews import cases

    who, now = people.by_contact(contact), clock.now()
    pilot.NOW, plausible.DAY = now, str(now.date() + timedelta(days=14))  # a day that still comes
    draft = applications.start(person=who, service=Service.objects.get(code=code), now=now)
    pilot.fill(SimpleNamespace(mall=agencies.the_mall(), sari=who), draft)
    applications.submit(person=who, application_id=draft.pk, now=now)
    case = cases.open_case(application_id=draft.pk, now=now)
    while case.application.status != "payment":
        pilot.work(case, now)
        case.application.refresh_from_db()
