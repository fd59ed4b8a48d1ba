"""From what a browser sends to checked answers, by the questions of an edition. Pure but for jsonschema-rs.

The stored contract is JSON Schema 2020-12; its English messages are replaced by our own sentences.
"""

import re
from collections.abc import Callable, Mapping, Set
from datetime import date
from typing import Any

import jsonschema_rs

from gerai.agencies.places import NOWHERE, Places
from gerai.applications import inputs, points
from gerai.applications.showing import shown as shown
from gerai.catalogue import asking
from gerai.core.errors import Sentence

# "15000" or "15.000", but not "1.5": taking the point away would make it fifteen.
WHOLE = re.compile(r"-?([0-9]{1,15}|[0-9]{1,3}([. ][0-9]{3}){1,4})")
Known = Mapping[str, Any]
NOTHING: Known = {}
Read = tuple[Any, dict[str, str]]  # an answer or None, and the sentences for its inputs
JSON_TYPES = {"integer": "integer", "yes_no": "boolean"}
MUST = "Isian ini wajib diisi."
SENTENCES = {
    "minLength": "Isian ini terlalu pendek.",
    "maxLength": "Isian ini terlalu panjang.",
    "pattern": "Bentuk isian ini tidak sesuai. Ikuti contoh pada petunjuk.",
    "digits": "Tulis angkanya saja, dan periksa kembali jumlahnya.",
    "shape": "Bentuk isian ini tidak sesuai. Periksa kembali huruf dan angkanya.",
    "minimum": "Angka ini terlalu kecil. Paling kecil {limit}.",
    "maximum": "Angka ini terlalu besar. Paling besar {limit}.",
    "enum": "Pilih salah satu dari pilihan yang ada.",
    "integer": "Tulis angka bulat tanpa titik atau koma.",
    "passed": "Tanggal ini sudah lewat. Pilih hari ini atau sesudahnya.",
    "date": "Tulis tanggal yang benar, misalnya 2026-11-23.",
    "not_sent": "Berkas ini belum dikirim.",
    "street": "Tulis juga nama jalan dan nomornya.",
    "kelurahan": "Pilih kelurahan dari daftar.",
    "least": "Isi paling sedikit {limit} baris.",
    "most": "Paling banyak {limit} baris. Hapus yang berlebih.",
    "row": "Ada baris yang belum lengkap atau belum benar. Periksa kembali.",
    **points.SENTENCES,
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


def is_number(field: Mapping[str, Any]) -> bool:
    """Whether a text is all digits, as a phone number or a NIB is."""
    pattern = str(field.get("schema", {}).get("pattern", ""))
    return "0-9" in pattern and not re.search("[A-Za-z]", pattern)


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
    if keyword == "pattern" and not field.get("help"):  # there is no example to follow
        keyword = "digits" if is_number(field) else "shape"
    return Sentence(SENTENCES.get(keyword, SENTENCES["other"]), limit=schema.get(keyword, ""))


def check(
    some: list[dict[str, Any]], raw: Mapping[str, str], places: Places = NOWHERE, known: Known = NOTHING
) -> tuple[dict[str, Any], dict[str, str]]:
    """
    Answers by field key, and a sentence for each input that is wrong or missing (`inputs` says how they are called).

    `known` are the answers that count, for conditions inside rows. Of a row the cells that are asked and right are
    kept. Files do not come this way.
    """
    answers: dict[str, Any] = {}
    wrong: dict[str, str] = {}
    for field in some:
        value, bad = _group(field, raw, places, known) if _is_group(field) else _one(field, raw, places)
        wrong |= bad
        if value is not None:
            answers[field["key"]] = value
    return answers, wrong


def _is_group(field: Mapping[str, Any]) -> bool:
    return bool(field["type"] == asking.GROUP)


def _one(field: Mapping[str, Any], raw: Mapping[str, str], places: Places) -> Read:
    return _READ.get(field["type"], _plain)(field, raw, places)


def _plain(field: Mapping[str, Any], raw: Mapping[str, str], _places: Places) -> Read:
    text = inputs.text_of(raw, field["key"])
    if not text:
        return _nothing(field)
    value, schema = _parse(field, text), field_schema(field)
    sentence = _sentence(field, value, schema)
    if sentence and "pattern" in schema:  # "0812 3456-7890" as people write it
        bare = (re.sub(r"\s", "", text), re.sub(r"[\s().\-]", "", text))
        good = next((one for one in bare if not _sentence(field, one, schema)), None)
        value, sentence = (good, None) if good else (value, sentence)
    return (None, {field["key"]: sentence}) if sentence else (value, {})


def _nothing(field: Mapping[str, Any]) -> Read:
    return None, ({field["key"]: MUST} if field.get("required", True) else {})


def _point(field: Mapping[str, Any], raw: Mapping[str, str], places: Places) -> Read:
    text = inputs.text_of(raw, field["key"])
    if not text:
        return _nothing(field)
    point, sentence = points.read(text, places)
    return (None, {field["key"]: sentence}) if sentence else (point, {})


def _address(field: Mapping[str, Any], raw: Mapping[str, str], places: Places) -> Read:
    key = field["key"]
    street, code = inputs.text_of(raw, key), inputs.text_of(raw, f"{key}.kelurahan")
    if not street and code in ("", inputs.OUTSIDE):
        return _nothing(field)
    sentence = _sentence(field, street, field_schema(field)) if street else SENTENCES["street"]
    wrong = {key: sentence} if sentence else {}
    value = {"street": street}
    if one := places.find(code):
        value |= {"code": one.code, "kelurahan": one.name, "kecamatan": one.kecamatan}
    elif places.kelurahan and not (field.get("outside") and code == inputs.OUTSIDE):
        wrong[f"{key}.kelurahan"] = SENTENCES["kelurahan"]
    return (None, wrong) if wrong else (value, {})


def _group(field: Mapping[str, Any], raw: Mapping[str, str], places: Places, known: Known) -> Read:
    rows: list[dict[str, Any]] = []
    wrong: dict[str, str] = {}
    for number, typed in inputs.typed_rows(field, raw):
        row, bad, _ = read_row(field, typed, places, known, inputs.cells_shown(field, number, raw))
        rows.append(row)
        wrong |= _in_row(field, number, bad)
    if sentence := _row_count(field, len(rows)):
        wrong[field["key"]] = sentence
    too_many = len(rows) > field["most"]
    return None if too_many or (wrong and not rows) else rows, wrong


def check_rows(
    group: Mapping[str, Any],
    standing: list[dict[str, Any]],
    numbers: set[int],
    raw: Mapping[str, str],
    places: Places,
    known: Known,
) -> Read:
    """The rows as they stand with these ones as they were typed, and a sentence for each input that is wrong."""
    rows, wrong, typed = list(standing), dict[str, str](), dict(inputs.typed_rows(group, raw))
    for number in sorted(numbers & set(range(len(rows)))):
        shown = inputs.cells_shown(group, number, raw)
        rows[number], bad, _ = read_row(group, typed.get(number, {}), places, known, shown)
        wrong |= _in_row(group, number, bad)
    return rows, wrong


def read_row(
    group: Mapping[str, Any], typed: Mapping[str, str], places: Places, known: Known, shown: Set[str]
) -> tuple[dict[str, Any], dict[str, str], list[dict[str, Any]]]:
    """
    One row from what was typed: its answers, what is wrong by cell, and the cells that it asks.

    What it asks only now, and was not shown yet, is not missing yet.
    """
    row: dict[str, Any] = {}
    wrong: dict[str, str] = {}
    asked: list[dict[str, Any]] = []
    for cell in asking.cells(group, row, known):
        asked.append(cell)
        value, bad = _one(cell, typed, places)
        if value is not None:
            row[cell["key"]] = value
        elif cell["key"] in shown or any(inputs.belongs(cell, name) for name in typed):
            wrong |= bad
    return row, wrong, asked


def _in_row(group: Mapping[str, Any], number: int, wrong: Mapping[str, str]) -> dict[str, str]:
    return {f"{group['key']}.{number}.{name}": sentence for name, sentence in wrong.items()}


def _row_count(field: Mapping[str, Any], count: int) -> str | None:
    least = asking.least(field)
    if count < least:
        return Sentence(SENTENCES["least"], limit=least)
    return Sentence(SENTENCES["most"], limit=field["most"]) if count > field["most"] else None


def _file(_field: Mapping[str, Any], _raw: Mapping[str, str], _places: Places) -> Read:
    return None, {}


_READ: dict[str, Callable[[Mapping[str, Any], Mapping[str, str], Places], Read]] = {
    asking.ADDRESS: _address,
    asking.FILE: _file,
    asking.POINT: _point,
}


def recheck(
    content: Mapping[str, Any], answers: Mapping[str, Any], places: Places = NOWHERE
) -> dict[str, str]:
    """Check stored answers once more, whole: what is missing or wrong of what is asked, by field key."""
    wrong: dict[str, str] = {}
    settled = asking.settle(content, answers)
    for field in asking.fields(content, answers):
        if field["type"] not in (asking.COMPUTED, asking.FILE):
            value = settled.get(field["key"])
            if value in (None, ""):
                wrong |= _nothing(field)[1]
            elif sentence := _stored(field, value, places, settled):
                wrong[field["key"]] = sentence
    return wrong


def lacking_rows(group: Mapping[str, Any], rows: list[Any], places: Places, known: Known) -> set[int]:
    """The stored rows in which something that is asked is missing or wrong."""
    return {
        number
        for number, row in enumerate(rows)
        if not isinstance(row, Mapping)
        or any(
            _nothing(cell)[1]
            if row.get(cell["key"]) in (None, "")
            else _stored(cell, row[cell["key"]], places)
            for cell in asking.cells(group, row, known)
        )
    }


def _stored(field: Mapping[str, Any], value: Any, places: Places, known: Known = NOTHING) -> str | None:
    """A sentence for a stored answer that is not as it should be."""
    if field["type"] == asking.GROUP:
        if not isinstance(value, list):
            return SENTENCES["other"]
        return (
            SENTENCES["row"] if lacking_rows(field, value, places, known) else _row_count(field, len(value))
        )
    if field["type"] == asking.POINT:
        good = isinstance(value, Mapping) and all(
            isinstance(value.get(n), int | float) for n in ("lat", "lon")
        )
        return points.outside(dict(value), places) if good else SENTENCES["other"]
    if field["type"] == asking.ADDRESS and isinstance(value, Mapping):
        if places.kelurahan and not value.get("code") and not field.get("outside"):
            return SENTENCES["kelurahan"]
        value = value.get("street", "")  # an address from before the list is one text, and stays good
    return _sentence(field, value, field_schema(field))


def labels(content: Mapping[str, Any]) -> dict[str, dict[str, str]]:
    """What can be mended by its name: "answer:<key>", "answer:<key>.<row>" or "file:<code>" -> label."""
    found: dict[str, dict[str, str]] = {}
    for field in fields(content):
        found[f"answer:{field['key']}"] = field["label"]
        for number in range(field.get("most", 0)):
            found[f"answer:{field['key']}.{number}"] = row_label(field, number)
    return found | {f"file:{r['code']}": r["name"] for r in content["requirements"]}


def row_label(group: Mapping[str, Any], number: int) -> dict[str, str]:
    """What one row of a group is called, in both languages."""
    return {tongue: f"{words} {number + 1}" for tongue, words in group["label"].items()}
