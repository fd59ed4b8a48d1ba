"""The information desk for visitors without a phone: check in, break, order, one less, go home; numbers on paper."""

from typing import Any
from uuid import UUID, uuid4

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from gerai.agencies.access import role
from gerai.catalogue import queries as catalogue
from gerai.core import clock
from gerai.core.errors import DomainError, NotFound
from gerai.core.typed import whole
from gerai.floor import printing, returning
from gerai.ledger.rules import ActorRef
from gerai.visits import blocks, booking, desk, ticket, who
from gerai.visits import queries as visits
from gerai.visits import services as arriving
from gerai.visits.pages.choosing import party_of

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
    act, _sep, value = request.POST.get("act", "").partition(":")  # such as "first:12", an errand
    number = whole(value)
    number = -1 if number is None else number
    if act == "pause":
        ticket.pause(visit=visit, minutes=number, actor=actor, now=now)
    elif act == "first":
        ticket.go_first(visit=visit, errand_id=number, actor=actor, now=now)
    elif act == "drop":
        ticket.drop(visit=visit, errand_id=number, actor=actor, now=now)
    elif act == "add":
        agency, _sep, code = request.POST.get("service", "").partition("/")
        service = catalogue.find(member.mall, agency, code)
        ticket.add(visit=visit, service=service, actor=actor, now=now)
    elif act == "priority":
        desk.set_priority(visit=visit, priority=request.POST.get("priority", ""), actor=actor, now=now)
    elif act == "back":
        returning.come_back_at_desk(mall=member.mall, person=request.user, number=str(visit), now=now)
    elif act == "leave":
        arriving.leave(visit=visit, actor=actor, now=now)
    else:
        raise NotFound
    messages.success(request, _("Sudah diubah."))
    return _back(visit)


@DESK
@require_http_methods(["GET", "POST"])
def take(request: HttpRequest) -> HttpResponse:
    """A number for somebody without a phone: what for, with whom, whether first; then their ticket to print."""
    member: Any = request.member  # type: ignore[attr-defined]
    wrong = ""
    if request.method == "POST":
        codes = [code for code in request.POST.getlist("service") if "/" in code]
        try:
            visit = arriving.arrive(
                mall=member.mall,
                chosen=[catalogue.find(member.mall, *code.split("/", 1)) for code in dict.fromkeys(codes)],
                entrance=ENTRANCE,
                actor=_actor(request),
                now=clock.now(),
                priority=request.POST.get("priority", ""),
                party=party_of(request),
                company=request.POST.get("company", ""),
                language="en" if request.POST.get("language") == "en" else "id",
                request_key=request.POST.get("key", "")[:64] or None,
            )
        except DomainError as error:
            wrong = error.sentence
        else:
            return redirect("portal:desk_ticket", pk=visit.pk)
    context = {
        "wrong": wrong,
        "sent": request.POST,
        "chosen": dict(enumerate(request.POST.getlist("service"))),
        "services": catalogue.published(member.mall),
        "places": range(3),
        "key": request.POST.get("key") or uuid4().hex,
        **who.for_forms(member.mall),
    }
    return render(request, "portal/desk_take.html", context, status=422 if wrong else 200)


@DESK
def show(request: HttpRequest, pk: UUID) -> HttpResponse:
    """A ticket of today to print or to write down."""
    member: Any = request.member  # type: ignore[attr-defined]
    visit = visits.of_today(member.mall, pk, clock.now())
    errands = visits.errands(visit)
    context = {
        "visit": visit,
        "errands": errands,
        "first": printing.first_stop(errands),
        "qr": printing.qr_of(visit),
    }
    return render(request, "portal/desk_ticket.html", context)


@DESK
@require_http_methods(["GET", "POST"])
def paper(request: HttpRequest) -> HttpResponse:
    """Numbers taken from paper while nothing worked, typed in one by one; and the block to print beforehand."""
    member: Any = request.member  # type: ignore[attr-defined]
    wrong = ""
    if request.method == "POST":
        codes = [code for code in request.POST.getlist("service") if "/" in code]
        try:
            visit = blocks.type_in(
                mall=member.mall,
                text=request.POST.get("nomor", "")[:12],
                at=request.POST.get("jam", "")[:8],
                chosen=[catalogue.find(member.mall, *code.split("/", 1)) for code in dict.fromkeys(codes)],
                actor=_actor(request),
                now=clock.now(),
            )
        except DomainError as error:
            wrong = error.sentence
        else:
            messages.success(request, _("%(number)s masuk antrean.") % {"number": visit})
            return redirect(request.path)
    context = {
        "wrong": wrong,
        "sent": request.POST,
        "chosen": dict(enumerate(request.POST.getlist("service"))),
        "services": catalogue.published(member.mall),
        "places": range(3),
        "sheet": [f"{blocks.PAPER} {n:03d}" for n in range(1, blocks.SHEETS + 1)],
    }
    return render(request, "portal/desk_paper.html", context, status=422 if wrong else 200)
