"""Substitutes: who holds a role for an absent officer, from a day to a day, by a letter. Reads, and services.

The substitute holds the role by a membership that `look` switches on and off; edges and the services that end a task
also look at its last moment themselves, so that it never outlasts its letter where the worker is late.
"""

from datetime import date, datetime, time, timedelta
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from django.db import transaction
from django.db.models import Q, QuerySet

from gerai.agencies import queries, rules
from gerai.agencies.models import Agency, Membership, Substitution
from gerai.core.errors import DomainError, NotFound
from gerai.ledger import services as ledger
from gerai.ledger.rules import SYSTEM, ActorRef


class SubstituteWrong(DomainError):
    """A substitute is another officer of the same agency, without that role of their own."""

    code = "substitute_wrong"
    text = (
        "Pengganti harus petugas lain di instansi yang sama, yang belum memegang peran itu sendiri. "
        "Pilih orang lain."
    )


class SubstitutionDaysWrong(DomainError):
    """From today on, the first day before the last, not for ever."""

    code = "substitution_days_wrong"
    text = "Tulis hari pertama dan hari terakhir: mulai hari ini, paling lama {days} hari. Sesudahnya perlu surat baru."


class SubstitutionGroundMissing(DomainError):
    """A substitution has a letter."""

    code = "substitution_ground_missing"
    text = "Tulis nomor dan tanggal surat penunjukannya, paling sedikit 5 huruf."


class SubstitutedAlready(DomainError):
    """One substitute at a time for a role, and one absence at a time for a substitute."""

    code = "substituted_already"
    text = (
        "Pada hari-hari itu sudah ada pengganti untuk peran ini. Akhiri dulu yang itu, atau pilih hari lain."
    )
    status = 409


class NotPassedOn(DomainError):
    """A substitute names no further substitute."""

    code = "substitution_not_passed_on"
    text = "Peran ini Anda pegang sebagai pengganti, jadi tidak dapat diteruskan. Minta pejabatnya menunjuk orang lain."
    status = 403


def _record(one: Substitution, kind: str, actor: ActorRef, now: datetime) -> None:
    ledger.append(
        mall=one.agency.mall_id,
        kind=kind,
        subject=f"agency:{one.agency.code}",
        actor=actor,
        now=now,
        data={
            "agency": one.agency.code,
            "role": one.role,
            "form": one.form,
            "for": str(one.absent_id),
            "substitute": str(one.substitute_id),
            "ground": one.ground,
            "from": one.from_at.isoformat(),
            "until": one.until_at.isoformat(),
        },
    )


def running(person: Any, agency_id: int, role: str, now: datetime) -> Substitution | None:
    """The substitution by which a person holds a role at this moment; None: it is their own, or they have none."""
    held = Membership.objects.filter(
        person_id=person.pk, agency_id=agency_id, role=role, active=True, substitution__isnull=False
    ).select_related("substitution__absent")
    one = next((m.substitution for m in held), None)
    return one if one is not None and one.until_at > now else None


def told(one: Substitution | None) -> dict[str, Any]:
    """What an entry says of something done by a substitute; nothing of what somebody does by their own right."""
    return {"for": str(one.absent_id), "form": one.form} if one is not None else {}


def of_agency(agency: Agency, now: datetime) -> QuerySet[Substitution]:
    """The substitutions of an agency that run or will, and those of the last 90 days; the next to end on top."""
    shown = Substitution.objects.filter(agency=agency, until_at__gt=now - timedelta(days=90))
    return shown.select_related("absent", "substitute").order_by("-until_at", "pk")


def seen_by(person: Any, now: datetime) -> list[dict[str, Any]]:
    """Each agency a person works at: its substitutions, whom they may have substituted, and by whom; by name."""
    found = []
    held = [m for m in queries.memberships(person) if m.role in (*rules.SUBSTITUTED, "agency_admin")]
    for agency in {m.agency_id: m.agency for m in held if m.agency}.values():
        whole = any(m.role == "agency_admin" and m.agency_id == agency.pk for m in held)
        own = agency.memberships.filter(active=True, substitution=None, person__is_active=True)
        members = list(own.select_related("person").order_by("person__name", "role", "pk"))
        may = [m for m in members if m.role in rules.SUBSTITUTED and (whole or m.person_id == person.pk)]
        found.append(
            {
                "agency": agency,
                "rows": list(of_agency(agency, now)),
                "roles": may,
                "colleagues": list({m.person_id: m.person for m in members}.values()),
                "whole": whole,
            }
        )
    return found


def _absent(person: Any, membership_id: int) -> Membership:
    """The role that somebody is to be substituted in: one's own, or of the agency one administers."""
    mine = queries.memberships(person).filter(role="agency_admin", agency__isnull=False)
    found = (
        Membership.objects.filter(
            Q(person_id=person.pk) | Q(agency__in=mine.values("agency")),
            pk=membership_id,
            active=True,
            agency__isnull=False,
            role__in=rules.SUBSTITUTED,
        )
        .select_related("agency__mall", "person")
        .first()
    )
    if found is None:
        raise NotFound
    if found.substitution_id is not None:
        raise NotPassedOn
    return found


def _moment(day: date, zone: str) -> datetime:
    return datetime.combine(day, time(), tzinfo=ZoneInfo(zone))


