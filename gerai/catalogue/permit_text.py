"""The wording of a permit: a small Markdown with placeholders and conditions, read to blocks. Pure.

Paragraphs, headings (##, ###), lists (- and 1.) and **bold**; `{holder}` or `{answers.key}` puts a value in;
a paragraph, heading or list item that begins with `{when: CEL}` is printed only if that holds. All else is plain words:
markdown-it knows no other markup here, and what comes out is data for the template, never code.
"""

import re
from dataclasses import dataclass, field

from markdown_it import MarkdownIt
from markdown_it.rules_inline import StateInline
from markdown_it.token import Token

NAMES = (
    *("holder", "number", "title", "service", "agency", "mall", "city", "application"),
    *("decided_on", "decided_name", "decided_title", "valid_from", "valid_until"),
)
ROWS = "rows"  # alone in a paragraph: where holder and table stand; without it they come before the wording
LIMIT = 12_000
_BRACES = re.compile(r"\{([^{}\n]*)\}")
_MARKUP = re.compile(r"(#{1,6}|[-+*]|\d+[.)])\s")
NAME = re.compile(r"answers\.([a-z][a-z0-9_]{0,39})|([a-z_]+)")


@dataclass(frozen=True, slots=True)
class Run:
    """Words, or the name of a value that takes their place."""

    text: str = ""
    name: str = ""
    bold: bool = False
    line: int = 0


@dataclass(slots=True)
class Block:
    """A paragraph (p), heading (h), list (ul, ol) or one item of it (li), or the place of the table (rows)."""

    kind: str
    line: int
    level: int = 0  # of a heading; of an ordered list the first number
    when: str = ""
    runs: list[Run] = field(default_factory=list)
    blocks: list["Block"] = field(default_factory=list)


Found = tuple[int, str, str, str]  # line from 0, code, Indonesian, English


def _braces(state: StateInline, silent: bool) -> bool:
    """What stands in braces, as it is written: no star or underscore in it is markup."""
    if state.src[state.pos] not in "{}":
        return False
    match = _BRACES.match(state.src, state.pos)
    if not silent:
        token = state.push("braces", "", 0)
        token.content = match[1].strip() if match else state.src[state.pos]
        token.meta = {"line": state.src.count("\n", 0, state.pos), "open": match is None}
    state.pos = match.end() if match else state.pos + 1
    return True


def _reader() -> MarkdownIt:
    made = MarkdownIt("zero", {"maxNesting": 12})
    made.enable(["heading", "list", "emphasis", "newline", "escape"])
    made.inline.ruler.before("escape", "braces", _braces)
    return made


_markdown = _reader()


def read(text: str) -> tuple[list[Block], list[Found]]:
    """The blocks of a wording, and what is wrong with how it is written."""
    reading = _Reading(_markdown.parse(text))
    blocks = reading.blocks(0)
    return blocks, reading.found


