"""`gerai token EMAIL`: a token of the API for an officer, good for twelve hours."""

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from gerai.accounts import queries
from gerai.api.callers import token_for


class Command(BaseCommand):
    """Prints the token."""

    help = "Print a token of the API for an officer."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Whose."""
        parser.add_argument("email")

    def handle(self, *args: Any, **options: Any) -> None:
        """Find the officer and print."""
        person = queries.by_contact(options["email"])
        if person is None:
            raise CommandError("Tidak ada orang dengan surel itu. / Nobody has that e-mail address.")
        self.stdout.write(token_for(person))
