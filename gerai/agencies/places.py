"""Where a mall is: its kecamatan and kelurahan with their official codes, and the box that the city lies in. Pure.

They stand in the mall's own file. A mall that lists none asks addresses as one text and takes a point anywhere.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True, slots=True)
class Kelurahan:
    """The smallest part of a city that has an office of its own."""

    code: str
    name: str
    kecamatan: str


@dataclass(frozen=True, slots=True)
class Bounds:
    """A box in degrees."""

    south: float
    west: float
    north: float
    east: float

    def hold(self, lat: float, lon: float) -> bool:
        """Whether a point lies in it."""
        return self.south <= lat <= self.north and self.west <= lon <= self.east


@dataclass(frozen=True, slots=True)
class Places:
    """What a mall says of its city."""

    city: str = ""
    kelurahan: tuple[Kelurahan, ...] = ()
    bounds: Bounds | None = None

    def find(self, code: str) -> Kelurahan | None:
        """The kelurahan of this code."""
        return next((one for one in self.kelurahan if one.code == code), None)

    def named(self, name: str) -> Kelurahan | None:
        """The kelurahan that a register calls so, if there is only one."""
        found = [one for one in self.kelurahan if one.name.casefold() == name.strip().casefold()]
        return found[0] if len(found) == 1 else None

    def by_kecamatan(self) -> dict[str, list[Kelurahan]]:
        """For a list to choose from: by kecamatan, each in the order of the alphabet."""
        found: dict[str, list[Kelurahan]] = {}
        for one in sorted(self.kelurahan, key=lambda k: (k.kecamatan, k.name)):
            found.setdefault(one.kecamatan, []).append(one)
        return found


NOWHERE = Places()


def of(city: str, told: Mapping[str, Any]) -> Places:
    """The places of a city, as a mall's file tells them."""
    kelurahan = tuple(
        Kelurahan(one["code"], one["name"], district["name"])
        for district in told.get("kecamatan", [])
        for one in district["kelurahan"]
    )
    box = told.get("bounds")
    bounds = Bounds(*(float(box[side]) for side in ("south", "west", "north", "east"))) if box else None
    return Places(city, kelurahan, bounds)
