"""What the shape of an agency's file cannot say: things that must agree with each other. Pure."""

import re
from collections.abc import Iterator, Mapping
from collections.abc import Set as AbstractSet
from datetime import date
from typing import Any

from gerai.agencies.rules import OpeningWrong, check_opening
from gerai.catalogue import (
    asking,
    branches,
    checklists,
    field_meaning,
    generic,
    lasting,
    permit_checks,
    rules,
)
from gerai.catalogue.yaml_lines import Path, twice

Found = Iterator[tuple[Path, str, str, str]]
_NUMBER = r"\{number(?::0[1-9]d)?\}"
_PLACE = re.compile(rf"{_NUMBER}|\{{(?:agency|service|year|month(?::02d)?|roman_month)\}}")


def meaning(data: Any, agencies: AbstractSet[str], taken: Mapping[int, AbstractSet[str]]) -> Found:
    """Everything that the shape cannot say; `agencies` are the codes that routes may name."""
    agency = data["agency"]
    own, common = agency["code"], data.get("standard", {})
    if (pattern := agency.get("permit_pattern")) is not None:
        yield from _pattern(pattern, ("agency", "permit_pattern"))
    try:
        check_opening(agency.get("opening", {}))
    except OpeningWrong as error:
        day = error.data["day"]
        yield ("agency", "opening", day), error.code, str(error), f"The hours of {day} are not right."
    yield from _date(agency["source"], ("agency", "source"))
    yield from twice([c["number"] for c in data.get("counters", [])], ("counters",), "number")
    for index, counter in enumerate(data.get("counters", [])):
        others = sorted(taken.get(counter["number"], frozenset()) - {own})
        if others and not counter.get("shared"):
            free = next(n for n in range(1, 1000) if n not in taken)
            yield (
                ("counters", index, "number"),
                "counter_taken",
                f"Loket {counter['number']} sudah dipakai {others[0]}. Nomor bebas berikutnya: {free}. "
                "Untuk berbagi loket tulis shared: true.",
                f"Counter {counter['number']} is used by {others[0]}. The next free number is {free}. "
                "To share it, write shared: true.",
            )
    yield from twice([s["code"] for s in data["services"]], ("services",), "code")
    for index, service in enumerate(data["services"]):
        here = ("services", index)
        if not service["code"].startswith(f"{own}-"):
            yield (
                (*here, "code"),
                "code_not_own",
                f"Kode layanan harus diawali {own}-.",
                f"The service code must begin with {own}-.",
            )
        yield from generic.problems(service, here)
        yield from _service_meaning(generic.filled(service), here, agencies | {own})
        missing = [n for n in rules.COMPONENTS if n not in service["standard"] and n not in common]
        if service.get("online") and missing:
            yield (
                (*here, "standard"),
                "component_missing",
                f"Standar layanan online perlu juga {', '.join(missing)}. Tulis sekali untuk semua layanan, di bawah "
                "standard: sesudah agency:, atau di sini.",
                f"The standard of an online service also needs {', '.join(missing)}. Write it once for all services, "
                "under standard: after agency:, or here.",
            )


def _pattern(pattern: str, here: Path) -> Found:
    """One place for the running number, nothing unknown; without {year} the numbers go on for ever."""
    if set(_PLACE.sub("", pattern)) & set("{}") or not pattern.isprintable():
        yield (
            here,
            "pattern_wrong",
            "Pola nomor hanya boleh memakai {number} (atau {number:04d}), {agency}, {service}, {year}, {month} "
            "(atau {month:02d}) dan {roman_month}.",
            "The pattern may only use {number} (or {number:04d}), {agency}, {service}, {year}, {month} "
            "(or {month:02d}) and {roman_month}.",
        )
    elif len(re.findall(_NUMBER, pattern)) != 1:
        yield (
            here,
            "pattern_without_number",
            "Pola nomor perlu satu {number}, misalnya {number:04d}/{service}. Tanpa itu semua nomor sama.",
            "The pattern needs one {number}, as in {number:04d}/{service}. Without it all numbers are the same.",
        )
    elif re.search(rf"{_NUMBER}\{{month\}}|\{{month\}}{_NUMBER}", pattern):
        yield (
            here,
            "pattern_ambiguous",
            "Beri pemisah, misalnya /, antara {number} dan {month}: tanpa itu nomor 1 bulan 12 sama dengan 11 bulan 2.",
            "Put a separator, such as /, between {number} and {month}: without it 1 in month 12 equals 11 in month 2.",
        )


