"""From what a browser sends to checked answers, by the questions of an edition. Pure but for jsonschema-rs.

The stored contract is JSON Schema 2020-12; its English messages are replaced by our own sentences.
"""

import re
from collections.abc import Mapping
from datetime import date
from typing import Any

import jsonschema_rs

from gerai.catalogue import asking
from gerai.core.errors import Sentence

# "15000" or "15.000", but not "1.5": taking the point away would make it fifteen.
WHOLE = re.compile(r"-?([0-9]{1,15}|[0-9]{1,3}([. ][0-9]{3}){1,4})")
JSON_TYPES = {"integer": "integer", "yes_no": "boolean"}
GROUPED = 10_000  # from here on the digits stand in groups; a year never does
MUST = "Isian ini wajib diisi."
SENTENCES = {
    "minLength": "Isian ini terlalu pendek.",
    "maxLength": "Isian ini terlalu panjang.",
    "pattern": "Bentuk isian ini tidak sesuai. Ikuti contoh pada petunjuk.",
    "minimum": "Angka ini terlalu kecil. Paling kecil {limit}.",
    "maximum": "Angka ini terlalu besar. Paling besar {limit}.",
    "enum": "Pilih salah satu dari pilihan yang ada.",
    "integer": "Tulis angka bulat tanpa titik atau koma.",
    "date": "Tulis tanggal yang benar, misalnya 2026-11-23.",
    "other": "Isian ini belum benar. Periksa kembali.",
}


def fields(content: Mapping[str, Any]) -> list[dict[str, Any]]:
    """All fields of all sections, in order, asked or not (`catalogue.asking` tells which are)."""
    return [field for section in content["questions"] for field in section["fields"]]


def field_schema(field: Mapping[str, Any]) -> dict[str, Any]:
    """The JSON Schema of one answer."""
    schema: dict[str, Any] = {"type": JSON_TYPES.get(field["type"], "string"), **field.get("schema", {})}
    if field["type"] == "choice":
        schema["enum"] = [choice["value"] for choice in field["choices"]]
    if schema["type"] == "string" and "enum" not in schema:
        schema.setdefault("maxLength", 4000 if field["type"] in ("textarea", "address") else 200)
    return schema


def _parse(field: Mapping[str, Any], raw: str) -> Any:
    if field["type"] == "integer":
        return int(raw.replace(".", "").replace(" ", "")) if WHOLE.fullmatch(raw) else raw
    if field["type"] == "yes_no":
        return {"yes": True, "no": False}.get(raw, raw)
    return raw


def _sentence(field: Mapping[str, Any], value: Any, schema: dict[str, Any]) -> str | None:
    if field["type"] == "date":
        try:
            date.fromisoformat(value)
        except ValueError:
            return SENTENCES["date"]
    error = next(iter(jsonschema_rs.validator_for(schema).iter_errors(value)), None)
    if error is None:
        return None
    keyword = str(error.schema_path[-1]) if error.schema_path else "other"
    if keyword == "type":
        keyword = schema["type"]
    return Sentence(SENTENCES.get(keyword, SENTENCES["other"]), limit=schema.get(keyword, ""))


def check(some: list[dict[str, Any]], raw: Mapping[str, str]) -> tuple[dict[str, Any], dict[str, str]]:
    """Answers by field key, and a sentence for each field that is wrong or missing."""
    answers: dict[str, Any] = {}
    wrong: dict[str, str] = {}
    for field in some:
        text = str(raw.get(field["key"], "")).strip().replace("\x00", "")
        if not text:
            if field.get("required", True):
                wrong[field["key"]] = MUST
            continue
        value = _parse(field, text)
        sentence = _sentence(field, value, field_schema(field))
        if sentence:
            wrong[field["key"]] = sentence
        else:
            answers[field["key"]] = value
    return answers, wrong


def recheck(content: Mapping[str, Any], answers: Mapping[str, Any]) -> dict[str, str]:
    """Check stored answers once more, whole: what is missing or wrong of what is asked, by field key."""
    wrong: dict[str, str] = {}
    for field in asking.fields(content, answers):
        if field["type"] == asking.COMPUTED:
            continue
        value = answers.get(field["key"])
        if value in (None, ""):
            if field.get("required", True):
                wrong[field["key"]] = MUST
        elif sentence := _sentence(field, value, field_schema(field)):
            wrong[field["key"]] = sentence
    return wrong


def shown(field: Mapping[str, Any], value: Any, language: str) -> str:
    """An answer as people read it."""
    if value in (None, ""):
        return "-"
    if field["type"] == "yes_no":
        return {("id", True): "Ya", ("id", False): "Tidak", ("en", True): "Yes"}.get((language, value), "No")
    if field["type"] == "choice":
        for choice in field["choices"]:
            if choice["value"] == value:
                return str(choice["label"].get(language) or choice["label"]["id"])
    if isinstance(value, int) and abs(value) >= GROUPED:
        return f"{value:,}" if language == "en" else f"{value:,}".replace(",", ".")
    return str(value)
