"""The desk's path for people without phone and e-mail: an officer makes the account and types for them. Writes."""

from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from django.db import connection, transaction

from gerai.accounts import queries as people
from gerai.accounts import rules as identity
from gerai.accounts import services as accounts
from gerai.agencies.models import Mall
from gerai.applications import acting, marks, queries, services
from gerai.applications.models import Application
from gerai.applications.rules import Status
from gerai.catalogue.models import Service
from gerai.core.errors import DomainError, NotFound
from gerai.ledger import queries as history
from gerai.ledger import services as ledger


class ConsentMissing(DomainError):
    """The applicant's consent is needed before an officer types for them."""

    code = "consent_missing"
    text = "Bacakan pemberitahuan privasi, lalu tandai bahwa pemohon setuju dibantu."


class NameMissing(DomainError):
    """An account has the name that is on the card."""

    code = "name_missing"
    text = "Tulis nama pemohon seperti pada KTP."


class CardUnseen(DomainError):
    """What is already on its way opens only to who shows the card."""

    code = "card_unseen"
    text = "Lihat dulu KTP-el asli pemohon, lalu tandai kotaknya. Tanpa KTP, permohonan lama tidak dibuka."


class PaperUnknown(DomainError):
    """No application of that number belongs to that NIK."""

    code = "application_of_paper_unknown"
    text = "Tidak ada permohonan dengan nomor dan NIK itu. Cocokkan keduanya dengan tanda terima dan KTP."


class BusinessNotTheirs(DomainError):
    """An application for a business is begun for who is proven to act for it."""

    code = "business_not_theirs_here"
    text = "Usaha dengan NIB itu belum terbukti atas nama pemohon. Buktikan dulu dengan KTP-el dan dokumen NIB-nya."


@transaction.atomic
def account_for(*, officer: Any, mall: Mall, name: str, nik: str, now: datetime) -> Any:
    """
    The account of somebody who shows the card: the one that it proved before, or a new one. Twice is once.

    :raises NameMissing, identity.NikMalformed: nothing is made then
    """
    nik = identity.check_nik(nik, now.date())
    _one_at_a_time(f"desk {officer.pk} {nik}")
    return people.proven(nik) or _registered(officer, mall, name, nik, now, card_seen=True)


def _registered(officer: Any, mall: Mall, name: str, nik: str, now: datetime, *, card_seen: bool) -> Any:
    if len(name.strip()) < 2:
        raise NameMissing
    by = services.person_ref(officer)
    person = accounts.register(mall=mall.code, name=name, nik=nik, now=now, by=by)
    if card_seen:
        accounts.prove(mall=mall.code, person=person, officer=officer, now=now)
    return person


@transaction.atomic
def begin_for(
    *,
    officer: Any,
    mall: Mall,
    name: str,
    nik: str,
    card_seen: bool,
    consent: bool,
    service: Service,
    now: datetime,
    nib: str = "",
) -> Application:
    """
    Account and draft for somebody at the desk, in one act: a refusal leaves neither. A second click makes no second.

    Who showed the card before is known by their NIK. Without the card a NIK opens nothing, so the account is new.
    With `nib` it is for a business that they are proven to act for.

    :raises NameMissing, ConsentMissing, identity.NikMalformed, services.NotOnline: nothing is made then
    :raises BusinessNotTheirs: as it says
    """
    if len(name.strip()) < 2:
        raise NameMissing
    if not consent:
        raise ConsentMissing
    nik = identity.check_nik(nik, now.date())
    _one_at_a_time(f"desk {officer.pk} {nik}")
    person = people.proven(nik) if card_seen else _typed_a_moment_ago(officer, service, nik, now)
    if person is None:
        person = _registered(officer, mall, name, nik, now, card_seen=card_seen)
    business = _business(person, nib, card_seen=card_seen) if nib.strip() else None
    draft = services.start(person=person, service=service, now=now, helper=officer, business_id=business)
    # Begun at home, with another officer or on another day; the card was seen and consent given.
    if not acting.helps(officer, draft, now):
        _hand_to(officer, draft, now)
    return draft


def _business(person: Any, nib: str, *, card_seen: bool) -> UUID:
    """The business of this NIB, for who shows the card and acts for it."""
    theirs = people.acting_for(person).filter(business__nib=identity.check_nib(nib)) if card_seen else None
    member = theirs.first() if theirs is not None else None
    if member is None:
        raise BusinessNotTheirs
    return member.business_id


def _hand_to(officer: Any, application: Application, now: datetime) -> None:
    """This officer is the one who helps, until the day ends; the owner can see it."""
    application.helper, application.helped_until = officer, acting.end_of_day(application.mall, now)
    application.mandate = None
    application.save(update_fields=["helper", "helped_until", "mandate"])
    _tell_owner(application, "applications.taken_up", officer, now, consent=True)


def _one_at_a_time(what: str) -> None:
    """The second of two clicks waits here for the first, then finds what it made."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(hashtextextended(%s, 0))", [what])


def _typed_a_moment_ago(officer: Any, service: Service, nik: str, now: datetime) -> Any:
    """The unproven person for whom this very officer has this very draft open today, or None."""
    open_drafts = queries.helped(officer, now).filter(service=service, status=Status.DRAFT)
    found = open_drafts.filter(applicant__in=people.unproven_at_desk(nik)).select_related("applicant")
    draft = found.order_by("created_at").first()
    return draft.applicant if draft else None


@transaction.atomic
def take_up(
    *, officer: Any, mall: Mall, number: str, nik: str, card_seen: bool, consent: bool, now: datetime
) -> Application:
    """
    Go on for who comes back with the paper and the card: this officer is the one who helps, until the day ends.

    :raises ConsentMissing, CardUnseen, PaperUnknown: nothing is opened then
    """
    if not card_seen:
        raise CardUnseen
    if not consent:
        raise ConsentMissing
    found = queries.numbered(mall, number, identity.check_nik(nik, now.date()))
    if found is None:
        raise PaperUnknown
    application = marks.lock(found.pk)
    if application.applicant_id == officer.pk:
        raise NotFound
    if application.applicant.proven_at is None:
        accounts.prove(mall=mall.code, person=application.applicant, officer=officer, now=now)
    _hand_to(officer, application, now)
    return application


@transaction.atomic
def note_opening(*, officer: Any, application: Application, now: datetime) -> None:
    """The helper looks at what was sent: its owner can see that. Within ten minutes it is the same opening."""
    if application.helper_id != officer.pk or application.status == Status.DRAFT:
        return
    recent = history.history(application.mall_id, f"person:{application.applicant_id}").filter(
        kind__in=("applications.opened", "applications.taken_up"),
        actor_id=str(officer.pk),
        data__application=str(application.pk),
        at__gt=now - timedelta(minutes=10),
    )
    if not recent.exists():
        _tell_owner(application, "applications.opened", officer, now)


def _tell_owner(application: Application, kind: str, officer: Any, now: datetime, **data: Any) -> None:
    ledger.append(
        mall=application.mall_id,
        kind=kind,
        subject=f"person:{application.applicant_id}",
        actor=services.person_ref(officer),
        now=now,
        data={"application": str(application.pk), "number": application.number, **data},
    )
