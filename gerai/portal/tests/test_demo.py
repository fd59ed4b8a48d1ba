"""The demo accounts: one for every role, made once."""

import io
import json
from datetime import UTC, datetime
from pathlib import Path

import pytest
from django.conf import LazySettings
from django.contrib.auth import authenticate
from django.core.management import CommandError, call_command

from gerai.accounts.models import Person
from gerai.agencies import services as agencies
from gerai.agencies.models import Membership
from gerai.agencies.rules import ROLES
from gerai.ledger.rules import SYSTEM

NOW = datetime(2026, 11, 23, 2, 0, tzinfo=UTC)
HOURS = {day: ["08:00", "15:00"] for day in ("mon", "tue", "wed", "thu", "fri")}
JOINED = ("DPMPTSP", "DINKES", "PUPR", "DISHUB", "BAPENDA", "DLH", "DUKCAPIL")


@pytest.fixture
def data(db: None, settings: LazySettings, tmp_path: Path) -> Path:
    """A demo with the mall and the agencies the accounts belong to."""
    mall = agencies.open_mall(
        code="1771",
        name="Mal Pelayanan Publik",
        city="Kota Bengkulu",
        timezone="Asia/Jakarta",
        opening=HOURS,
        details={},
        actor=SYSTEM,
        now=NOW,
    )
    for code in JOINED:
        name = {"id": code, "en": code}
        agencies.put_agency(mall=mall, code=code, name=name, short=code, kind="opd", actor=SYSTEM, now=NOW)
    settings.DATA = tmp_path
    settings.DEMO = True
    return tmp_path


def _run(*options: str) -> str:
    told = io.StringIO()
    call_command("demo", *options, stdout=told)
    return told.getvalue()


def test_every_role_has_an_account_whose_password_works(data: Path) -> None:
    told = _run()
    rows = json.loads((data / "demo-accounts.json").read_text())
    assert {*Membership.objects.values_list("role", flat=True)} == ROLES
    for row in rows:
        assert authenticate(None, username=row["email"], password=row["password"]) is not None
        assert row["password"] in told
    assert not Person.objects.filter(proven_at=None).exists()


def test_the_list_is_readable_by_its_owner_only(data: Path) -> None:
    _run()
    assert (data / "demo-accounts.json").stat().st_mode & 0o777 == 0o600


def test_a_second_run_keeps_everything_and_tells_no_password(data: Path) -> None:
    _run()
    before = (data / "demo-accounts.json").read_text()
    told = _run()
    assert (data / "demo-accounts.json").read_text() == before
    assert Person.objects.count() == len(json.loads(before))
    for row in json.loads(before):
        assert row["email"] in told
        assert row["password"] not in told


def test_new_passwords_replace_the_old_ones(data: Path) -> None:
    _run()
    old = json.loads((data / "demo-accounts.json").read_text())[0]
    _run("--new-passwords")
    new = json.loads((data / "demo-accounts.json").read_text())[0]
    assert authenticate(None, username=old["email"], password=old["password"]) is None
    assert authenticate(None, username=new["email"], password=new["password"]) is not None


def test_outside_a_demo_nothing_is_made(data: Path, settings: LazySettings) -> None:
    settings.DEMO = False
    with pytest.raises(CommandError):
        _run()
    assert Person.objects.count() == 0
