"""Who works where: roles given and taken by who answers for an agency, or for the mall. Writes."""

from collections import Counter
from collections.abc import Collection
from datetime import datetime
from typing import Any

from django.db import transaction
from django.db.models import Q, QuerySet

from gerai.accounts import queries as people
from gerai.agencies import services
from gerai.agencies.models import Agency, Membership
from gerai.agencies.rules import ROLE_NAMES, RoleWrong
from gerai.core.errors import DomainError, NotFound
from gerai.ledger.rules import ActorRef
from gerai.notices import services as notices
from gerai.notices.rules import masked

# What each may give and take. The mayor, the auditor and the manager are named by who runs the system (`gerai role`).
GIVES = {
    "agency_admin": ("counter_officer", "verifier", "reviewer", "signer"),
    "mall_manager": ("information_desk", "agency_admin"),
}


class AccountUnknown(DomainError):
    """Nobody has an account with that address or number."""

    code = "account_unknown"
    text = (
        "Belum ada akun dengan surel atau nomor ponsel itu. Minta petugasnya mendaftar dulu, lalu coba lagi."
    )


class RoleForOneself(DomainError):
    """Nobody gives a role to themselves."""

    code = "role_for_oneself"
    text = "Anda tidak dapat memberi peran kepada diri sendiri. Minta admin lain atau pengelola mal."
    status = 409


def of(by: Membership) -> QuerySet[Membership]:
    """The roles that this administrator or manager answers for, by role and name; not those of substitutes."""
    whose = Q(role__in=GIVES.get(by.role, ()), mall=by.mall_id, active=True, substitution=None)
    if by.agency_id is not None:
        whose &= Q(agency=by.agency_id)
    found = Membership.objects.filter(whose, person__is_active=True).select_related("person", "agency")
    return found.order_by("role", "agency__code", "person__name")


def alone(members: Collection[Membership]) -> set[int]:
    """Those of them after whom nobody of their agency holds the role: their work would wait for a new one."""
    held = Counter((one.role, one.agency_id) for one in members)
    return {one.pk for one in members if held[(one.role, one.agency_id)] == 1}


def known_by(member: Membership) -> str:
    """Enough of somebody's address to tell them from a namesake: s…@uji.test, …890."""
    return masked(member.person.email or member.person.phone or "")


def _agency(by: Membership, role: str, code: str) -> Agency | None:
    if role not in GIVES.get(by.role, ()):
        raise RoleWrong
    if by.agency_id is not None:
        return by.agency
    if role != "agency_admin":
        return None
    agency = Agency.objects.filter(mall=by.mall_id, code=code).first()
    if agency is None:
        raise NotFound
    return agency


@transaction.atomic
def appoint(*, by: Membership, contact: str, role: str, now: datetime, agency_code: str = "") -> Membership:
    """
    Give a role to the person with this e-mail address or phone number; they are told. Twice is once.

    `agency_code`: of the agency that a manager names an administrator for.

    :raises RoleWrong, NotFound, AccountUnknown, RoleForOneself: nothing is given then
    """
    agency = _agency(by, role, agency_code)
    person = people.by_contact(contact)
    if person is None:
        raise AccountUnknown
    if person.pk == by.person_id:
        raise RoleForOneself
    place: dict[str, Any] = {"mall": by.mall, "agency": agency, "person": person, "role": role}
    there = Membership.objects.select_for_update().filter(**place, active=True, substitution=None).first()
    if there is not None:
        return there
    made = services.give_role(**place, actor=ActorRef("person", str(by.person_id)), now=now)
    _tell(made, "role_given", now)
    return made


@transaction.atomic
def dismiss(*, by: Membership, membership_id: int, now: datetime) -> Membership:
    """
    Take a role away; they are told, and what they held goes back (`reviews.leaving`). Twice is once.

    :raises NotFound: if it is none that they answer for
    """
    mine = Q(role__in=GIVES.get(by.role, ()), mall=by.mall_id)
    if by.agency_id is not None:
        mine &= Q(agency=by.agency_id)
    found = Membership.objects.select_related("person", "agency", "mall").filter(mine, pk=membership_id)
    membership = found.first()
    if membership is None:
        raise NotFound
    if membership.active:
        services.take_role(membership=membership, actor=ActorRef("person", str(by.person_id)), now=now)
        _tell(membership, "role_taken", now)
    return membership


def _tell(membership: Membership, template: str, now: datetime) -> None:
    place = membership.agency.short if membership.agency else membership.mall.name
    notices.send(
        key=f"{template}:{membership.pk}:{now.isoformat()}",
        mall=membership.mall_id,
        person=membership.person,
        template=template,
        data={"role": ROLE_NAMES[membership.role], "place": place, "path": "/saya/"},
        now=now,
    )