def _service_meaning(service: Any, here: Path, agencies: AbstractSet[str]) -> Found:
    yield from _date(service["source"], (*here, "source"))
    yield from twice([r["code"] for r in service.get("requirements", [])], (*here, "requirements"), "code")
    yield from twice([s["key"] for s in service.get("questions", [])], (*here, "questions"), "key")
    keys: set[str] = set()
    files: set[str] = set()
    wrong = False
    for number, section in enumerate(service.get("questions", [])):
        for place, asked in enumerate(section["fields"]):
            path = (*here, "questions", number, "fields", place)
            if asked["key"] in keys:
                yield (
                    (*path, "key"),
                    "written_twice",
                    f"{asked['key']} sudah dipakai pertanyaan lain.",
                    f"{asked['key']} is already used by another question.",
                )
            keys.add(asked["key"])
            files |= {asked["key"]} if asked["type"] == asking.FILE else set()
            for problem in field_meaning.check(asked, path):
                wrong = True
                yield problem
    for place, row in enumerate(service.get("permit", {}).get("body", [])):
        if row["value"] not in keys:
            yield (
                (*here, "permit", "body", place, "value"),
                "answer_unknown",
                f"Tidak ada pertanyaan dengan kunci {row['value']}.",
                f"There is no question with the key {row['value']}.",
            )
        elif row["value"] in files:
            yield (
                (*here, "permit", "body", place, "value"),
                "answer_not_printable",
                f"{row['value']} adalah berkas, jadi tidak dapat dicetak pada izin. Pilih pertanyaan lain.",
                f"{row['value']} is a file and cannot be printed on the permit. Choose another question.",
            )
    yield from permit_checks.place(service, here)
    yield from lasting.problems(service, here)
    outside = rules.is_outside(service.get("system_of_record", rules.OURS))
    if outside and "permit" in service:
        system = service["system_of_record"]
        yield (
            (*here, "permit"),
            "permit_outside",
            f"Dokumen ini terbit di {system}, bukan di Gerai. Hapus bagian permit; nomor dan hasilnya dicatat sesudah "
            f"terbit. Bila Gerai yang menerbitkan, tulis system_of_record: {rules.OURS}.",
            f"This document is issued by {system}, not by Gerai. Remove the part permit; number and result are "
            f"recorded once issued. If Gerai issues it, write system_of_record: {rules.OURS}.",
        )
    if "objection" in service and not outside:
        yield (
            (*here, "objection"),
            "objection_ours",
            "Keberatan atas keputusan yang terbit di Gerai diajukan di Gerai. Hapus bagian objection.",
            "An objection to what is decided in Gerai is filed in Gerai. Remove the part objection.",
        )
    if service.get("online") and not outside and "permit" not in service:
        yield (
            (*here, "online"),
            "permit_missing",
            "Layanan online perlu bagian permit: dokumen apa yang terbit.",
            "An online service needs the part permit: which document is issued.",
        )
    if "amend" in service and (outside or "permit" not in service):
        yield (
            (*here, "amend"),
            "amend_without_permit",
            "Hanya izin yang terbit di Gerai dapat diubah di sini. Hapus bagian amend.",
            "Only a permit issued by Gerai can be changed here. Remove the part amend.",
        )
    if not wrong:
        problems = branches.problems(service) or permit_checks.problems(service)
        for path, code, indonesian, english in problems:
            yield (*here, *path), code, indonesian, english
    yield from _route_meaning(service, here, agencies)


def _route_meaning(service: Any, here: Path, agencies: AbstractSet[str]) -> Found:
    route = service.get("route", [])
    yield from twice([s["key"] for s in route], (*here, "route"), "key")
    longest: list[int] = []
    for number, stage in enumerate(route):
        path = (*here, "route", number, "tasks")
        yield from twice([t["key"] for t in stage["tasks"]], path, "key")
        longest.append(max(t["days"] for t in stage["tasks"]))
        for place, task in enumerate(stage["tasks"]):
            yield from checklists.problems(task, (*path, place))
            key = f"{stage['key']}.{task['key']}"
            if len(key) > rules.LONGEST_TASK:
                yield (
                    (*path, place, "key"),
                    "task_key_too_long",
                    f"Kunci tahap dan tugas bersama, {key}, paling panjang {rules.LONGEST_TASK} huruf. Pendekkan.",
                    f"The keys of stage and task together, {key}, have at most {rules.LONGEST_TASK} letters. Shorten.",
                )
            if task["agency"] not in agencies:
                yield (
                    (*path, place, "agency"),
                    "agency_unknown",
                    f"Instansi {task['agency']} belum bergabung di mal ini.",
                    f"The agency {task['agency']} has not joined this mall.",
                )
    time = service["standard"]["time"]
    if route:
        yield from _length(longest, time["days"], time.get("kind", "working"), (*here, "route"))


def _length(stages: list[int], days: int, kind: str, here: Path) -> Found:
    """Whether the promise is kept when every step uses its days; the promise is the law's, so the stages give way."""
    limit, promised = rules.stage_days(days, kind), rules.working_days(days, kind)
    if sum(stages) <= limit:
        return
    if limit == 0:
        yield (
            here,
            "route_too_long",
            "Janji layanan kurang dari satu hari kerja, jadi tidak ada waktu untuk tahapan. Hapus route, atau benarkan "
            "standard.time.",
            "Less than one working day is promised, so there is no time for stages. Remove the route, or correct "
            "standard.time.",
        )
        return
    parts = " + ".join(map(str, stages))
    all_days = sum(stages) + rules.ASSESS_DAYS + rules.DECIDE_DAYS
    together = len(stages) > limit
    yield (
        here,
        "route_too_long",
        f"Tahapan {parts} hari, saran keputusan {rules.ASSESS_DAYS} hari dan keputusan {rules.DECIDE_DAYS} hari: "
        f"{all_days} hari kerja, padahal dijanjikan {promised}. Semua tahapan paling lama {limit} hari"
        f"{'; gabungkan tugas dalam satu tahap agar berjalan bersamaan' if together else ''}.",
        f"Stages {parts} days, recommendation {rules.ASSESS_DAYS} day and decision {rules.DECIDE_DAYS} day: "
        f"{all_days} working days, but {promised} are promised. All stages together: at most {limit}"
        f"{'; put the tasks into one stage, so that they run side by side' if together else ''}.",
    )


def _date(source: Any, here: Path) -> Found:
    day = source.get("verified_on")
    if day:
        try:
            date.fromisoformat(day)
        except ValueError:
            yield (*here, "verified_on"), "date_wrong", "Tanggal ini tidak ada.", "There is no such date."
