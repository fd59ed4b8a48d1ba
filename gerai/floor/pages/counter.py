"""Pages of an officer at a counter."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_POST

from gerai.accounts import queries as people
from gerai.agencies.access import role
from gerai.core import clock
from gerai.core.errors import NotFound
from gerai.floor import queries, services
from gerai.ledger import services as ledger
from gerai.visits import queries as visits

OFFICER = role("counter_officer", "information_desk")


@OFFICER
def counter(request: HttpRequest) -> HttpResponse:
    """Who is next, is the file complete, what do I press?"""
    member: Any = request.member  # type: ignore[attr-defined]
    duty = queries.duty(request.user)
    if duty is None:
        context = {"counters": queries.counters_for(member), "member": member}
        return render(request, "floor/sign_on.html", context)
    now = clock.now()
    ids = queries.agency_ids(duty.counter)
    waiting = list(visits.waiting(duty.mall, ids)[:12])
    present = queries.at_counter(duty.counter)
    context = {
        "duty": duty,
        "waiting": waiting,
        "count": visits.waiting(duty.mall, ids).count(),
        "present": present,
        "others": [e for e in visits.errands(present.visit) if e.pk != present.pk] if present else [],
        "absent": queries.absent_for(duty, now),
        "revealed": _revealed(request, present),
        "now": now,
    }
    return render(request, "floor/counter.html", context)


def _revealed(request: HttpRequest, present: Any) -> str:
    """The visitor's name, once the officer has confirmed the card; before that only readiness flags."""
    if present is None or present.visit.person_id is None:
        return ""
    if request.session.get("card") != present.pk:
        return ""
    return people.name_of([present.visit.person_id]).get(present.visit.person_id, "")


@OFFICER
@require_POST
def sign_on(request: HttpRequest) -> HttpResponse:
    """Begin at a counter."""
    number = request.POST.get("counter", "")
    services.sign_on(
        member=request.member,  # type: ignore[attr-defined]
        counter_number=int(number) if number.isdigit() else -1,
        now=clock.now(),
    )
    return redirect("floor:counter")


@OFFICER
@require_POST
def sign_off(request: HttpRequest) -> HttpResponse:
    """End at the counter."""
    services.sign_off(person=request.user, now=clock.now())
    return redirect("floor:counter")


@OFFICER
@require_POST
def pause(request: HttpRequest) -> HttpResponse:
    """Pause or go on."""
    services.pause(person=request.user, now=clock.now())
    return redirect("floor:counter")


@OFFICER
@require_POST
def call_next(request: HttpRequest) -> HttpResponse:
    """Call the next; with somebody at the counter, finish them first."""
    done = request.POST.get("finish", "")
    if done.isdigit():
        services.finish(
            person=request.user, errand_id=int(done), now=clock.now(), handed_over=_handed(request, int(done))
        )
    request.session.pop("card", None)
    services.call_next(person=request.user, now=clock.now())
    return redirect("floor:counter")


def _handed(request: HttpRequest, errand_id: int) -> bool:
    """Whether a permit changes hands: only after the officer has confirmed the holder's card."""
    return "handed" in request.POST and request.session.get("card") == errand_id


@OFFICER
@require_POST
def act(request: HttpRequest, pk: int, verb: str) -> HttpResponse:
    """One step with the errand at the counter."""
    now = clock.now()
    if verb == "mulai":
        services.start(person=request.user, errand_id=pk, now=now)
    elif verb == "selesai":
        services.finish(person=request.user, errand_id=pk, now=now, handed_over=_handed(request, pk))
    elif verb == "ulang":
        services.recall(person=request.user, errand_id=pk, now=now)
    elif verb == "tidak-hadir":
        services.absent(person=request.user, errand_id=pk, now=now)
    elif verb == "kembali":
        services.come_back(person=request.user, errand_id=pk, now=now)
    elif verb == "kartu":
        _confirm_card(request, pk)
    else:
        raise NotFound
    return redirect("floor:counter")


def _confirm_card(request: HttpRequest, pk: int) -> None:
    """The officer has seen the KTP: the file opens, and its owner can see that it did."""
    present = queries.at_counter(services.counter_of(request.user))
    if present is None or present.pk != pk or present.visit.person_id is None:
        raise NotFound
    services.start(person=request.user, errand_id=pk, now=clock.now())
    ledger.append(
        mall=present.mall_id,
        kind="floor.file_opened",
        subject=f"person:{present.visit.person_id}",
        actor=services.ref(request.user),
        now=clock.now(),
        data={"agency": present.agency.code, "errand": pk},
    )
    request.session["card"] = pk
