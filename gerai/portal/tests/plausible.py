"""What somebody would answer to a question: the first choice, the least number, a sentence, a place in the city."""

import re
from collections.abc import Mapping
from typing import Any

from gerai.catalogue import asking

DAY = "2026-12-14"
PATTERNED = ("081234567890", "1234567890123", "1234567890", "KBLI 56101", "12345", "BD1234AB", "2026")


def raw(field: Mapping[str, Any], kelurahan: str, spot: str) -> dict[str, str]:
    """The inputs of one question as a browser sends them."""
    key, kind = field["key"], field["type"]
    if kind in (asking.FILE, asking.COMPUTED):
        return {}
    if kind == asking.GROUP:
        found: dict[str, str] = {}
        for number in range(max(1, asking.least(field))):
            for cell in field["fields"]:
                typed = raw(cell, kelurahan, spot)
                found |= {f"{key}.{number}.{name}": text for name, text in typed.items()}
        return found
    if kind == asking.ADDRESS:
        return {key: "Jalan Suprapto nomor 12", f"{key}.kelurahan": kelurahan}
    if kind == asking.POINT:
        return {key: spot}
    return {key: _plain(field)}


def _plain(field: Mapping[str, Any]) -> str:
    schema = field.get("schema", {})
    if field["type"] == "choice":
        return str(field["choices"][0]["value"])
    if field["type"] == "yes_no":
        return "no"
    if field["type"] == "date":
        return DAY
    if field["type"] == "integer":
        return str(schema.get("minimum", 1))
    if "pattern" in schema:
        return next(text for text in PATTERNED if re.search(schema["pattern"], text))
    words = "Warung Sari di Jalan Suprapto, buka setiap hari. " * 20
    return words[: min(schema.get("maxLength", 60), max(60, schema.get("minLength", 0)))].strip()
