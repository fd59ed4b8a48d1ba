"""A thousand boards and phones on one process: from the commit of a call to the last byte on every screen."""

import asyncio
import json
import resource
import subprocess
import sys
import time
from argparse import SUPPRESS, ArgumentParser
from collections.abc import Awaitable, Callable
from typing import Any
from urllib.parse import urlsplit

import uvloop

from gerai.config.running import Running

GOALS = {"p95_ms": "<= 150", "delivered_share": ">= 1"}
HINT = b"data: changed\n\n"
GRACE = 10.0  # seconds to wait for the last screen


def add_arguments(parser: ArgumentParser) -> None:
    """How many screens, how many calls."""
    parser.add_argument("--screens", type=int, default=1000)
    parser.add_argument("--calls", type=int, default=20)
    parser.add_argument(
        "--inside", help=SUPPRESS
    )  # the address of the throwaway Gerai whose settings we have


def run(*, screens: int, calls: int, inside: str | None) -> dict[str, Any]:
    """Start a Gerai of our own with one web process, and measure it from a process that shares its settings."""
    if inside:
        with asyncio.Runner(loop_factory=uvloop.new_event_loop) as runner:  # as the server
            return runner.run(_measure(inside, screens, calls))
    most = resource.getrlimit(resource.RLIMIT_NOFILE)[1]
    resource.setrlimit(resource.RLIMIT_NOFILE, (min(most, screens * 2 + 1000), most))  # the web inherits it
    gerai = Running(GERAI_DEMO="no", GERAI_WEB_WORKERS="1")
    try:
        gerai.start()
        again = [sys.executable, "-m", "gerai.config.cli", "bench", "live", "--json", "--inside", gerai.url]
        again += ["--screens", str(screens), "--calls", str(calls)]
        told = subprocess.run(again, env=gerai.environment, stdout=subprocess.PIPE, text=True, check=True)
    finally:
        gerai.remove()
    whole: dict[str, Any] = json.loads(told.stdout)
    return {**whole, "goals": GOALS}


class Screen(asyncio.Protocol):
    """One open stream. As light as can be: the screens share two processors with the server that is measured."""

    def __init__(self, told: Callable[[], None], lost: Callable[[], None]) -> None:
        self.told, self.lost = told, lost
        self.come = b""

    def data_received(self, data: bytes) -> None:
        """Count the hints; the beginning of one may come before its end."""
        self.come += data
        for _ in range(self.come.count(HINT)):
            self.told()
        self.come = self.come[self.come.rfind(HINT) + len(HINT) :] if HINT in self.come else self.come

    def connection_lost(self, error: Exception | None) -> None:
        """The server hung up."""
        self.lost()


class Screens:
    """So many open streams; `seen` has for each hint the moment it arrived at each screen."""

    def __init__(self) -> None:
        self.seen: list[float] = []
        self.lost = 0
        self.lines: list[asyncio.BaseTransport] = []

    async def open(self, host: str, port: int, path: str, count: int) -> None:
        """Connect them all, a few at a time, and wait until each has had its first word."""
        loop = asyncio.get_running_loop()
        ask = f"GET {path} HTTP/1.1\r\nHost: {host}:{port}\r\n\r\n".encode()
        while len(self.lines) < count:
            some = min(50, count - len(self.lines))
            for _ in range(some):
                line, _screen = await loop.create_connection(
                    lambda: Screen(self._told, self._lost), host, port
                )
                line.write(ask)
                self.lines.append(line)
            while len(self.seen) < len(self.lines):
                if self.lost:
                    raise RuntimeError("the server hung up")
                await asyncio.sleep(0.02)

    def _told(self) -> None:
        self.seen.append(time.perf_counter())

    def _lost(self) -> None:
        self.lost += 1

    async def hear(self, tell: Callable[[], Awaitable[float]], count: int) -> list[float]:
        """How long after the moment that `tell` gives each screen had it, in milliseconds; a lost one is missing."""
        self.seen.clear()
        began = await tell()
        end = began + GRACE
        while len(self.seen) < count and time.perf_counter() < end:
            await asyncio.sleep(0.005)
        return [max(0.0, (moment - began) * 1000) for moment in self.seen[:count]]

    def close(self) -> None:
        """Hang up."""
        for line in self.lines:
            line.close()


