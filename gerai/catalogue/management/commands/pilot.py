"""`gerai pilot`: the pilot mall and its agencies, loaded from files through the services."""

import hashlib
import time
from datetime import date, datetime
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from gerai.agencies import services as agencies
from gerai.agencies.models import Mall
from gerai.catalogue import moments, queries, services, surroundings
from gerai.catalogue.rules import FileRefused
from gerai.catalogue.yaml_lines import read
from gerai.core import clock
from gerai.ledger.rules import ActorRef

ACTOR = ActorRef("system", "pilot")


class Command(BaseCommand):
    """Open the pilot mall. An agency that people have since changed themselves is left as they want it."""

    help = "Muat mal percontohan. / Load the pilot mall."

    def handle(self, *args: Any, **options: Any) -> None:
        folder = Path(settings.PACKAGE) / "config" / "pilot"
        files = sorted((folder / "agencies").glob("*.yaml"))
        own = [folder / "mall.yaml", folder / "screener.yaml"]
        mark = hashlib.sha256(b"\0".join(f.read_bytes() for f in [*own, *files])).hexdigest()
        data, lines = read(own[0].read_text())
        present = Mall.objects.filter(pk=data["mall"]["code"]).first()
        if present and present.details.get("pilot") == mark:
            self.stdout.write("Mal percontohan sudah terbaru. / The pilot mall is up to date.")
            return
        _refuse(own[0], surroundings.check(data, lines))
        cashier = data["mall"]["details"].get("cashier", "")
        if cashier and cashier not in {f.stem for f in files}:
            raise CommandError(
                f"{own[0].name}: cashier: tidak ada instansi {cashier}. / There is no agency {cashier}."
            )
        begin = time.monotonic()
        now = clock.now()
        details = present.details if present else {}
        mall = self._mall(data, {**data["mall"]["details"], "pilot": details.get("pilot", "")}, now)
        for file in files:
            self._agency(mall, file, frozenset(f.stem for f in files), now)
        _refuse(own[0], moments.check(data, lines, queries.service_codes(mall)))
        services.set_life_events(mall=mall, events=data["life_events"], actor=ACTOR, now=now)
        try:
            services.set_screener(mall=mall, text=own[1].read_text(), actor=ACTOR, now=now)
        except FileRefused as refused:
            _refuse(own[1], refused.problems)
        self._mall(
            data, {**data["mall"]["details"], "pilot": mark}, now
        )  # last: a stop half-way starts again
        self.stdout.write(f"{len(files)} instansi / agencies, {time.monotonic() - begin:.1f} s")

    def _mall(self, data: Any, details: dict[str, Any], now: datetime) -> Mall:
        mall = agencies.open_mall(**{**data["mall"], "details": details}, actor=ACTOR, now=now)
        days = [(date.fromisoformat(h["date"]), h["name"], h["kind"]) for h in data["holidays"]]
        agencies.set_holidays(mall=mall, holidays=days, actor=ACTOR, now=now)
        agencies.set_places(mall=mall, places=data.get("places", []), actor=ACTOR, now=now)
        return mall

    def _agency(self, mall: Mall, file: Path, others: frozenset[str], now: datetime) -> None:
        if queries.changed_by_people(mall, file.stem):
            self.stdout.write(f"{file.stem}: diubah instansi, dibiarkan / changed by the agency, left alone")
            return
        try:
            joined = services.join(mall=mall, text=file.read_text(), actor=ACTOR, now=now, others=others)
        except FileRefused as refused:
            _refuse(file, refused.problems)
        else:
            self.stdout.write(f"{file.stem}: {len(joined.published)} layanan / services")


def _refuse(file: Path, problems: list[Any]) -> None:
    """End with every mistake of a file, if it has any."""
    if problems:
        raise CommandError("\n".join(f"{file.name}: {problem}" for problem in problems))
