"""`gerai token EMAIL`: a token of the API for an officer, good for twelve hours."""

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand

from gerai.accounts.commands import person_of
from gerai.api.callers import token_for


class Command(BaseCommand):
    """Prints the token."""

    help = "Print a token of the API for an officer."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Whose."""
        parser.add_argument("email")

    def handle(self, *args: Any, **options: Any) -> None:
        """Find the officer and print."""
        person = person_of(options["email"])
        self.stdout.write(token_for(person))
