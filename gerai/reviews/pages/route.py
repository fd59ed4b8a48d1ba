"""The route of a service or a case as a picture (SVG) and as BPMN 2.0."""

import textwrap
from typing import Any
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import get_language, gettext

from gerai.agencies import queries as agencies
from gerai.applications import queries as applications
from gerai.catalogue import queries as catalogue
from gerai.core import clock
from gerai.core.access import public, signed_in
from gerai.core.errors import NotFound
from gerai.reviews import bpmn, drawing, queries
from gerai.reviews.models import Case
from gerai.reviews.pages.inbox import REVIEWERS

LETTERS, LINES = 20, 3  # of a title in its box
# Fill and line by state; the sign in the box says the same without colour. Attributes, for pages allow no inline style.
COLOURS = {
    "": ("#ffffff", "#0b4a4f"),
    "done": ("#e2f0e3", "#1e6b33"),
    "now": ("#fff3d6", "#8a5a00"),
    "back": ("#fbe3df", "#a32a1a"),
    "no": ("#fbe3df", "#a32a1a"),
    "skip": ("#f3f3f1", "#9aa3a8"),
}


def _drawn(request: HttpRequest, made: drawing.Drawing, state: dict[str, str]) -> HttpResponse:
    language = get_language() or "id"
    sometimes = {line.end for line in made.lines if line.when not in ("", drawing.DEFAULT)}

    def box(node: drawing.Node) -> dict[str, Any]:
        title = node.title.get(language) or node.title["id"]
        lines = (
            textwrap.wrap(title, LETTERS, max_lines=LINES, placeholder=" …") if node.kind == "task" else []
        )
        x, half = node.x + node.width // 2, node.height // 2
        corners = ((x, node.y), (x + half, node.middle), (x, node.y + node.height), (x - half, node.middle))
        diamond = " ".join(f"{a},{b}" for a, b in corners)
        return {
            "node": node,
            "lines": lines,
            "state": state.get(node.key, ""),
            "fill": COLOURS[state.get(node.key, "")][0],
            "stroke": COLOURS[state.get(node.key, "")][1],
            "center": x,
            "diamond": diamond,
            "note": gettext("bila perlu") if node.key in sometimes else "",
        }

    context = {
        "drawing": made,
        "boxes": [box(node) for node in made.nodes],
        "lines": [" ".join(f"{x},{y}" for x, y in line.points) for line in made.lines],
    }
    return render(request, "reviews/route.svg", context, content_type="image/svg+xml")


def _of_service(agency: str, code: str) -> tuple[drawing.Drawing, str]:
    service = catalogue.find(agencies.the_mall(), agency, code)
    content = service.edition.content
    if not service.online or "route" not in content:
        raise NotFound
    return drawing.draw(content, service.agency.short), str(service.name["id"])


@public
def picture(request: HttpRequest, agency: str, code: str) -> HttpResponse:
    """Who examines an application for this service, in which order."""
    return _drawn(request, _of_service(agency, code)[0], {})


@public
def export(request: HttpRequest, agency: str, code: str) -> HttpResponse:
    """The same for a modeller."""
    made, name = _of_service(agency, code)
    return _file(made, name, f"{agency}-{code}")


def _file(made: drawing.Drawing, name: str, called: str) -> HttpResponse:
    answer = HttpResponse(
        bpmn.export(made, name=name, language=get_language() or "id"), content_type="application/xml"
    )
    answer["Content-Disposition"] = f'attachment; filename="{called}.bpmn"'
    return answer


def _of_case(request: HttpRequest, case: Case) -> HttpResponse:
    content = catalogue.frozen(case.application.edition_id).content
    return _drawn(request, drawing.draw(content, case.agency.short), queries.progress(case, content["route"]))


def _file_of_case(case: Case) -> HttpResponse:
    """The route of the edition that the case goes by: the service may have another by now."""
    content = catalogue.frozen(case.application.edition_id).content
    name = str(case.application.service.name["id"])
    return _file(drawing.draw(content, case.agency.short), name, str(case.application.number))


@signed_in
def of_application(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Where one's own application stands on its way."""
    application = applications.get(request.user, pk, clock.now())
    return _of_case(request, queries.case(application.pk))


@REVIEWERS
def of_task(request: HttpRequest, pk: int) -> HttpResponse:
    """Where a case stands, for who works on it."""
    return _of_case(request, queries.case(queries.case_of(request.user, pk)))


@signed_in
def export_of_application(request: HttpRequest, pk: UUID) -> HttpResponse:
    """The route of one's own application, for a modeller."""
    application = applications.get(request.user, pk, clock.now())
    return _file_of_case(queries.case(application.pk))


@REVIEWERS
def export_of_task(request: HttpRequest, pk: int) -> HttpResponse:
    """The route of a case, for who works on it."""
    return _file_of_case(queries.case(queries.case_of(request.user, pk)))
