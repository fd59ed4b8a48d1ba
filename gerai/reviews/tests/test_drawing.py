"""The picture of a route and its BPMN: every figure on a way from start to end, nothing over another."""

from xml.etree import ElementTree as Tree

import pytest

from gerai.catalogue.models import Edition, Service
from gerai.reviews import bpmn, drawing, queries
from gerai.reviews.models import Case
from gerai.reviews.tests.make import MONDAY, World, content
from gerai.reviews.tests.routes import ROUTES

SPACE = {"b": bpmn.MODEL, "di": bpmn.DI, "dc": bpmn.DC, "w": bpmn.DD}


def parsed(text):
    return Tree.fromstring(text)  # noqa: S314 - our own


def drawn(name):
    return drawing.draw(content(**ROUTES[name]), "DPMPTSP")


@pytest.mark.parametrize("name", ROUTES)
def test_every_figure_lies_on_a_way_from_start_to_end(name):
    made = drawn(name)
    ways = [(line.begin, line.end) for line in made.lines]

    def reached(first, ahead):
        seen = {first}
        while more := {b if ahead else a for a, b in ways if (a if ahead else b) in seen} - seen:
            seen |= more
        return seen

    keys = {node.key for node in made.nodes}
    assert reached("start", True) == reached("end", False) == keys
    assert len(keys) == len(made.nodes)


@pytest.mark.parametrize("name", ROUTES)
def test_no_figure_lies_over_another_or_outside(name):
    made = drawn(name)
    for n, one in enumerate(made.nodes):
        assert min(one.x, one.y) >= 0
        assert (one.x + one.width, one.y + one.height) <= (made.width, made.height)
        assert one.y + one.height <= made.height
        for other in made.nodes[n + 1 :]:
            beside = one.x + one.width <= other.x or other.x + other.width <= one.x
            assert beside or one.y + one.height <= other.y or other.y + other.height <= one.y


@pytest.mark.parametrize("name", ROUTES)
def test_the_bpmn_names_what_it_refers_to_and_places_everything(name):
    root = parsed(bpmn.export(drawn(name), name="Izin", language="id"))
    process = root.find("b:process", SPACE)
    nodes = {one.get("id"): one for one in process if not one.tag.endswith("sequenceFlow")}
    flows = {one.get("id"): one for one in process.findall("b:sequenceFlow", SPACE)}

    for key, flow in flows.items():
        begin, end = nodes[flow.get("sourceRef")], nodes[flow.get("targetRef")]
        assert key in [one.text for one in begin.findall("b:outgoing", SPACE)]
        assert key in [one.text for one in end.findall("b:incoming", SPACE)]
    placed = {one.get("bpmnElement") for one in root.iter() if one.tag.endswith(("BPMNShape", "BPMNEdge"))}
    assert placed == nodes.keys() | flows.keys()
    assert all(len(edge.findall("w:waypoint", SPACE)) >= 2 for edge in root.iter(f"{{{bpmn.DI}}}BPMNEdge"))


def test_a_stage_with_conditions_is_an_inclusive_gateway_with_the_formula_on_its_flow():
    text = bpmn.export(drawn("a branch"), name="Izin", language="id").decode()

    assert "inclusiveGateway" in text
    assert "answers.area &gt; 500</conditionExpression>" in text


@pytest.mark.django_db
def test_the_picture_shows_where_the_case_stands():
    world = World()
    application = world.in_review()
    world.say(application, world.dinkes, "technical.dinkes", "approve")

    route = content()["route"]
    found = queries.progress(Case.objects.get(), route)

    assert (found["completeness"], found["technical.dinkes"], found["technical.pupr"]) == (
        "done",
        "done",
        "now",
    )
    assert "technical.big" not in found  # its stage still runs
    world.say(application, world.pupr, "technical.pupr", "approve")
    assert queries.progress(Case.objects.get(), route)["technical.big"] == "skip"


@pytest.mark.django_db
def test_its_pages_are_for_whom_they_are(client):
    world = World()
    application = world.in_review()
    mine = f"/permohonan/{application.pk}/rute.svg"

    shown = client.get("/rute/DPMPTSP/UJI.svg", HTTP_ACCEPT_LANGUAGE="id")
    assert shown.headers["Content-Type"] == "image/svg+xml"
    assert "." not in parsed(shown.content).get("viewBox")  # a thousand is not written as people read it
    parsed(client.get("/rute/DPMPTSP/UJI.bpmn").content)
    assert shown.content.decode().count("PUPR · bila perlu") == 1  # one of its two tasks has a condition
    assert client.get("/layanan/DPMPTSP/UJI/").content.decode().count("tergantung jawaban Anda") == 1
    client.force_login(world.budi)
    assert client.get(mine).status_code == 404
    client.force_login(world.sari)
    parsed(client.get(mine).content)
    client.force_login(world.pupr)
    pupr, dinkes = (world.task(application, f"technical.{code}").pk for code in ("pupr", "dinkes"))
    for kind in ("svg", "bpmn"):
        assert client.get(f"/tugas/{pupr}/rute.{kind}").status_code == 200
        assert client.get(f"/tugas/{dinkes}/rute.{kind}").status_code == 404


@pytest.mark.django_db
def test_the_bpmn_file_is_linked_beside_each_picture_and_a_cases_is_of_its_own_edition(client):
    client.defaults["HTTP_ACCEPT_LANGUAGE"] = "id"
    world = World()
    application = world.in_review()
    task = world.task(application, "technical.pupr")
    Edition.objects.update(status="superseded")
    Edition.objects.create(
        service=world.service, number=2, content=content(route=[]), status="published", published_at=MONDAY
    )
    mine, theirs = f"/permohonan/{application.pk}/rute.bpmn", f"/tugas/{task.pk}/rute.bpmn"

    assert client.get(mine).status_code == 302
    client.force_login(world.budi)
    assert client.get(mine).status_code == 404
    client.force_login(world.sari)
    assert f'href="{mine}"' in client.get(f"/permohonan/{application.pk}/").content.decode()
    own = client.get(mine)
    client.force_login(world.pupr)
    assert f'href="{theirs}"' in client.get(f"/tugas/{task.pk}/").content.decode()

    assert b"DINKES" in own.content
    assert own.content == client.get(theirs).content
    assert b"DINKES" not in client.get("/rute/DPMPTSP/UJI.bpmn").content
    assert own["Content-Disposition"] == f'attachment; filename="{application.number}.bpmn"'


@pytest.mark.django_db
def test_the_page_of_a_service_shows_its_route(client):
    client.defaults["HTTP_ACCEPT_LANGUAGE"] = "id"
    world = World()
    shown = client.get("/layanan/DPMPTSP/UJI/").content.decode()
    Service.objects.filter(pk=world.service.pk).update(online=False)

    assert 'src="/rute/DPMPTSP/UJI.svg"' in shown
    assert 'href="/rute/DPMPTSP/UJI.bpmn"' in shown
    assert "/rute/DPMPTSP" not in client.get("/layanan/DPMPTSP/UJI/").content.decode()
