"""bpmn-js opens every exported route: those of the tests and those of the pilot's own services."""

from collections.abc import Iterator
from importlib.resources import files
from typing import Any

import pytest
from django.conf import settings
from playwright.sync_api import Page, sync_playwright

from gerai.catalogue import joining
from gerai.reviews import bpmn, drawing
from gerai.reviews.tests.make import content
from gerai.reviews.tests.routes import ROUTES

pytestmark = pytest.mark.slow

FOLDER = settings.PACKAGE / "config" / "pilot" / "agencies"
OPEN = """async (xml) => {
  document.body.innerHTML = '<div id="canvas" style="height: 400px"></div>';
  const viewer = new BpmnJS({ container: "#canvas" });
  const { warnings } = await viewer.importXML(xml);
  const shown = viewer.get("elementRegistry");
  const count = (kind) => shown.filter((one) => one.type !== "label" && one.businessObject.$instanceOf(kind)).length;
  return [warnings.map((one) => one.message), count("bpmn:FlowNode"), count("bpmn:SequenceFlow")];
}"""


@pytest.fixture(scope="module")
def page() -> Iterator[Page]:
    """An empty page with bpmn-js."""
    script = files("django_bpmn") / "static" / "django_bpmn" / "js" / "bpmn-modeler.development.js"
    with sync_playwright() as play:
        browser = play.chromium.launch(executable_path="/usr/bin/chromium", args=["--no-sandbox"])
        page = browser.new_page()
        page.add_script_tag(content=script.read_text())
        yield page
        browser.close()


def opens(page: Page, route_of: dict[str, Any], owner: str) -> None:
    made = drawing.draw(route_of, owner)
    told = page.evaluate(OPEN, bpmn.export(made, name="Izin", language="id").decode())
    assert told == [[], len(made.nodes), len(made.lines)]


@pytest.mark.parametrize("name", ROUTES)
def test_bpmn_js_opens_each_shape_of_a_route_without_a_warning(page: Page, name: str) -> None:
    opens(page, content(**ROUTES[name]), "DPMPTSP")


def test_bpmn_js_opens_the_route_of_every_pilot_service(page: Page) -> None:
    known = frozenset(file.stem for file in FOLDER.glob("*.yaml"))
    seen = set()
    for file in sorted(FOLDER.glob("*.yaml")):
        for service in joining.check(file.read_text(), agencies=known).services:
            route = str(service["content"]["route"])
            if route not in seen:
                seen.add(route)
                opens(page, service["content"], file.stem)
    assert len(seen) > 20


def test_bpmn_js_says_what_it_cannot_open(page: Page) -> None:
    xml = bpmn.export(drawing.draw(content(), "DPMPTSP"), name="Izin", language="id").decode()
    warnings, _, _ = page.evaluate(OPEN, xml.replace('targetRef="n_end"', 'targetRef="n_nowhere"'))
    assert warnings
