"""Live pages by server-sent events: one LISTEN connection per process, a hint fanned out to every screen.

A native ASGI app. Screens fetch the state themselves when hinted, so a lost hint costs a few seconds, never a call.
"""

import asyncio
import contextlib
import logging

import psycopg
from a2wsgi.asgi_typing import HTTPScope, Receive, Send
from django.conf import settings

log = logging.getLogger(__name__)
KEEP_ALIVE = 15


class Hub:
    """Who listens, by mall; and the one connection that hears the database."""

    def __init__(self) -> None:
        self.queues: dict[str, set[asyncio.Queue[str]]] = {}
        self.task: asyncio.Task[None] | None = None

    def join(self, mall: str) -> asyncio.Queue[str]:
        """A queue of hints. It holds one: more would say the same."""
        if self.task is None or self.task.done():
            self.task = asyncio.create_task(self._listen())
        queue: asyncio.Queue[str] = asyncio.Queue(maxsize=1)
        self.queues.setdefault(mall, set()).add(queue)
        return queue

    def leave(self, mall: str, queue: asyncio.Queue[str]) -> None:
        """Forget a screen."""
        self.queues.get(mall, set()).discard(queue)

    def tell(self, mall: str) -> None:
        """Hint every screen of a mall."""
        for queue in self.queues.get(mall, ()):
            with contextlib.suppress(asyncio.QueueFull):
                queue.put_nowait("changed")

    async def _listen(self) -> None:
        given = settings.DATABASES["default"]
        while True:
            try:
                connection = await psycopg.AsyncConnection.connect(
                    dbname=given["NAME"], user=given["USER"], password=given["PASSWORD"],
                    host=given["HOST"], port=given["PORT"] or None, autocommit=True,
                )  # fmt: skip
                async with connection:
                    await connection.execute("LISTEN floor")
                    for mall in self.queues:  # whatever happened while we were deaf
                        self.tell(mall)
                    async for note in connection.notifies():
                        self.tell(note.payload)
            except psycopg.Error:
                log.warning("live: the database is away, trying again")
                await asyncio.sleep(1)


HUB = Hub()


async def app(scope: HTTPScope, receive: Receive, send: Send) -> None:
    """GET /live/<mall>: a stream of "changed"."""
    mall = scope["path"].rstrip("/").rsplit("/", 1)[-1]
    headers = [
        (b"content-type", b"text/event-stream"),
        (b"cache-control", b"no-store"),
        (b"x-accel-buffering", b"no"),
    ]
    await send({"type": "http.response.start", "status": 200, "headers": headers})
    queue = HUB.join(mall)
    gone = asyncio.create_task(_gone(receive))
    try:
        await _write(send, "retry: 2000\ndata: changed\n\n")
        while not gone.done():
            waiting = asyncio.create_task(queue.get())
            await asyncio.wait({waiting, gone}, timeout=KEEP_ALIVE, return_when=asyncio.FIRST_COMPLETED)
            if waiting.done():
                await _write(send, "data: changed\n\n")
            else:
                waiting.cancel()
                if not gone.done():
                    await _write(send, ": still here\n\n")
    finally:
        gone.cancel()
        HUB.leave(mall, queue)


async def _gone(receive: Receive) -> None:
    while (await receive())["type"] != "http.disconnect":
        pass


async def _write(send: Send, text: str) -> None:
    await send({"type": "http.response.body", "body": text.encode(), "more_body": True})
