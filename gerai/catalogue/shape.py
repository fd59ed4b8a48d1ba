"""The shape of an agency's file as JSON Schema 2020-12."""

from typing import Any

from gerai.agencies.rules import DAYS
from gerai.catalogue import permit_text
from gerai.catalogue.checklists import MOST_POINTS, POINT_KINDS
from gerai.catalogue.generic import GENERIC, NEEDED, OPTIONAL
from gerai.catalogue.lasting import OPEN
from gerai.catalogue.rules import COMPONENTS, TASK_ROLES

CODE = "^[A-Z][A-Z0-9]{1,19}$"
SERVICE_CODE = "^[A-Z][A-Z0-9]{1,19}-[A-Z0-9]{1,9}$"
KEY = "^[a-z][a-z0-9_]{0,39}$"
REQUIREMENT = "^[A-Z][A-Z0-9_]*$"
TIME = r"^([01][0-9]|2[0-3]):[0-5][0-9]$"
DAY = r"^\d{4}-\d\d-\d\d$"
KINDS = ["licence", "non-licence", "civil-registration", "consultation", "payment"]
PLAIN_TYPES = ["text", "textarea", "integer", "date", "choice", "yes_no"]
CELL_TYPES = [*PLAIN_TYPES, "address", "point"]  # what a row of a group may ask
FIELD_TYPES = [*CELL_TYPES, "file", "group", "computed"]
MOST_ROWS = 30

# fmt: off
OFFERED = (
    "person.name", "person.address", "person.kelurahan", "business.name", "business.nib", "business.address",
)
# fmt: on


def text(longest: int = 2000) -> dict[str, Any]:
    """A text in both languages."""
    words = {"type": "string", "minLength": 1, "maxLength": longest, "pattern": r"\S"}
    return group({"id": words, "en": words}, all_required=True)


def group(properties: dict[str, Any], *, required: str = "", all_required: bool = False) -> dict[str, Any]:
    """Fields by name, and no others."""
    return {
        "type": "object",
        "properties": properties,
        "required": list(properties) if all_required else required.split(),
        "additionalProperties": False,
    }


def rows(items: dict[str, Any], longest: int, *, least: int = 0) -> dict[str, Any]:
    """A list of at most so many."""
    return {"type": "array", "items": items, "maxItems": longest, "minItems": least}


def string(longest: int, pattern: str = r"\S") -> dict[str, Any]:
    """One line of text."""
    return {"type": "string", "maxLength": longest, "pattern": pattern}