class _Reading:
    """One pass over the tokens of markdown-it."""

    def __init__(self, tokens: list[Token]) -> None:
        self.tokens, self.at = tokens, 0
        self.found: list[Found] = []
        self.headings = self.rows = 0

    def blocks(self, depth: int) -> list[Block]:
        made: list[Block] = []
        while self.at < len(self.tokens):
            token = self.tokens[self.at]
            self.at += 1
            if token.type.endswith("_close"):
                break
            line = token.map[0] if token.map else 0
            if token.type in ("bullet_list_open", "ordered_list_open"):
                kind = "ol" if token.type[0] == "o" else "ul"
                made.append(
                    Block(kind, line, int(token.attrGet("start") or 1), blocks=self.blocks(depth + 1))
                )
            elif token.type == "list_item_open":
                made.append(_item(line, self.blocks(depth + 1)))
            else:
                made.append(self.words(token, line, depth))
        return made

    def words(self, token: Token, line: int, depth: int) -> Block:
        block = Block("h" if token.type == "heading_open" else "p", line)
        inline = self.tokens[self.at]
        self.at += 2  # the words and the closing token
        if block.kind == "h":
            block.level = int(token.tag[1:])
            self.heading(block)
        bold = False
        for child in inline.children or []:
            if child.type in ("strong_open", "strong_close"):
                bold = child.type == "strong_open"
            elif child.type == "em_open":
                text = ("Huruf miring tidak dipakai. Tulis **dua bintang** untuk tebal.",)
                self.problem(line, "italic", *text, "There are no italics. Write **two stars** for bold.")
            elif child.type == "braces":
                self.braces(block, child, line, bold)
            elif child.type in ("softbreak", "hardbreak"):
                block.runs.append(Run(" " if child.type == "softbreak" else "\n", bold=bold))
            elif child.content:
                block.runs.append(Run(child.content, bold=bold))
        if any(run.name == ROWS for run in block.runs):
            self.place_of_rows(block, depth)
        elif block.when and block.runs and not block.runs[0].name:
            block.runs[0] = Run(block.runs[0].text.lstrip(), bold=block.runs[0].bold)
            if _MARKUP.match(block.runs[0].text):
                self.problem(
                    line,
                    "condition_misplaced",
                    "Tulis tanda judul atau butir (##, -, 1.) lebih dulu, baru {when: ...}.",
                    "Write the sign of the heading or item (##, -, 1.) first, then {when: ...}.",
                )
        return block

    def braces(self, block: Block, child: Token, line: int, bold: bool) -> None:
        line += child.meta["line"]
        if child.meta["open"]:
            self.problem(
                line,
                "brace_alone",
                "Kurung kurawal ini tidak berpasangan pada baris yang sama. Untuk mencetak kurung, tulis \\{ atau \\}.",
                "This brace has no partner on the same line. To print a brace, write \\{ or \\}.",
            )
        elif child.content.startswith("when:"):
            if block.runs or block.when or bold:
                self.problem(
                    line,
                    "condition_misplaced",
                    "{when: ...} berdiri satu kali, paling depan di paragraf, judul, atau butir.",
                    "{when: ...} stands once, at the very beginning of a paragraph, heading or item.",
                )
            block.when = child.content.removeprefix("when:").strip() or "false"
        else:
            block.runs.append(Run(name=child.content, bold=bold, line=line))

    def heading(self, block: Block) -> None:
        if block.level not in (2, 3) or (block.level == 3 and not self.headings):
            self.problem(
                block.line,
                "heading_level",
                "Pakai ## untuk judul bagian, dan ### hanya di bawahnya. Judul dokumen sudah tercetak.",
                "Use ## for a section, and ### only below one. The title of the document is printed already.",
            )
        self.headings += 1

    def place_of_rows(self, block: Block, depth: int) -> None:
        self.rows += 1
        if depth or block.kind != "p" or block.when or len(block.runs) > 1 or self.rows > 1:
            self.problem(
                block.line,
                "rows_misplaced",
                "{rows} (tabel data izin) berdiri satu kali, sendirian di paragrafnya, tanpa syarat.",
                "{rows} (the table of the permit) stands once, alone in its paragraph, without a condition.",
            )
        block.kind = ROWS

    def problem(self, line: int, code: str, indonesian: str, english: str) -> None:
        self.found.append((line, code, indonesian, english))


def _item(line: int, blocks: list[Block]) -> Block:
    """A list item; the condition of its first words is its own."""
    item = Block("li", line, blocks=blocks)
    if blocks and blocks[0].when:
        item.when, blocks[0].when = blocks[0].when, ""
    return item


def answer_of(name: str) -> str:
    """The key of the answer that a placeholder names, or ""."""
    match = NAME.fullmatch(name)
    return (match[1] or "") if match else ""


def lines(text: str) -> list[str]:
    """The lines as they are kept: no spaces at their ends, which nobody sees, and none that are empty at the end."""
    return [line.rstrip() for line in text.replace("\r\n", "\n").strip().split("\n")]
