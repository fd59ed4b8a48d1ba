"""The one ASGI app: a body has come before anything is answered, whether a view looks at it or not."""

import asyncio
from typing import Any

from gerai.config import asgi

API, PAGE = "/api/v1/openapi.json", "/"


def answered(path: str, *body: bytes, host: str = "127.0.0.1", leaves: bool = False) -> list[str]:
    """What happened, in order, when a body that no view reads comes in these pieces, or its client leaves then."""
    happened: list[str] = []
    pieces = list(body)

    async def receive() -> dict[str, Any]:
        if not pieces and leaves:
            return {"type": "http.disconnect"}
        if not pieces:
            await asyncio.Event().wait()  # the client says nothing more
        happened.append("came")
        return {"type": "http.request", "body": pieces.pop(0), "more_body": bool(pieces) or leaves}

    async def send(message: dict[str, Any]) -> None:
        if message["type"] == "http.response.start":
            happened.append(str(message["status"]))
            happened.extend(f"{k.decode()}" for k, _ in message["headers"] if k == b"content-length")

    scope = {
        "type": "http", "http_version": "1.1", "method": "POST", "path": path, "raw_path": b"",
        "query_string": b"", "root_path": "", "scheme": "http", "server": ("127.0.0.1", 80),
        "client": ("127.0.0.1", 1), "headers": [(b"host", host.encode())],
    }  # fmt: skip
    app: Any = asgi.app
    asyncio.run(app(scope, receive, send))
    return happened


def test_a_body_that_nobody_reads_has_come_before_the_answer():
    assert answered(API, b"{", b"}") == ["came", "came", "200", "content-length"]
    assert answered(PAGE, b"{", b"}", host="elsewhere.example")[:3] == ["came", "came", "400"]


def test_of_a_long_body_for_a_page_only_the_beginning_is_waited_for():
    long = b"x" * asgi.BEGINNING
    assert answered(PAGE, long, b"more", b"end", host="elsewhere.example")[:2] == ["came", "400"]


def test_the_api_takes_no_huge_body_and_lets_who_left_go():
    assert answered(API, b"x" * asgi.LARGEST, b"x", b"end")[:3] == ["came", "came", "413"]
    assert answered(API, b"{", leaves=True) == ["came"]
