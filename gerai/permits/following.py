"""A permit gives way to another one: what may follow it, and how its holder asks for that."""

from datetime import datetime
from typing import Any

from django.db import transaction

from gerai.applications import again, marks
from gerai.applications.models import Application
from gerai.applications.rules import Why
from gerai.core.errors import NotFound
from gerai.permits import change_rules, queries, rules
from gerai.permits.models import Permit
from gerai.permits.rules import Kind, Shown, Status

HOLDS = (Shown.VALID, Shown.NOT_YET)
REFUSALS = {
    Shown.EXPIRED: change_rules.ExpiredNotChanged,
    Shown.SUSPENDED: change_rules.SuspendedNotChanged,
    Shown.REVOKED: change_rules.RevokedNotChanged,
    Shown.REPLACED: change_rules.ReplacedNotChanged,
}


@transaction.atomic
def ask(*, permit: Permit, why: Why, person: Any, now: datetime) -> Application:
    """
    Begin a change or a renewal of a permit that holds, or come back to what is under way: there is one at a time.

    :raises NotFound: if it is somebody else's, or no permit but a letter
    :raises change_rules.NotToBeChanged, change_rules.TooEarlyToRenew: nothing is begun then
    """
    if permit.kind != Kind.PERMIT or not queries.is_theirs(person, permit):
        raise NotFound
    earlier = marks.lock(permit.application_id)  # a second click, and a colleague, wait here
    row = locked(permit)
    check_holds(row, now)
    if why == Why.RENEW and not may_renew(row, now):
        raise change_rules.TooEarlyToRenew(days=rules.RENEW_DAYS)
    last = row.valid_until if why == Why.AMEND else None
    return again.start_following(
        person=person, earlier=earlier, why=why, number=permit.number, last=last, now=now
    )


def locked(permit: Permit) -> Permit:
    """Its row, locked; the application has been locked before."""
    return Permit.objects.select_for_update(of=("self",)).select_related("mall").get(pk=permit.pk)


def check_holds(permit: Permit, now: datetime) -> None:
    """
    Let a permit that holds be replaced.

    :raises change_rules.NotToBeChanged: if it does not hold, with what to do instead
    """
    state = Shown(queries.state(permit, now))
    if state not in HOLDS:
        raise REFUSALS.get(state, change_rules.NotToBeChanged)


def may_renew(permit: Permit, now: datetime) -> bool:
    """Whether its end is near enough."""
    left = rules.days_left(permit.valid_until, queries.today(permit, now))
    return left is not None and left <= rules.RENEW_DAYS


def lock_followed(application: Application, now: datetime) -> Permit | None:
    """
    The permit that this application's own will replace, locked until it is decided; None if it replaces nothing.

    :raises change_rules.FollowedNotValid: if there is nothing to change or renew any more
    """
    if application.follows_id is None:
        return None
    found = Permit.objects.select_for_update(of=("self",)).select_related("mall")
    return _to_replace(found.filter(application_id=application.follows_id).first(), application.why, now)


def followed(application: Application, now: datetime) -> Permit | None:
    """The same without the lock, for who only looks."""
    if application.follows_id is None:
        return None
    found = Permit.objects.select_related("mall").filter(application_id=application.follows_id).first()
    return _to_replace(found, application.why, now)


def _to_replace(old: Permit | None, why: str, now: datetime) -> Permit | None:
    state = queries.state(old, now)
    if old is None or old.kind != Kind.PERMIT or Permit.objects.filter(replaces=old).exists():
        raise change_rules.FollowedNotValid
    if state in HOLDS:
        return old
    if why == Why.RENEW and state == Shown.EXPIRED:  # too late to replace it: the new one stands alone
        return None
    raise change_rules.FollowedNotValid


def is_barred(application: Application, now: datetime) -> bool:
    """Whether no permit can come of it any more, because what it follows has ended."""
    try:
        followed(application, now)
    except change_rules.FollowedNotValid:
        return True
    return False


def check_not_being_replaced(permit: Permit) -> None:
    """
    Between decision and signature the old permit stays what it is: the new one is the one to act on.

    :raises change_rules.BeingReplaced: if that is so now
    """
    if Permit.objects.filter(replaces=permit, status=Status.SIGNING).exists():
        raise change_rules.BeingReplaced
