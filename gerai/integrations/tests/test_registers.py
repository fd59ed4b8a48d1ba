"""The registers over real HTTP: right, slow, down, broken, unknown and contradictory answers."""

import os
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest
from django.conf import LazySettings

from gerai.accounts.comparing import same_name
from gerai.accounts.ports import RegisterDown
from gerai.accounts.rules import check_nib, check_nik
from gerai.config.running import free_port
from gerai.core import clock
from gerai.integrations.registers import people
from gerai.integrations.registers.adapter import HttpRegisters
from gerai.portal.management.commands.demo import ACCOUNTS

pytestmark = pytest.mark.slow

SARI, NIB = "1771015506909001", "9120000000017"


@pytest.fixture(scope="module")
def url(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The double as a process of its own."""
    data: Path = tmp_path_factory.mktemp("registers")
    port = free_port()
    environment = os.environ | {"GERAI_DATA": str(data), "GERAI_PORT": str(port)}
    command = [sys.executable, "-m", "gerai.integrations.registers.double"]
    with subprocess.Popen(command, env=environment, stdout=subprocess.PIPE, text=True) as process:
        try:
            assert process.stdout is not None
            assert process.stdout.readline() == "ready\n"  # it says so once it listens
            yield f"http://127.0.0.1:{port + 6}"
        finally:
            process.terminate()


@pytest.fixture
def registers(url: str, settings: LazySettings) -> Iterator[HttpRegisters]:
    settings.REGISTERS_URL = url
    fault(url, "")
    yield HttpRegisters()
    fault(url, "")


def fault(url: str, name: str) -> None:
    """Choose what is wrong, as the front page does."""
    assert httpx.post(f"{url}/", data={"fault": name}).status_code == 303


def test_a_person_and_a_business_are_told(registers: HttpRegisters) -> None:
    person, business = registers.civil(SARI), registers.business(NIB)

    assert person
    assert business
    assert (person.name, person.born.isoformat()) == ("SARI WULANDARI", "1990-06-15")
    assert (person.kelurahan_code, person.kecamatan_code) == ("17.71.01.1001", "17.71.01")
    assert "SARI WULANDARI" in business.responsible
    assert business.kbli


def test_an_unknown_number_is_no_record_and_no_failure(registers: HttpRegisters, url: str) -> None:
    assert registers.civil("1771015506909999") is None
    fault(url, "unknown")
    assert registers.civil(SARI) is None
    assert registers.business(NIB) is None


@pytest.mark.parametrize("name", ["down", "broken"])
def test_what_is_no_answer_is_the_register_being_down(registers: HttpRegisters, url: str, name: str) -> None:
    fault(url, name)

    with pytest.raises(RegisterDown):
        registers.civil(SARI)
    with pytest.raises(RegisterDown):
        registers.business(NIB)


def test_a_slow_register_holds_nobody_longer_than_two_tries_of_two_seconds(
    registers: HttpRegisters, url: str
) -> None:
    fault(url, "slow")
    begun = time.monotonic()

    with pytest.raises(RegisterDown):
        registers.civil(SARI)

    assert time.monotonic() - begun < 5.5


def test_a_contradiction_comes_through_as_it_was_said(registers: HttpRegisters, url: str) -> None:
    fault(url, "other_name")
    person = registers.civil(SARI)
    assert person
    assert not same_name(person.name, "Sari Wulandari")
    fault(url, "other_date")
    person = registers.civil(SARI)
    assert person
    assert person.born != people.born(SARI)


def test_nobody_there_or_the_wrong_token_is_the_register_being_down(
    registers: HttpRegisters, settings: LazySettings
) -> None:
    settings.REGISTERS_TOKEN = "salah"
    with pytest.raises(RegisterDown):
        registers.civil(SARI)
    settings.REGISTERS_URL = f"http://127.0.0.1:{free_port()}"
    with pytest.raises(RegisterDown):
        registers.civil(SARI)


def test_the_double_needs_the_token_and_knows_two_registers(url: str) -> None:
    for path in ("/people", "/businesses"):
        assert httpx.get(url + path).status_code == 401
        assert httpx.get(url + path, headers={"Authorization": "Bearer demo"}).status_code == 404
    assert httpx.get(f"{url}/taxes", headers={"Authorization": "Bearer demo"}).status_code == 404
    assert "Bukan data sungguhan" in httpx.get(url).text


def test_the_double_knows_the_people_of_the_demo() -> None:
    assert {a.nik: a.name for a in ACCOUNTS} == people.PEOPLE
    today = clock.now().date()
    for nik, name in people.PEOPLE.items():
        record = people.civil(check_nik(nik, today))
        assert record
        assert same_name(record["name"], name)
    assert all(check_nib(nib) == nib for nib in people.BUSINESSES)