@transaction.atomic
def name(
    *,
    person: Any,
    membership_id: int,
    substitute_id: str,
    form: str,
    first: date | None,
    last: date | None,
    ground: str,
    now: datetime,
) -> Substitution:
    """
    Name who holds the role from the first day to the last, by the officer themself or the agency's administrator.

    The same again gives the first back.

    :raises NotFound: if the role is neither their own nor of an agency that they administer
    :raises NotPassedOn, SubstituteWrong, SubstitutionDaysWrong: nothing is changed then
    :raises SubstitutionGroundMissing, SubstitutedAlready: nothing is changed then
    """
    absent = _absent(person, membership_id)
    locked = Agency.objects.select_for_update(of=("self",), no_key=True)
    agency = locked.select_related("mall").get(pk=absent.agency_id or 0)
    zone, ground = agency.mall.timezone, " ".join(ground.split())[:200]
    today = now.astimezone(ZoneInfo(zone)).date()
    days = (last - first).days + 1 if first is not None and last is not None else 0
    if first is None or last is None or first < today or not 0 < days <= rules.SUBSTITUTION_DAYS:
        raise SubstitutionDaysWrong(days=rules.SUBSTITUTION_DAYS)
    if len(ground) < 5:
        raise SubstitutionGroundMissing
    try:
        UUID(substitute_id)
    except ValueError:
        raise SubstituteWrong from None
    colleagues = Membership.objects.filter(
        agency=agency, active=True, substitution=None, person__is_active=True, person_id=substitute_id
    ).exclude(person_id=absent.person_id)
    roles = {m.role for m in colleagues}
    if not roles or absent.role in roles or form not in rules.FORMS:
        raise SubstituteWrong
    begin, end = _moment(first, zone), _moment(last + timedelta(days=1), zone)
    both = Q(absent_id=absent.person_id) | Q(substitute_id=substitute_id)
    for there in Substitution.objects.filter(
        both, agency=agency, role=absent.role, ended_at=None, from_at__lt=end, until_at__gt=begin
    ):
        same = (str(there.substitute_id), there.from_at, there.until_at, there.ground, there.form)
        if same == (substitute_id, begin, end, ground, form) and there.absent_id == absent.person_id:
            return there
        raise SubstitutedAlready
    one = Substitution.objects.create(
        agency=agency,
        role=absent.role,
        form=form,
        absent_id=absent.person_id,
        substitute_id=substitute_id,
        ground=ground,
        from_at=begin,
        until_at=end,
        named_by_id=person.pk,
        named_at=now,
    )
    _record(one, "agencies.substitute_named", ActorRef("person", str(person.pk)), now)
    if begin <= now:
        _begin(one, now)
    return one


def _begin(one: Substitution, now: datetime) -> None:
    membership, new = Membership.objects.get_or_create(
        mall_id=one.agency.mall_id,
        agency=one.agency,
        person_id=one.substitute_id,
        role=one.role,
        defaults={"substitution": one},
    )
    before = membership.substitution  # one of theirs that is over, and nobody has looked at since
    over = before is not None and before != one and before.until_at <= now
    if not new and (over or not membership.active):  # a role of their own, given meanwhile, stays theirs
        membership.active, membership.substitution = True, one
        membership.save(update_fields=["active", "substitution"])
    one.begun_at = now
    one.save(update_fields=["begun_at"])
    _record(one, "agencies.substitute_began", SYSTEM, now)


def _end(one: Substitution, actor: ActorRef, now: datetime) -> None:
    Membership.objects.filter(substitution=one).update(active=False, substitution=None)
    one.ended_at = now
    one.save(update_fields=["ended_at"])
    _record(one, "agencies.substitute_ended", actor, now)


def _locked(pk: int) -> Substitution:
    return Substitution.objects.select_for_update(of=("self",)).select_related("agency__mall").get(pk=pk)


@transaction.atomic
def end(*, person: Any, substitution_id: int, now: datetime) -> Substitution:
    """
    It ends before its day, by the absent officer or the agency's administrator. Twice is once.

    :raises NotFound: if it is none of theirs
    """
    mine = queries.memberships(person).filter(role="agency_admin", agency__isnull=False)
    found = Substitution.objects.filter(Q(absent_id=person.pk) | Q(agency__in=mine.values("agency")))
    if not found.filter(pk=substitution_id).exists():
        raise NotFound
    one = _locked(substitution_id)
    if one.ended_at is None:
        _end(one, ActorRef("person", str(person.pk)), now)
    return one


@transaction.atomic
def look(substitution_id: int, *, now: datetime) -> int:
    """Begin it on its first day, end it after its last. Returns 1 if something changed. Twice is once."""
    one = _locked(substitution_id)
    if one.ended_at is not None:
        return 0
    if one.until_at <= now:
        _end(one, SYSTEM, now)
        return 1
    if one.begun_at is None and one.from_at <= now:
        _begin(one, now)
        return 1
    return 0


def due(now: datetime) -> list[int]:
    """The substitutions that begin or end now."""
    moved = Q(until_at__lte=now) | Q(begun_at=None, from_at__lte=now)
    found = Substitution.objects.filter(moved, ended_at=None).order_by("until_at", "pk")
    return list(found.values_list("pk", flat=True))


def role_taken(membership: Membership, actor: ActorRef, now: datetime) -> None:
    """
    What hangs on a role that was taken away ends with it: a step of `services.take_role`.

    Plt. goes on, for it is there because the office is empty. Who has no role of their own left substitutes nobody.
    """
    ended = Q(pk=membership.substitution_id)
    ended |= Q(absent_id=membership.person_id, role=membership.role) & ~Q(form="plt")
    own = Membership.objects.filter(agency=membership.agency_id, active=True, substitution=None)
    if not own.filter(person_id=membership.person_id).exclude(pk=membership.pk).exists():
        ended |= Q(substitute_id=membership.person_id)
    found = Substitution.objects.filter(ended, agency=membership.agency_id, ended_at=None)
    for one in found.select_for_update(of=("self",)).select_related("agency"):
        _end(one, actor, now)
