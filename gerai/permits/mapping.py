"""Permits at their place, for everybody: gathered to marks on a small map of our own, and as a list. Nobody's home."""

import math
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import Avg, Count, Exists, F, Max, Min, OuterRef, QuerySet
from django.db.models.functions import Floor

from gerai.agencies import queries as agencies
from gerai.agencies.models import Mall
from gerai.catalogue.models import Service
from gerai.permits import registers
from gerai.permits.models import Permit
from gerai.permits.rules import Kind, Shown, Status

WIDTH, HEIGHT = 640, 480  # of the drawing
COLUMNS, ROWS = 20, 15  # marks at most in each direction
LEAST = 0.004  # degrees: nearer than some hundred metres there is nothing to see
KM = 111.32  # a degree of latitude
PER_PAGE = 50


@dataclass(frozen=True, slots=True)
class Box:
    """A part of the earth, in degrees."""

    west: float
    south: float
    east: float
    north: float

    @property
    def shrink(self) -> float:
        """How much narrower a degree of longitude is here than one of latitude."""
        return max(math.cos(math.radians((self.south + self.north) / 2)), 0.01)

    def text(self) -> str:
        """As it stands in an address."""
        return ",".join(f"{x:.5f}" for x in (self.west, self.south, self.east, self.north))

    def fitted(self) -> "Box":
        """The same, a little wider, in the shape of the drawing."""
        high = max(self.north - self.south, LEAST) * 1.1
        wide = max(self.east - self.west, LEAST) * 1.1
        high = max(high, wide * self.shrink * HEIGHT / WIDTH)
        wide = high / self.shrink * WIDTH / HEIGHT
        x, y = (self.west + self.east) / 2, (self.south + self.north) / 2
        return Box(x - wide / 2, y - high / 2, x + wide / 2, y + high / 2)

    def spot(self, lat: float, lon: float) -> tuple[float, float]:
        """Where a place is in the drawing."""
        x = (lon - self.west) / (self.east - self.west) * WIDTH
        y = (self.north - lat) / (self.north - self.south) * HEIGHT
        return round(x, 1), round(y, 1)


@dataclass(frozen=True, slots=True)
class Wanted:
    """What somebody wants to see."""

    agency: str = ""
    service: str = ""
    state: str = Shown.VALID.value
    box: Box | None = None
    page: int = 1


def box_of(text: str) -> Box | None:
    """The part of the earth that an address names; None for what is no such thing."""
    try:
        west, south, east, north = (float(part) for part in text.split(","))
    except ValueError:
        return None
    good = -180 <= west < east <= 180 and -90 <= south < north <= 90
    return Box(west, south, east, north) if good else None


def _placed(mall: Mall) -> QuerySet[Permit]:
    found = Permit.objects.filter(mall=mall, kind=Kind.PERMIT, lat__isnull=False)
    return found.exclude(status=Status.SIGNING)


def near(mall: Mall, lat: float, lon: float, metres: float = 100) -> list[Permit]:
    """The permits within so many metres of a point, the nearest first, at most 20: for who decides on one more."""
    high = metres / 1000 / KM
    wide = high / max(math.cos(math.radians(lat)), 0.01)
    found = _placed(mall).filter(lat__range=(lat - high, lat + high), lon__range=(lon - wide, lon + wide))
    y, x = (F("lat") - lat) / high, (F("lon") - lon) / wide
    beside = found.select_related("agency", "service", "mall").annotate(far=x * x + y * y)
    return list(beside.filter(far__lte=1).order_by("far", "id")[:20])


def choices(mall: Mall) -> tuple[list[tuple[str, dict[str, str]]], list[tuple[str, dict[str, str]]]]:
    """The agencies and services that have permits on the map: (code, name)."""
    drawn = Exists(_placed(mall).filter(service=OuterRef("pk")).order_by())  # not a look at every permit
    found = Service.objects.filter(drawn, agency__mall=mall).select_related("agency").order_by("code")
    by_agency = {service.agency.code: service.agency.name for service in found}
    return sorted(by_agency.items()), [(service.code, service.name) for service in found]


