"""Fees and conditions: CEL (cel.dev) over `answers`. A kept library, never a language of our own."""

from collections.abc import Mapping
from functools import lru_cache
from typing import Any

import cel

from gerai.core.errors import DomainError


class ExpressionFails(DomainError):
    """A fee or condition cannot be computed from these answers."""

    code = "expression_fails"
    text = "Biaya atau syarat layanan ini tidak dapat dihitung. Hubungi instansi pemilik layanan."


@lru_cache(maxsize=1024)
def _program(source: str) -> Any:
    return cel.compile(source)


def evaluate(source: str, answers: Mapping[str, Any]) -> Any:
    """
    The value of a CEL expression over `answers`.

    :raises ExpressionFails: if it does not compile or a variable is missing
    """
    try:
        return _program(source).execute({"answers": dict(answers)})
    except (ValueError, TypeError, RuntimeError, KeyError, ArithmeticError) as error:
        raise ExpressionFails from error


def fee(content: Mapping[str, Any], answers: Mapping[str, Any]) -> int:
    """
    The fee in whole rupiah, rounded down.

    :raises ExpressionFails: if it is not a number or is negative
    """
    amount = evaluate(str(content["fee"]["amount"]), answers)
    if isinstance(amount, bool) or not isinstance(amount, int | float) or amount < 0:
        raise ExpressionFails
    return int(amount)


def holds(source: str | None, answers: Mapping[str, Any]) -> bool:
    """Whether a condition holds; no condition always does."""
    return True if not source else bool(evaluate(source, answers))
