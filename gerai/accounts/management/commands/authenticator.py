"""`gerai authenticator EMAIL`: takes away the app of somebody who lost the phone and the recovery codes."""

from argparse import ArgumentParser
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from gerai.accounts import authenticator
from gerai.accounts.commands import person_of
from gerai.core import clock


class Command(BaseCommand):
    """For who runs the system, after seeing the person and their card."""

    help = "Take an authenticator app away: codes come by mail again. See the person and their card first."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Whose."""
        parser.add_argument("email")

    def handle(self, *args: Any, **options: Any) -> None:
        """Find the person and take it away."""
        person = person_of(options["email"])
        if not authenticator.lost(mall=settings.MALL_CODE, person=person, now=clock.now()):
            raise CommandError(
                "Tidak ada aplikasi autentikator di akun itu. / That account has no authenticator app."
            )
        self.stdout.write(f"{person.name}: kode lewat pesan lagi / codes by message again")
