"""`gerai demo`: one account for every role, made through the same services as any other. Only in a demo."""

import json
import secrets
from argparse import ArgumentParser
from datetime import datetime
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from django.db import transaction

from gerai.accounts import queries as people
from gerai.accounts import services as accounts
from gerai.accounts.models import Person
from gerai.agencies import queries as agencies
from gerai.agencies import roster
from gerai.agencies import services as roles
from gerai.agencies.models import Agency, Mall
from gerai.core import clock, private
from gerai.core.errors import NotFound
from gerai.ledger.rules import ActorRef
from gerai.portal.context import SCREENS
from gerai.portal.demo_staff import STAFF, Account

ACTOR = ActorRef("system", "demo")
LETTERS = "abcdefghijkmnpqrstuvwxyz23456789"  # no l, o, 0, 1: they are read wrongly


ACCOUNTS = [
    Account("Meja informasi", "meja@mpp.example", "Putri Anggraini", "1771035212969011", "information_desk"),
    Account("Warga", "sari@warga.example", "Sari Wulandari", "1771015506909001"),
    Account(
        "Pemeriksa kelengkapan DPMPTSP",
        "periksa@dpmptsp.example",
        "Rina Marlina",
        "1771024503889002",
        "verifier",
        "DPMPTSP",
    ),
    Account(
        "Pemeriksa teknis DINKES",
        "dinkes@mpp.example",
        "dr. Bayu Pratama",
        "1771031207839003",
        "reviewer",
        "DINKES",
    ),
    Account(
        "Pemeriksa teknis PUPR", "pupr@mpp.example", "Hendra Saputra", "1771040211809004", "reviewer", "PUPR"
    ),
    Account(
        "Pemeriksa teknis DISHUB",
        "dishub@mpp.example",
        "Fitri Handayani",
        "1771055808879005",
        "reviewer",
        "DISHUB",
    ),
    Account(
        "Pemeriksa teknis BAPENDA",
        "bapenda@mpp.example",
        "Agus Salim",
        "1771061904859006",
        "reviewer",
        "BAPENDA",
    ),
    Account("Pemeriksa teknis DLH", "dlh@mpp.example", "Nurul Aini", "1771076101919007", "reviewer", "DLH"),
    Account(
        "Kepala dinas, penanda tangan",
        "kepala@dpmptsp.example",
        "Irwan Effendi",
        "1771082309709008",
        "signer",
        "DPMPTSP",
    ),
    Account(
        "Petugas loket DPMPTSP",
        "loket@dpmptsp.example",
        "Dewi Lestari",
        "1771014710949009",
        "counter_officer",
        "DPMPTSP",
    ),
    Account(
        "Petugas loket DUKCAPIL",
        "loket@dukcapil.example",
        "Yoga Permana",
        "1771020305939010",
        "counter_officer",
        "DUKCAPIL",
    ),
    Account(
        "Teller bank di mal",
        "loket@bankbkl.example",
        "Sinta Maharani",
        "1771055208919020",
        "counter_officer",
        "BANKBKL",
    ),
    Account(
        "Admin instansi DPMPTSP",
        "admin@dpmptsp.example",
        "Rudi Hartono",
        "1771041406829012",
        "agency_admin",
        "DPMPTSP",
    ),
    Account(
        "Admin instansi DUKCAPIL",
        "admin@dukcapil.example",
        "Ratna Dewi",
        "1771044506839016",
        "agency_admin",
        "DUKCAPIL",
    ),
    Account(
        "Petugas siaga DUKCAPIL",
        "siaga1@dukcapil.example",
        "Eko Nugroho",
        "1771031105909017",
        "counter_officer",
        "DUKCAPIL",
        "+628117300017",
    ),
    Account(
        "Petugas siaga DUKCAPIL, kedua",
        "siaga2@dukcapil.example",
        "Lina Oktavia",
        "1771024507929018",
        "counter_officer",
        "DUKCAPIL",
        "+628117300018",
    ),
    Account(
        "Petugas siaga DPMPTSP",
        "siaga@dpmptsp.example",
        "Doni Kurniawan",
        "1771011209919019",
        "counter_officer",
        "DPMPTSP",
        "+628117300019",
    ),
    Account("Pengelola mal", "pengelola@mpp.example", "Maya Sofia", "1771056502849013", "mall_manager"),
    Account("Wakil pengelola mal", "wakil@mpp.example", "Dedi Kurnia", "1771020903889016", "mall_manager"),
    Account("Wali kota", "walikota@kota.example", "Wali Kota", "1771061708659014", "mayor"),
    Account("Pengawas", "pengawas@inspektorat.example", "Tono Wijaya", "1771072610789015", "auditor"),
]


