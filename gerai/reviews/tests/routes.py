"""Ten routes of different shapes, as the content of an edition, for the state machine of cases."""

from typing import Any

from gerai.reviews.tests.make import both, content

FREE = {**content()["fee"], "amount": "0"}


def task(
    agency: str, kind: str = "recommend", days: int = 2, when: str = "", key: str = ""
) -> dict[str, Any]:
    """A task of a stage."""
    made = {"kind": kind, "role": "reviewer", "days": days, "title": both(agency), "agency": agency}
    return {**made, "key": key or agency.lower(), **({"when": when} if when else {})}


def stages(*of: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """A route of stages, named in order."""
    return [{"key": f"s{n}", "tasks": tasks} for n, tasks in enumerate(of)]


def time(days: int, kind: str = "working") -> dict[str, Any]:
    """A standard with another promise."""
    return {**content()["standard"], "time": {"days": days, "kind": kind}}


BIG = "answers.area > 500"
ROUTES: dict[str, dict[str, Any]] = {
    "no route": {"route": [], "fee": FREE},
    "one agency": {"route": stages([task("DINKES")])},
    "two side by side": {"route": stages([task("DINKES"), task("PUPR", days=3)]), "fee": FREE},
    "one after the other": {
        "route": stages([task("DINKES")], [task("PUPR")], [task("DINKES")]), "standard": time(10)
    },
    "a branch": {"route": stages([task("DINKES"), task("PUPR", when=BIG)]), "fee": FREE},
    "a stage that may be skipped": {"route": stages([task("PUPR", when=BIG)], [task("DINKES")])},
    "an inspection": {"route": stages([task("PUPR", "inspect"), task("DINKES", "verify")]), "fee": FREE},
    "granted in silence": {"route": stages([task("DINKES")]), "deemed": True, "fee": FREE},
    "granted in silence, for a fee": {"route": stages([task("DINKES"), task("PUPR")]), "deemed": True},
    "calendar days": {"route": stages([task("PUPR")], [task("DINKES")]), "standard": time(9, "calendar")},
    "hours": {"route": stages([task("DINKES", days=1)]), "standard": time(60, "hours"), "fee": FREE},
}  # fmt: skip
