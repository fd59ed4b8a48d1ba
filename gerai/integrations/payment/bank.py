"""What the trial bank issues and reports: QRIS payloads, account numbers, the file of a day, each also wrong on demand.

Without Django and without state: the double keeps the charges.
"""

import csv
import io
from datetime import date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from gerai.payments import qris

ZONE = ZoneInfo("Asia/Jakarta")
# Registered nowhere: no payer's app will pay it.
TRIAL = qris.Merchant(
    guid="ID.CO.BANKUJI.WWW", pan="9360000000000000000", nmid="ID0000000000000", name="UJI COBA GERAI",
    city="UJI COBA", category="9399", postal="38229",
)  # fmt: skip
FAULTS = {
    "missing": "Berkas: satu baris hilang",
    "doubled": "Berkas: satu baris ganda",
    "amount": "Berkas: jumlah lain",
    "unknown": "Berkas: tagihan tidak dikenal",
    "torn": "Berkas: terpotong",
    "qris": "QRIS: jumlah lain",
}


def account(ref: str) -> str:
    """The virtual account of a charge."""
    return f"8808{int(ref[:10], 16) % 10**12:012d}"


def payload(charge: dict[str, Any], fault: str = "") -> str:
    """The QRIS payload of a charge."""
    amount = charge["amount"] + (1000 if fault == "qris" else 0)
    return qris.make(merchant=TRIAL, amount=amount, bill=charge["number"][:25], reference=charge["ref"][:25])


def has_expired(charge: dict[str, Any], now: datetime) -> bool:
    """Whether nothing should be paid to it any more."""
    return "expires_at" in charge and datetime.fromisoformat(charge["expires_at"]) <= now


def statement(charges: list[dict[str, Any]], mall: str, day: date, fault: str = "") -> str:
    """The file of a day: what was paid then, in the bank's time."""
    lines = [
        [charge["ref"], str(charge["amount"]), charge["paid_at"], charge["number"]]
        for charge in sorted(charges, key=lambda c: str(c.get("paid_at")))
        if charge.get("paid_at") and charge.get("mall") == mall
        and datetime.fromisoformat(charge["paid_at"]).astimezone(ZONE).date() == day
    ]  # fmt: skip
    if fault == "missing":
        lines = lines[1:]
    elif fault == "doubled":
        lines = lines[:1] + lines
    elif fault == "amount" and lines:
        lines[0] = [lines[0][0], str(int(lines[0][1]) + 500), *lines[0][2:]]
    elif fault == "unknown":
        noon = datetime.combine(day, datetime.min.time(), ZONE) + timedelta(hours=12)
        lines.append([f"uji-{day:%Y%m%d}", "12345", noon.isoformat(), f"INV-{mall}-0000-000000"])
    out = io.StringIO()
    csv.writer(out).writerows([["reference", "amount", "paid_at", "invoice"], *lines])
    return out.getvalue()[:-20] if fault == "torn" else out.getvalue()
