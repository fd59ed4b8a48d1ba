"""Live hints reach every screen of the mall and only of that mall; streams end when they must, and never grow."""

import asyncio

import pytest
from django.db import connection

from gerai.floor import devices, live, services
from gerai.floor.tests.make import KIOSK, Hall, later, pair
from gerai.visits import services as arriving

CHANGED, BYE, REVOKED = live.SAID["changed"], live.SAID["bye"], live.SAID["revoked"]


class Screen:
    """One server-sent stream, as the server sees it."""

    def __init__(self, path: str) -> None:
        self.scope = {"type": "http", "path": f"/live/{path}"}
        self.sent: asyncio.Queue[str] = asyncio.Queue()
        self.leave = asyncio.Event()
        self.status = 0
        self.ended = False

    async def receive(self) -> dict[str, str]:
        await self.leave.wait()
        return {"type": "http.disconnect"}

    async def send(self, message: dict) -> None:
        if message["type"] == "http.response.start":
            self.status = message["status"]
            return
        self.ended = not message.get("more_body", False)
        await self.sent.put(message["body"].decode())

    async def next(self) -> str:
        return await asyncio.wait_for(self.sent.get(), 20)


@pytest.fixture
def hub(monkeypatch):
    made = live.Hub()
    monkeypatch.setattr(live, "HUB", made)
    return made


async def opened(*paths: str):
    """Screens that are connected, and the tasks that serve them."""
    screens = [Screen(path) for path in paths]
    running = [asyncio.create_task(live.app(s.scope, s.receive, s.send)) for s in screens]
    for screen in screens:
        assert "retry" in await screen.next()
    for screen in screens:
        assert await screen.next() == CHANGED  # the line to the database is up
    return screens, running


async def shut(hub, screens, running) -> None:
    for screen in screens:
        screen.leave.set()
    await asyncio.wait_for(asyncio.gather(*running), 20)
    assert hub.size == 0
    for task in hub.tasks:
        task.cancel()
    await asyncio.gather(*hub.tasks, return_exceptions=True)


def elsewhere(work):
    """In a thread with a connection of its own."""
    try:
        return work()
    finally:
        connection.close()


@pytest.mark.django_db(transaction=True)
def test_a_call_reaches_both_screens_of_the_mall_and_no_other(hub):
    hall = Hall()
    hall.arrive("X")

    async def watch() -> list[str]:
        screens, running = await opened("1771", "1771", "9999")
        await asyncio.to_thread(elsewhere, lambda: services.call_next(person=hall.officers[0], now=later(1)))
        heard = [await screens[0].next(), await screens[1].next()]
        assert screens[2].sent.empty()
        await shut(hub, screens, running)
        return heard

    assert asyncio.run(watch()) == [CHANGED] * 2


@pytest.mark.django_db(transaction=True)
def test_who_comes_to_an_empty_queue_and_who_leaves_wakes_the_screens_at_once(hub):
    hall = Hall()

    async def watch() -> None:
        screens, running = await opened("1771")
        await asyncio.to_thread(elsewhere, lambda: hall.arrive("X", at=1))
        assert await screens[0].next() == CHANGED
        visit = await asyncio.to_thread(elsewhere, lambda: hall.arrive("X", at=2))
        assert screens[0].sent.empty()  # somebody waits already: no counter is idle, no screen need wake
        work = lambda: arriving.leave(visit=visit, actor=KIOSK, now=later(3))  # noqa: E731
        await asyncio.to_thread(elsewhere, work)
        assert await screens[0].next() == CHANGED
        await shut(hub, screens, running)

    asyncio.run(watch())


@pytest.mark.django_db(transaction=True)
def test_the_stream_of_a_revoked_device_ends_at_once_and_the_others_go_on(hub):
    hall = Hall()
    device, other = pair(hall.mall, "board"), pair(hall.mall, "board")

    async def watch() -> None:
        screens, running = await opened(f"1771/{device.pk}", f"1771/{other.pk}")
        work = lambda: devices.revoke(device=device, actor=KIOSK, now=later(1))  # noqa: E731
        await asyncio.to_thread(elsewhere, work)
        assert await screens[0].next() == REVOKED
        assert screens[0].ended
        await asyncio.wait_for(running[0], 20)
        assert screens[1].sent.empty()
        assert hub.size == 1
        await shut(hub, screens[1:], running)

    asyncio.run(watch())


@pytest.mark.django_db(transaction=True)
def test_when_the_server_stops_every_stream_ends_with_a_word_and_new_ones_too(hub):
    async def watch() -> None:
        screens, running = await opened("1771", "1771")
        hub.close()
        for screen in screens:
            assert await screen.next() == BYE
            assert screen.ended
        late = Screen("1771")
        await asyncio.wait_for(live.app(late.scope, late.receive, late.send), 20)
        assert late.ended
        await shut(hub, screens, running)

    asyncio.run(watch())


def test_a_slow_screen_holds_one_word_however_many_hints_come():
    async def ring() -> list[str]:
        stream = live.Stream("1771", "")
        held = []
        for word in ("beat", "changed", "beat", "changed", "revoked", "changed"):
            stream.ring(word)
            held.append(stream.word)
        return held

    assert asyncio.run(ring()) == ["beat", "changed", "changed", "changed", "revoked", "revoked"]


@pytest.mark.django_db(transaction=True)
def test_a_full_process_asks_a_screen_to_come_again(hub, monkeypatch):
    monkeypatch.setattr(live, "MOST", 0)

    async def knock() -> int:
        screen = Screen("1771")
        await live.app(screen.scope, screen.receive, screen.send)
        return screen.status

    assert asyncio.run(knock()) == 503
