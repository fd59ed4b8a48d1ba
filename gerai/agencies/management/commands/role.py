"""`gerai role EMAIL ROLE [--agency CODE] [--take]`: who runs the system names the mayor, the manager, the auditor."""

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from gerai.accounts.commands import person_of
from gerai.agencies import queries, services
from gerai.agencies.models import Agency, Membership
from gerai.agencies.rules import ROLES
from gerai.core import clock
from gerai.core.errors import DomainError
from gerai.ledger.rules import SYSTEM


class Command(BaseCommand):
    """Gives or takes one role; everything else is given on the page `/petugas/`."""

    help = "Give somebody a role, or take it away. Their account must exist."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Who, what, where."""
        parser.add_argument("email")
        parser.add_argument("role", choices=sorted(ROLES))
        parser.add_argument("--agency", default="", help="code of the agency, for the roles of agencies")
        parser.add_argument("--take", action="store_true", help="take the role away")

    def handle(self, *args: Any, **options: Any) -> None:
        """Find both and act."""
        mall, person = queries.the_mall(), person_of(options["email"])
        code = options["agency"]
        agency = Agency.objects.filter(mall=mall, code=code).first() if code else None
        if code and agency is None:
            raise CommandError(f"Tidak ada instansi {code}. / There is no agency {code}.")
        place: dict[str, Any] = {"mall": mall, "agency": agency, "person": person, "role": options["role"]}
        if not options["take"]:
            try:
                services.give_role(**place, actor=SYSTEM, now=clock.now())
            except DomainError as error:
                raise CommandError(error.sentence) from error
        elif membership := Membership.objects.filter(**place).first():
            services.take_role(membership=membership, actor=SYSTEM, now=clock.now())
        self.stdout.write(f"{person.name}: {options['role']} {code}".strip())