def new_password() -> str:
    """Twelve random letters in three groups, easy to type."""
    return "-".join("".join(secrets.choice(LETTERS) for _ in range(4)) for _ in range(3))


class Command(BaseCommand):
    """Make the demo accounts; a second run keeps them all."""

    help = "Akun demo, satu untuk setiap peran. / Demo accounts, one for every role."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """--new-passwords gives every demo account a new password; --silent leaves the telling to `./start`."""
        parser.add_argument("--new-passwords", action="store_true")
        parser.add_argument("--silent", action="store_true")

    def handle(self, *args: Any, **options: Any) -> None:
        """Make what is missing, write the list, print new passwords once."""
        if not settings.DEMO:
            raise CommandError("Hanya untuk peragaan (GERAI_DEMO=yes). / For a demo only.")
        try:
            mall = agencies.the_mall()
        except NotFound:
            self.stderr.write("Belum ada mal: jalankan dulu `gerai pilot`. / No mall yet: run `gerai pilot`.")
            return
        path: Path = settings.DATA / "demo-accounts.json"
        known = {row["email"]: row for row in json.loads(path.read_text())} if path.exists() else {}
        rows, fresh = [], list[tuple[Person, str]]()
        with transaction.atomic():
            for account in (*ACCOUNTS, *STAFF):
                agency = self._agency(mall, account)
                if account.agency and agency is None:
                    if account.quiet:
                        continue
                    self.stderr.write(
                        f"{account.agency} belum bergabung: {account.title} dilewati / skipped."
                    )
                    continue
                person, is_new = make(mall, account, agency, clock.now())
                password = new_password() if is_new or options["new_passwords"] else None
                fresh += [(person, password)] if password else []
                url = settings.BASE_URL + (SCREENS[account.role][0] if account.role else "/saya/")
                row = known.get(account.email, {"password": "", "shown": False})
                if password:
                    row = {"password": password, "shown": not options["silent"]}
                if account.quiet:
                    row = {**row, "quiet": True}
                rows.append({**row, "role": account.title, "email": account.email, "url": url})
                if not (options["silent"] or account.quiet):
                    self.stdout.write(f"{account.title:32} {account.email:30} {password or '':16} {url}")
            accounts.set_passwords(given=fresh)
            private.write(path, json.dumps(rows, ensure_ascii=False, indent=1).encode())
        if not options["silent"]:
            others = sum(row.get("quiet", False) for row in rows)
            self.stdout.write(f"{others} petugas lain / other officers:  {path}")

    def _agency(self, mall: Mall, account: Account) -> Agency | None:
        return agencies.agencies(mall).filter(code=account.agency).first() if account.agency else None


def make(mall: Mall, account: Account, agency: Agency | None, now: datetime) -> tuple[Person, bool]:
    """Make one account with its role, without a password; whether it is new."""
    person = people.by_contact(account.email)
    is_new = person is None
    if person is None:
        person = accounts.register(
            mall=mall.code,
            name=account.name,
            nik=account.nik,
            email=account.email,
            phone=account.phone,
            now=now,
            by=ACTOR,
        )
    for role in filter(None, (account.role, account.also)):
        roles.give_role(mall=mall, person=person, role=role, agency=agency, actor=ACTOR, now=now)
    if account.phone and agency:
        roster.put_on_call(agency=agency, person=person, actor=ACTOR, now=now)
    desk = people.by_contact("meja@mpp.example") or person
    accounts.prove(mall=mall.code, person=person, officer=desk, now=now)
    return person, is_new
