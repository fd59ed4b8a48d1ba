"""`gerai device NAME`: pair a kiosk, a board or a counter program and show its token once; or withdraw it."""

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from gerai.accounts.models import Person
from gerai.agencies import queries as agencies
from gerai.core import clock
from gerai.core.errors import DomainError
from gerai.floor import devices
from gerai.ledger.rules import SYSTEM


class Command(BaseCommand):
    """Machines of the mall."""

    help = "Pair a machine with the mall and show its token once, or withdraw it."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """The name, the kind, whose counter program it is."""
        parser.add_argument("name")
        parser.add_argument("--kind", default="kiosk", choices=["kiosk", "board", "counter_api"])
        parser.add_argument("--officer", help="e-mail of the officer of a counter program")
        parser.add_argument("--revoke", action="store_true")

    def handle(self, *args: Any, **options: Any) -> None:
        """Pair or withdraw."""
        mall, now = agencies.the_mall(), clock.now()
        if options["revoke"]:
            device = devices.named(mall, options["name"])
            if device is None:
                raise CommandError(f"Tidak ada perangkat {options['name']}.")
            devices.revoke(device=device, actor=SYSTEM, now=now)
            self.stdout.write(f"{device} dicabut.")
            return
        person = Person.objects.filter(email__iexact=options["officer"] or "").first()
        try:
            _, token = devices.pair(
                mall=mall, kind=options["kind"], name=options["name"], actor=SYSTEM, now=now, person=person
            )
        except DomainError as error:
            raise CommandError(str(error)) from error
        self.stdout.write(token)