async def _measure(url: str, screens: int, calls: int) -> dict[str, Any]:
    recall = await asyncio.to_thread(_furnish)
    parts = urlsplit(url)
    ours = await _rounds(
        parts.hostname or "",
        parts.port or 80,
        "/live/BENCH",
        screens,
        calls,
        lambda: asyncio.to_thread(recall),
    )
    bare, tell = await _bare()
    host, port = bare.sockets[0].getsockname()[:2]
    base = await _rounds(host, port, "/", screens, calls, tell)
    bare.close()
    figures = _figures(ours, screens * calls)
    baselines = {f"bare_{name}": value for name, value in _figures(base, screens * calls).items()}
    setting = {
        "screens": screens,
        "calls": calls,
        "event": "a call again, committed by the real service; the client reads on the same machine",
        "baseline": "the same client; the bytes written to each socket in a loop, without HTTP and database",
    }
    return {"figures": figures, "baselines": baselines, "goals": GOALS, "setting": setting}


async def _rounds(
    host: str, port: int, path: str, screens: int, calls: int, tell: Callable[[], Awaitable[float]]
) -> list[float]:
    all_of_them = Screens()
    await all_of_them.open(host, port, path, screens)
    await asyncio.sleep(1)  # what was on its way at the opening has arrived
    took: list[float] = []
    for _ in range(calls):
        took += await all_of_them.hear(tell, screens)
        await asyncio.sleep(0.3)
    all_of_them.close()
    return took


def _figures(took: list[float], expected: int) -> dict[str, float]:
    ordered = sorted(took)

    def at(share: float) -> float:
        return round(ordered[min(len(ordered) - 1, int(len(ordered) * share))], 1) if ordered else 0.0

    return {
        "p50_ms": at(0.5),
        "p95_ms": at(0.95),
        "max_ms": at(1.0),
        "delivered_share": round(len(took) / expected, 4),
    }


def _furnish() -> Callable[[], float]:
    """A mall with somebody called to a counter; calling again gives the moment just before its commit."""
    import django

    from gerai.config.environment import prepare

    prepare()
    django.setup(set_prefix=False)
    from django.db import transaction

    from gerai.accounts.models import Person
    from gerai.agencies.models import Mall
    from gerai.catalogue.models import Service
    from gerai.config.benches import load
    from gerai.core import clock
    from gerai.floor import services
    from gerai.ledger.rules import SYSTEM
    from gerai.visits import services as visits

    load.furnish()
    officer = Person.objects.get(email="p1@bench.test")
    chosen = [Service.objects.select_related("agency").get(agency__mall_id=load.MALL, code="X")]
    mall = Mall.objects.get(pk=load.MALL)
    visits.arrive(mall=mall, chosen=chosen, entrance="A", actor=SYSTEM, now=clock.now())
    errand = services.call_next(person=officer, now=clock.now())
    if errand is None:
        raise RuntimeError("nobody was called")
    number = errand.pk

    def recall() -> float:
        with transaction.atomic():
            services.recall(person=officer, errand_id=number, now=clock.now())
            return time.perf_counter()

    return recall


async def _bare() -> tuple[asyncio.Server, Callable[[], Awaitable[float]]]:
    """A server that does nothing but write the same bytes to every socket."""
    writers: list[asyncio.StreamWriter] = []

    async def meet(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await reader.readuntil(b"\r\n\r\n")
        writers.append(writer)
        writer.write(HINT)

    async def tell() -> float:
        began = time.perf_counter()
        for writer in writers:
            writer.write(HINT)
        return began

    return await asyncio.start_server(meet, "127.0.0.1", 0, backlog=1024), tell
