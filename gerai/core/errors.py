"""The one kind of error that is meant for people: a refusal with a stable code and a sentence."""

from typing import Any


class DomainError(Exception):
    """A refusal. `code` is stable and English; `text` is Indonesian, translated at the edge.

    Subclasses stand beside the rule that raises them. `text` may hold {placeholders},
    filled from the keyword arguments.
    """

    code = "refused"
    text = "Permintaan ini tidak dapat diproses."
    status = 422

    def __init__(self, **data: Any) -> None:
        super().__init__(self.code)
        self.data = data

    def __str__(self) -> str:
        return self.text.format(**self.data) if self.data else self.text


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
