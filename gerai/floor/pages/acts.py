"""What an officer presses. Each press is one service call; with a key it happens once, however often it is sent."""

from collections.abc import Callable
from functools import partial
from typing import Any

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect
from django.utils.translation import gettext
from django.views.decorators.http import require_POST

from gerai.core import clock
from gerai.core.errors import NotFound
from gerai.core.typed import whole
from gerai.floor import queries, rules, services
from gerai.floor.pages.counter import OFFICER, fragment, locked, touch

Act = Callable[..., Any]
# After these the visitor is the same and still here; after anything else the file is closed.
KEEPS_FILE = {"mulai", "ulang"}


def _handed(request: HttpRequest, pk: int) -> bool:
    """Whether a permit changes hands: only after the officer has confirmed the holder's card."""
    return "handed" in request.POST and request.session.get("card") == pk


def _at_counter(request: HttpRequest, verb: str) -> Act:
    """A press that is about the counter."""
    sent = request.POST
    done = whole(sent.get("finish")) or 0
    if verb == "panggil" and done:
        return partial(services.finish_and_call, errand_id=done, handed_over=_handed(request, done))
    acts: dict[str, Act] = {
        "panggil": services.call_next,
        "datang-kembali": partial(services.come_back_by_number, number=sent.get("number", "")),
        "nomor": partial(services.call_number, number=sent.get("number", ""), reason=sent.get("reason", "")),
        "jeda": partial(services.pause, reason=sent.get("reason", "")),
        "lanjut": services.go_on,
        "serahkan": partial(services.hand_over, to=sent.get("to", "")),
        "urungkan": partial(services.undo, step=whole(sent.get("step")) or 0),
        "keluar": services.sign_off,
    }
    if verb not in acts:
        raise NotFound
    return acts[verb]


def _with_errand(request: HttpRequest, pk: int, verb: str) -> Act:
    """A press that is about one visitor."""
    sent = request.POST
    note = sent.get("note", "")
    acts: dict[str, Act] = {
        "mulai": services.start,
        "kartu": services.open_file,
        "ulang": services.recall,
        "tidak-hadir": services.absent,
        "kembali": services.come_back,
        "tanpa-bukti": services.no_proof,
        "tahan": services.hold,
        "lanjut": services.resume,
        "alihkan": partial(services.transfer, to=sent.get("to", "").strip(), note=note),
        "selesai": partial(
            services.finish,
            handed_over=_handed(request, pk),
            outcome=sent.get("outcome", rules.Outcome.DONE.value),
            note=note,
        ),
    }
    if verb not in acts:
        raise NotFound
    return partial(acts[verb], errand_id=pk)


@OFFICER
@require_POST
def here(request: HttpRequest, verb: str) -> HttpResponse:
    """Call, pause, hand over, take back, sign off."""
    return _do(request, _at_counter(request, verb), verb)


@OFFICER
@require_POST
def act(request: HttpRequest, pk: int, verb: str) -> HttpResponse:
    """One step with a visitor."""
    return _do(request, _with_errand(request, pk, verb), verb, pk)


def _do(request: HttpRequest, press: Act, verb: str, pk: int | None = None) -> HttpResponse:
    """Once by its key, as JSON with the screen after it; without a key as a plain form."""
    now = clock.now()
    if locked(request, now):
        raise rules.ScreenLocked
    touch(request, now)
    press = partial(press, person=request.user, now=now)
    key = request.headers.get("Idempotency-Key", "")
    if not key:
        press()
        _keep_file(request, verb, pk)
        return redirect("floor:counter")
    answer = services.once(person=request.user, key=key, now=now, act=press)
    if not answer.refusal:
        _keep_file(request, verb, pk)
    duty = queries.duty(request.user)
    told = {
        "errand": answer.errand,
        "code": answer.refusal,
        "text": gettext(answer.sentence) if answer.sentence else "",
        "screen": fragment(request, duty, now) if duty else "",
    }
    return JsonResponse(told, status=answer.status)


def _keep_file(request: HttpRequest, verb: str, pk: int | None) -> None:
    """The last visitor's file never stays open: it opens by the card, and closes with every step but two."""
    if verb == "kartu":
        duty = queries.duty(request.user)
        present = queries.at_counter(duty.counter) if duty else None
        if present is not None and present.pk == pk:  # a press sent again may come after they have left
            request.session["card"] = pk
    elif verb not in KEEPS_FILE:
        request.session.pop("card", None)
