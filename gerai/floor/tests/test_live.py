"""Live hints reach every screen of the mall, and only of that mall."""

import asyncio

import pytest
from django.db import connection

from gerai.floor import live, services
from gerai.floor.tests.make import Hall, later


class Screen:
    """One server-sent stream, as the server sees it."""

    def __init__(self, mall: str) -> None:
        self.scope = {"type": "http", "path": f"/live/{mall}"}
        self.sent: asyncio.Queue[str] = asyncio.Queue()
        self.leave = asyncio.Event()

    async def receive(self) -> dict[str, str]:
        await self.leave.wait()
        return {"type": "http.disconnect"}

    async def send(self, message: dict) -> None:
        if message["type"] == "http.response.body":
            await self.sent.put(message["body"].decode())

    async def next(self) -> str:
        return await asyncio.wait_for(self.sent.get(), 20)


async def _watch(hall: Hall) -> list[str]:
    screens = [Screen("1771"), Screen("1771"), Screen("9999")]
    running = [asyncio.create_task(live.app(s.scope, s.receive, s.send)) for s in screens]
    for screen in screens:
        assert "retry" in await screen.next()
    for screen in screens:
        assert "changed" in await screen.next()  # the line to the database is up
    await asyncio.to_thread(_call, hall)
    heard = [await screens[0].next(), await screens[1].next()]
    assert screens[2].sent.empty()
    for screen in screens:
        screen.leave.set()
    await asyncio.gather(*running)
    assert live.HUB.queues == {"1771": set(), "9999": set()}
    live.HUB.task.cancel()
    await asyncio.gather(live.HUB.task, return_exceptions=True)
    return heard


def _call(hall: Hall) -> None:
    try:
        services.call_next(person=hall.officers[0], now=later(1))
    finally:
        connection.close()


@pytest.mark.django_db(transaction=True)
def test_a_call_reaches_both_screens_of_the_mall_and_no_other(monkeypatch):
    monkeypatch.setattr(live, "HUB", live.Hub())
    hall = Hall()
    hall.arrive("X")

    assert asyncio.run(_watch(hall)) == ["data: changed\n\n"] * 2
