"""What must be right about the document of a service: its wording has every value wherever it is printed. Pure."""

from collections.abc import Iterator, Mapping
from typing import Any

from gerai.catalogue import asking, branches, expressions, formula_text, permit_text
from gerai.catalogue.permit_text import Block, Found
from gerai.catalogue.yaml_lines import Finding, Path


def personal(content: Mapping[str, Any]) -> set[str]:
    """The answers that are personal, or are computed from such, or asked because of such."""
    form = branches.Form(dict(content))
    marked = {key for key, asked in form.fields.items() if asked.get("personal")}
    return {key for key in form.fields if form.closure({key}) & marked}


def problems(service: dict[str, Any]) -> Iterator[Finding]:
    """What is wrong with the wording of a service's permit; paths begin at the service and end with the line."""
    texts = service.get("permit", {}).get("text", {})
    if not texts:
        return
    form, hidden = branches.Form(service), personal(service)
    for language, text in texts.items():
        blocks, found = permit_text.read(text)
        for block, conditions in _with_conditions(blocks, ()):
            found += _names(block, form)
            found += _conditions(block, conditions, form, hidden)
        here: Path = ("permit", "text", language)
        if not blocks:
            found.append((0, "text_empty", "Naskah ini kosong.", "The wording is empty."))
        for line, code, indonesian, english in sorted(found):
            yield (*here, line), code, indonesian, english


def _with_conditions(blocks: list[Block], outer: tuple[str, ...]) -> Iterator[tuple[Block, tuple[str, ...]]]:
    """Every block with all that must hold for it to be printed."""
    for block in blocks:
        inner = (*outer, block.when) if block.when else outer
        yield block, inner
        yield from _with_conditions(block.blocks, inner)


def deciding(text: str) -> set[str]:
    """The answers that the conditions of a wording use."""
    blocks, _ = permit_text.read(text)
    return {
        key
        for _, conditions in _with_conditions(blocks, ())
        for when in conditions
        for key in formula_text.used(when)
    }


def _names(block: Block, form: branches.Form) -> Iterator[Found]:
    for run in block.runs:
        match = permit_text.NAME.fullmatch(run.name) if run.name else None
        if not run.name or run.name == permit_text.ROWS or (match and match[2] in permit_text.NAMES):
            continue
        if match is None or match[1] is None:
            known = ", ".join(permit_text.NAMES)
            yield (
                run.line,
                "placeholder_unknown",
                f"Isian {{{run.name}}} tidak dikenal. Yang ada: {known}, rows, dan answers. dengan kunci pertanyaan.",
                f"The placeholder {{{run.name}}} is unknown. There are: {known}, rows, and answers. with a key.",
            )
        elif match[1] not in form.fields:
            yield (
                run.line,
                "answer_unknown",
                f"Tidak ada pertanyaan dengan kunci {match[1]}.",
                f"There is no question with the key {match[1]}.",
            )
        elif form.fields[match[1]]["type"] == asking.FILE:
            yield (
                run.line,
                "answer_not_printable",
                f"{match[1]} adalah berkas, jadi tidak dapat dicetak pada izin. Pilih pertanyaan lain.",
                f"{match[1]} is a file and cannot be printed on the permit. Choose another question.",
            )


def _conditions(
    block: Block, conditions: tuple[str, ...], form: branches.Form, hidden: set[str]
) -> Iterator[Found]:
    """Whether the condition works on every branch, and every value is there wherever the words are printed."""
    if block.when:
        if private := sorted(formula_text.used(block.when) & hidden):
            yield (
                block.line,
                "condition_personal",
                f"Syarat tidak boleh memakai jawaban pribadi ({private[0]}): ada atau tidaknya kata-kata ini akan "
                "membocorkannya.",
                f"A condition must not use a personal answer ({private[0]}): whether the words stand there would tell.",
            )
        for _, code, indonesian, english in branches.condition(form, (), block.when):
            yield block.line, code, indonesian, english
    keys = {key: run.line for run in block.runs if (key := permit_text.answer_of(run.name)) in form.fields}
    known = all(formula_text.used(when) <= set(form.fields) for when in conditions)
    if not keys or not known:
        return
    source = " && ".join([*conditions, *(f"has(answers.{key})" for key in keys)])
    if form.count(source) > branches.LIMIT:
        yield block.line, "text_branches", "Terlalu banyak cabang jawaban.", "Too many branches of answers."
        return
    for branch in form.branches(source):
        lacking = [key for key in keys if key not in branch]
        if lacking and _all_hold(conditions, branch):
            key = lacking[0]
            yield (
                keys[key],
                "answer_may_lack",
                f"Jawaban {key} bisa tidak ada. Awali paragraf ini dengan {{when: has(answers.{key})}}.",
                f"The answer {key} may be missing. Begin this paragraph with {{when: has(answers.{key})}}.",
            )
            return


def _all_hold(conditions: tuple[str, ...], branch: Mapping[str, Any]) -> bool:
    try:
        return all(expressions.holds(when, branch) for when in conditions)
    except expressions.ExpressionFails:  # said where the condition stands
        return False


def place(service: Any, here: Path = ()) -> Iterator[Finding]:
    """The place that everybody may see on the map: a point that is asked and is nobody's own affair."""
    key = service.get("permit", {}).get("place")
    fields = {f["key"]: f for section in service.get("questions", []) for f in section["fields"]}
    if key is None:
        return
    path = (*here, "permit", "place")
    if fields.get(key, {}).get("type") != "point":
        yield (
            path,
            "place_no_point",
            f"{key} bukan pertanyaan berjenis point. Sebut kunci pertanyaan titik peta, atau hapus place.",
            f"{key} is no question of type point. Name the key of one, or remove place.",
        )
    elif key in personal(service):
        yield (
            path,
            "place_personal",
            f"{key} data pribadi, jadi tidak boleh tampil di peta umum. Hapus place.",
            f"{key} is personal, so it must not be on the public map. Remove place.",
        )
