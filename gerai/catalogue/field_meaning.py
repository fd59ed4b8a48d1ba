"""What must agree within one question: its type and what belongs to it. Pure."""

import difflib
from collections.abc import Iterator
from typing import Any

import jsonschema_rs

from gerai.catalogue import asking, shape
from gerai.catalogue.yaml_lines import Finding, Path, twice

# Which types take which of these parts; a part that is not named here goes with every type.
_GOES_WITH = {
    "schema": (*shape.PLAIN_TYPES, asking.ADDRESS),
    "from": ("text", "textarea", asking.ADDRESS),
    "renewing": ("text", "choice", "yes_no"),
    "outside": (asking.ADDRESS,),
    "least": (asking.GROUP,),
    "shared": tuple(t for t in shape.FIELD_TYPES if t not in (asking.FILE, asking.COMPUTED)),
}
# What a type needs, and no other type has.
_BELONGS = {
    "choices": ("choice", "choices_wrong"),
    "value": (asking.COMPUTED, "value_wrong"),
    "fields": (asking.GROUP, "fields_wrong"),
    "most": (asking.GROUP, "most_wrong"),
}
# The words of JSON Schema that say something of one answer.
_KEYWORDS = (
    "minimum", "maximum", "exclusiveMinimum", "exclusiveMaximum", "multipleOf", "minLength", "maxLength", "pattern",
    "format", "enum", "const", "not", "anyOf", "oneOf", "allOf",
)  # fmt: skip
LONGEST_FILE_KEY = 30  # it names the document


def check(asked: dict[str, Any], path: Path) -> Iterator[Finding]:
    """Everything wrong with one question; of a group also with what each row asks."""
    kind = asked["type"]
    for part, (owner, code) in _BELONGS.items():
        if (kind == owner) != (part in asked):
            yield (
                path,
                code,
                f"{part} ada pada pertanyaan {owner}, dan hanya di situ.",
                f"A question of type {owner} needs {part}, and no other has it.",
            )
    for part, kinds in _GOES_WITH.items():
        if part in asked and kind not in kinds:
            yield (
                (*path, part),
                "part_unfit",
                f"{part} tidak ada pada pertanyaan {kind}. Hapus.",
                f"A question of type {kind} has no {part}. Remove it.",
            )
    if "renewing" in asked and kind in _GOES_WITH["renewing"] and not _may_renew(asked):
        yield (
            (*path, "renewing"),
            "renewing_wrong",
            f"renewing: true atau false pada yes_no, satu pilihan pada choice, {asking.OLD_NUMBER} pada text.",
            f"renewing is true or false of a yes_no, a value of a choice, {asking.OLD_NUMBER} of a text.",
        )
    yield from twice([c["value"] for c in asked.get("choices", [])], (*path, "choices"), "value")
    if kind == asking.FILE and len(asked["key"]) > LONGEST_FILE_KEY:
        yield (
            (*path, "key"),
            "key_too_long",
            f"Kunci pertanyaan file paling panjang {LONGEST_FILE_KEY} huruf.",
            f"The key of a question of type file has at most {LONGEST_FILE_KEY} characters.",
        )
    if kind == asking.GROUP and "fields" in asked and "most" in asked:
        yield from _rows(asked, path)
    yield from _schema(asked.get("schema", {}), path)


def _may_renew(asked: dict[str, Any]) -> bool:
    """Whether what a renewal answers is an answer of this question."""
    said = asked["renewing"]
    if asked["type"] == "choice":
        return said in [choice["value"] for choice in asked.get("choices", [])]
    return said == asking.OLD_NUMBER if asked["type"] == "text" else isinstance(said, bool)


def _rows(asked: dict[str, Any], path: Path) -> Iterator[Finding]:
    if asking.least(asked) > asked["most"]:
        yield (
            (*path, "most"),
            "most_wrong",
            "most tidak boleh kurang dari least.",
            "most must not be less than least.",
        )
    yield from twice([f["key"] for f in asked["fields"]], (*path, "fields"), "key")
    for place, cell in enumerate(asked["fields"]):
        yield from check(cell, (*path, "fields", place))


def _schema(schema: dict[str, Any], path: Path) -> Iterator[Finding]:
    if "$ref" in str(schema) or "$dynamicRef" in str(schema) or "$recursiveRef" in str(schema):
        yield (*path, "schema"), "schema_wrong", "$ref tidak diterima di sini.", "$ref is not accepted here."
        return
    for word in schema:
        if word not in _KEYWORDS:  # the library passes over what it does not know: a limit that nobody keeps
            meant = difflib.get_close_matches(word, _KEYWORDS, 3, 0.4)
            yield (
                (*path, "schema", word),
                "schema_wrong",
                f"{word} tidak dikenal di sini. Yang dapat dipakai: {', '.join(meant or _KEYWORDS)}.",
                f"{word} is unknown here. It may be: {', '.join(meant or _KEYWORDS)}.",
            )
    try:
        jsonschema_rs.Draft202012Validator({"type": "string", **schema})
    except ValueError as error:
        reason = str(error).splitlines()[0][:160]
        yield (
            (*path, "schema"),
            "schema_wrong",
            f"Bukan JSON Schema yang benar: {reason}.",
            f"This is no correct JSON Schema: {reason}.",
        )
