"""A sentence for each way in which a file misses its shape, with the line."""

import difflib
from collections.abc import Iterator
from typing import Any

import jsonschema_rs

from gerai.catalogue import shape
from gerai.catalogue.shape import FILE
from gerai.catalogue.yaml_lines import Path, Problem, line_of, shown

_validator = jsonschema_rs.Draft202012Validator(FILE)
# What a text of this form looks like, by its pattern.
_FORMS = {
    shape.CODE: ("huruf besar dan angka tanpa spasi, misalnya DISHUB", "capitals and digits, as in DISHUB"),
    shape.SERVICE_CODE: (
        "kode instansi, tanda - dan nomor, misalnya DISHUB-01",
        "agency, - and number, as in DISHUB-01",
    ),
    shape.KEY: (
        "huruf kecil, angka dan _ tanpa spasi, misalnya nama_usaha",
        "small letters, digits and _, as in shop_name",
    ),
    shape.REQUIREMENT: ("huruf besar, angka dan _, misalnya KTP", "capitals, digits and _, as in KTP"),
    shape.TIME: ("jam dan menit, misalnya '08:00' dalam kutip", "hour and minute in quotes, as in '08:00'"),
    shape.DAY: (
        "tahun-bulan-tanggal dalam kutip, misalnya '2026-11-23'",
        "year-month-day in quotes, as in '2026-11-23'",
    ),
}
_UNITS = {"Length": ("huruf", "characters"), "Items": ("isi", "items")}
_TYPES = {
    "object": ("kelompok isian", "a group of fields"),
    "array": ("daftar (baris-baris berawalan -)", "a list (lines beginning with -)"),
    "string": ("teks", "text"),
    "integer": ("angka bulat", "a whole number"),
    "number": ("angka", "a number"),
    "boolean": ("true atau false", "true or false"),
}


def _fields(schema: Any) -> Iterator[tuple[str, Any]]:
    """Every field that the file may have anywhere, with its shape."""
    for name, inner in schema.get("properties", {}).items():
        yield name, inner
        yield from _fields(inner)
    if "items" in schema:
        yield from _fields(schema["items"])


_NAMES = {name for name, _ in _fields(FILE)}
_BOTH = {name for name, inner in _fields(FILE) if "en" in inner.get("items", inner).get("properties", {})}


def problems(data: Any, lines: dict[Path, int], validator: Any = _validator) -> list[Problem]:
    """Everything that misses the shape (an agency's file, if nothing else is said), with the line of each."""
    found = dict[Problem, None]()  # what is empty misses its pattern too: said once
    for error in validator.iter_errors(data):
        path: Path = tuple(error.instance_path)
        for where, code, indonesian, english in _sentences(path, error):
            found[Problem(line_of(lines, where), shown(where), code, indonesian, english)] = None
    return sorted(found, key=lambda p: (p.line, p.path))


def _sentences(path: Path, error: Any) -> list[tuple[Path, str, str, str]]:
    kind = error.kind.name
    if kind == "additionalProperties":
        return [_unknown((*path, name), name, error.instance) for name in error.kind.unexpected]
    if kind == "required":
        name = error.kind.property
        if name in ("id", "en"):
            return [
                (
                    path,
                    "language_missing",
                    f"Teks ini perlu dua bahasa; {name} belum ada.",
                    f"This text needs both languages; {name} is missing.",
                )
            ]
        return [(path, "field_missing", f"Isian {name} belum ada.", f"The field {name} is missing.")]
    if kind == "type":
        if isinstance(error.instance, str) and _asks_for_both(path):
            return [
                (
                    path,
                    "language_missing",
                    "Teks ini perlu dua bahasa: {id: ..., en: ...}.",
                    "This text needs both languages: {id: ..., en: ...}.",
                )
            ]
        wanted = _wanted(error.kind)
        return [(path, "type_wrong", f"Ini harus berupa {wanted[0]}.", f"This must be {wanted[1]}.")]
    if kind == "enum":
        options = ", ".join(str(o).lower() if isinstance(o, bool) else str(o) for o in error.kind.options)
        return [(path, "choice_wrong", f"Pilih salah satu: {options}.", f"Choose one of: {options}.")]
    if error.instance == "":
        return [
            (
                path,
                "field_empty",
                "Ini masih kosong. Isi, atau hapus barisnya.",
                "This is empty. Fill it in or remove it.",
            )
        ]
    if kind in ("minimum", "maximum", "minLength", "maxLength", "minItems", "maxItems"):
        least = kind.startswith("min")
        one, two = _UNITS.get(kind[3:], ("", ""))
        return [
            (
                path,
                "limit_passed",
                f"{'Paling sedikit' if least else 'Paling banyak'} {error.kind.limit} {one}".rstrip() + ".",
                f"At {'least' if least else 'most'} {error.kind.limit} {two}".rstrip() + ".",
            )
        ]
    if kind == "pattern" and (form := _FORMS.get(error.kind.pattern)):
        return [(path, "form_wrong", f"Bentuknya: {form[0]}.", f"Its form: {form[1]}.")]
    return [
        (
            path,
            "form_wrong",
            f"Bentuknya tidak sesuai: {error.message[:200]}.",
            f"The form is wrong: {error.message[:200]}.",
        )
    ]


def _unknown(path: Path, name: str, there: Any) -> tuple[Path, str, str, str]:
    """A field that nobody reads; most are misspelt."""
    meant = difflib.get_close_matches(name, _NAMES - set(there), 1, 0.75)
    one, two = (
        (f" Maksudnya {meant[0]}?", f" Do you mean {meant[0]}?") if meant else (" Hapus.", " Remove it.")
    )
    return (
        path,
        "field_unknown",
        f"Isian {name} tidak dikenal di sini.{one}",
        f"The field {name} is unknown here.{two}",
    )


def _asks_for_both(path: Path) -> bool:
    """Whether a text in both languages stands here; of a list, in each place of it."""
    names = [part for part in path if isinstance(part, str)]
    return bool(names) and names[-1] in _BOTH


def _wanted(kind: Any) -> tuple[str, str]:
    names = kind.as_dict().get("types") or kind.as_dict().get("type") or []
    names = [names] if isinstance(names, str) else [name for name in names if name != "null"]
    names.sort(reverse=True)  # "string" before "integer" where both will do
    return _TYPES.get(names[0] if names else "", ("bentuk lain", "of another type"))
