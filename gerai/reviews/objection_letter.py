"""A letter of objection to a decision of another system: to whom, until when, and its words. Pure.

UU 30/2014 pasal 77: to the official who decided, in writing, within 21 working days. The letter is in Indonesian, in
whatever language the page is read: an office reads it.
"""

from dataclasses import dataclass
from datetime import date
from typing import Any

from gerai.permits.rules import long_date


@dataclass(frozen=True, slots=True)
class Office:
    """Who decided and takes the objection; `confirmed`: as the agency itself has written it."""

    name: dict[str, str]
    address: str
    confirmed: bool


def office(content: dict[str, Any], agency: dict[str, str], mall: dict[str, Any]) -> Office:
    """As the service's edition names it; else its agency, at the mall."""
    told = content.get("objection")
    if told:
        return Office(told["office"], told["address"], confirmed=True)
    return Office(
        agency, ", ".join(part for part in (mall["name"], mall["address"]) if part), confirmed=False
    )


def paragraphs(
    *,
    to: Office,
    city: str,
    today: date,
    name: str,
    business: str,
    number: str,
    service: str,
    outside: dict[str, Any],
    said: str,
    why: str,
) -> list[str]:
    """The letter from its date to its end, by paragraph; `why` is the applicant's, empty leaves lines to write on."""
    decided = long_date(date.fromisoformat(outside["on"]))
    numbered = f" nomor {outside['reference']}" if outside["reference"] else ""  # not all have one
    who = f"{name}, atas nama {business}" if business else name
    return [
        f"{city}, {long_date(today)}",
        f"Kepada Yth. pejabat yang memutuskan di {to.name['id']}\n{to.address}",
        f"Perihal: keberatan atas keputusan {outside['system']}{numbered} tanggal {decided}",
        f"Saya, {who}, mengajukan permohonan {service} dengan nomor {number}. Permohonan itu ditolak dengan keputusan "
        "tersebut di atas" + (f", dengan alasan: {said}" if said else "."),
        "Saya berkeberatan karena:" + (f" {why}" if why else "\n" + "\n".join(["." * 130] * 4)),
        "Berdasarkan pasal 77 UU 30/2014 tentang Administrasi Pemerintahan, saya mohon keputusan itu diperiksa "
        "kembali. Keberatan diselesaikan paling lama 10 hari kerja; bila tidak, keberatan dianggap dikabulkan.",
        "Lampiran: salinan keputusan.",
        f"Hormat saya,\n\n\n{name}",
    ]
