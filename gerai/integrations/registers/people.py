"""Whom the trial registers know: the people of the demo, and some businesses. Nobody real; the NIB are nobody's."""

from datetime import date
from typing import Any

# NIK and name of every demo account; a test holds them to the demo's list.
PEOPLE = {
    "1771035212969011": "Putri Anggraini",
    "1771015506909001": "Sari Wulandari",
    "1771024503889002": "Rina Marlina",
    "1771031207839003": "dr. Bayu Pratama",
    "1771040211809004": "Hendra Saputra",
    "1771055808879005": "Fitri Handayani",
    "1771061904859006": "Agus Salim",
    "1771076101919007": "Nurul Aini",
    "1771082309709008": "Irwan Effendi",
    "1771014710949009": "Dewi Lestari",
    "1771020305939010": "Yoga Permana",
    "1771055208919020": "Sinta Maharani",
    "1771041406829012": "Rudi Hartono",
    "1771044506839016": "Ratna Dewi",
    "1771031105909017": "Eko Nugroho",
    "1771024507929018": "Lina Oktavia",
    "1771011209919019": "Doni Kurniawan",
    "1771056502849013": "Maya Sofia",
    "1771020903889016": "Dedi Kurnia",
    "1771061708659014": "Wali Kota",
    "1771072610789015": "Tono Wijaya",
}
KECAMATAN = {
    "01": "Selebar", "02": "Gading Cempaka", "03": "Teluk Segara", "04": "Muara Bangka Hulu", "05": "Kampung Melayu",
    "06": "Ratu Agung", "07": "Ratu Samban", "08": "Sungai Serut",
}  # fmt: skip
BUSINESSES: dict[str, dict[str, Any]] = {
    "9120000000017": {
        "name": "CV Rafflesia Sehat",
        "legal_form": "CV",
        "address": "Jalan Suprapto 12, Bengkulu",
        "responsible": ["SARI WULANDARI", "BUDI HARTONO"],
        "kbli": ["86201", "47722"],
    },
    "9120000000025": {
        "name": "PT Kopi Bukit Barisan",
        "legal_form": "PT",
        "address": "Jalan Pantai Panjang 8, Bengkulu",
        "responsible": ["ANDI KUSUMA"],
        "kbli": ["56303"],
    },
}
FAULTS = {
    "slow": "Lambat: menjawab setelah 6 detik",
    "down": "Mati: menjawab 503",
    "broken": "Jawaban rusak: bukan JSON",
    "unknown": "Tidak dikenal: NIK dan NIB tidak ada",
    "other_name": "Bertentangan: nama lain",
    "other_date": "Bertentangan: tanggal lahir lain",
}


def born(nik: str) -> date:
    """The birth date in the digits of a NIK; who would be under ten is of the former century."""
    day, month, year = int(nik[6:8]) % 40, int(nik[8:10]), int(nik[10:12])
    return date((2000 if year < 16 else 1900) + year, month, day)


def civil(nik: str, fault: str = "") -> dict[str, Any] | None:
    """What the civil registry answers."""
    name = PEOPLE.get(nik)
    if name is None or fault == "unknown":
        return None
    birth = born(nik)
    if fault == "other_date":
        birth = birth.replace(year=birth.year - 1, day=birth.day % 28 + 1)
    area = f"17.71.{nik[4:6]}"
    return {
        "nik": nik,
        "name": "ORANG LAIN" if fault == "other_name" else name.upper(),
        "born": birth.isoformat(),
        "address": f"JALAN UJI NO. {int(nik[12:]) - 9000}, RT 001 RW 002",
        "kelurahan_code": f"{area}.1001",
        "kelurahan": f"UJI {KECAMATAN.get(nik[4:6], 'KOTA').upper()}",
        "kecamatan_code": area,
        "kecamatan": KECAMATAN.get(nik[4:6], "Kota").upper(),
    }


def business(nib: str, fault: str = "") -> dict[str, Any] | None:
    """What the licensing system answers."""
    found = BUSINESSES.get(nib)
    if found is None or fault == "unknown":
        return None
    changed = {"responsible": ["ORANG LAIN"]} if fault == "other_name" else {}
    return {"nib": nib, **found, **changed}
