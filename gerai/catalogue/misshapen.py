"""A sentence for each way in which a file misses its shape, with the line."""

from typing import Any

import jsonschema_rs

from gerai.catalogue.shape import FILE
from gerai.catalogue.yaml_lines import Path, Problem, line_of, shown

_validator = jsonschema_rs.Draft202012Validator(FILE)
_TYPES = {
    "object": ("kelompok isian", "a group of fields"),
    "array": ("daftar (baris-baris berawalan -)", "a list (lines beginning with -)"),
    "string": ("teks", "text"),
    "integer": ("angka bulat", "a whole number"),
    "number": ("angka", "a number"),
    "boolean": ("true atau false", "true or false"),
}


def problems(data: Any, lines: dict[Path, int], validator: Any = _validator) -> list[Problem]:
    """Everything that misses the shape (an agency's file, if nothing else is said), with the line of each."""
    found = []
    for error in validator.iter_errors(data):
        path: Path = tuple(error.instance_path)
        for where, code, indonesian, english in _sentences(path, error):
            found.append(Problem(line_of(lines, where), shown(where), code, indonesian, english))
    return sorted(found, key=lambda p: (p.line, p.path))


def _sentences(path: Path, error: Any) -> list[tuple[Path, str, str, str]]:
    kind = error.kind.name
    if kind == "additionalProperties":
        return [
            (
                (*path, name),
                "field_unknown",
                f"Isian {name} tidak dikenal di sini.",
                f"The field {name} is unknown here.",
            )
            for name in error.kind.unexpected
        ]
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
        wanted = _wanted(error.kind)
        return [(path, "type_wrong", f"Ini harus berupa {wanted[0]}.", f"This must be {wanted[1]}.")]
    if kind == "enum":
        options = ", ".join(str(o).lower() if isinstance(o, bool) else str(o) for o in error.kind.options)
        return [(path, "choice_wrong", f"Pilih salah satu: {options}.", f"Choose one of: {options}.")]
    if kind in ("minimum", "maximum", "minLength", "maxLength", "minItems", "maxItems"):
        least = kind.startswith("min")
        limit = error.kind.limit
        return [
            (
                path,
                "limit_passed",
                f"{'Paling sedikit' if least else 'Paling banyak'} {limit}.",
                f"At {'least' if least else 'most'} {limit}.",
            )
        ]
    return [
        (
            path,
            "form_wrong",
            f"Bentuknya tidak sesuai: {error.message[:200]}.",
            f"The form is wrong: {error.message[:200]}.",
        )
    ]


def _wanted(kind: Any) -> tuple[str, str]:
    names = kind.as_dict().get("types") or kind.as_dict().get("type") or []
    names = [names] if isinstance(names, str) else [name for name in names if name != "null"]
    names.sort(reverse=True)  # "string" before "integer" where both will do
    return _TYPES.get(names[0] if names else "", ("bentuk lain", "of another type"))
