"""Services that belong together: a moment of life, and "which permits do I need?" with its questions, one a page."""

from typing import Any
from urllib.parse import urlencode

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from gerai.agencies import queries as agencies
from gerai.agencies.models import Mall
from gerai.catalogue import generic, screening
from gerai.catalogue import queries as catalogue
from gerai.catalogue.models import Service
from gerai.core.access import public
from gerai.core.errors import NotFound


@public
def life_event(request: HttpRequest, code: str) -> HttpResponse:
    """The services of one moment of life, in order, and one press to apply for all of them."""
    mall = agencies.the_mall()
    event = catalogue.life_event(mall, code)
    shown = _together(mall, event.services, event.after)
    return render(request, "portal/life_event.html", {"event": event, "occasion": event.code, **shown})


@public
def screener(request: HttpRequest) -> HttpResponse:
    """The next question, or what the answers lead to. The answers stand in the address: back is back."""
    mall = agencies.the_mall()
    content = catalogue.screener(mall)
    if content is None:
        raise NotFound
    answers = screening.settle(content, request.GET.dict())
    question = screening.asks(content, answers)
    context: dict[str, Any] = {
        "title": content["title"],
        "answers": answers,
        "number": len(answers) + 1,
        "back": "?" + urlencode(dict(list(answers.items())[:-1])) if answers else "",
    }
    if question is not None:
        context |= {"question": question, "wrong": request.GET.get("q") == question["key"]}
        return render(request, "portal/screener.html", context, status=422 if context["wrong"] else 200)
    results = screening.results(content, answers)
    why = {result["service"]: result["why"] for result in results}
    context |= {
        "said": _said(content, answers),
        "advice": screening.advice(content, answers),
        "occasion": catalogue.SCREENED + next(iter(answers.values())),
        **_together(mall, [result["service"] for result in results], catalogue.needed_first(mall), why),
    }
    return render(request, "portal/screener_result.html", context)


def _said(content: dict[str, Any], answers: dict[str, str]) -> list[dict[str, Any]]:
    """Question and answer as people read them."""
    questions = {question["key"]: question for question in content["questions"]}
    return [
        {
            "question": questions[key]["label"],
            "answer": next(c["label"] for c in questions[key]["choices"] if c["value"] == value),
        }
        for key, value in answers.items()
    ]


def _together(
    mall: Mall, codes: list[str], after: dict[str, list[str]], why: dict[str, dict[str, str]] | None = None
) -> dict[str, Any]:
    """The services in order, each with what it needs, what comes first, and why it is here."""
    found = catalogue.by_codes(mall, codes)
    names = {service.code: service.name for service in found}
    rows = [_row(service, [names[c] for c in after.get(service.code, []) if c in names]) for service in found]
    return {
        "rows": [{**row, "why": (why or {}).get(row["service"].code)} for row in rows],
        "online": [service for service in found if service.online],
        "at_mall": [s for s in found if not s.online or generic.is_generic(s.edition.content)],
    }


def _row(service: Service, first: list[dict[str, str]]) -> dict[str, Any]:
    wanted = service.edition.content["requirements"]
    return {
        "service": service,
        "first": first,
        "always": [r for r in wanted if not r.get("when")],
        "sometimes": [r for r in wanted if r.get("when")],
    }
