"""Mandates (surat kuasa): somebody applies for another, for one service or all, until a day. Writes."""

from datetime import date, datetime, time, timedelta
from typing import Any
from uuid import UUID

from django.contrib.auth import get_user_model
from django.db import transaction
from django.db.models import Q, QuerySet

from gerai.accounts import entering
from gerai.accounts import queries as people
from gerai.agencies import queries as agencies
from gerai.agencies.models import Mall
from gerai.applications import services
from gerai.applications.models import Application, Mandate
from gerai.catalogue.models import Service
from gerai.core import encryption
from gerai.core.errors import DomainError, NotFound
from gerai.ledger import services as ledger

LONGEST = 366  # days
MOST = 10  # given by a person within a day


class MandateDayWrong(DomainError):
    """A mandate ends on a day that is still to come, within a year."""

    code = "mandate_day_wrong"
    text = "Pilih hari terakhir kuasa: mulai hari ini, paling lama satu tahun."


class MandateToOneself(DomainError):
    """Who acts for themself needs no mandate."""

    code = "mandate_to_oneself"
    text = "Itu surel atau nomor ponsel Anda sendiri. Tulis milik orang yang Anda beri kuasa."


class TooManyMandates(DomainError):
    """Each sends a message to an address that somebody typed."""

    code = "mandate_too_many"
    text = "Anda sudah memberi banyak kuasa hari ini. Lanjutkan besok."
    status = 429


class DraftOfGrantor(DomainError):
    """The grantor is filling in this very service; nobody else looks into that."""

    code = "draft_of_grantor_open"
    text = "Pemberi kuasa punya isian yang belum dikirim untuk layanan ini. Minta ia mengirim atau membatalkannya dulu."
    status = 409


def _record(mandate: Mandate, kind: str, actor: Any, now: datetime, **data: Any) -> None:
    """An entry on each of the two, as far as the second is known."""
    for person_id in filter(None, (mandate.grantor_id, mandate.holder_id)):
        ledger.append(
            mall=mandate.mall_id,
            kind=kind,
            subject=f"person:{person_id}",
            actor=services.person_ref(actor),
            now=now,
            data={"mandate": str(mandate.pk), **data},
        )


def given(person: Any, now: datetime) -> list[dict[str, Any]]:
    """What a person has given and is still open: the mandate, to whom, the applications begun with it."""
    found = _open(now).filter(grantor_id=person.pk).select_related("holder", "service__agency")
    return [
        {
            "mandate": one,
            "contact": contact_of(one),
            "applications": _begun(one),
        }
        for one in found
    ]


def contact_of(mandate: Mandate) -> str:
    """Whom a mandate was offered to."""
    return encryption.unseal(mandate.contact_sealed, place=f"applications.mandate:{mandate.pk}").decode()


def of_entry(mandate_id: str) -> Mandate:
    """The mandate a ledger entry is about, for a consumer."""
    return Mandate.objects.select_related("grantor", "holder", "mall").get(pk=mandate_id)


def held(person: Any, now: datetime) -> list[dict[str, Any]]:
    """What a person holds: the mandate, and the applications they see by it."""
    found = _open(now).filter(holder_id=person.pk).select_related("grantor", "service__agency")
    return [
        {"mandate": one, "applications": _begun(one).filter(helper_id=person.pk, helped_until__gt=now)}
        for one in found
    ]


def offered(person: Any, now: datetime) -> QuerySet[Mandate]:
    """What waits for a person to take it up, by whatever contact they have."""
    found = _open(now).filter(holder=None, contact_index__in=people.contacts(person))
    return found.exclude(grantor_id=person.pk).select_related("grantor", "service__agency")


def for_service(person: Any, service: Service, now: datetime) -> QuerySet[Mandate]:
    """With which mandates a person may begin this service for somebody."""
    fits = Q(service=None, mall=service.agency.mall_id) | Q(service=service)
    return _open(now).filter(fits, holder_id=person.pk).select_related("grantor")


def _open(now: datetime) -> QuerySet[Mandate]:
    return Mandate.objects.filter(ended_at=None, until__gt=now, grantor__is_active=True).order_by(
        "created_at"
    )


def _begun(mandate: Mandate) -> QuerySet[Application]:
    return Application.objects.filter(mandate=mandate).select_related("service").order_by("-created_at")


