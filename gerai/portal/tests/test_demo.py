"""The demo accounts: one for every role, made once."""

import io
import json
from datetime import UTC, datetime
from pathlib import Path

import pytest
from django.conf import LazySettings
from django.conf import settings as settings_of
from django.contrib.auth import authenticate
from django.core.management import CommandError, call_command

from gerai.accounts.models import Person
from gerai.agencies import services as agencies
from gerai.agencies.models import Agency, Membership
from gerai.agencies.rules import ROLES
from gerai.catalogue import joining, lacking
from gerai.config import demo_accounts
from gerai.ledger.rules import SYSTEM
from gerai.portal.demo_staff import STAFF
from gerai.portal.management.commands.demo import ACCOUNTS

pytestmark = pytest.mark.slow

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
        assert (row["password"] in told) is not row.get("quiet", False)
    assert len({row["password"] for row in rows}) == len(rows)
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
        assert (row["email"] in told) is not row.get("quiet", False)
        assert row["password"] not in told


def test_new_passwords_replace_the_old_ones(data: Path) -> None:
    _run()
    old = json.loads((data / "demo-accounts.json").read_text())[0]
    _run("--new-passwords")
    new = json.loads((data / "demo-accounts.json").read_text())[0]
    assert authenticate(None, username=old["email"], password=old["password"]) is None
    assert authenticate(None, username=new["email"], password=new["password"]) is not None


def test_what_a_silent_run_makes_is_left_to_be_shown_once(data: Path) -> None:
    listed = data / "demo-accounts.json"
    assert _run("--silent") == ""
    rows = json.loads(listed.read_text())

    first, second = (demo_accounts.tell(listed, "gerai") for _ in range(2))

    for row in rows:
        if row.get("quiet"):
            assert row["email"] not in first + second
            assert row["password"] not in first + second
            continue
        assert row["password"] in first
        assert row["email"] in second
        assert row["url"] in second
        assert row["password"] not in second
    assert str(listed) in second
    assert "gerai demo --new-passwords" in second
    assert listed.stat().st_mode & 0o777 == 0o600
    assert [row["password"] for row in json.loads(listed.read_text())] == [row["password"] for row in rows]


def test_what_was_printed_by_the_command_is_not_shown_again(data: Path) -> None:
    listed = data / "demo-accounts.json"
    _run("--silent")
    _run("--new-passwords")

    told = demo_accounts.tell(listed, "gerai")

    assert not any(row["password"] in told for row in json.loads(listed.read_text()))


def test_only_the_account_that_came_later_is_shown_at_a_later_start(data: Path) -> None:
    listed = data / "demo-accounts.json"
    Agency.objects.filter(code="DLH").update(live_at=None)
    _run("--silent")
    demo_accounts.tell(listed, "gerai")
    Agency.objects.filter(code="DLH").update(live_at=NOW)
    _run("--silent")

    told = demo_accounts.tell(listed, "gerai")

    assert [r["role"] for r in json.loads(listed.read_text()) if r["password"] in told] == [
        "Pemeriksa teknis DLH"
    ]


def test_in_the_demo_somebody_holds_every_role_that_a_service_of_the_pilot_needs() -> None:
    files = sorted((settings_of.PACKAGE / "config" / "pilot" / "agencies").glob("*.yaml"))
    codes = frozenset(file.stem for file in files)
    held = {(a.agency, role) for a in (*ACCOUNTS, *STAFF) for role in (a.role, a.also)}

    needed = set()
    for file in files:
        needed |= set(lacking.needed(joining.check(file.read_text(), agencies=codes)))

    assert needed <= held
    assert len({a.email for a in (*ACCOUNTS, *STAFF)}) == len({a.nik for a in (*ACCOUNTS, *STAFF)})
    assert all(len(a.nik) == 16 for a in STAFF)


def test_who_recommends_in_the_demo_is_never_who_decides() -> None:
    assert not [a for a in STAFF if "signer" in (a.role, a.also) and a.also]


def test_outside_a_demo_nothing_is_made(data: Path, settings: LazySettings) -> None:
    settings.DEMO = False
    with pytest.raises(CommandError):
        _run()
    assert Person.objects.count() == 0
