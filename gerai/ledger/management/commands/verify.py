"""`gerai verify`: seal what is new, then check a mall's whole history."""

from typing import Any

from django.core.management.base import BaseCommand, CommandError

from gerai.core import clock
from gerai.ledger import queries, sealing


class Command(BaseCommand):
    """Prints one line per mall; ends with an error when something does not fit."""

    help = "Verify the sealed history of every mall."

    def handle(self, *args: Any, **options: Any) -> None:
        """Run it."""
        bad = False
        for mall in queries.malls():
            whole, wrong = sealing.verify(mall)
            if wrong is None:
                while sealing.seal(mall=mall, now=clock.now()):
                    pass
                whole, wrong = sealing.verify(mall)
            self.stdout.write(f"{mall}: {whole} entries whole" + (f", then: {wrong}" if wrong else ""))
            bad = bad or wrong is not None
        if bad:
            raise CommandError("Riwayat tidak utuh. / The history is not whole.")
