"""What Gerai needs of the state's registers: who somebody is by NIK, what a business is by NIB."""

from dataclasses import dataclass
from datetime import date
from typing import Protocol


class RegisterDown(Exception):
    """The register did not answer, or not in a way that can be understood; go on by hand, try again later."""


@dataclass(frozen=True, slots=True)
class CivilRecord:
    """What the civil registry says of a NIK."""

    name: str
    born: date
    address: str
    kelurahan_code: str  # of the interior ministry, 17.71.03.1002
    kelurahan: str
    kecamatan_code: str
    kecamatan: str


@dataclass(frozen=True, slots=True)
class BusinessRecord:
    """What the licensing system says of a NIB."""

    name: str
    legal_form: str
    address: str
    responsible: tuple[str, ...]  # the names of who may speak for it
    kbli: tuple[str, ...]


class Registers(Protocol):
    """The civil registry and the licensing system. Neither is called inside a database transaction."""

    def civil(self, nik: str) -> CivilRecord | None:
        """
        The person of a NIK, or None if there is none.

        :raises RegisterDown: if it cannot be asked
        """

    def business(self, nib: str) -> BusinessRecord | None:
        """
        The business of a NIB, or None if there is none.

        :raises RegisterDown: if it cannot be asked
        """
