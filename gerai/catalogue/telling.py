"""The parts of a service in plain words, each line in both languages `{id, en}`. Pure."""

import json
from collections import Counter
from collections.abc import Iterable, Mapping
from typing import Any

from gerai.agencies.rules import ROLE_NAMES
from gerai.catalogue import checklists, words
from gerai.catalogue.asking import OLD_NUMBER, least
from gerai.catalogue.lasting import OPEN
from gerai.catalogue.words import Line
from gerai.core import money

Thing = Mapping[str, Any]


def both(text: str) -> Line:
    """The same words in both languages."""
    return {"id": text, "en": text}


def said(one: str, two: str) -> Line:
    """Words in each language."""
    return {"id": one, "en": two}


def line(*parts: Line | None, between: str = " · ") -> Line:
    """One line of several parts; None is left out."""
    here = [part for part in parts if part]
    return {tongue: between.join(str(part.get(tongue, "")) for part in here) for tongue in ("id", "en")}


def named(name: Line, value: Any) -> Line:
    """A name and its value: "Hasil: Kartu anggota"."""
    return line(name, value if isinstance(value, dict) else both(str(value)), between=": ")


def texts(value: Any) -> list[Line]:
    """One text, bilingual or not."""
    if not value:
        return []
    return [dict(value) if isinstance(value, Mapping) else both(str(value))]


def known(table: Mapping[str, Line], value: Any) -> list[Line]:
    """A value with its words."""
    return [] if value is None else [table.get(value, both(str(value)))]


def yes_no(value: Any) -> list[Line]:
    """A yes or no."""
    return [] if value is None else [said("ya", "yes") if value else said("tidak", "no")]


def minutes(value: Any) -> list[Line]:
    """A number of minutes."""
    return [] if value is None else [said(f"{value} menit", f"{value} minutes")]


def when(source: str | None) -> Line | None:
    """A condition as it is written."""
    return said(f"bila {source}", f"if {source}") if source else None


def fee(rule: Thing) -> list[Line]:
    """What people read, how it is computed, whether the agency confirmed it."""
    if not rule:
        return []
    amount = str(rule["amount"])
    if amount.isdecimal():
        computed = named(said("Jumlah", "Amount"), money.in_both(int(amount)))
    else:
        computed = named(said("Rumus", "Formula"), amount)
    confirmed = said("dikonfirmasi instansi", "confirmed by the agency")
    unconfirmed = said("belum dikonfirmasi instansi", "not confirmed by the agency")
    found = [dict(rule["text"]), computed, confirmed if rule.get("confirmed") else unconfirmed]
    return [*found, *([named(said("Sumber", "Source"), rule["source"])] if rule.get("source") else [])]


def time(promise: Thing) -> list[Line]:
    """The promise: how long, in which days."""
    if not promise:
        return []
    unit = words.TIMES[promise.get("kind", "working")]
    if not promise["days"]:
        return [line(said("selesai di tempat", "finished in the same visit"), unit)]
    return [line(both(str(promise["days"])), unit, between=" ")]


def route(stages: Iterable[Thing]) -> list[Line]:
    """Who does what, in which stage, in how many days; under an inspection what it looks at."""
    found: list[Line] = []
    for number, stage in enumerate(stages, 1):
        for task in stage["tasks"]:
            found.append(_step(number, stage, task))
            found += checklists.told(task)
    return found


def _step(number: int, stage: Thing, task: Thing) -> Line:
    return line(
        said(f"Tahap {number}", f"Stage {number}"),
        task["title"],
        words.WORK.get(task["kind"], both(task["kind"])),
        line(both(task["agency"]), *known(ROLE_NAMES, task.get("role", "reviewer")), between=", "),
        said(f"{task['days']} hari kerja", f"{task['days']} working days"),
        when(task.get("when")),
        both(f"[{stage['key']}.{task['key']}]"),
    )


def requirements(papers: Iterable[Thing]) -> list[Line]:
    """What must be shown."""
    return [
        line(
            paper["name"],
            said("foto dikirim", "photo sent") if paper.get("file") else said("dibawa", "brought along"),
            None if paper.get("required", True) else said("bila ada", "if there is one"),
            None if paper.get("shared", True) else said("khusus layanan ini", "for this service alone"),
            when(paper.get("when")),
            named(said("catatan", "note"), paper["note"]) if paper.get("note") else None,
            both(f"[{paper['code']}]"),
        )
        for paper in papers
    ]


def questions(sections: Iterable[Thing]) -> list[Line]:
    """What is asked, each with everything that belongs to it."""
    found = []
    for section in sections:
        head = named(said("Bagian", "Section"), section["title"])
        found.append(line(head, when(section.get("when")), both(f"[{section['key']}]")))
        found += [_question(field) for field in section["fields"]]
    return found


def _question(field: Thing) -> Line:
    choices = [line(c["label"], both(f"({c['value']})"), between=" ") for c in field.get("choices", [])]
    return line(
        field["label"],
        words.TYPES.get(field["type"], both(field["type"])),
        line(*choices, between=", ") if choices else None,
        *_rows(field),
        said("boleh di luar kota", "may lie outside the city") if field.get("outside") else None,
        None if field.get("required", True) else said("boleh kosong", "may be left out"),
        said("data pribadi", "personal data") if field.get("personal") else None,
        said("ditawarkan lagi di formulir lain", "offered again in other forms")
        if field.get("shared")
        else None,
        named(said("ditawarkan dari data", "offered from register"), f"[{field['from']}]")
        if field.get("from")
        else None,
        _renewing(field["renewing"]) if "renewing" in field else None,
        when(field.get("when")),
        named(said("rumus", "formula"), field["value"]) if field.get("value") else None,
        *_limits(field.get("schema") or {}),
        named(said("bantuan", "help"), field["help"]) if field.get("help") else None,
        both(f"[{field['key']}]"),
    )


