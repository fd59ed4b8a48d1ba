"""The one ASGI app: live displays natively, the rest through Django's WSGI in a bounded number of threads.

Django's own ASGI handler is not used: with synchronous views it was measured 7 to 10 times slower, and it
opened database connections without bound. What the API says is short: it goes to its thread and back in one step,
where a page or file may come and go in parts (each part a step there and back).
"""

import asyncio
import contextlib
import gc
import io
from collections.abc import Iterable
from concurrent.futures import ThreadPoolExecutor
from typing import Any, cast

from a2wsgi import WSGIMiddleware
from a2wsgi.asgi_typing import HTTPScope, Receive, ReceiveEvent, Scope, Send, SendEvent
from a2wsgi.wsgi import Body, build_environ
from django.core.handlers.wsgi import WSGIHandler
from django.db import close_old_connections

from gerai.config.wsgi import api, application  # isort: skip # sets Django up
from gerai.api import lane
from gerai.floor.live import app as live


def _threads(handler: WSGIHandler, workers: int) -> WSGIMiddleware:
    # Both sides speak PEP 3333, but describe its environ to the type checker in two ways.
    return WSGIMiddleware(handler, workers=workers)  # type: ignore[arg-type]


BEGINNING = 64 * 1024  # bytes of a body that are waited for before a view runs

LARGEST = 1024 * 1024  # bytes of a request to the API

_pages = _threads(application, workers=6)
_api_threads = ThreadPoolExecutor(max_workers=4, thread_name_prefix="api")


async def app(scope: Scope, receive: Receive, send: Send) -> None:
    """Hand a request to the part that serves its path."""
    if scope["type"] == "lifespan":
        await _lifespan(receive, send)
    elif scope["type"] != "http":
        await send({"type": "websocket.close", "code": 1000})
    elif scope["path"].startswith("/live/"):
        await live(scope, receive, send)
    elif scope["path"].startswith("/api/"):
        await _api(scope, receive, send)
    else:
        await _pages(scope, await _begun(receive), _tolerant(send))


async def _api(scope: HTTPScope, receive: Receive, send: Send) -> None:
    body = bytearray()
    more = True
    while more:
        event = await receive()
        if event["type"] == "http.disconnect":
            return
        body += cast(bytes, event.get("body", b""))
        more = bool(event.get("more_body"))
        if len(body) > LARGEST:
            await _say(send, TOO_LARGE)
            return
    loop = asyncio.get_running_loop()
    await _say(send, await loop.run_in_executor(_api_threads, _answer, scope, bytes(body)))


Answer = tuple[int, list[tuple[bytes, bytes]], bytes]
TOO_LARGE: Answer = (
    413,
    [(b"content-type", b"application/json")],
    b'{"code": "body_too_large", "text": "Isi permintaan terlalu besar. Kirim paling banyak 1 MB. / '
    b'The request is too large. Send at most 1 MB."}',
)


def _answer(scope: HTTPScope, body: bytes) -> Answer:
    """The whole answer of the API to one request: the short way, or Django's."""
    close_old_connections()  # as Django does before each request
    quick = lane.answer(scope["method"], scope["path"], dict(scope["headers"]), body)
    if quick is not None:
        return quick[0], [*_PLAIN, (b"content-length", str(len(quick[1])).encode())], quick[1]
    return _by_django(build_environ(scope, cast(Body, io.BytesIO(body))))


# What Django's SecurityMiddleware says with every answer.
_PLAIN = [
    (b"content-type", b"application/json"),
    (b"x-content-type-options", b"nosniff"),
    (b"referrer-policy", b"same-origin"),
    (b"cross-origin-opener-policy", b"same-origin"),
]


def _by_django(environ: Any) -> Answer:
    """PEP 3333, with nothing written outside the answer."""
    told: list[Any] = []

    def start(status: str, headers: list[tuple[str, str]], exc_info: Any = None) -> Any:
        told[:] = [int(status[:3]), [(k.lower().encode("latin1"), v.encode("latin1")) for k, v in headers]]

    parts: Iterable[bytes] = api(environ, start)
    try:
        whole = b"".join(parts)
    finally:
        parts.close()  # type: ignore[attr-defined] # Django's answers always have it: the request ends there
    told[1].append((b"content-length", str(len(whole)).encode()))
    return (*told, whole)


async def _say(send: Send, answer: Answer) -> None:
    status, headers, body = answer
    with contextlib.suppress(OSError, RuntimeError):  # the client has left
        await send({"type": "http.response.start", "status": status, "headers": headers})
        await send({"type": "http.response.body", "body": body, "more_body": False})


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
            gc.collect()
            gc.freeze()  # what was imported stays: to walk it again and again held every screen up for 0.1 s
            await send({"type": "lifespan.startup.complete"})
        elif message["type"] == "lifespan.shutdown":
            await send({"type": "lifespan.shutdown.complete"})
            return
