"""The verbs of a counter for an agency's own program. Each may be repeated; with an Idempotency-Key it happens once."""

from collections.abc import Callable
from functools import partial
from typing import Any

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.utils.translation import gettext
from ninja import Body, Router, Schema

from gerai.api.answers import REFUSED, Called, Counter, CounterErrand
from gerai.api.callers import TOKEN, officer_of
from gerai.core import clock
from gerai.core.errors import NotFound
from gerai.floor import queries, rules
from gerai.floor import services as floor
from gerai.visits.models import Errand

router = Router()
GUARDED = frozenset({"counter_now", "call_next", "call_number", "at_counter", "act"})


class Step(Schema):
    """What some steps need: how it ended, where to, and a note without personal data."""

    outcome: str = rules.Outcome.DONE.value
    to: str = ""  # transfer: "AGENCY/SERVICE"
    note: str = ""


class Chosen(Schema):
    """A number before its turn, and why."""

    number: str
    reason: str


class Press(Schema):
    """What some presses need: why a pause, which entry to take back."""

    reason: str = ""
    step: int = 0


def told(errand: Errand) -> dict[str, Any]:
    """An errand as machines see it. No name, no NIK."""
    return {
        "id": errand.pk,
        "state": str(errand.state),
        "number": str(errand.visit),
        "visit": str(errand.visit_id),
        "service": f"{errand.agency.code}/{errand.service.code}",
        "counter": errand.counter.number if errand.counter else None,
        "permit_ready": errand.permit_id is not None,
    }


def _press(request: HttpRequest, act: Callable[..., Any], show: Callable[[Any], Any]) -> HttpResponse:
    """Once by its key, or as it comes."""
    person, now = officer_of(request), clock.now()
    act = partial(act, person=person, now=now)
    key = request.headers.get("Idempotency-Key", "")
    if not key:
        return JsonResponse(show(act()))
    answer = floor.once(person=person, key=key, now=now, act=act)
    if answer.refusal:
        text = gettext(answer.sentence)
        return JsonResponse({"code": answer.refusal, "text": text}, status=answer.status)
    return JsonResponse(show(queries.errand(answer.errand) if answer.errand else None))


def called(errand: Errand | None) -> dict[str, Any]:
    """Who is at a counter, as machines see it."""
    return {"errand": told(errand) if errand else None}


def _here(request: HttpRequest, number: int) -> Any:
    """The officer's open duty at this counter."""
    duty = queries.duty(officer_of(request))
    if duty is None or duty.counter.number != number:
        raise rules.NotOnDuty
    return duty


@router.get(
    "/counters/{number}",
    summary="Who is here and on hold, how many wait, what can be taken back",
    response={200: Counter, **REFUSED},
    auth=TOKEN,
)
def counter_now(request: HttpRequest, number: int) -> HttpResponse:
    """The officer's own counter."""
    duty = _here(request, number)
    present = queries.at_counter(duty.counter)
    step = queries.last_step(duty.person, duty.mall_id, clock.now())
    return JsonResponse(
        {
            **called(present),
            "held": [errand.pk for errand in queries.held_at(duty.counter)],
            "waiting": queries.waiting(duty).count(),
            "paused": duty.pause_reason if duty.paused_at else None,
            "step": {"id": step.pk, "what": step.kind} if step else None,
        }
    )


@router.post(
    "/counters/{number}/call-next",
    summary="Call the next; again gives the same one",
    response={200: Called, **REFUSED},
    auth=TOKEN,
)
def call_next(request: HttpRequest, number: int) -> HttpResponse:
    """The officer must be on duty at that counter."""
    return _press(request, partial(floor.call_next, counter_number=number), called)


@router.post(
    "/counters/{number}/call-number",
    summary="Call a number before its turn, with a reason",
    response={200: Called, **REFUSED},
    auth=TOKEN,
)
def call_number(request: HttpRequest, number: int, chosen: Body[Chosen]) -> HttpResponse:
    """The reason stands in the ledger: returned, frail, together, mistake or ordered."""
    _here(request, number)
    act = partial(floor.call_number, number=chosen.number, reason=chosen.reason)
    return _press(request, act, called)


@router.post(
    "/counters/{number}/{verb}",
    summary="pause (with a reason), go-on, undo (a step) or sign-off",
    response={200: Called, **REFUSED},
    auth=TOKEN,
)
def at_counter(request: HttpRequest, number: int, verb: str, press: Body[Press] = Press()) -> HttpResponse:  # noqa: B008
    """What is about the counter itself."""
    acts: dict[str, Callable[..., Any]] = {
        "pause": partial(floor.pause, reason=press.reason),
        "go-on": floor.go_on,
        "undo": partial(floor.undo, step=press.step),
        "sign-off": floor.sign_off,
    }
    if verb not in acts:
        raise NotFound
    if verb != "sign-off":  # sent again, the counter is no longer theirs
        _here(request, number)
    return _press(request, acts[verb], lambda found: called(found if isinstance(found, Errand) else None))


@router.post(
    "/errands/{errand_id}/{verb}",
    summary="start, finish, recall, absent, come-back, hold, resume or transfer",
    response={200: CounterErrand, **REFUSED},
    auth=TOKEN,
)
def act(request: HttpRequest, errand_id: int, verb: str, step: Body[Step] = Step()) -> HttpResponse:  # noqa: B008
    """One step with an errand at the officer's counter. Repeating it changes nothing."""
    acts = acts_of(step)
    if verb not in acts:
        raise NotFound
    return _press(request, partial(acts[verb], errand_id=errand_id), told)


def acts_of(step: Step) -> dict[str, Callable[..., Any]]:
    """The verbs of an errand, with what was said beside them."""
    return {
        "start": floor.start,
        "finish": partial(floor.finish, outcome=step.outcome, note=step.note),
        "recall": floor.recall,
        "absent": floor.absent,
        "come-back": floor.come_back,
        "hold": floor.hold,
        "resume": floor.resume,
        "transfer": partial(floor.transfer, to=step.to, note=step.note),
    }