def _renewing(value: Any) -> Line:
    """What a renewal answers."""
    plain = {
        True: said("ya", "yes"),
        False: said("tidak", "no"),
        OLD_NUMBER: said("nomor izin lama", "number of the old permit"),
    }
    return named(said("perpanjangan menjawab", "a renewal answers"), plain.get(value, both(f"({value})")))


def _rows(group: Thing) -> list[Line]:
    """How many rows, and what each of them asks."""
    if "fields" not in group:
        return []
    few, many = least(group), group["most"]
    asked = [line(_question(cell), between=", ") for cell in group["fields"]]
    return [
        said(f"{few} sampai {many} baris", f"{few} to {many} rows"),
        line(both("("), line(*asked, between="; "), both(")"), between=""),
    ]


def _limits(schema: Thing) -> list[Line]:
    """What may be answered; the rarer keywords as they are written."""
    found = [
        said(*(phrase.format(schema[name]) for phrase in sentence))
        for name, sentence in words.LIMITS.items()
        if name in schema
    ]
    rest = {name: value for name, value in schema.items() if name not in words.LIMITS}
    written = json.dumps(rest, ensure_ascii=False, sort_keys=True)
    return [*found, *([named(said("batas", "limits"), written)] if rest else [])]


def _lasts(lasts: Thing) -> Line:
    by = ", ".join(
        f"{name}: {value}" for name, value in sorted(lasts.items()) if name not in ("otherwise", "begun")
    )
    may_be_open, may_have_begun = lasts.get("otherwise") == OPEN, lasts.get("begun")
    return line(
        said(by, by),
        said("bila tidak ditanyakan, tanpa batas", "no limit where that is not asked")
        if may_be_open
        else None,
        said("boleh sudah dimulai", "may have begun before") if may_have_begun else None,
        between="; ",
    )


def permit(document: Thing) -> list[Line]:
    """What is issued, with which rows, how long it holds."""
    if not document:
        return []
    years = document.get("valid_years")
    holds = (
        said(f"berlaku {years} tahun", f"valid {years} years") if years else said("tanpa batas", "no limit")
    )
    if lasts := document.get("lasts"):
        holds = line(
            *([holds] if years else []),  # said twice: the checker refuses it, and both are seen
            named(said("berlaku menurut jawaban", "valid by the answers"), _lasts(lasts)),
        )
    rows = [named(row["label"], f"[{row['value']}]") for row in document.get("body", [])]
    if document.get("place"):
        rows.append(
            named(said("tampil di peta izin", "shown on the map of permits"), f"[{document['place']}]")
        )
    return [dict(document["title"]), holds, *rows, *_wording(document.get("text", {}))]


def _wording(texts: Mapping[str, str]) -> list[Line]:
    """Every line of the wording; one that stands twice says so, for a line that is gone must be seen to be gone."""
    names = {"id": said("naskah", "wording"), "en": said("naskah Inggris", "English wording")}
    found: list[Line] = []
    for tongue, text in texts.items():
        seen: Counter[str] = Counter()
        for written in filter(None, text.split("\n")):
            seen[written] += 1
            again = f" ({seen[written]})" if seen[written] > 1 else ""
            found.append(named(names.get(tongue, both(tongue)), written + again))
    return found


def amend(rule: Thing) -> list[Line]:
    """What a change of the permit costs, where it costs something else."""
    return fee(rule["fee"]) if rule.get("fee") else []


def standard(parts: Thing) -> list[Line]:
    """The components of the service standard but for the time, which stands by itself."""
    found = [named(words.STANDARD[name], parts[name]) for name in words.STANDARD if parts.get(name)]
    steps = enumerate(parts.get("procedure", []), 1)
    found += [named(said(f"Langkah {number}", f"Step {number}"), step) for number, step in steps]
    found += [named(said("Dasar hukum", "Legal basis"), law) for law in parts.get("legal_basis", [])]
    return found + [
        named(words.COMPONENTS[name], parts[name]) for name in words.COMPONENTS if parts.get(name)
    ]


def source(origin: Thing) -> list[Line]:
    """Where it is from, and when that was checked."""
    if not origin:
        return []
    day = origin.get("verified_on")
    checked = (
        said(f"diperiksa {day}", f"checked {day}") if day else said("belum diperiksa", "not checked yet")
    )
    return [both(str(origin.get("url", ""))), checked]


def objection(office: Thing) -> list[Line]:
    """Who takes an objection to what another system decided, and where."""
    return [*texts(office.get("office")), *texts(office.get("address"))]


def opening(hours: Mapping[str, list[str]]) -> list[Line]:
    """Hours that differ from the mall's, by day."""
    closed = said("tutup", "closed")
    return [
        named(words.DAYS.get(day, both(day)), "–".join(times) if times else closed)
        for day, times in hours.items()
    ]
