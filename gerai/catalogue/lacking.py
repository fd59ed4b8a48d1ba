"""What the mall still lacks for the services of a checked file: agencies at work, and people who hold the roles.

A warning and no mistake: staff may come later. It is told before publishing, while nobody waits for an answer yet.
"""

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from gerai.agencies.models import Agency, Mall, Membership
from gerai.agencies.rules import ROLE_NAMES
from gerai.catalogue import rules
from gerai.catalogue.joining import Plan

# Completeness and summing up, then deciding: the owner's part of every case. Elsewhere another system decides.
OWNERS = ("verifier", "signer")
SHOWN = 6  # service codes named in one sentence


@dataclass(frozen=True, slots=True)
class Warned:
    """One thing that is not there yet, in both languages, and the services that would wait for it."""

    code: str
    agency: str
    role: str
    services: tuple[str, ...]
    text: dict[str, str]


def warnings(mall: Mall, plan: Plan) -> list[Warned]:
    """What each online service of the file needs and the mall does not have, an entry per agency and role."""
    wanted = needed(plan)
    codes = {code for code, _ in wanted} - {plan.agency["code"]}
    at_work = set(
        Agency.objects.filter(mall=mall, code__in=codes, live_at__isnull=False).values_list("code", flat=True)
    )
    held = set(
        Membership.objects.filter(
            mall=mall, agency__code__in={code for code, _ in wanted}, active=True, person__is_active=True
        ).values_list("agency__code", "role")
    )
    return list(_told(plan.agency["code"], wanted, at_work, held))


def needed(plan: Plan) -> dict[tuple[str, str], list[str]]:
    """Which services need which role of which agency."""
    found: dict[tuple[str, str], list[str]] = defaultdict(list)
    for service in plan.services:
        if service["online"]:
            outside = rules.is_outside(service["content"]["system_of_record"])
            roles = {(plan.agency["code"], role) for role in (OWNERS[:1] if outside else OWNERS)}
            roles |= {
                (t["agency"], t["role"]) for stage in service["content"]["route"] for t in stage["tasks"]
            }
            for place in sorted(roles):
                found[place].append(service["code"])
    return found


def _told(
    own: str, needed: dict[tuple[str, str], list[str]], at_work: set[str], held: set[tuple[str, str]]
) -> Iterator[Warned]:
    away: dict[str, set[str]] = defaultdict(set)
    for (agency, role), services in sorted(needed.items(), key=lambda n: (n[0][0] != own, n[0])):
        if agency != own and agency not in at_work:
            away[agency] |= set(services)
        elif (agency, role) not in held:
            named, words = _named(services), ROLE_NAMES[role]
            text = {
                "id": f"{agency} belum punya {words['id']}, jadi berkas untuk {named['id']} akan menunggu. Minta "
                f"admin {agency} atau pengelola mal memberi peran itu kepada seorang petugas.",
                "en": f"{agency} has no {words['en']} yet, so files for {named['en']} would wait. Ask the "
                f"administrator of {agency} or the mall's manager to give an officer that role.",
            }
            yield Warned("role_unfilled", agency, role, tuple(services), text)
    for agency, affected in sorted(away.items()):
        named = _named(sorted(affected))
        text = {
            "id": f"{agency} belum aktif di mal ini, padahal ikut memeriksa {named['id']}. Berkasnya akan menunggu "
            f"sampai {agency} bergabung kembali.",
            "en": f"{agency} is not at work in this mall, but takes part in {named['en']}. The files would wait until "
            f"{agency} has come back.",
        }
        yield Warned("agency_away", agency, "", tuple(sorted(affected)), text)


def _named(services: list[str]) -> dict[str, Any]:
    """The first few codes, and how many more."""
    text, more = ", ".join(services[:SHOWN]), len(services) - SHOWN
    if more <= 0:
        return {"id": text, "en": text}
    return {"id": f"{text} dan {more} lainnya", "en": f"{text} and {more} more"}
