"""What a signing official takes back: a permit for good (revoke), or for a time (suspend and lift)."""

from datetime import datetime, timedelta
from typing import Any

from django.db import transaction

from gerai.agencies import substituting
from gerai.applications import marks
from gerai.applications import services as applications
from gerai.core.errors import NotFound
from gerai.permits import following, queries, rules
from gerai.permits.models import Permit, Suspension
from gerai.permits.rules import Status
from gerai.permits.services import lock_valid, record


def _record(permit: Permit, kind: str, actor: Any, now: datetime) -> None:
    """An entry that also says for whom a substitute did it."""
    stand = substituting.running(actor, permit.agency_id, "signer", now)
    record(permit, kind, applications.person_ref(actor), now, **substituting.told(stand))


@transaction.atomic
def revoke(*, permit: Permit, reason: str, actor: Any, now: datetime) -> Permit:
    """
    Withdraw a permit for good, also a suspended one. `actor` is the signing official, a person.

    :raises NotFound: if the actor is no signing official of the agency
    :raises rules.ReasonMissing, rules.NotValid, change_rules.BeingReplaced: nothing is changed then
    """
    if not queries.may_revoke(actor, permit):
        raise NotFound
    reason = rules.check_revocation(reason)
    locked = _lock(permit, Status.SUSPENDED)
    locked.status, locked.revoked_at, locked.revoke_reason = Status.REVOKED, now, reason
    locked.save(update_fields=["status", "revoked_at", "revoke_reason"])
    _bar(locked, now)
    _record(locked, "permits.revoked", actor, now)
    return locked


def _lock(permit: Permit, *also: Status) -> Permit:
    """
    The permit, its application and what is asked for to change it, locked in the order of everywhere.

    :raises rules.NotValid, change_rules.BeingReplaced: if it does not hold, or its replacement is being signed
    """
    marks.lock_with_followers(permit.application_id)
    locked = lock_valid(permit, *also)
    following.check_not_being_replaced(locked)
    return locked


def _bar(permit: Permit, now: datetime) -> None:
    """What was asked for to change or renew it may not be sent while it does not hold."""
    yesterday = queries.today(permit, now) - timedelta(days=1)
    marks.bar_followers(application_id=permit.application_id, last=yesterday)


def _lasting(permit: Permit, now: datetime) -> Permit:
    """The permit, whose end has not come: what has expired is neither suspended nor valid again."""
    if queries.state(permit, now) == rules.Shown.EXPIRED:
        raise rules.NotValid
    return permit


@transaction.atomic
def suspend(*, permit: Permit, reason: str, ground: str, actor: Any, now: datetime) -> Permit:
    """
    Let a permit not hold until the suspension is lifted. `actor` is the signing official, a person.

    :raises NotFound: if the actor is no signing official of the agency
    :raises rules.SuspensionReasonMissing, rules.GroundMissing, rules.NotValid: nothing is changed then
    """
    if not queries.may_revoke(actor, permit):
        raise NotFound
    reason, ground = rules.check_suspension(reason, ground)
    locked = _lasting(_lock(permit), now)
    Suspension.objects.create(
        permit=locked, reason=reason, ground=ground, suspended_by=actor, suspended_at=now
    )
    locked.status = Status.SUSPENDED
    locked.save(update_fields=["status"])
    _bar(locked, now)
    _record(locked, "permits.suspended", actor, now)
    return locked


@transaction.atomic
def lift(*, permit: Permit, reason: str, ground: str, actor: Any, now: datetime) -> Permit:
    """
    End a suspension: the permit holds again. `actor` is the signing official, a person.

    :raises NotFound: if the actor is no signing official of the agency
    :raises rules.SuspensionReasonMissing, rules.GroundMissing, rules.NotSuspended: nothing is changed then
    """
    if not queries.may_revoke(actor, permit):
        raise NotFound
    reason, ground = rules.check_suspension(reason, ground)
    locked = _lasting(_lock(permit, Status.SUSPENDED), now)
    lasting = queries.suspension(locked)
    if lasting is None:
        raise rules.NotSuspended
    lasting.lift_reason, lasting.lift_ground = reason, ground
    lasting.lifted_by, lasting.lifted_at = actor, now
    lasting.save(update_fields=["lift_reason", "lift_ground", "lifted_by", "lifted_at"])
    locked.status = Status.VALID
    locked.save(update_fields=["status"])
    marks.free_followers(application_id=locked.application_id, last=locked.valid_until)
    _record(locked, "permits.lifted", actor, now)
    return locked
