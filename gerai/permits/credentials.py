"""A permit as verifiable credential (SD-JWT VC): what it says, how its holder takes it, how anybody checks it."""

import re
import secrets
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from django.conf import settings
from django.db import transaction
from django.utils.module_loading import import_string
from openvc import OpenvcError
from openvc.proof.sd_jwt import SdJwtVcProofSuite, disclosure_digest, make_array_disclosure
from openvc.status.issue import build_token_status_reference

from gerai.applications import services as applications
from gerai.core.errors import NotFound
from gerai.permits import queries, rules, statuslists, wording
from gerai.permits.models import Permit
from gerai.permits.ports import CredentialKeys
from gerai.permits.rules import Shown
from gerai.permits.services import record

TRIAL = "TANDA TANGAN UJI COBA, belum tersertifikasi"  # as on the paper
DEMO = "DOKUMEN DEMO, tidak berlaku sebagai izin"
# What the holder may keep back. A row is kept back whole, its label too.
PERSONAL = ("holder", "application")
SHAPE = re.compile(r"[\w-]+\.[\w-]+\.([\w-]+)~(?:[\w-]*~)*[\w.-]*", re.ASCII)
_suite = SdJwtVcProofSuite()


def keys() -> CredentialKeys:
    """The keys of this installation (setting CREDENTIAL_KEYS)."""
    made: CredentialKeys = import_string(settings.CREDENTIAL_KEYS)()
    return made


def vct() -> str:
    """The type of the credentials: the address of its description."""
    return f"{settings.BASE_URL}/vct/izin"


def _midnight(day: date, permit: Permit) -> int:
    """When the day begins in the permit's mall."""
    return int(datetime.combine(day, time.min, ZoneInfo(permit.mall.timezone)).timestamp())


def _frame(permit: Permit, content: dict[str, Any], certified: bool) -> dict[str, Any]:
    """What the paper prints around the rows, in its language; what the paper leaves out is left out."""
    marks = ([] if certified else [TRIAL]) + ([DEMO] if content.get("demo") else [])
    told = {
        "number": permit.number,
        "title": content["title"]["id"],
        "mall": content["mall"],
        "agency": content["agency"]["id"],
        "service": content["service"]["id"],
        "application": content["application"],
        "holder": content["holder"],
        "place": content["city"],
        "decided_by": content["decided_name"],
        "decided_title": content["decided_title"],
        "legal_basis": content["law"],
        "deemed": content["deemed"],
        "valid_from": permit.valid_from.isoformat(),
        "valid_until": permit.valid_until.isoformat() if permit.valid_until else None,
        "notice": " · ".join(marks),
    }
    return {name: value for name, value in told.items() if value}


def _rows(content: dict[str, Any]) -> tuple[dict[str, list[Any]], list[str]]:
    """Rows and wording of the paper, and the disclosures of what may be kept back: a digest stands in its place."""
    told = {"rows": list[Any](), "text": list[Any]()}
    disclosures: list[str] = []
    kept_back = [content[name].casefold() for name in PERSONAL if content[name]]

    def tell(claim: str, value: Any, words: str, personal: bool) -> None:
        # A row may repeat the holder's name without being marked: hiding the name must hide it there too.
        if personal or any(word in words.casefold() for word in kept_back):
            disclosures.append(make_array_disclosure(secrets.token_urlsafe(16), value))
            value = {"...": disclosure_digest(disclosures[-1])}
        told[claim].append(value)

    for printed in content["rows"]:
        row = {"label": printed["label"]["id"], "value": printed["value"]}
        tell("rows", row, row["value"], printed["personal"])
    for words, personal in wording.paragraphs(content.get("text", {}).get("id", [])):
        tell("text", words, words, personal)
    return {name: values for name, values in told.items() if values or name == "rows"}, disclosures


def _made(permit: Permit, now: datetime) -> str:
    hand = keys()
    content = queries.printed(permit)
    rows, disclosures = _rows(content)
    place = statuslists.place(permit=permit)
    claims = {
        "iss": settings.BASE_URL,
        "iat": int(now.timestamp()),
        "nbf": _midnight(permit.valid_from, permit),
        **_frame(permit, content, hand.certified),
        **rows,
        **build_token_status_reference(uri=statuslists.address(place.status_list_id), index=place.index),
    }
    if permit.valid_until:
        claims["exp"] = _midnight(permit.valid_until + timedelta(days=1), permit)
    personal = [name for name in PERSONAL if name in claims]
    made = _suite.issue(claims, vct=vct(), signing_key=hand.signing(), disclosable=personal)
    return made + "".join(f"{disclosure}~" for disclosure in disclosures)


