"""The shape of every answer, for the description at /api/v1/openapi.json. The views answer by themselves."""

from typing import Any, Literal

from ninja import Schema

from gerai.permits.rules import Shown
from gerai.visits.rules import State

ABOUT = (
    "The public service mall for machines. Reading is open. Acting needs `Authorization: Bearer TOKEN`: a paired "
    "machine's (`gerai device NAME`) or an officer's for twelve hours (`gerai token EMAIL`). Everything may be sent "
    "again: a POST with the same `Idempotency-Key` happens once. Times are ISO 8601 in UTC, dates are the mall's. A "
    "refusal is `{code, text}`: the code is stable, the text in the language of `Accept-Language` (id, en). Inside "
    "version 1 fields are only ever added. Open data: /data/izin.csv, .json, .geojson. Keys of credentials: "
    "/.well-known/jwt-vc-issuer."
)


class Refusal(Schema):
    """What was not done, and why."""

    code: str
    text: str
    fields: list[str] | None = None  # of body_wrong: which


class Words(Schema):
    """One text in both languages."""

    id: str
    en: str


class Hits(Schema):
    """Of a hundred waits that were told so many came true, measured on so many calls."""

    right: int
    of: int


class Queue(Schema):
    """An agency with people waiting or counters open; the wait in minutes, null where nobody can tell."""

    agency: str
    waiting: int
    low: int | None
    high: int | None


class Mall(Schema):
    """The mall at this moment. `hits` is null before there are enough calls to speak of a record."""

    code: str
    name: str
    waiting: int
    serving: int
    counters_open: int
    counters: int
    hits: Hits | None
    queues: list[Queue]


class Service(Schema):
    """`code` is AGENCY/SERVICE, as everywhere; `online`: true, false or "generic" (finished at the counter)."""

    code: str
    name: Words
    minutes: int
    online: bool | str


class Services(Schema):
    """All services that people can get now, or what a search found."""

    services: list[Service]


class TicketErrand(Schema):
    """One errand of a ticket; the wait that was told, in minutes."""

    id: int
    state: State
    service: str
    counter: int | None
    low: int | None
    high: int | None


class Ticket(Schema):
    """A number; its secret opens its page, so it is for its holder only."""

    number: str
    secret: str
    address: str
    errands: list[TicketErrand]


class Permit(Schema):
    """
    How a document stands today; no more than it prints itself. Of an unknown one there is only the status.

    By its secret or file: also `holder` in full, `rows`, `text` and the file's `sha256`.
    """

    status: Shown
    kind: Literal["permit", "refusal"] | None = None
    number: str | None = None
    title: Words | None = None
    agency: Words | None = None
    holder: str | None = None
    decided_on: str | None = None
    valid_until: str | None = None
    certified: bool | None = None
    demo: bool | None = None
    suspended_at: str | None = None
    revoked_at: str | None = None
    replaced_at: str | None = None
    replaced_by: str | None = None
    replaces: str | None = None
    rows: list[dict[str, Any]] | None = None
    text: Any = None
    sha256: str | None = None


class CheckedFile(Schema):
    """
    What a file is worth. Of a PDF: ours, changed, foreign or unsigned, with the seal and the `permit`.

    Of a credential: ours, changed or foreign, with `status` and the `claims` that its holder discloses.
    """

    verdict: Literal["ours", "changed", "foreign", "unsigned"]
    intact: bool | None = None
    signer: str | None = None
    signed_at: str | None = None
    permit: Permit | None = None
    status: str | None = None
    claims: dict[str, Any] | None = None


class CounterErrand(Schema):
    """An errand as a counter's program sees it: no name, no NIK."""

    id: int
    state: State
    number: str
    visit: str
    service: str
    counter: int | None
    permit_ready: bool


class Called(Schema):
    """Who is at the counter; null: nobody."""

    errand: CounterErrand | None


class LastStep(Schema):
    """What can be taken back."""

    id: int
    what: str


class Counter(Called):
    """The officer's own counter: who is here and on hold, how many wait, why it pauses."""

    held: list[int]
    waiting: int
    paused: str | None
    step: LastStep | None


REFUSED = {401: Refusal, 403: Refusal, 404: Refusal, 409: Refusal, 422: Refusal}
