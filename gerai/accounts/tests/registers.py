"""Registers in memory, behind the port: `answers` holds what each number gets; a number in `silent` gets none."""

from datetime import date

from gerai.accounts.ports import BusinessRecord, CivilRecord, RegisterDown

PATH = "gerai.accounts.tests.registers.MemoryRegisters"
NIB, OTHER_NIB = "9120000000017", "9120000000025"
SARI = CivilRecord(
    name="SARI WULANDARI",
    born=date(1990, 7, 1),
    address="JALAN UJI 1",
    kelurahan_code="17.71.99.1001",
    kelurahan="UJI",
    kecamatan_code="17.71.99",
    kecamatan="KOTA UJI",
)
RAFFLESIA = BusinessRecord(
    name="CV Rafflesia Sehat",
    legal_form="CV",
    address="Jalan Suprapto 12",
    responsible=("SARI WULANDARI",),
    kbli=("86201",),
)
answers: dict[str, CivilRecord | BusinessRecord] = {}
silent: set[str] = set()
asked: list[str] = []


def _answer(number: str) -> CivilRecord | BusinessRecord | None:
    asked.append(number)
    if number in silent:
        raise RegisterDown
    return answers.get(number)


class MemoryRegisters:
    """Both registers."""

    def civil(self, nik: str) -> CivilRecord | None:
        """See the port."""
        found = _answer(nik)
        assert not isinstance(found, BusinessRecord)
        return found

    def business(self, nib: str) -> BusinessRecord | None:
        """See the port."""
        found = _answer(nib)
        assert not isinstance(found, CivilRecord)
        return found


def clear() -> None:
    """Nobody known, nobody silent."""
    answers.clear()
    silent.clear()
    asked.clear()
