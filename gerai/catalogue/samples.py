"""Trying fee formulas and conditions on sample answers, before they are published."""

import re
from typing import Any

from gerai.catalogue import expressions
from gerai.catalogue.yaml_lines import Path

Sample = dict[str, Any]
_LOOP = re.compile(r"\.\s*(map|filter|all|exists|exists_one)\s*\(")
_TEXTS = {"date": "2026-11-23", "address": "Jalan Contoh 1, Bengkulu"}


def _values(asked: dict[str, Any]) -> list[Any]:
    """A few answers that a person could give, the plain one first."""
    if asked["type"] == "choice":
        return [choice["value"] for choice in asked["choices"]]
    if asked["type"] == "yes_no":
        return [True, False]
    if asked["type"] == "integer":
        schema = asked.get("schema", {})
        least, most = int(schema.get("minimum", 0)), int(schema.get("maximum", 1_000_000))
        return [max(least, min(most, 2)), least, most]
    return [_TEXTS.get(asked["type"], "Contoh")]


def samples(questions: list[dict[str, Any]]) -> list[Sample]:
    """Answers to try: the plain ones, each other value once, and only what is required."""
    asked = [field for section in questions for field in section["fields"]]
    plain = {f["key"]: _values(f)[0] for f in asked}
    found = [plain]
    for field in asked:
        found += [{**plain, field["key"]: value} for value in _values(field)[1:]]
    found.append({f["key"]: plain[f["key"]] for f in asked if f.get("required", True)})
    return found[:200]


def _fails(source: str, tried: list[Sample], wanted: str) -> str | None:
    """Why this expression is not good, in a few words, or None."""
    if _LOOP.search(source):
        return "map/filter/all/exists"
    for sample in tried:
        try:
            if wanted == "fee":
                expressions.fee({"fee": {"amount": source}}, sample)
            elif not isinstance(expressions.evaluate(source, sample), bool):
                return "bukan ya/tidak (not a boolean)"
        except expressions.ExpressionFails as error:
            reason = str(error.__cause__ or "").splitlines()
            answers = ", ".join(f"{key}={value}" for key, value in list(sample.items())[:6])
            return f"{(reason[0] if reason else 'bukan angka (not a number)')[:140]} [{answers[:160]}]"
    return None


def problems(service: dict[str, Any]) -> list[tuple[Path, str, str, str]]:
    """What is wrong with the formulas of one service; paths begin at the service."""
    tried = samples(service.get("questions", []))
    found: list[tuple[Path, str, str, str]] = []
    if why := _fails(str(service["fee"]["amount"]), tried, "fee"):
        found.append(
            (
                ("fee", "amount"),
                "fee_fails",
                f"Rumus biaya gagal pada jawaban contoh: {why}.",
                f"The fee formula fails on sample answers: {why}.",
            )
        )
    for number, stage in enumerate(service.get("route", [])):
        for place, task in enumerate(stage["tasks"]):
            if "when" in task and (why := _fails(task["when"], tried, "when")):
                found.append(
                    (
                        ("route", number, "tasks", place, "when"),
                        "condition_fails",
                        f"Syarat tugas gagal pada jawaban contoh: {why}.",
                        f"The condition of the task fails on sample answers: {why}.",
                    )
                )
    return found
