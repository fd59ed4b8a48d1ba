"""Applying for several services together: begun at once, what they share asked once, sent in order. Writes.

Each application stays one of its own, with its own number and clock; a bundle only remembers which belong together.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import transaction

from gerai.accounts import queries as people
from gerai.accounts.models import Person
from gerai.agencies.models import Mall
from gerai.applications import again, bundle_queries, queries, services
from gerai.applications import answers as form
from gerai.applications.bundle_models import Bundle, BundleItem
from gerai.applications.bundle_queries import FAILED, Row
from gerai.applications.models import Application
from gerai.applications.noting import person_ref, record
from gerai.applications.rules import Status
from gerai.catalogue import asking
from gerai.catalogue import queries as catalogue
from gerai.catalogue.models import Service
from gerai.core.errors import DomainError, NotFound
from gerai.documents.models import Document
from gerai.ledger import services as ledger


class NothingChosen(DomainError):
    """Without a service there is nothing to apply for."""

    code = "bundle_nothing_chosen"
    text = "Centang paling sedikit satu layanan yang ingin Anda ajukan."


@dataclass(slots=True)
class Sent:
    """What came of sending a bundle: what went out now, what is not complete, what waits for another permit."""

    sent: list[Application] = field(default_factory=list)
    incomplete: list[Application] = field(default_factory=list)
    waiting: list[Application] = field(default_factory=list)


@transaction.atomic
def begin(
    *,
    person: Any,
    mall: Mall,
    occasion: str,
    codes: list[str],
    now: datetime,
    at_mall: Sequence[str] = (),
    business_id: UUID | None = None,
) -> Bundle:
    """
    Begin a draft of each chosen service and keep them together, for oneself or for a business one acts for. Drafts
    that are open already join as they are.

    `at_mall` are the others that belong to it and are done in the mall: only told. Twice is once: the open bundle
    of this occasion is found again, and only what is new is added to it.

    :raises NotFound: if the occasion, one of the services, or the business is not there or not theirs
    :raises NothingChosen: if no service is named
    :raises services.NotOnline: if one of them cannot be applied for here; nothing is begun then
    """
    about = catalogue.occasion(mall, occasion)
    if not codes:
        raise NothingChosen
    chosen = catalogue.by_codes(mall, [code for code in about.services if code in codes])
    if {service.code for service in chosen} != set(codes):
        raise NotFound
    if business_id is not None:
        business_id = people.acts_for(person, business_id).business_id
    # The person's row is the lock: the second of two clicks finds what the first one made.
    Person.objects.select_for_update(no_key=True).get(pk=person.pk)
    bundle = _open(person, mall, about, business_id, now)
    told = [code for code in about.services if code in {*bundle.at_mall, *at_mall}]
    if told != bundle.at_mall:
        bundle.at_mall = told
        bundle.save(update_fields=["at_mall"])
    joined = [
        application
        for service in chosen
        if (application := _join(bundle, service, about.services.index(service.code), now)) is not None
    ]
    if joined:
        ledger.append(
            mall=mall.pk,
            kind="applications.bundled",
            subject=f"bundle:{bundle.pk}",
            actor=person_ref(person),
            now=now,
            data={"applications": [str(application.pk) for application in joined]},
        )
    return bundle


def _open(
    person: Any, mall: Mall, about: catalogue.Occasion, business_id: UUID | None, now: datetime
) -> Bundle:
    """The person's bundle of this occasion that is under way, or a new one."""
    whose = {"mall": mall, "person": person, "occasion": about.code, "business_id": business_id}
    found = Bundle.objects.filter(**whose, closed_at__isnull=True).first()
    if found is not None:
        # One that has nothing under way any more is history; what is asked for now is a new matter.
        under_way = [i for i in bundle_queries.items(found) if not queries.is_final(i.application)]
        if under_way:
            found.after = {**found.after, **about.after}
            found.save(update_fields=["after"])
            return found
        found.closed_at = now
        found.save(update_fields=["closed_at"])
    return Bundle.objects.create(**whose, name=about.name, after=about.after, created_at=now)


def _join(bundle: Bundle, service: Service, position: int, now: datetime) -> Application | None:
    """Put a draft of this service into the bundle, unless one that has not failed is there."""
    item = bundle.items.select_related("application").filter(service=service).first()
    if item is not None and item.application.status not in FAILED:
        return None
    application = services.start(
        person=bundle.person, service=service, now=now, business_id=bundle.business_id
    )
    if item is None:
        item = BundleItem(bundle=bundle, service=service)
    item.position, item.application, item.carried = position, application, []
    item.save()
    return application


