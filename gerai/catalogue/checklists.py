"""What an inspection looks at: the checklist of a task as data, what must hold for it, and it in plain words. Pure."""

from collections.abc import Iterator, Mapping
from datetime import date
from typing import Any

from gerai.catalogue.yaml_lines import Path

INSPECT = "inspect"  # the kind of task that goes and looks
POINT_KINDS = ("yes_no", "number", "text")
MOST_POINTS = 40
_ONLY_HERE = ("appointment", "checklist", "checklist_source")
Found = Iterator[tuple[Path, str, str, str]]


def problems(task: Any, here: Path) -> Found:
    """What the shape cannot say: only an inspection has these; keys once; a unit belongs to a number."""
    for name in _ONLY_HERE if task["kind"] != INSPECT else ():
        if name in task:
            yield (
                (*here, name),
                "only_inspections",
                f"{name} hanya untuk tugas kind: {INSPECT}. Hapus baris ini, atau ubah jenis tugasnya.",
                f"{name} is for tasks of kind: {INSPECT} only. Remove this line, or change the kind of the task.",
            )
    points = task.get("checklist", [])
    keys = [point["key"] for point in points]
    for place, point in enumerate(points):
        path = (*here, "checklist", place)
        if point["key"] in keys[:place]:
            yield (
                (*path, "key"),
                "written_twice",
                f"{point['key']} tertulis dua kali.",
                f"{point['key']} is written twice.",
            )
        if "unit" in point and point["kind"] != "number":
            yield (
                (*path, "unit"),
                "unit_without_number",
                "Satuan (unit) hanya untuk butir kind: number.",
                "A unit belongs to points of kind: number only.",
            )
    source = task.get("checklist_source")
    if source is None:
        return
    if not points:
        yield (
            (*here, "checklist_source"),
            "source_without_checklist",
            "Sumber ini tanpa daftar periksa. Tulis checklist, atau hapus baris ini.",
            "This source has no checklist. Write a checklist, or remove this line.",
        )
    if day := source.get("verified_on"):
        try:
            date.fromisoformat(day)
        except ValueError:
            path = (*here, "checklist_source", "verified_on")
            yield path, "date_wrong", "Tanggal ini tidak ada.", "There is no such date."


def is_confirmed(task: Mapping[str, Any]) -> bool:
    """Whether somebody has compared the checklist with its source; otherwise people are told that nobody has."""
    return bool((task.get("checklist_source") or {}).get("verified_on"))


def told(task: Mapping[str, Any]) -> list[dict[str, str]]:
    """The appointment, each point and the source, a line in both languages each, for who publishes a route."""
    found = []
    if task.get("appointment"):
        found.append({"id": "dengan janji waktu bersama pemohon", "en": "by appointment with the applicant"})
    answers = {
        "yes_no": ("ya atau tidak", "yes or no"),
        "number": ("angka", "a number"),
        "text": ("teks", "text"),
    }
    for point in task.get("checklist", []):
        parts = []
        for place, tongue in enumerate(("id", "en")):
            kind = answers[point["kind"]][place]
            unit = f", {point['unit'][tongue]}" if "unit" in point else ""
            photo = (", dengan foto", ", with a photo")[place] if point.get("photo") else ""
            law = f" ({point['law']})" if point.get("law") else ""
            parts.append(f"{point['text'][tongue]} · {kind}{unit}{photo}{law} [{point['key']}]")
        found.append({"id": parts[0], "en": parts[1]})
    if source := task.get("checklist_source"):
        day = source.get("verified_on")
        checked = (f"diperiksa {day}", f"checked {day}") if day else ("belum diperiksa", "not checked yet")
        found.append(
            {
                "id": f"Sumber: {source['url']}, {checked[0]}",
                "en": f"Source: {source['url']}, {checked[1]}",
            }
        )
    return found