@transaction.atomic
def take(*, permit: Permit, actor: Any, now: datetime) -> str:
    """
    The permit as a credential, for who owns it alone. Taken again it says the same, with other salts.

    :raises NotFound: if it is somebody else's, or no permit but a letter
    :raises rules.CredentialNotGiven: if it does not hold now
    """
    if not queries.owns(actor, permit):
        raise NotFound
    locked = (
        Permit.objects.select_for_update(of=("self",))
        .select_related("agency", "service", "mall")
        .get(pk=permit.pk)
    )
    if queries.state(locked, now) != Shown.VALID:
        raise rules.CredentialNotGiven
    made = _made(locked, now)
    record(locked, "permits.credential_taken", applications.person_ref(actor), now)
    return made


@dataclass(frozen=True, slots=True)
class Checked:
    """What a credential is worth: `ours`, `changed` or `foreign`; if ours, how the permit stands and what it shows."""

    verdict: str
    state: str = ""
    claims: dict[str, Any] = field(default_factory=dict)


def _key_of(text: str) -> tuple[dict[str, Any] | None, bool]:
    """Our key that is said to have signed, and whether the credential says it is from here. Nothing is proven yet."""
    try:
        issuer, kid = _suite.peek_issuer(text)
    except OpenvcError:
        return None, False
    key = next((key for key in keys().public() if key["kid"] == kid), None)
    return key, key is not None or issuer == settings.BASE_URL


def check(text: str, now: datetime) -> Checked:
    """
    What a credential that somebody holds is worth. Says nothing but what it discloses, and how the permit stands.

    :raises rules.NoCredential: if it does not look like one
    """
    if len(text) > rules.CREDENTIAL_LIMIT:
        raise rules.NoCredential
    text = "".join(text.split())  # a message breaks long lines
    shape = SHAPE.fullmatch(text)
    if shape is None:
        raise rules.NoCredential
    key, from_here = _key_of(text)
    if not from_here:
        return Checked("foreign")
    # The last letter of 86 carries two bits: of the sixteen spellings of a signature only the proper one is taken.
    if key is None or shape[1][-1] not in "AQgw":
        return Checked("changed")
    try:
        # Whether it has expired is told below by the permit's own days, as everywhere.
        found = _suite.verify(text, public_key_jwk=key, expected_vct=vct(), check_temporal=False)
    except OpenvcError:
        return Checked("changed")
    if found.issuer != settings.BASE_URL:
        return Checked("foreign")
    place = found.claims["status"]["status_list"]
    permit_id = statuslists.permit_at(place["uri"], place["idx"])
    permit = queries.numbered(permit_id, found.claims["number"]) if permit_id else None
    return Checked("ours", queries.state(permit, now), found.claims)


def metadata() -> dict[str, Any]:
    """The JWT VC issuer metadata: who signs here, with which keys."""
    return {"issuer": settings.BASE_URL, "jwks": {"keys": keys().public()}}


def _both(word: str, words: tuple[str, str]) -> list[dict[str, str]]:
    return [{"locale": language, word: said} for language, said in zip(("id", "en"), words, strict=True)]


CLAIMS = {  # by name: its label in both languages
    "number": ("Nomor", "Number"),
    "title": ("Dokumen", "Document"),
    "mall": ("Mal pelayanan publik", "Public service mall"),
    "agency": ("Instansi", "Agency"),
    "service": ("Layanan", "Service"),
    "holder": ("Pemegang", "Holder"),
    "rows": ("Isi", "Contents"),
    "text": ("Naskah", "Wording"),
    "valid_from": ("Berlaku mulai", "Valid from"),
    "valid_until": ("Berlaku sampai", "Valid until"),
    "application": ("Nomor permohonan", "Application number"),
    "decided_by": ("Ditetapkan oleh", "Decided by"),
    "decided_title": ("Jabatan", "Position"),
    "place": ("Ditetapkan di", "Decided in"),
    "legal_basis": ("Dasar hukum", "Legal basis"),
    "deemed": ("Terbit karena hukum", "Granted by law"),
    "notice": ("Perhatian", "Notice"),
}
HIDING = {"holder": "always", "application": "always", "rows": "allowed", "text": "allowed"}


def type_metadata() -> dict[str, Any]:
    """The description of the credential's type, for wallets that show it."""
    return {
        "vct": vct(),
        "name": "Izin",
        "display": _both("name", ("Izin", "Permit")),
        "claims": [
            {"path": [name], "display": _both("label", labels), "sd": HIDING.get(name, "never")}
            for name, labels in CLAIMS.items()
        ],
    }
