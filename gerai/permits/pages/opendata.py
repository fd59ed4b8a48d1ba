"""The open data of all permits, for everybody: without persons, streamed as CSV and JSON."""

import csv
import io
import json
from collections.abc import Iterator
from threading import BoundedSemaphore
from typing import Any

from django.http import HttpRequest, StreamingHttpResponse
from django.views.decorators.http import require_safe

from gerai.agencies import queries as agencies
from gerai.core import clock
from gerai.core.access import public
from gerai.permits import registers, rules

BITE = 16 * 1024  # characters sent at once
# A slow reader keeps a thread as long as it reads: two such threads, never all.
_readers = BoundedSemaphore(2)


class _Stream(Iterator[str]):
    """Parts of an answer that holds one of the readers' places until it is closed."""

    def __init__(self, parts: Iterator[str]) -> None:
        if not _readers.acquire(blocking=False):
            raise rules.OpenDataBusy
        self.parts, self.open = parts, True

    def __next__(self) -> str:
        return next(self.parts)

    def close(self) -> None:
        """Give the place back, once."""
        if self.open:
            self.open = False
            _readers.release()


def _csv(rows: Iterator[dict[str, Any]]) -> Iterator[str]:
    out = io.StringIO()
    writer = csv.DictWriter(out, registers.COLUMNS, lineterminator="\r\n")  # RFC 4180
    writer.writeheader()
    for row in rows:
        writer.writerow({k: str(v).lower() if isinstance(v, bool) else v for k, v in row.items()})
        if out.tell() > BITE:
            yield out.getvalue()
            out.seek(0)
            out.truncate()
    yield out.getvalue()


def _json(rows: Iterator[dict[str, Any]], made_at: str) -> Iterator[str]:
    text = f'{{"schema": 1, "made_at": {json.dumps(made_at)}, "permits": ['
    for index, row in enumerate(rows):
        text += ("," if index else "") + "\n" + json.dumps(row, ensure_ascii=False)
        if len(text) > BITE:
            yield text
            text = ""
    yield text + "\n]}\n"


def _geojson(rows: Iterator[tuple[dict[str, Any], float, float]]) -> Iterator[str]:
    text = '{"type": "FeatureCollection", "features": ['
    for index, (row, lat, lon) in enumerate(rows):
        point = {"type": "Point", "coordinates": [lon, lat]}  # RFC 7946: longitude first
        feature = {"type": "Feature", "geometry": point, "properties": row}
        text += ("," if index else "") + "\n" + json.dumps(feature, ensure_ascii=False)
        if len(text) > BITE:
            yield text
            text = ""
    yield text + "\n]}\n"


def _answer(parts: Iterator[str], media_type: str) -> StreamingHttpResponse:
    response = StreamingHttpResponse(_Stream(parts), content_type=media_type)
    response["Cache-Control"] = "public, max-age=300"
    response["Access-Control-Allow-Origin"] = "*"  # open data: any page may read it
    return response


@public
@require_safe
def as_csv(request: HttpRequest) -> StreamingHttpResponse:
    """All permits of the mall as open data, without personal data."""
    rows = registers.open_data(agencies.the_mall(), clock.now())
    return _answer(_csv(rows), "text/csv; charset=utf-8; header=present")


@public
@require_safe
def as_json(request: HttpRequest) -> StreamingHttpResponse:
    """The same as JSON."""
    now = clock.now()
    rows = registers.open_data(agencies.the_mall(), now)
    return _answer(_json(rows, now.isoformat(timespec="seconds")), "application/json")


@public
@require_safe
def as_geojson(request: HttpRequest) -> StreamingHttpResponse:
    """Those that have a place on the map, as GeoJSON."""
    rows = registers.placed(agencies.the_mall(), clock.now())
    return _answer(_geojson(rows), "application/geo+json")
