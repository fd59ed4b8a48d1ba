"""Fees and conditions: CEL (cel.dev) over `answers`, inside a row also over `row`. A kept library; `sum` is added."""

from collections.abc import Mapping
from functools import lru_cache
from typing import Any

import cel

from gerai.core.errors import DomainError


class ExpressionFails(DomainError):
    """A fee or condition cannot be computed from these answers."""

    code = "expression_fails"
    text = "Biaya atau syarat layanan ini tidak dapat dihitung. Hubungi instansi pemilik layanan."


def _sum(numbers: Any) -> int | None:
    """
    What whole numbers make together; CEL itself has no sum. Nothing of anything else.

    It does not raise: the library would print that.
    """
    if not isinstance(numbers, list):
        return None
    whole = all(isinstance(one, int) and not isinstance(one, bool) for one in numbers)
    return sum(numbers) if whole else None


@lru_cache(maxsize=1024)
def _program(source: str) -> Any:
    return cel.compile(source)


def evaluate(source: str, answers: Mapping[str, Any], row: Mapping[str, Any] | None = None) -> Any:
    """
    The value of a CEL expression over `answers`, and over `row` where it stands in a row.

    :raises ExpressionFails: if it does not compile or a variable is missing
    """
    known = {"answers": dict(answers)} | ({} if row is None else {"row": dict(row)})
    try:
        return _program(source).execute(cel.Context(variables=known, functions={"sum": _sum}))
    except (ValueError, TypeError, RuntimeError, LookupError, ArithmeticError) as error:
        raise ExpressionFails from error


def syntax(source: str) -> str:
    """What the library says of a formula that it cannot read; nothing of every other."""
    try:
        _program(source)
    except ValueError as error:
        return str(error)
    return ""


def fee(content: Mapping[str, Any], answers: Mapping[str, Any]) -> int:
    """
    The fee in whole rupiah.

    :raises ExpressionFails: if it is no whole number, or is negative. A fraction is never cut: the rule must say how.
    """
    amount = evaluate(str(content["fee"]["amount"]), answers)
    if isinstance(amount, bool) or not isinstance(amount, int) or amount < 0:
        raise ExpressionFails
    return amount


def holds(source: str | None, answers: Mapping[str, Any], row: Mapping[str, Any] | None = None) -> bool:
    """Whether a condition holds; no condition always does."""
    return True if not source else bool(evaluate(source, answers, row))
