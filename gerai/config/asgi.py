"""The one ASGI app: live displays natively, the rest through Django's WSGI in a bounded number of threads.

Django's own ASGI handler is not used: with synchronous views it was measured 7 to 10 times slower, and it
opened database connections without bound.
"""

from typing import cast

from a2wsgi import WSGIMiddleware
from a2wsgi.asgi_typing import Receive, ReceiveEvent, Scope, Send, SendEvent
from django.core.handlers.wsgi import WSGIHandler

from gerai.config.wsgi import api, application
from gerai.floor.live import app as live


def _threads(handler: WSGIHandler, workers: int) -> WSGIMiddleware:
    # Both sides speak PEP 3333, but describe its environ to the type checker in two ways.
    return WSGIMiddleware(handler, workers=workers)  # type: ignore[arg-type]


BEGINNING = 64 * 1024  # bytes of a body that are waited for before a view runs

_pages = _threads(application, workers=6)
_api = _threads(api, workers=4)


async def app(scope: Scope, receive: Receive, send: Send) -> None:
    """Hand a request to the part that serves its path."""
    if scope["type"] == "lifespan":
        await _lifespan(receive, send)
    elif scope["type"] != "http":
        await send({"type": "websocket.close", "code": 1000})
    elif scope["path"].startswith("/live/"):
        await live(scope, receive, send)
    elif scope["path"].startswith("/api/"):
        await _api(scope, await _begun(receive), _tolerant(send))
    else:
        await _pages(scope, await _begun(receive), _tolerant(send))


async def _begun(receive: Receive) -> Receive:
    """
    A `receive` whose first 64 KB have come: the whole body of nearly all requests.

    A view that looks at no body would answer before it has come; the server then closes a connection that its client
    wants to keep, and the next press of an officer fails. It is a real coroutine too: a2wsgi takes nothing else.
    """
    come: list[ReceiveEvent] = []
    size = 0
    while size < BEGINNING:
        event = await receive()
        come.append(event)
        size += len(cast(bytes, event.get("body", b"")))
        if not event.get("more_body"):
            break
    come.reverse()

    async def real() -> ReceiveEvent:
        return come.pop() if come else await receive()

    return real


def _tolerant(send: Send) -> Send:
    """
    A `send` that goes on when the client has left.

    Otherwise a2wsgi's sender dies, and the thread of a long answer waits for it for ever.
    """
    gone = False

    async def tolerant(message: SendEvent) -> None:
        nonlocal gone
        if gone:
            return
        try:
            await send(message)
        except (OSError, RuntimeError):
            gone = True

    return tolerant


async def _lifespan(receive: Receive, send: Send) -> None:
    while True:
        message = await receive()
        if message["type"] == "lifespan.startup":
            await send({"type": "lifespan.startup.complete"})
        elif message["type"] == "lifespan.shutdown":
            await send({"type": "lifespan.shutdown.complete"})
            return