@transaction.atomic
def fill(*, person: Any, bundle_id: UUID, application_id: UUID, now: datetime) -> Application:
    """
    Go on to an application of the bundle: what the others share with it is put in where nothing stands yet.

    This press is the consent to use the answers and documents again. What is there already is left alone, so twice
    is once.

    :raises NotFound: if the bundle or the application is not theirs
    """
    bundle = bundle_queries.get(person, bundle_id)
    application = services.mine(person, application_id, now)
    item = BundleItem.objects.select_for_update().filter(bundle=bundle, application=application).first()
    if item is None or application.applicant_id != person.pk:
        raise NotFound
    if application.status != Status.DRAFT:
        return application
    others = [
        i.application
        for i in bundle_queries.items(bundle)
        if i.application_id != application.pk and i.application.status != Status.WITHDRAWN
    ]
    taken = [f"answer:{key}" for key in _take_answers(application, others)]
    taken += [f"file:{code}" for code in _take_files(application, others, now)]
    if taken:
        item.carried = list(dict.fromkeys([*item.carried, *taken]))
        item.save(update_fields=["carried"])
        by = person_ref(person)
        record(application, "applications.prefilled", by, now, bundle=str(bundle.pk), what=taken)
    return application


def _take_answers(application: Application, others: list[Application]) -> list[str]:
    """Answers to shared questions of the same key and type that the present form would accept; the first one counts."""
    content = application.edition.content
    wanted = {
        f["key"]: f["type"] for f in form.fields(content) if f.get("shared") and f["type"] != asking.COMPUTED
    }
    kept = queries.kept_answers(application)
    found: dict[str, Any] = {}
    for other in others:
        answers = queries.answers_of(other)
        for asked in form.fields(other.edition.content):
            key = asked["key"]
            if (
                asked.get("shared")
                and wanted.get(key) == asked["type"]
                and key in answers
                and key not in kept
            ):
                found.setdefault(key, answers[key])
    wrong = form.recheck(content, {**found, **kept}, queries.places_of(application))
    found = {key: value for key, value in found.items() if key not in wrong}
    if found:
        services.keep_answers(application, {**found, **kept})
    return list(found)


def _take_files(application: Application, others: list[Application], now: datetime) -> list[str]:
    """Documents of the same requirement; not of papers that are about one service alone (`shared: false`)."""
    have = set(application.attachments.values_list("requirement", flat=True))
    wanted = [code for code in _shared_papers(application) if code not in have]
    there: dict[str, Document] = {}
    today = queries.today(application, now)
    for other in others:
        given = {a.requirement: a.document for a in other.attachments.select_related("document")}
        for code in _shared_papers(other):
            mine = code in given and given[code].owner_id == application.applicant_id
            if mine and again.lasts(given[code], today):
                there.setdefault(code, given[code])
    taken = [code for code in wanted if code in there]
    for code in taken:
        again.use(application, code, there[code], now)
    return taken


def _shared_papers(application: Application) -> list[str]:
    return [r["code"] for r in queries.files_required(application) if r.get("shared", True)]


def rows(bundle: Bundle) -> list[Row]:
    """Every service of the bundle in order, with how far it is."""
    among = list(bundle_queries.items(bundle).prefetch_related("application__attachments"))
    granted = bundle_queries.granted(bundle, among)
    found = []
    for item in among:
        item.application.mall = bundle.mall  # in hand: its places are read once for all
        row = Row(item, item.application)
        if item.application.status == Status.DRAFT:
            row.waits = bundle_queries.waiting_for(bundle, item, among, granted)
            row.begun = bundle_queries.has_begun(item.application)
            row.missing = services.missing(item.application)
            row.carried = bundle_queries.carried(item)
        found.append(row)
    return found


def send_all(*, person: Any, bundle_id: UUID, now: datetime) -> Sent:
    """
    Send every complete draft of the bundle, in order; tells what stays behind.

    Each goes in a transaction of its own: a crash half-way loses nothing that was sent, and a second press sends the
    rest.

    :raises NotFound: if the bundle is not theirs
    """
    bundle = bundle_queries.get(person, bundle_id)
    outcome = Sent()
    for item in list(bundle_queries.items(bundle)):
        _send(person, item, outcome, now)
    return outcome


@transaction.atomic
def _send(person: Any, item: BundleItem, outcome: Sent, now: datetime) -> None:
    """Send one of them, unless it went out before, waits, or lacks something."""
    application = services.mine(person, item.application_id, now)
    if application.status != Status.DRAFT:  # also by the other one of two clicks
        return
    try:
        outcome.sent.append(services.submit(person=person, application_id=application.pk, now=now))
    except bundle_queries.WaitsForAnother:
        outcome.waiting.append(application)
    except services.NotYetComplete:
        outcome.incomplete.append(application)
