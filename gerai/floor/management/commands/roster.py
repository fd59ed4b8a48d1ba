"""`gerai roster`: propose how many counters every agency needs, half hour by half hour."""

from typing import Any

from django.core.management.base import BaseCommand

from gerai.agencies import queries as agencies
from gerai.core import clock
from gerai.floor import rostering


class Command(BaseCommand):
    """Propose; what agencies have decided themselves stays as it is."""

    help = "Usulkan jadwal loket setiap instansi. / Propose every agency's counter roster."

    def handle(self, *args: Any, **options: Any) -> None:
        """All malls of this installation."""
        for mall in agencies.malls():
            changed = rostering.propose_all(mall=mall, now=clock.now())
            self.stdout.write(f"{mall}: {changed} hari berubah / days changed")
