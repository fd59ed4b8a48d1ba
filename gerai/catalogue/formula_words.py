"""Why a formula (CEL) is not good, in sentences that say how to write it. Pure.

The words of the library are a programmer's and English; whoever writes an agency's file is neither.
"""

import re
from typing import Any

from gerai.catalogue import expressions
from gerai.catalogue.formula_text import Said
from gerai.catalogue.samples import bare

# What people write from habit, and how CEL has it: looked for in this order, outside quotes.
_HABITS: tuple[tuple[str, str, str], ...] = (
    (r"[‘’“”]", "kutip harus lurus: ' atau \"", "quotes must be straight: ' or \""),
    (r"=<|=>", "tulis <= atau >=, bukan =< atau =>", "write <= or >=, not =< or =>"),
    (r"<>", "tidak sama ditulis !=", "unequal is written !="),
    (r"(?<![=!<>])=(?!=)", "sama dengan ditulis == (dua tanda)", "equal is written == (two signs)"),
    (r"\b(?:and|dan)\b", "dan ditulis &&", "and is written &&"),
    (r"\b(?:or|atau)\b", "atau ditulis ||", "or is written ||"),
    (r"\b(?:not|bukan|tidak)\b", "bukan ditulis ! di depannya", "not is written ! before it"),
    (
        r"\b(?:if|jika|bila)\b|^[^?]*\?[^:]*$",
        "pilihan ditulis: syarat ? nilai bila ya : nilai bila tidak",
        "a choice is written: condition ? value if so : value if not",
    ),
)
_SHOWN = 8  # choices
_PLACE = re.compile(r"<input>:\d+:(\d+):")
_UNDEFINED = re.compile(r"Undefined variable or function: '(\w+)'")
_MONEY = re.compile(r"\s*(?:Rp\.?\s*[\d.,]+|\d{1,3}(?:[.,]\d{3})+)(?:,-)?\s*", re.IGNORECASE)
BROKEN_FEE: Said = (
    "biaya harus rupiah bulat: kalikan dulu lalu bagi paling akhir (luas * 15 / 100, bukan luas * 0.15), "
    "atau pakai int(...)",
    "a fee is whole rupiah: multiply first and divide last (area * 15 / 100, not area * 0.15), or use int(...)",
)


def money(source: str) -> Said | None:
    """Where a sum stands as people print it and not as a number."""
    if not _MONEY.fullmatch(source):
        return None
    digits = re.sub(r"\D", "", source)
    return (
        f"tulis angka saja, tanpa Rp dan tanpa titik: {digits}",
        f"write the number alone, without Rp and points: {digits}",
    )


def unwritten(source: str) -> Said | None:
    """Why this cannot be read as a formula at all, or nothing."""
    said = expressions.syntax(source)
    if not said:
        return None
    text = bare(source)
    for habit, indonesian, english in _HABITS:
        if re.search(habit, text):
            return indonesian, english
    if "'" in text.replace("''", "") or '"' in text:
        return "tanda kutipnya tidak berpasangan", "a quote has no partner"
    if text.count("(") != text.count(")"):
        return "kurung buka dan kurung tutup tidak sama banyak", "brackets open and close unequally often"
    place = _PLACE.search(said)
    if place is None or int(place[1]) > len(source):
        return "rumusnya belum selesai", "it is not finished"
    near = source[int(place[1]) - 1 :][:20].strip()
    return (
        f"tidak dapat dibaca mulai huruf ke-{place[1]} ({near})",
        f"it cannot be read from character {place[1]} on ({near})",
    )


def failed(source: str, error: BaseException | None, *, fee: bool) -> Said:
    """What went wrong while it was computed."""
    if isinstance(error, KeyError):
        return _missing(source, str(error.args[0]), fee=fee)
    if undefined := _UNDEFINED.match(str(error)):
        name = undefined[1]
        if re.search(rf"\b{name}\s*\(", source):
            return (
                f"{name}(...) tidak dikenal, atau tidak untuk nilai ini",
                f"{name}(...) is unknown, or not for this",
            )
        return (
            f"{name} tidak dikenal. Jawaban ditulis answers.{name}, kata ditulis dalam kutip: '{name}'",
            f"{name} is unknown. An answer is written answers.{name}, a word in quotes: '{name}'",
        )
    if isinstance(error, TypeError):
        return (
            "angka, teks dan ya/tidak tercampur. Teks dan pilihan ditulis dalam kutip ('12'), angka tanpa kutip (12)",
            "numbers, words and yes/no are mixed. Words and choices stand in quotes ('12'), numbers do not (12)",
        )
    if isinstance(error, OverflowError):
        return "hasilnya terlalu besar", "the result is too large"
    if "out of bounds" in str(error):
        return (
            "baris dengan nomor itu tidak selalu ada. Tulis size(...) > nomornya di depan, baris pertama nomor 0",
            "the row of that number is out of bounds at times. Write size(...) > its number first; the first row is 0",
        )
    return "tidak dapat dihitung", "it cannot be computed"


def note(seen: dict[str, list[Any]], answers: dict[str, Any]) -> None:
    """Which answers there were, a few of each, for `never`."""
    for key, value in answers.items():
        known = seen.setdefault(key, [])
        if len(known) < _SHOWN and value not in known and isinstance(value, bool | int | str):
            known.append(value)


def never(source: str, seen: dict[str, list[Any]]) -> Said:
    """Why a condition holds on no branch: most often an answer is compared with what it can never be."""
    for key, values in seen.items():
        compared = re.search(rf"\b{re.escape(key)}\s*[!=]=\s*(['\"]?)", source)
        if compared is None or not values:
            continue
        if isinstance(values[0], bool) and compared[1]:
            return (
                f"tidak pernah terpenuhi. {key} dijawab ya atau tidak: bandingkan dengan true atau false, tanpa kutip",
                f"it never holds. {key} is answered yes or no: compare it with true or false, without quotes",
            )
        if isinstance(values[0], int) and compared[1]:
            return (
                f"tidak pernah terpenuhi. {key} adalah angka: tulis tanpa kutip",
                f"it never holds. {key} is a number: write it without quotes",
            )
        if isinstance(values[0], str):
            told = ", ".join(f"'{value}'" for value in values)
            return (
                f"tidak pernah terpenuhi. {key} dapat berisi {told}",
                f"it never holds. {key} may be {told}",
            )
    return (
        "tidak pernah terpenuhi, apa pun jawabannya. Periksa tandanya (&&, ||, <, >)",
        "it never holds, whatever is answered. Check its signs (&&, ||, <, >)",
    )


def _missing(source: str, key: str, *, fee: bool) -> Said:
    """An answer that may be missing is used without asking for it first."""
    found = re.search(rf"\b(\w+)\s*\.\s*{re.escape(key)}\b", bare(source))
    name = f"{found[1]}.{key}" if found else key
    guard = f"has({name}) ? (rumusnya) : 0" if fee else f"has({name}) && (syaratnya)"
    told = guard.replace("rumusnya", "formula").replace("syaratnya", "condition")
    return (
        f"{key} tidak selalu dijawab (tidak wajib, atau tidak selalu ditanyakan). Tulis {guard}",
        f"{key} is not always answered (optional, or not always asked). Write {told}",
    )
