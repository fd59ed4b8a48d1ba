"""The one kind of error that is meant for people: a refusal with a stable code and a sentence."""

from collections.abc import Callable, Mapping
from datetime import date, datetime
from typing import Any, Self

from django.utils.translation import get_language

from gerai.core.dates import day_in_words, moment_in_words


def _in_words(data: Mapping[str, Any], language: str) -> dict[str, Any]:
    """Days and moments (on the mall's clock) as people say them; the rest as it is."""
    said = dict(data)
    for name, value in data.items():
        if isinstance(value, datetime):
            said[name] = moment_in_words(value, language)
        elif isinstance(value, date):
            said[name] = day_in_words(value, language)
    return said


class Sentence(str):
    """A sentence filled in Indonesian that remembers its {placeholders}: translate first, then fill."""

    pattern: str
    data: dict[str, Any]

    def __new__(cls, pattern: str, /, **data: Any) -> Self:
        """The Indonesian sentence; it is a plain string for whoever only prints or compares it."""
        made = super().__new__(cls, pattern.format(**_in_words(data, "id")) if data else pattern)
        made.pattern, made.data = pattern, data
        return made

    def said(self, translate: Callable[[str], str]) -> str:
        """The sentence in the language that `translate` speaks."""
        words = translate(self.pattern)
        return words.format(**_in_words(self.data, get_language() or "id")) if self.data else words


class DomainError(Exception):
    """A refusal. `code` is stable and English; `text` is Indonesian, translated at the edge.

    Subclasses stand beside the rule that raises them. `text` may hold {placeholders},
    filled from the keyword arguments: show `sentence`, not `text`.
    """

    code = "refused"
    text = "Permintaan ini tidak dapat diproses."
    status = 422

    def __init__(self, **data: Any) -> None:
        super().__init__(self.code)
        self.data = data

    @property
    def sentence(self) -> Sentence:
        """What to tell people; `said` translates it."""
        return Sentence(self.text, **self.data)

    def __str__(self) -> str:
        return self.sentence


class NotFound(DomainError):
    """It does not exist, or it is not yours: the two look the same on purpose."""

    code = "not_found"
    text = "Yang Anda cari tidak ditemukan. Periksa kembali alamat atau nomornya."
    status = 404


class FormInvalid(DomainError):
    """Some fields need mending; `data["fields"]` maps a field name to its sentence."""

    code = "form_invalid"
    text = "Ada isian yang perlu diperbaiki."

    def __init__(self, fields: dict[str, str]) -> None:
        super().__init__(fields=fields)

    @property
    def fields(self) -> dict[str, str]:
        """The sentence for each field that is wrong."""
        found: dict[str, str] = self.data["fields"]
        return found
