"""A YAML reader for files of strangers: plain values only, no anchors or tags, each with its line."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import yaml

LIMIT = 1_000_000
DEPTH = 24
_Loader = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
_PLAIN = {f"tag:yaml.org,2002:{name}" for name in ("str", "int", "bool", "null", "float", "timestamp")}


@dataclass(frozen=True, slots=True)
class Problem:
    """One thing wrong in a file: where (line from 1, path of fields) and what, in both languages."""

    line: int
    path: str
    code: str
    id: str
    en: str

    def __str__(self) -> str:
        return f"baris {self.line}, {self.path or '(berkas)'}: {self.id} / {self.en}"


class Unreadable(Exception):
    """The file is no YAML of ours; `problem` says why."""

    def __init__(self, line: int, code: str, id: str, en: str, path: str = "") -> None:
        super().__init__(code)
        self.problem = Problem(line, path, code, id, en)


Path = tuple[str | int, ...]
Finding = tuple[
    Path, str, str, str
]  # where, code, Indonesian, English: a problem whose line is not looked up yet


def shown(path: Path | list[Any]) -> str:
    """A path as people read it: services[2].fee.amount."""
    out = ""
    for part in path:
        out += f"[{part + 1}]" if isinstance(part, int) else f".{part}" if out else str(part)
    return out


def line_of(lines: dict[Path, int], path: Path) -> int:
    """The line of a path, or of the nearest thing around it."""
    while path and path not in lines:
        path = path[:-1]
    return lines.get(path, 1)


def read(text: str) -> tuple[Any, dict[Path, int]]:
    """
    The file's values, and the line of each.

    :raises Unreadable: if it is too big, broken, or uses more of YAML than plain values
    """
    if len(text.encode()) > LIMIT:
        raise Unreadable(1, "file_too_big", "Berkas lebih dari 1 MB.", "The file is over 1 MB.")
    if (place := text.find("\ufffd")) >= 0:
        raise Unreadable(
            text.count("\n", 0, place) + 1,
            "file_not_utf8",
            "Ada huruf yang tidak terbaca di sini. Simpan berkasnya sebagai teks UTF-8 (bukan Word, Excel atau PDF).",
            "A character here cannot be read. Save the file as UTF-8 text (not Word, Excel or PDF).",
        )
    try:
        _refuse_references(text)
        loader = _Loader(text)
        try:
            node = loader.get_single_node()
        finally:
            loader.dispose()
    except yaml.YAMLError as error:
        raise _broken(error) from error
    except RecursionError as error:
        raise _too_deep(1) from error
    if node is None:
        raise Unreadable(1, "file_empty", "Berkas ini kosong.", "The file is empty.")
    lines: dict[Path, int] = {}
    return _value(node, (), lines), lines


# What the reader says of mistakes that are made often, and how they are mended.
_SLIPS = (
    (
        "cannot start any token",
        "ada Tab, atau tanda yang tidak boleh di awal teks (@, %). Pakai spasi, dan tulis teksnya dalam kutip",
        "there is a tab, or a sign that no text may begin with (@, %). Use spaces, and put the text in quotes",
    ),
    (
        "mapping values are not allowed",
        "ada titik dua dalam teks. Tulis teksnya dalam kutip",
        "there is a colon in the text. Put the text in quotes",
    ),
    (
        "expected ',' or '",
        "kurung { } atau [ ] belum ditutup, atau teksnya berisi koma, titik dua atau kutip. Tulis teksnya dalam kutip",
        "{ } or [ ] is not closed, or the text holds a comma, colon or quote. Put the text in quotes",
    ),
    (
        "did not find expected key",
        "spasi di awal baris tidak sama dengan baris di atasnya, atau kutip di atasnya belum ditutup",
        "the line is not indented like the one above, or a quote above it is not closed",
    ),
    (
        "did not find expected '-'",
        "baris daftar dimulai dengan tanda - pada kolom yang sama",
        "each line of a list begins with - in the same column",
    ),
    (
        "unexpected end of stream",
        "kutip yang dibuka di sini belum ditutup",
        "a quote that opens here is not closed",
    ),
)


def _broken(error: yaml.YAMLError) -> Unreadable:
    """Where the file stops being YAML, and what to look for there."""
    mark, what = getattr(error, "problem_mark", None), getattr(error, "problem", None) or ""
    if not what:
        return Unreadable(
            1,
            "file_no_text",
            "Ini bukan berkas teks. Simpan sebagai teks biasa (.yaml), bukan dokumen Word, Excel atau PDF.",
            "This is no text file. Save it as plain text (.yaml), not as a Word, Excel or PDF document.",
        )
    if "end of stream" in what:  # where it began helps, not where the file ends
        mark = getattr(error, "context_mark", None) or mark
    general = (
        "",
        "periksa spasi awal baris, titik dua, tanda kutip",
        f"check indentation, colons and quotes ({what})",
    )
    _, indonesian, english = next((slip for slip in _SLIPS if slip[0] in what), general)
    return Unreadable(
        mark.line + 1 if mark else 1,
        "yaml_broken",
        f"Penulisan YAML di sini salah: {indonesian}.",
        f"The YAML is broken here: {english}.",
    )


def _refuse_references(text: str) -> None:
    """Aliases can blow a small file up to gigabytes, so neither they nor anchors are taken."""
    depth = 0
    for event in yaml.parse(text, Loader=_Loader):
        if isinstance(event, yaml.AliasEvent) or getattr(event, "anchor", None):
            raise Unreadable(
                _line(event),
                "yaml_alias",
                "Tanda & dan * (anchor, alias) tidak diterima. Tulis isinya lengkap.",
                "Anchors and aliases (& and *) are not accepted. Write the value out.",
            )
        if isinstance(event, yaml.CollectionStartEvent):
            depth += 1
            if depth > DEPTH:
                raise _too_deep(_line(event))
        elif isinstance(event, yaml.CollectionEndEvent):
            depth -= 1


def _line(event: yaml.Event) -> int:
    return event.start_mark.line + 1 if event.start_mark else 1


def _too_deep(line: int) -> Unreadable:
    return Unreadable(line, "yaml_too_deep", "Susunannya terlalu dalam.", "It is nested too deeply.")


def _value(node: Any, path: Path, lines: dict[Path, int]) -> Any:
    line = node.start_mark.line + 1
    lines.setdefault(path, line)
    if isinstance(node, yaml.MappingNode):
        return _mapping(node, path, lines)
    if isinstance(node, yaml.SequenceNode):
        return [_value(child, (*path, index), lines) for index, child in enumerate(node.value)]
    if node.tag not in _PLAIN:
        raise Unreadable(
            line,
            "yaml_tag",
            "Tanda ! di sini tidak diterima.",
            "Tags (!) are not accepted here.",
            shown(path),
        )
    kind = node.tag.rpartition(":")[2]
    if kind == "null":
        return None
    if kind == "bool":
        return node.value.lower() in ("yes", "true", "on")
    if kind in ("int", "float"):
        return _number(node.value, kind)
    if node.style == "|":  # each of its lines, so that what is wrong in a long text is shown there
        for number in range(node.value.count("\n") + 1):
            lines[(*path, number)] = line + 1 + number
    return node.value.replace("\x00", "")


def _number(text: str, kind: str) -> Any:
    """A decimal number; 0x1f, 1:30 and the like stay text, as they were written."""
    try:
        return int(text) if kind == "int" else float(text)
    except ValueError:
        return text


def _mapping(node: Any, path: Path, lines: dict[Path, int]) -> dict[str, Any]:
    found: dict[str, Any] = {}
    for key_node, value_node in node.value:
        key = key_node.value if isinstance(key_node, yaml.ScalarNode) else None
        line = key_node.start_mark.line + 1
        if key is None or key == "<<":
            raise Unreadable(
                line,
                "yaml_key",
                "Nama isian di sini tidak diterima.",
                "This key is not accepted.",
                shown(path),
            )
        if key in found:
            raise Unreadable(
                line,
                "yaml_key_twice",
                f"Isian {key} tertulis dua kali. Hapus salah satu.",
                f"The field {key} is written twice. Remove one.",
                shown((*path, key)),
            )
        lines[(*path, key)] = line
        found[key] = _value(value_node, (*path, key), lines)
    return found


def twice(values: list[Any], here: Path, name: str) -> Iterator[Finding]:
    """A problem for each value that stood before; `name`: under which key it stands."""
    for index, value in enumerate(values):
        if value in values[:index]:
            yield said_twice((*here, index, name), value)


def said_twice(path: Path, value: Any) -> Finding:
    """The problem itself."""
    return path, "written_twice", f"{value} tertulis dua kali.", f"{value} is written twice."
