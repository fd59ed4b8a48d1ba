"""`gerai join FILE [--check]`: an operator brings an agency in, or up to date, from its file."""

from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from gerai.agencies import queries as agencies
from gerai.catalogue import lacking, queries, services
from gerai.catalogue.rules import FileRefused
from gerai.core import clock
from gerai.ledger.rules import ActorRef


class Command(BaseCommand):
    """Check a file, say what it would change, and publish it."""

    help = "Gabungkan instansi dari satu berkas YAML. / Let an agency join from one YAML file."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("file", type=Path)
        parser.add_argument("--check", action="store_true", help="periksa saja / only check")

    def handle(self, *args: Any, **options: Any) -> None:
        file: Path = options["file"]
        if not file.is_file():
            raise CommandError(f"{file} tidak ada. / There is no {file}.")
        mall = agencies.the_mall()
        text = file.read_text(encoding="utf-8", errors="replace")
        try:
            plan = services.checked(mall=mall, text=text)
            changes = queries.changes(mall, plan)
            if not options["check"]:
                services.join(mall=mall, text=text, actor=ActorRef("system", "operator"), now=clock.now())
        except FileRefused as refused:
            for problem in refused.problems:
                self.stderr.write(f"{file}:{problem.line}: {problem.path}: {problem.id} / {problem.en}")
            raise CommandError(f"{refused} / {len(refused.problems)} mistakes, nothing changed.") from refused
        for change in changes:
            self.stdout.write(f"{change['what']} {change['code']} {', '.join(change['parts'])}".rstrip())
        for warned in lacking.warnings(mall, plan):
            self.stdout.write(f"Perhatian / Note: {warned.text['id']} / {warned.text['en']}")
        done = "Berkas benar. / The file is right." if options["check"] else "Selesai. / Done."
        self.stdout.write(done if changes else "Tidak ada yang berubah. / Nothing changes.")
