"""Status lists (IETF Token Status List): a permit's place in one, and the signed list that verifiers fetch."""

import secrets
from datetime import datetime
from uuid import UUID

from django.conf import settings
from django.db import transaction
from django.db.models import F, Max
from openvc import SigningKey
from openvc.status.issue import build_status_list_token
from openvc.status.token_status_list import STATUS_INVALID, STATUS_SUSPENDED, new_status_list, set_status

from gerai.agencies.models import Mall
from gerai.core.errors import NotFound
from gerai.permits.models import Permit, StatusList, StatusPlace
from gerai.permits.rules import LIST_BITS, LIST_CACHED, LIST_FULL, LIST_SIZE, LIST_TTL, Status

SAID = {
    Status.REVOKED.value: STATUS_INVALID,
    Status.REPLACED.value: STATUS_INVALID,
    Status.SUSPENDED.value: STATUS_SUSPENDED,
}


def address(list_id: int) -> str:
    """Where a list is fetched; it stands in every credential and never changes."""
    return f"{settings.BASE_URL}/status/izin/{list_id}"


def _open_list(mall: Mall) -> StatusList:
    """The mall's list with room, locked: whoever comes meanwhile waits, so no place is given twice."""
    newest = StatusList.objects.filter(mall=mall).aggregate(last=Max("number"))["last"]
    number = newest or 1
    while True:
        StatusList.objects.get_or_create(mall=mall, number=number)
        found = StatusList.objects.select_for_update().get(mall=mall, number=number)
        if found.given < LIST_FULL:
            return found
        number += 1  # it has filled up while we waited


def _free_index(status_list: StatusList) -> int:
    """A free place by lot: its number does not tell when the permit was issued, or who came before."""
    while True:
        index = secrets.randbelow(LIST_SIZE)
        if not StatusPlace.objects.filter(status_list=status_list, index=index).exists():
            return index


@transaction.atomic
def place(*, permit: Permit) -> StatusPlace:
    """The permit's place, given at the first call. The caller holds the permit's lock."""
    found = StatusPlace.objects.filter(permit=permit).first()
    if found:
        return found
    status_list = _open_list(permit.mall)
    status_list.given = F("given") + 1
    status_list.save(update_fields=["given"])
    return StatusPlace.objects.create(permit=permit, status_list=status_list, index=_free_index(status_list))


def permit_at(uri: str, index: int) -> UUID | None:
    """Whose place this is, or None."""
    list_id = uri.rpartition("/")[2]
    if not (list_id.isascii() and list_id.isdigit()) or uri != address(int(list_id)):
        return None
    found = StatusPlace.objects.filter(status_list_id=int(list_id), index=index)
    return found.values_list("permit_id", flat=True).first()


def token(list_id: int, key: SigningKey, now: datetime) -> str:
    """
    The list as it is now, signed. Free places look like valid permits.

    :raises NotFound: if there is no such list
    """
    if not StatusList.objects.filter(pk=list_id).exists():
        raise NotFound
    packed = new_status_list(LIST_SIZE, bits=LIST_BITS)
    withdrawn = StatusPlace.objects.filter(status_list_id=list_id, permit__status__in=SAID)
    for index, status in withdrawn.values_list("index", "permit__status"):
        set_status(packed, index, SAID[status], bits=LIST_BITS)
    return build_status_list_token(
        signing_key=key,
        uri=address(list_id),
        status_list=packed,
        bits=LIST_BITS,
        issuer=settings.BASE_URL,
        issued_at=now,
        expires=now + LIST_CACHED + LIST_TTL,
        ttl=int(LIST_TTL.total_seconds()),
    )
