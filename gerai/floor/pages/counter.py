"""The screen of an officer at a counter: who waits, who is here, what to press. It locks when nobody touches it."""

from datetime import datetime
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.template.loader import render_to_string
from django.utils.html import escape
from django.utils.safestring import mark_safe
from django.utils.translation import get_language, gettext
from django.views.decorators.gzip import gzip_page
from django.views.decorators.http import require_POST

from gerai.accounts import entering
from gerai.accounts import queries as people
from gerai.agencies.access import role
from gerai.catalogue import queries as catalogue
from gerai.core import clock
from gerai.core.errors import DomainError, NotFound
from gerai.core.typed import whole
from gerai.documents import services as documents
from gerai.floor import acting, files, queries, rules, services
from gerai.floor.models import Duty
from gerai.visits import since, who
from gerai.visits.who import COMPANY

OFFICER = role("counter_officer", "information_desk")
SHOWN = 30  # of who waits; the whole list is one key away


def locked(request: HttpRequest, now: datetime) -> bool:
    """Whether nobody has touched this screen for ten minutes. Then it forgets the visitor until the password."""
    touched = request.session.get("touched")
    if touched is not None and now.timestamp() - touched > rules.IDLE.total_seconds():
        lock_up(request)
    return bool(request.session.get("locked"))


def lock_up(request: HttpRequest) -> None:
    """Hide the visitor; only the password brings the screen back."""
    request.session["locked"] = True
    request.session.pop("card", None)


def touch(request: HttpRequest, now: datetime) -> None:
    """Somebody is here. Written at most twice a minute."""
    if now.timestamp() - request.session.get("touched", 0) > 30:
        request.session["touched"] = now.timestamp()


@OFFICER
def counter(request: HttpRequest) -> HttpResponse:
    """Who is next, is the file complete, what do I press?"""
    now = clock.now()
    duty = queries.duty(request.user)
    if duty is None:
        member: Any = request.member  # type: ignore[attr-defined]
        free = queries.counters_for(member)
        context = {"counters": free, "services": queries.services_at(free), "member": member}
        return render(request, "floor/sign_on.html", context)
    if locked(request, now):
        return render(request, "floor/locked.html", {"duty": duty})
    touch(request, now)
    context = {
        **screen(request, duty, now),
        "colleagues": queries.colleagues(duty),
        "offered": catalogue.published(duty.mall),
    }
    return render(request, "floor/counter.html", context)


@OFFICER
def state(request: HttpRequest) -> HttpResponse:
    """The parts of the screen that change, for a hint or a minute gone by."""
    now = clock.now()
    duty = queries.duty(request.user)
    if duty is None or locked(request, now):
        return HttpResponse(status=205)  # begin anew: the page shows what to do
    if request.GET.get("touched"):
        touch(request, now)
    return HttpResponse(fragment(request, duty, now))


def fragment(request: HttpRequest, duty: Duty, now: datetime) -> str:
    """The changing parts as HTML."""
    return render_to_string("floor/_screen.html", screen(request, duty, now), request)


