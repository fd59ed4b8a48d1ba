"""Live pages by server-sent events: one LISTEN connection per process, a hint fanned out to every screen.

A native ASGI app. A hint says only "changed": screens fetch the state themselves, so a lost hint costs a few
seconds, never a call. `/live/<mall>` is for everybody; `/live/<mall>/<device>` also ends when that device is shut out.
"""

import asyncio
import contextlib
import logging
import signal
import threading
from collections.abc import Mapping
from types import FrameType
from typing import Any

import psycopg
from django.conf import settings

log = logging.getLogger(__name__)
KEEP_ALIVE = 15.0
MOST = 5000  # streams of one process; beyond that a screen is asked to come again
# What can be said on a stream, the weaker before the stronger; the strongest that waits is the one that is said.
SAID = {
    "beat": ": still here\n\n",
    "changed": "data: changed\n\n",
    "reload": "event: reload\ndata: reload\n\n",
    "bye": "retry: 1000\nevent: bye\ndata: the server restarts\n\n",
    "revoked": "event: revoked\ndata: revoked\n\n",
}
STRENGTH = {word: n for n, word in enumerate(SAID)}
BODY = {
    word: {"type": "http.response.body", "body": text.encode(), "more_body": word not in ("bye", "revoked")}
    for word, text in SAID.items()
}
START = {
    "type": "http.response.start",
    "status": 200,
    "headers": [
        (b"content-type", b"text/event-stream"),
        (b"cache-control", b"no-store"),
        (b"x-accel-buffering", b"no"),
    ],
}
HELLO = {"type": "http.response.body", "body": b"retry: 2000\ndata: changed\n\n", "more_body": True}


class Stream:
    """One screen. It holds one word that waits to be said: more would say the same, so it never grows."""

    __slots__ = ("bell", "device", "gone", "mall", "word")

    def __init__(self, mall: str, device: str) -> None:
        self.mall, self.device = mall, device
        self.word = ""
        self.gone = False
        self.bell = asyncio.Event()

    def ring(self, word: str) -> None:
        """Let it say this, unless something stronger waits already."""
        if not self.word or STRENGTH[word] > STRENGTH[self.word]:
            self.word = word
            self.bell.set()

    def hang_up(self) -> None:
        """The screen has left."""
        self.gone = True
        self.bell.set()


class Hub:
    """Who listens, by mall; and the one connection that hears the database."""

    def __init__(self) -> None:
        self.streams: dict[str, set[Stream]] = {}
        self.tasks: list[asyncio.Task[None]] = []
        self.closing = False

    def join(self, mall: str, device: str = "") -> Stream:
        """A stream for a screen. The first one starts the listening."""
        if not self.tasks:
            self.tasks = [asyncio.create_task(self._listen()), asyncio.create_task(self._beat())]
            _close_on_signal(self)
        stream = Stream(mall, device)
        self.streams.setdefault(mall, set()).add(stream)
        if self.closing:
            stream.ring("bye")
        return stream

    def leave(self, stream: Stream) -> None:
        """Forget a screen."""
        there = self.streams.get(stream.mall, set())
        there.discard(stream)
        if not there:
            self.streams.pop(stream.mall, None)

    @property
    def size(self) -> int:
        """How many screens listen."""
        return sum(map(len, self.streams.values()))

    def hear(self, note: str) -> None:
        """What the database says: "<mall>" for all its screens, "<mall>/<device>/<word>" for one."""
        mall, _, rest = note.partition("/")
        device, _, word = rest.partition("/")
        for stream in self.streams.get(mall, ()):
            if not device:
                stream.ring("changed")
            elif stream.device == device and word in SAID:
                stream.ring(word)

    def ring_all(self, word: str) -> None:
        """The same word on every stream."""
        for there in self.streams.values():
            for stream in there:
                stream.ring(word)

    def close(self) -> None:
        """The server stops: end every stream, so that the screens come again at once when it is back."""
        self.closing = True
        self.ring_all("bye")

    async def _beat(self) -> None:
        while True:
            await asyncio.sleep(KEEP_ALIVE)
            self.ring_all("beat")

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
                    self.ring_all("changed")  # whatever happened while we were deaf
                    async for note in connection.notifies():
                        self.hear(note.payload)
            except psycopg.Error:
                log.warning("live: the database is away, trying again")
                await asyncio.sleep(1)


HUB = Hub()


def _close_on_signal(hub: Hub) -> None:
    """
    End the streams as soon as the server is told to stop; otherwise it would wait for them, then cut them.

    The server's own handler stays: asyncio hears of the signal by its wake-up descriptor, whatever is set here.
    """
    if threading.current_thread() is not threading.main_thread():
        return
    loop = asyncio.get_running_loop()

    def told(number: int, frame: FrameType | None) -> None:
        loop.call_soon_threadsafe(hub.close)

    for number in (signal.SIGTERM, signal.SIGINT):
        if signal.getsignal(number) not in (signal.SIG_DFL, signal.default_int_handler):
            signal.signal(number, told)


async def app(scope: Mapping[str, object], receive: Any, send: Any) -> None:
    """GET /live/<mall>[/<device>]: a stream of "changed"."""
    mall, _, device = str(scope["path"]).strip("/").removeprefix("live/").partition("/")
    if HUB.size >= MOST:
        await send({"type": "http.response.start", "status": 503, "headers": [(b"retry-after", b"5")]})
        await send({"type": "http.response.body", "body": b""})
        return
    stream = HUB.join(mall[:12], device[:36])
    gone = asyncio.create_task(_gone(receive, stream))
    try:
        with contextlib.suppress(OSError, RuntimeError):  # the screen left in the middle of a word
            await send(START)
            await send(HELLO)
            await _talk(stream, send)
    finally:
        gone.cancel()
        HUB.leave(stream)


async def _talk(stream: Stream, send: Any) -> None:
    while True:
        await stream.bell.wait()
        stream.bell.clear()
        if stream.gone:
            return
        word, stream.word = stream.word, ""
        body = BODY[word]
        await send(body)
        if not body["more_body"]:
            return


async def _gone(receive: Any, stream: Stream) -> None:
    while (await receive())["type"] != "http.disconnect":
        pass
    stream.hang_up()
