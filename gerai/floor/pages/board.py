"""Pages of a board: what it shows, its turn to speak, the sound of a sentence. Only a paired board enters."""

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import translation
from django.views.decorators.http import require_POST

from gerai.core import clock
from gerai.core.errors import NotFound
from gerai.floor import boards, speaking
from gerai.floor import voice as sound
from gerai.floor.access import device
from gerai.floor.models import Device
from gerai.floor.pages.pairing import pairing_page

BOARD = device("board", otherwise=pairing_page("board"))


def _device(request: HttpRequest) -> Device:
    found: Device = request.device  # type: ignore[attr-defined]
    return found


def _shown(request: HttpRequest, template: str) -> HttpResponse:
    """A board speaks Indonesian, whatever the box's browser would like; visitors' English stands beside it."""
    now, me = clock.now(), _device(request)
    with translation.override("id"):
        return render(request, template, {"mall": me.mall, "now": now, **boards.show(me, now)})


@BOARD
def board(request: HttpRequest) -> HttpResponse:
    """Is it me, where do I go? It shows numbers only."""
    return _shown(request, "floor/board/board.html")


@device("board")
def board_state(request: HttpRequest) -> HttpResponse:
    """The part of the board that changes."""
    return _shown(request, "floor/board/_state.html")


@device("board")
@require_POST
def turn(request: HttpRequest) -> HttpResponse:
    """What this board says next, after what it has said; the same again until it tells that it has."""
    said, wait = speaking.take_turn(
        device=_device(request), done=request.POST.getlist("done"), now=clock.now()
    )
    if said is None:
        return JsonResponse({"key": "", "parts": [], "wait": wait})
    parts = [
        {"text": text, "language": language, "clip": reverse("floor:voice", args=[language, said.key])}
        for language, text in said.texts.items()
    ]
    return JsonResponse({"key": said.key, "parts": parts, "wait": wait})


@device("board")
def voice(request: HttpRequest, language: str, key: str) -> HttpResponse:
    """The sound of something that this board has to say; "not found" where the server has no voice for it."""
    me = _device(request)
    said = boards.utterance(me, key, clock.now())
    path = sound.clip(said.texts[language], language, me.mall_id) if said and language in said.texts else None
    if path is None:
        raise NotFound
    # Not kept: a word recorded anew is heard with the next sentence that has it.
    return HttpResponse(path.read_bytes(), content_type="audio/wav", headers={"Cache-Control": "no-store"})
