"""Pages of the hall: the board, and the voice of a call."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from gerai.agencies import queries as agencies
from gerai.core import clock
from gerai.core.access import public
from gerai.core.errors import NotFound
from gerai.floor import queries
from gerai.floor import voice as sound


@public
def board(request: HttpRequest) -> HttpResponse:
    """The hall display: is it me, where do I go? It shows numbers only."""
    mall = agencies.the_mall()
    return render(request, "floor/board.html", {"mall": mall, **queries.board(mall, clock.now())})


@public
def board_state(request: HttpRequest) -> HttpResponse:
    """The part of the board that changes."""
    mall = agencies.the_mall()
    return render(request, "floor/_board.html", {"mall": mall, **queries.board(mall, clock.now())})


@public
def voice(request: HttpRequest, pk: int) -> HttpResponse:
    """The call of an errand that is on the board, as sound."""
    mall = agencies.the_mall()
    state = queries.board(mall, clock.now())
    shown = [e for e in [state["last"], *state["before"]] if e is not None and e.pk == pk]
    path = (
        sound.clip(shown[0].visit.entrance, shown[0].visit.number, shown[0].counter.number) if shown else None
    )
    if path is None:
        raise NotFound
    return HttpResponse(path.read_bytes(), content_type="audio/wav")