def screen(request: HttpRequest, duty: Duty, now: datetime) -> dict[str, Any]:
    """Everything that the screen shows."""
    present = queries.at_counter(duty.counter)
    revealed = _revealed(request, present)
    waiting = queries.waiting(duty)
    shown = list(waiting[: SHOWN + 1])
    for errand in shown:
        errand.minutes = since.seconds(errand, now) // 60  # type: ignore[attr-defined]
    count = len(shown) if len(shown) <= SHOWN else waiting.count()
    return {
        "duty": duty,
        "waiting": shown[:SHOWN],
        "count": count,
        "more": max(0, count - SHOWN),
        "longest": max((since.seconds(e, now) // 60 for e in shown), default=0),
        "present": present,
        "ready": files.readiness(present) if present else None,
        "revealed": revealed,
        "file": files.required(present.application) if revealed and present and present.application else [],
        **(files.of_visit(present) if present else {}),
        "priority": who.of_visit(duty.mall, present.visit.priority) if present else None,
        "companies": COMPANY,
        "held": queries.held_at(duty.counter),
        "absent": queries.absent_for(duty, now),
        "step": queries.last_step(request.user, duty.mall_id, now),
        "steps": rules.STEPS,
        "pauses": rules.PAUSES,
        "reasons": rules.OUT_OF_ORDER,
        "calling": rules.CALLING,
        "now": now,
    }


def _revealed(request: HttpRequest, present: Any) -> str:
    """The visitor's name, once the officer has confirmed the card; before that only readiness flags."""
    if present is None or present.visit.person_id is None:
        return ""
    if request.session.get("card") != present.pk:
        return ""
    return people.name_of([present.visit.person_id]).get(present.visit.person_id, "")


@OFFICER
@gzip_page
def waiting(request: HttpRequest) -> HttpResponse:
    """Everybody who waits for this counter, in the order of calling."""
    duty = queries.duty(request.user)
    if duty is None:
        return redirect("floor:counter")
    now = clock.now()
    rows = queries.waiting_rows(duty, now)
    context = {"duty": duty, "count": len(rows), "rows": _rows(rows, queries.service_names(duty))}
    return render(request, "floor/waiting.html", context)


def _rows(rows: list[tuple[Any, ...]], names: dict[int, dict[str, str]]) -> str:
    """The list items, made in one go: two thousand of them pass through no template. Each text is escaped once."""
    language = (get_language() or "id")[:2]
    said = {pk: escape(name.get(language) or name.get("id", "")) for pk, name in names.items()}
    doors = {row[0]: escape(row[0]) for row in rows}
    marks = {"ready": gettext("siap"), "due": gettext("janji"), "first": gettext("prioritas"), "": ""}
    told = {mark: f" {escape(gettext('mnt'))} {escape(word)}</i>" for mark, word in marks.items()}

    def item(row: tuple[Any, ...]) -> str:
        entrance, number, service, minutes, mark = row
        name = said.get(service, "")
        return f"<li><b>{doors[entrance]} {number:03d}</b> <span>{name}</span> <i>{minutes}{told[mark]}"

    return mark_safe("".join(map(item, rows)))  # noqa: S308 - numbers, and texts escaped above


@OFFICER
def file(request: HttpRequest, pk: int, requirement: str) -> HttpResponse:
    """A document of who is here, after the card; its owner sees that it was opened."""
    now = clock.now()
    duty = queries.duty(request.user)
    present = queries.at_counter(duty.counter) if duty else None
    if duty is None or present is None or present.pk != pk or request.session.get("card") != pk:
        raise NotFound
    if locked(request, now):
        raise rules.ScreenLocked
    found = files.attachment(present, requirement)
    data = documents.open_file(
        document=found.document, actor=acting.ref(request.user), mall=duty.mall_id, now=now
    )
    return HttpResponse(data, content_type=found.document.media_type)


@OFFICER
@require_POST
def sign_on(request: HttpRequest) -> HttpResponse:
    """Begin at a counter."""
    number = whole(request.POST.get("counter"), digits=9)
    services.sign_on(
        member=request.member,  # type: ignore[attr-defined]
        counter_number=-1 if number is None else number,
        only=[pk for text in request.POST.getlist("service") if (pk := whole(text)) is not None],
        now=clock.now(),
    )
    request.session.pop("card", None)
    request.session["touched"] = clock.now().timestamp()
    return redirect("floor:counter")


@OFFICER
@require_POST
def lock(request: HttpRequest) -> HttpResponse:
    """Hide the visitor now."""
    lock_up(request)
    return redirect("floor:counter")


@OFFICER
@require_POST
def unlock(request: HttpRequest) -> HttpResponse:
    """The officer shows by the password that it is them."""
    now = clock.now()
    user: Any = request.user
    address = str(request.META.get("REMOTE_ADDR", ""))
    contact = user.email or user.phone or ""
    password = request.POST.get("password", "")
    try:
        entering.sign_in(contact=contact, password=password, address=address, now=now)
    except DomainError as error:
        context = {"duty": queries.duty(user), "wrong": gettext(error.text)}
        return render(request, "floor/locked.html", context, status=error.status)
    request.session.pop("locked", None)
    request.session["touched"] = now.timestamp()
    return redirect("floor:counter")
