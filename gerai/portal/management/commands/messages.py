"""`gerai messages`: bring the English catalogue up to date; prints what still needs English."""

from typing import Any

from django.core.management.base import BaseCommand

from gerai.portal import words


class Command(BaseCommand):
    """Collect all sentences and merge them into the .po file."""

    help = "Collect all sentences and merge them into the English catalogue."

    def handle(self, *args: Any, **options: Any) -> None:
        """Merge and report."""
        wanted, known = words.collect(), words.read()
        words.ENGLISH.parent.mkdir(parents=True, exist_ok=True)
        words.ENGLISH.write_bytes(words.merge(known, wanted))
        for sentence in words.missing(words.read(), words.collect()):
            self.stdout.write(f"belum / missing: {sentence}")
