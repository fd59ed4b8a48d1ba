"""What the information desk changes for a visitor without a phone: check in, break, order, one less, go home."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from gerai.agencies.access import role
from gerai.core import clock
from gerai.core.errors import NotFound
from gerai.ledger.rules import ActorRef
from gerai.visits import booking, ticket
from gerai.visits import queries as visits
from gerai.visits import services as arriving

DESK = role("information_desk")
ENTRANCE = "M"  # the desk's own letter


def _actor(request: HttpRequest) -> ActorRef:
    return ActorRef("person", str(request.user.pk))


def _back(number: Any) -> HttpResponse:
    return redirect(f"{reverse('portal:desk_number')}?nomor={number.entrance}{number.number}")


@DESK
@require_POST
def check_in(request: HttpRequest) -> HttpResponse:
    """An appointment by its code: the number is given here."""
    member: Any = request.member  # type: ignore[attr-defined]
    visit = booking.check_in(
        mall=member.mall,
        code=request.POST.get("code", "")[:12],
        entrance=ENTRANCE,
        actor=_actor(request),
        now=clock.now(),
    )
    messages.success(
        request, _("Nomornya %(number)s. Tulis atau cetak untuk pengunjung.") % {"number": visit}
    )
    return _back(visit)


@DESK
@require_POST
def change(request: HttpRequest, pk: UUID) -> HttpResponse:
    """One change to a visit of today, asked for at the desk."""
    member: Any = request.member  # type: ignore[attr-defined]
    now, actor = clock.now(), _actor(request)
    visit = visits.of_today(member.mall, pk, now)
    act, _sep, value = request.POST.get("act", "").partition(":")
    number = int(value) if value.isdigit() and len(value) < 10 else -1
    if act == "pause":
        ticket.pause(visit=visit, minutes=number, actor=actor, now=now)
    elif act == "first":
        ticket.go_first(visit=visit, errand_id=number, actor=actor, now=now)
    elif act == "drop":
        ticket.drop(visit=visit, errand_id=number, actor=actor, now=now)
    elif act == "leave":
        arriving.leave(visit=visit, actor=actor, now=now)
    else:
        raise NotFound
    messages.success(request, _("Sudah diubah."))
    return _back(visit)
