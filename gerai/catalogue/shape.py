"""The shape of an agency's file as JSON Schema 2020-12, and a sentence for each way to miss it."""

from typing import Any

import jsonschema_rs

from gerai.agencies.rules import AGENCY_ROLES, DAYS
from gerai.catalogue.yaml_lines import Path, Problem, line_of, shown

CODE = "^[A-Z][A-Z0-9]{1,19}$"
SERVICE_CODE = "^[A-Z][A-Z0-9]{1,19}-[A-Z0-9]{1,9}$"
KEY = "^[a-z][a-z0-9_]{0,39}$"
KINDS = ["licence", "non-licence", "civil-registration", "consultation", "payment"]
FIELD_TYPES = ["text", "textarea", "integer", "date", "choice", "yes_no", "address", "computed"]


def _text(longest: int = 2000) -> dict[str, Any]:
    words = {"type": "string", "minLength": 1, "maxLength": longest, "pattern": r"\S"}
    return _object({"id": words, "en": words}, all_required=True)


def _object(properties: dict[str, Any], *, required: str = "", all_required: bool = False) -> dict[str, Any]:
    return {
        "type": "object",
        "properties": properties,
        "required": list(properties) if all_required else required.split(),
        "additionalProperties": False,
    }


def _list(items: dict[str, Any], longest: int, *, least: int = 0) -> dict[str, Any]:
    return {"type": "array", "items": items, "maxItems": longest, "minItems": least}


def _string(longest: int, pattern: str = r"\S") -> dict[str, Any]:
    return {"type": "string", "maxLength": longest, "pattern": pattern}


_TIME = _string(5, r"^([01][0-9]|2[0-3]):[0-5][0-9]$")
_OPENING = _object({day: _list(_TIME, 2) for day in DAYS})
_SOURCE = _object(
    {"url": _string(400), "verified_on": {"type": ["string", "null"], "pattern": r"^\d{4}-\d\d-\d\d$"}},
    required="url",
)
_CEL = {"type": "string", "minLength": 1, "maxLength": 2000}
_FIELD = _object(
    {
        "key": _string(40, KEY),
        "label": _text(200),
        "help": _text(600),
        "type": {"enum": FIELD_TYPES},
        "choices": _list(
            _object({"value": _string(60), "label": _text(200)}, all_required=True), 60, least=2
        ),
        "required": {"type": "boolean"},
        "personal": {"type": "boolean"},
        "shared": {"type": "boolean"},
        "schema": {"type": "object"},
        "when": _CEL,
        "value": _CEL,
    },
    required="key label type",
)
_TASK = _object(
    {
        "key": _string(40, KEY),
        "kind": {"enum": ["recommend", "inspect", "verify"]},
        "agency": _string(20, CODE),
        "role": {"enum": sorted(AGENCY_ROLES)},
        "days": {"type": "integer", "minimum": 1, "maximum": 365},
        "title": _text(200),
        "when": _CEL,
    },
    required="key kind agency days title",
)
CONTENT = {
    "summary": _text(),
    "standard": _object(
        {
            "procedure": _list(_text(), 30, least=1),
            "product": _text(200),
            "complaints": _text(),
            "legal_basis": _list(_string(300), 30),
            "validity": _text(200),
            "time": _object(
                {
                    "days": {"type": "integer", "minimum": 0, "maximum": 365},
                    "kind": {"enum": ["working", "calendar", "hours"]},
                },
                required="days",
            ),
        },
        all_required=True,
    ),
    "requirements": _list(
        _object(
            {
                "code": _string(30, "^[A-Z][A-Z0-9_]*$"),
                "name": _text(300),
                "file": {"type": "boolean"},
                "required": {"type": "boolean"},
                "note": _text(600),
                "when": _CEL,
            },
            required="code name",
        ),
        60,
    ),
    "questions": _list(
        _object(
            {
                "key": _string(40, KEY),
                "title": _text(200),
                "fields": _list(_FIELD, 40, least=1),
                "when": _CEL,
            },
            required="key title fields",
        ),
        20,
    ),
    "fee": _object(
        {
            "amount": {**_CEL, "type": ["string", "integer"], "minimum": 0},
            "text": _text(600),
            "confirmed": {"type": "boolean"},
            "source": _string(400),
        },
        required="amount text",
    ),
    "route": _list(
        _object({"key": _string(40, KEY), "tasks": _list(_TASK, 20, least=1)}, all_required=True), 20
    ),
    "permit": _object(
        {
            "title": _text(200),
            "body": _list(_object({"label": _text(200), "value": _string(40, KEY)}, all_required=True), 40),
            "valid_years": {"type": ["integer", "null"], "minimum": 1, "maximum": 99},
        },
        required="title",
    ),
    "deemed": {"type": "boolean"},
    "system_of_record": _string(120),
    "source": _SOURCE,
}
SERVICE = _object(
    {
        "code": _string(30, SERVICE_CODE),
        "name": _text(200),
        "keywords": _list(_string(80), 40),
        "kind": {"enum": KINDS},
        "online": {"type": "boolean"},
        "counter_minutes": {"type": "integer", "minimum": 1, "maximum": 480},
        **CONTENT,
    },
    required="code name kind counter_minutes summary standard fee source",
)
AGENCY = _object(
    {
        "code": _string(20, CODE),
        "name": _text(200),
        "short": _string(40),
        "kind": {"enum": ["opd", "vertical", "bumn", "bumd", "private"]},
        "permit_pattern": _string(60),
        "opening": _OPENING,
        "source": _SOURCE,
    },
    required="code name short kind source",
)
COUNTER = _object(
    {
        "number": {"type": "integer", "minimum": 1, "maximum": 999},
        "zone": _string(40),
        "shared": {"type": "boolean"},
    },
    required="number",
)
FILE = _object(
    {"agency": AGENCY, "counters": _list(COUNTER, 100), "services": _list(SERVICE, 500, least=1)},
    required="agency services",
)
_validator = jsonschema_rs.Draft202012Validator(FILE)
_TYPES = {
    "object": ("kelompok isian", "a group of fields"),
    "array": ("daftar (baris-baris berawalan -)", "a list (lines beginning with -)"),
    "string": ("teks", "text"),
    "integer": ("angka bulat", "a whole number"),
    "boolean": ("true atau false", "true or false"),
}


def problems(data: Any, lines: dict[Path, int]) -> list[Problem]:
    """Everything that misses the shape, with the line of each."""
    found = []
    for error in _validator.iter_errors(data):
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
        options = ", ".join(map(str, error.kind.options))
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