def look(mall: Mall, wanted: Wanted, now: datetime) -> dict[str, Any]:
    """The map and the list: what is drawn, and the same as rows, a page of them."""
    today = agencies.calendar(mall).local(now).date()
    found = _placed(mall)
    if wanted.agency:
        found = found.filter(agency__code=wanted.agency)
    if wanted.service:
        found = found.filter(service__code=wanted.service)
    if wanted.state:
        found = found.filter(registers.in_state(wanted.state, today))
    box = wanted.box
    if box is None:
        ends = found.aggregate(w=Min("lon"), s=Min("lat"), e=Max("lon"), n=Max("lat"))
        if ends["w"] is None:
            return {"count": 0, "rows": [], "marks": [], "pages": 1, "page": 1}
        box = Box(ends["w"], ends["s"], ends["e"], ends["n"])
    box = box.fitted()
    found = found.filter(lat__range=(box.south, box.north), lon__range=(box.west, box.east))
    count = found.count()
    pages = max(1, math.ceil(count / PER_PAGE))
    page = min(max(wanted.page, 1), pages)
    rows = found.select_related("agency", "service").order_by("-decided_at", "-id")
    rows = rows[(page - 1) * PER_PAGE : page * PER_PAGE]
    return {
        "count": count,
        "rows": [(permit, registers.state_of(permit, today)) for permit in rows],
        "marks": _marks(found, box),
        "lines": _lines(box),
        "scale": _scale(box),
        "box": box,
        "pages": pages,
        "page": page,
    }


def _marks(found: QuerySet[Permit], box: Box) -> list[dict[str, Any]]:
    """Neighbours become one mark with their number: some hundred marks, however many permits there are."""
    wide, high = (box.east - box.west) / COLUMNS, (box.north - box.south) / ROWS
    cells = (
        found.order_by()
        .annotate(column=Floor((F("lon") - box.west) / wide), row=Floor((F("lat") - box.south) / high))
        .values("column", "row")
        .annotate(n=Count("id"), y=Avg("lat"), x=Avg("lon"), number=Min("number"))
    )
    marks = []
    for cell in cells.order_by("-n"):  # the small ones on top
        x, y = box.spot(cell["y"], cell["x"])
        west, south = box.west + cell["column"] * wide, box.south + cell["row"] * high
        inside = Box(west, south, west + wide, south + high).text()
        radius = round(min(5 + 2.2 * math.sqrt(cell["n"]), 20), 1)
        marks.append({"x": x, "y": y, "r": radius, "n": cell["n"], "number": cell["number"], "box": inside})
    return marks


def _step(span: float) -> float:
    """A round part of a length: 1, 2 or 5 of something, three to eight times in it."""
    power = 10.0 ** math.floor(math.log10(span / 3))
    return next(step for step in (5 * power, 2 * power, power) if step <= span / 3)


def _lines(box: Box) -> dict[str, list[tuple[float, str]]]:
    """Meridians and parallels with their degrees."""
    step = _step(box.north - box.south)
    digits = max(0, -math.floor(math.log10(step)))

    def between(low: float, high: float) -> list[float]:
        first = math.ceil(low / step)
        return [n * step for n in range(first, math.floor(high / step) + 1)]

    return {
        "down": [(box.spot(box.south, x)[0], f"{x:.{digits}f}") for x in between(box.west, box.east)],
        "across": [(box.spot(y, box.west)[1], f"{y:.{digits}f}") for y in between(box.south, box.north)],
    }


def _scale(box: Box) -> dict[str, Any]:
    """A bar of a round length."""
    wide = (box.east - box.west) * box.shrink * KM
    length = _step(wide)
    metres = length < 1
    return {
        "px": round(length / wide * WIDTH, 1),
        "n": round(length * 1000 if metres else length),
        "metres": metres,
    }