@transaction.atomic
def give(
    *, mall: Mall, person: Any, contact: str, service: Service | None, last_day: date, now: datetime
) -> Mandate:
    """
    On their own account a person lets somebody apply for them. The same again is the same mandate.

    :raises MandateDayWrong, MandateToOneself, TooManyMandates: nothing is made then
    :raises rules.ContactMissing, rules.ContactMalformed, rules.PhoneMalformed (of accounts): nothing is made then
    """
    contact = entering.check_contact(contact)
    today = agencies.calendar(mall).local(now)
    if not today.date() <= last_day <= today.date() + timedelta(days=LONGEST):
        raise MandateDayWrong
    index = encryption.blind_index(contact, place="accounts.invite")
    if index in people.contacts(person):
        raise MandateToOneself
    until = datetime.combine(last_day + timedelta(days=1), time.min, tzinfo=today.tzinfo)
    get_user_model().objects.select_for_update().get(pk=person.pk)  # the second of two clicks waits here
    same = _open(now).filter(grantor_id=person.pk, contact_index=index, service=service, until=until).first()
    if same is not None:
        return same
    if Mandate.objects.filter(grantor=person, created_at__gt=now - timedelta(days=1)).count() >= MOST:
        raise TooManyMandates
    made = Mandate(
        mall=mall, grantor=person, service=service, contact_index=index, until=until, created_at=now
    )
    made.contact_sealed = encryption.seal(contact.encode(), place=f"applications.mandate:{made.pk}")
    made.save(force_insert=True)
    _record(made, "applications.mandate_given", person, now, until=until.isoformat())
    return made


@transaction.atomic
def take(*, person: Any, mandate_id: UUID, now: datetime) -> Mandate:
    """
    Who was named takes the mandate up; from now on it is theirs, whoever has the contact later. Twice is once.

    :raises NotFound: if it was not offered to them, or is over
    """
    mandate = _open(now).select_for_update(of=("self",)).filter(pk=mandate_id).first()
    if mandate is not None and mandate.holder_id == person.pk:
        return mandate
    if mandate is None or mandate not in offered(person, now):
        raise NotFound
    mandate.holder = person
    mandate.save(update_fields=["holder"])
    _record(mandate, "applications.mandate_taken", person, now)
    return mandate


@transaction.atomic
def end(*, person: Any, mandate_id: UUID, now: datetime) -> None:
    """
    The grantor takes it back, or the holder gives it back: at once nothing is open to the holder. Twice is once.

    :raises NotFound: if it is neither theirs nor theirs to use
    """
    theirs = Q(grantor_id=person.pk) | Q(holder_id=person.pk)
    mandate = Mandate.objects.select_for_update().filter(theirs, pk=mandate_id).first()
    if mandate is None:
        raise NotFound
    if mandate.ended_at is not None:
        return
    mandate.ended_at = now
    mandate.save(update_fields=["ended_at"])
    Application.objects.filter(mandate=mandate).update(helped_until=now)
    _record(mandate, "applications.mandate_ended", person, now)


@transaction.atomic
def begin(*, person: Any, mandate_id: UUID, service: Service, now: datetime) -> Application:
    """
    The holder begins an application of the grantor's, or comes back to the one they began. The grantor sees it.

    :raises NotFound: if the mandate does not reach so far
    :raises DraftOfGrantor: if the grantor has a draft of their own
    :raises services.NotOnline: if the service cannot be applied for here
    """
    locked = Mandate.objects.select_for_update(of=("self",)).filter(
        pk__in=for_service(person, service, now).order_by().values("pk"), pk=mandate_id
    )
    mandate = locked.select_related("grantor").first()
    if mandate is None or mandate.ended_at is not None:
        raise NotFound
    before = Application.objects.filter(mandate=mandate).count()
    draft = services.start(person=mandate.grantor, service=service, now=now, helper=person, mandate=mandate)
    if draft.mandate_id != mandate.pk or draft.helper_id != person.pk:
        raise DraftOfGrantor
    if Application.objects.filter(mandate=mandate).count() > before:
        ledger.append(
            mall=mandate.mall_id,
            kind="applications.mandate_used",
            subject=f"person:{mandate.grantor_id}",
            actor=services.person_ref(person),
            now=now,
            data={"mandate": str(mandate.pk), "application": str(draft.pk)},
        )
    return draft
