"""The one ASGI app: a body has come before anything is answered, whether a view looks at it or not."""

import asyncio
from typing import Any

from gerai.config import asgi


def answered(*body: bytes) -> list[str]:
    """What happened, in order, when a body that no view reads (the description of the API) comes in these pieces."""
    happened: list[str] = []
    pieces = list(body)

    async def receive() -> dict[str, Any]:
        if not pieces:
            await asyncio.Event().wait()  # the client says nothing more
        happened.append("came")
        return {"type": "http.request", "body": pieces.pop(0), "more_body": bool(pieces)}

    async def send(message: dict[str, Any]) -> None:
        if message["type"] == "http.response.start":
            happened.append(str(message["status"]))

    scope = {
        "type": "http", "http_version": "1.1", "method": "POST", "path": "/api/v1/openapi.json", "raw_path": b"",
        "query_string": b"", "root_path": "", "scheme": "http", "server": ("127.0.0.1", 80),
        "client": ("127.0.0.1", 1), "headers": [(b"host", b"127.0.0.1")],
    }  # fmt: skip
    app: Any = asgi.app
    asyncio.run(app(scope, receive, send))
    return happened


def test_a_body_that_nobody_reads_has_come_before_the_answer():
    assert answered(b"{", b"}") == ["came", "came", "200"]


def test_of_a_long_body_only_the_beginning_is_waited_for():
    assert answered(b"x" * asgi.BEGINNING, b"more", b"end")[:2] == ["came", "200"]
