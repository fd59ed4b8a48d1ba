"""The public map of permits with 10,000 of them: the page whole and close up, and the open data behind it.

The permits are copies of one that was decided and signed, around some centres of a city, in a throwaway database. Asked
by Django's test client, in one process: no network, no web server.
"""

import statistics
import time
from argparse import SUPPRESS, ArgumentParser
from typing import Any

from gerai.config.benches import throwaway

GOALS = {"map_p95_ms": "<= 100", "map_kb": "<= 200", "close_p95_ms": "<= 100", "data_s": "<= 2"}
PAGES = {"map": "/peta-izin/?keadaan=semua", "close": "/peta-izin/?keadaan=semua&kotak={close}"}
DATA = "/data/izin.geojson"
LAT, LON, SIDE = (
    -3.8,
    102.27,
    0.02,
)  # the centre of the city, and half of what is looked at close up, in degrees


def add_arguments(parser: ArgumentParser) -> None:
    """How many permits are stored, and how often each page is asked for."""
    parser.add_argument("--stored", type=int, default=10_000)
    parser.add_argument("--looks", type=int, default=60)
    parser.add_argument("--inside", action="store_true", help=SUPPRESS)  # with the settings of a throwaway


def run(*, stored: int, looks: int, inside: bool) -> dict[str, Any]:
    """Make a Gerai of our own, stop it, and ask on its database alone: nothing else takes the processor."""
    if inside:
        return throwaway.on_own_database(lambda: _measure(stored, looks))
    return {**throwaway.play("map", {"stored": stored, "looks": looks}, stopped=True), "goals": GOALS}


def _measure(stored: int, looks: int) -> dict[str, Any]:
    from gerai.config.benches import office
    from gerai.core import clock

    work = office.Office(clock.now())
    work.play(2)
    work.sign(2)
    _place(stored, LAT, LON)
    return _figures(stored, looks)


def _place(count: int, lat: float, lon: float) -> None:
    """So many signed permits around twelve centres of a city, copies of one. Made by the database."""
    from django.db import connection

    from gerai.agencies.queries import the_mall
    from gerai.applications.models import Application
    from gerai.config.benches.office import copies
    from gerai.documents.models import Document
    from gerai.permits.models import Permit

    like = Permit.objects.filter(status="valid").latest("decided_at")
    pk = "('01990000-0000-7000-9000-' || lpad(n::text, 12, '0'))::uuid"
    copies(Application, like.application, count, id=pk, number="'M' || n")
    copies(Document, like.document, count, id=pk)

    def around(middle: float, turn: str) -> str:
        return f"{middle} + 0.04 * {turn}(mod(n, 12)) + 0.006 * (random() + random() - 1)"

    changes = {"application_id": pk, "document_id": pk, "number": "'M-' || n", "secret": "'map-' || n"}
    changes |= {"lat": around(lat, "sin"), "lon": around(lon, "cos"), "mall_id": f"'{the_mall().pk}'"}
    copies(Permit, like, count, id=pk, **changes)
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE permits_permit")


def _figures(stored: int, looks: int) -> dict[str, Any]:
    from django.db import connection
    from django.test import Client
    from django.test.utils import CaptureQueriesContext

    client = Client(headers={"host": "127.0.0.1"})
    close = f"{LON - SIDE},{LAT - SIDE},{LON + SIDE},{LAT + SIDE}"
    figures: dict[str, Any] = {}
    for name, address in PAGES.items():
        path, times = address.format(close=close), []
        client.get(path)  # warm: the first page of a process reads its templates and addresses
        for _ in range(looks):
            began = time.perf_counter()
            answer = client.get(path)
            times.append(1000 * (time.perf_counter() - began))
            if answer.status_code != 200 or b"M-1" not in answer.content:
                raise RuntimeError(f"{path} answered {answer.status_code}")
        with CaptureQueriesContext(connection) as asked:
            client.get(path)
        figures |= {
            f"{name}_p95_ms": round(statistics.quantiles(times, n=20)[-1], 1),
            f"{name}_median_ms": round(statistics.median(times), 1),
            f"{name}_kb": round(len(answer.content) / 1000, 1),
            f"{name}_queries": len(asked),
        }
    began = time.perf_counter()
    size = sum(map(len, client.get(DATA).streaming_content))  # type: ignore[arg-type, attr-defined]
    figures |= {"data_s": round(time.perf_counter() - began, 2), "data_kb": round(size / 1000)}
    setting = {"permits": stored, "looks": looks, "pages": PAGES, "data": DATA}
    return {"figures": figures, "baselines": {}, "goals": GOALS, "setting": setting}
