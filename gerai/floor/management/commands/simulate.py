"""`gerai simulate`: a whole day of visitors and officers through the real services, on a clock of its own."""

import signal
import time
from argparse import ArgumentParser
from datetime import date, datetime, timedelta
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from django.db import connection

from gerai.agencies import queries as agencies
from gerai.agencies.models import Mall
from gerai.core import clock
from gerai.core.errors import DomainError
from gerai.floor import story
from gerai.floor.simulation import stage
from gerai.floor.simulation.day import Day
from gerai.ledger import queries as ledger

REAL = 1.0


class Pace:
    """
    Waits until the moment of an event has come at so many times real speed; 0 never waits.

    With `wall` the clock is the one on the wall: what lies behind is caught up at once, then the mall lives.
    """

    def __init__(self, speed: float, *, wall: bool) -> None:
        self.speed, self.wall = speed, wall
        self.begun: tuple[float, datetime] | None = None

    def __call__(self, when: datetime) -> None:
        """Wait for that moment."""
        if self.wall:
            wait = (when - clock.now()).total_seconds()
        elif self.speed:
            self.begun = self.begun or (time.monotonic(), when)
            began, first = self.begun
            wait = (when - first).total_seconds() / self.speed - (time.monotonic() - began)
        else:
            return
        if wait > 0:
            time.sleep(wait)


class Command(BaseCommand):
    """Play a day. Only in a demo, and never on top of real visitors."""

    help = "Mainkan satu hari pengunjung peragaan. / Play a day of simulated visitors."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """How many, on which day, how fast."""
        parser.add_argument("--visitors", type=int, help="default: what the counters can bear")
        parser.add_argument(
            "--date",
            type=date.fromisoformat,
            help="YYYY-MM-DD; default: today until closing, then the next day open",
        )
        parser.add_argument("--seed", type=int, default=1, help="the same seed draws the same day")
        parser.add_argument(
            "--speed",
            type=float,
            default=0.0,
            help="0 as fast as it goes; 60 a minute in a second; 1 today by the clock on the wall, after catching up",
        )
        parser.add_argument(
            "--live",
            action="store_true",
            help="now, at any hour, by the clock on the wall: the morning is caught up at once, then the mall lives",
        )

    def handle(self, *args: Any, **options: Any) -> None:
        """Check, play, tell."""
        if not settings.DEMO:
            raise CommandError("Hanya untuk peragaan (GERAI_DEMO=yes). / For a demo only.")
        visitors, speed = options["visitors"], options["speed"]
        if visitors is not None and not 1 <= visitors <= 20000:
            raise CommandError("--visitors: 1 sampai 20000. / 1 to 20000.")
        if speed < 0:
            raise CommandError("--speed: 0 atau lebih. / 0 or more.")
        try:
            mall = agencies.the_mall()
            now = clock.now()
            only_one(mall)
            if options["live"]:
                day = agencies.calendar(mall).local(now).date()
                played = stage.live(mall=mall, seed=options["seed"], now=now, pace=Pace(REAL, wall=True))
            else:
                day = options["date"] or next_open(mall, now)
                wall = speed == REAL and day == agencies.calendar(mall).local(now).date()
                played = stage.prepare(
                    mall=mall,
                    day=day,
                    seed=options["seed"],
                    now=now,
                    visitors=visitors,
                    pace=Pace(speed, wall=wall),
                )
        except DomainError as refusal:
            raise CommandError(str(refusal)) from refusal
        if options["live"]:
            signal.signal(signal.SIGTERM, signal.default_int_handler)  # `./start` stops: as with Ctrl-C
        self.stdout.write(
            f"{day:%d-%m-%Y}: {played.expected} pengunjung, {len(played.officers)} loket."
            " Ctrl-C menutup hari. / Ctrl-C closes the day."
        )
        self._play(mall, day, played)

    def _play(self, mall: Mall, day: date, played: Day) -> None:
        before, began = ledger.last(mall.code), time.monotonic()
        try:
            played.play()
        except KeyboardInterrupt:
            played.stop()
        took = time.monotonic() - began
        told = stage.summary(mall, before)
        self.stdout.write(
            f"Datang {told.visits}, dipanggil {told.called}, selesai {told.finished}, tidak hadir {told.absent},"
            f" pulang {told.left}. / came, called, finished, absent, left\n"
            f"Menunggu rata-rata {told.mean_wait} menit, 9 dari 10 paling lama {told.p90_wait};"
            f" dilayani {told.mean_service}. / mean wait, nine of ten at most, mean service (minutes)\n"
            f"{told.entries} catatan buku besar, {took:.1f} s, {played.length.total_seconds() / max(took, 0.001):.0f}"
            " kali waktu nyata. / ledger entries, seconds, times real speed"
        )
        for code, number in sorted(played.refused.items()):
            self.stdout.write(f"Ditolak / refused: {number} x {code}")
        if found := story.contradictions(mall, day):
            raise CommandError("\n".join(found[:20]))


def only_one(mall: Mall) -> None:
    """
    Hold the mall's one place for a simulation until this process ends, however it ends.

    :raises stage.PlayedAlready: if another process plays here
    """
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_try_advisory_lock(hashtextextended('simulation ' || %s, 0))", [mall.code])
        if not cursor.fetchone()[0]:
            raise stage.PlayedAlready


def next_open(mall: Mall, now: datetime) -> date:
    """Today while the mall is or will be open, otherwise the next day on which it is."""
    calendar = agencies.calendar(mall)
    day = calendar.local(now).date()
    for _ in range(60):
        hours = calendar.hours(day)
        if hours and hours[1] > now:
            return day
        day += timedelta(days=1)
    raise stage.DayClosed(day=day)