_OPENING = group({day: rows(string(5, TIME), 2) for day in DAYS})
SOURCE = group(
    {"url": string(400), "verified_on": {"type": ["string", "null"], "pattern": DAY}},
    required="url",
)
CEL = {"type": "string", "minLength": 1, "maxLength": 2000}
_ASKED = {
    "key": string(40, KEY),
    "label": text(200),
    "help": text(600),
    "choices": rows(group({"value": string(60), "label": text(200)}, all_required=True), 60, least=2),
    "required": {"type": "boolean"},
    "schema": {"type": "object"},
    "outside": {"type": "boolean"},  # an address that may lie outside the city
    "when": CEL,  # in a row also over `row`
}
_CELL = group({**_ASKED, "type": {"enum": CELL_TYPES}}, required="key label type")
_FIELD = group(
    {
        **_ASKED,
        "type": {"enum": FIELD_TYPES},
        "personal": {"type": "boolean"},
        "shared": {"type": "boolean"},
        "from": {"enum": list(OFFERED)},  # what registers know of the person or business
        "renewing": {
            "type": ["boolean", "string"],
            "minLength": 1,
            "maxLength": 60,
        },  # what a renewal answers
        "fields": rows(_CELL, 12, least=1),  # of each row of a group
        "least": {"type": "integer", "minimum": 0, "maximum": MOST_ROWS},
        "most": {"type": "integer", "minimum": 1, "maximum": MOST_ROWS},
        "value": CEL,
    },
    required="key label type",
)
_POINT = group(  # of an inspection's checklist
    {
        "key": string(40, KEY),
        "text": text(300),
        "kind": {"enum": list(POINT_KINDS)},
        "unit": text(30),
        "photo": {"type": "boolean"},
        "law": string(300),
    },
    required="key text kind",
)
_FEE = group(
    {
        "amount": {**CEL, "type": ["string", "integer"], "minimum": 0},
        "text": text(600),
        "confirmed": {"type": "boolean"},
        "source": string(400),
    },
    required="amount text",
)
# How many days or months: a number, or the key of the answer that says so.
_COUNT = {**string(40, KEY), "type": ["integer", "string"], "minimum": 1, "maximum": 3660}
_TASK = group(
    {
        "key": string(40, KEY),
        "kind": {"enum": ["recommend", "inspect", "verify"]},
        "agency": string(20, CODE),
        "role": {"enum": sorted(TASK_ROLES)},
        "days": {"type": "integer", "minimum": 1, "maximum": 365},
        "title": text(200),
        "when": CEL,
        "appointment": {"type": "boolean"},  # these three: inspections only (`checklists`)
        "checklist": rows(_POINT, MOST_POINTS, least=1),
        "checklist_source": SOURCE,
    },
    required="key kind agency days title",
)
_COMPONENTS = {name: text(1000) for name in COMPONENTS}
CONTENT = {
    "summary": text(),
    "standard": group(
        {
            "procedure": rows(text(), 30, least=1),
            "product": text(200),
            "complaints": text(),
            "legal_basis": rows(string(300), 30),
            "validity": text(200),
            "time": group(
                {
                    "days": {"type": "integer", "minimum": 0, "maximum": 365},
                    "kind": {"enum": ["working", "calendar", "hours"]},
                },
                required="days",
            ),
            **_COMPONENTS,  # from the agency's `standard` where a service does not say
        },
        required="procedure product complaints legal_basis validity time",
    ),
    "requirements": rows(
        group(
            {
                "code": string(30, REQUIREMENT),
                "name": text(300),
                "file": {"type": "boolean"},
                "required": {"type": "boolean"},
                "shared": {
                    "type": "boolean"
                },  # false: about this service alone, never taken from another draft
                "note": text(600),
                "when": CEL,
            },
            required="code name",
        ),
        60,
    ),
    "questions": rows(
        group(
            {
                "key": string(40, KEY),
                "title": text(200),
                "fields": rows(_FIELD, 40, least=1),
                "when": CEL,
            },
            required="key title fields",
        ),
        20,
    ),
    "fee": _FEE,
    "route": rows(group({"key": string(40, KEY), "tasks": rows(_TASK, 20, least=1)}, all_required=True), 20),
    "permit": group(
        {
            "title": text(200),
            "body": rows(group({"label": text(200), "value": string(40, KEY)}, all_required=True), 40),
            "valid_years": {"type": ["integer", "null"], "minimum": 1, "maximum": 99},
            "lasts": group(
                {
                    "from": string(40, KEY),
                    "until": string(40, KEY),
                    "days": _COUNT,
                    "months": _COUNT,
                    "otherwise": {"enum": [OPEN]},
                    "begun": {"type": "boolean"},
                }
            ),
            "text": text(permit_text.LIMIT),
            "place": string(40, KEY),
        },
        required="title",
    ),
    "amend": group({"fee": _FEE}),
    "deemed": {"type": "boolean"},
    "system_of_record": string(120),
    "proof": {"enum": [NEEDED, OPTIONAL]},  # of a result that another system gives
    "objection": group({"office": text(200), "address": string(300)}, all_required=True),
    "source": SOURCE,
}
SERVICE = group(
    {
        "code": string(30, SERVICE_CODE),
        "name": text(200),
        "keywords": rows(string(80), 40),
        "kind": {"enum": KINDS},
        "online": {"enum": [True, False, GENERIC]},
        "counter_minutes": {"type": "integer", "minimum": 1, "maximum": 480},
        **CONTENT,
    },
    required="code name kind counter_minutes summary standard fee source",
)
AGENCY = group(
    {
        "code": string(20, CODE),
        "name": text(200),
        "short": string(40),
        "kind": {"enum": ["opd", "vertical", "bumn", "bumd", "private"]},
        "permit_pattern": string(60),
        "opening": _OPENING,
        "source": SOURCE,
    },
    required="code name short kind source",
)
COUNTER = group(
    {
        "number": {"type": "integer", "minimum": 1, "maximum": 999},
        "zone": string(40),
        "shared": {"type": "boolean"},
    },
    required="number",
)
FILE = group(
    {
        "agency": AGENCY,
        "standard": group(_COMPONENTS),
        "counters": rows(COUNTER, 100),
        "services": rows(SERVICE, 500, least=1),
    },
    required="agency services",
)
