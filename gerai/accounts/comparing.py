"""What we were told beside what a register says. Pure. A difference warns, never blocks (ruling "Identity")."""

import re
from collections.abc import Sequence

from django.utils.translation import gettext_noop

from gerai.accounts import rules
from gerai.accounts.ports import CivilRecord

TITLES = {"dr", "drg", "drh", "drs", "dra", "ir", "prof", "h", "hj", "kh"}
WARNINGS = {
    ("name",): gettext_noop("Data KTP dan data kependudukan berbeda: nama."),
    ("birth_date",): gettext_noop("Data KTP dan data kependudukan berbeda: tanggal lahir."),
    ("name", "birth_date"): gettext_noop("Data KTP dan data kependudukan berbeda: nama dan tanggal lahir."),
    ("nik",): gettext_noop("Data KTP dan data kependudukan berbeda: NIK tidak ditemukan."),
}


def _plain(name: str) -> list[str]:
    """The words of a name without titles and degrees, which registers write or leave out."""
    words = re.sub(r"[^\w\s]", " ", name.split(",")[0].casefold().replace("'", "").replace("’", "")).split()
    return [word for word in words if word not in TITLES] or words


def same_name(one: str, other: str) -> bool:
    """Whether two spellings are one name, without regard to case, titles and marks."""
    return bool(one.strip()) and _plain(one) == _plain(other)


def differences(*, name: str, nik: str, record: CivilRecord | None) -> list[str]:
    """What an officer should look at: "name", "birth_date", or "nik" where the register knows no such number."""
    if record is None:
        return ["nik"]
    found = [] if same_name(name, record.name) else ["name"]
    return found + rules.doubts_about(nik, born=record.born)


def warning(differs: Sequence[str]) -> str:
    """The sentence for officers; empty where nothing differs."""
    return WARNINGS.get(tuple(differs), "")
