"""A route as BPMN 2.0 (ISO/IEC 19510) with its diagram, so that any modeller opens it. Pure."""

from xml.etree import ElementTree as Tree

from gerai.reviews.drawing import DEFAULT, Drawing, Node

MODEL = "http://www.omg.org/spec/BPMN/20100524/MODEL"
DI = "http://www.omg.org/spec/BPMN/20100524/DI"
DC = "http://www.omg.org/spec/DD/20100524/DC"
DD = "http://www.omg.org/spec/DD/20100524/DI"
XSI = "http://www.w3.org/2001/XMLSchema-instance"
KINDS = {
    "start": "startEvent",
    "end": "endEvent",
    "task": "userTask",
    "gate": "parallelGateway",
    "choice": "inclusiveGateway",
}


def _id(key: str) -> str:
    return "n_" + key.replace(".", "__")


def export(drawing: Drawing, *, name: str, language: str) -> bytes:
    """The XML file. Conditions are CEL over the answers, as in the catalogue; agencies stand in the tasks' names."""
    for prefix, space in (("", MODEL), ("bpmndi", DI), ("dc", DC), ("di", DD), ("xsi", XSI)):
        Tree.register_namespace(prefix, space)
    root = Tree.Element(f"{{{MODEL}}}definitions", id="gerai", targetNamespace="https://gerai.example/bpmn")
    process = Tree.SubElement(
        root, f"{{{MODEL}}}process", id="route", name=name, isExecutable="false", processType="Public"
    )
    plane = Tree.SubElement(
        Tree.SubElement(root, f"{{{DI}}}BPMNDiagram", id="diagram"),
        f"{{{DI}}}BPMNPlane",
        id="plane",
        bpmnElement="route",
    )
    default = {line.begin: f"f_{n}" for n, line in enumerate(drawing.lines) if line.when == DEFAULT}
    for node in drawing.nodes:
        _node(process, plane, node, drawing, language, default)
    for n, line in enumerate(drawing.lines):
        flow = Tree.SubElement(
            process,
            f"{{{MODEL}}}sequenceFlow",
            id=f"f_{n}",
            sourceRef=_id(line.begin),
            targetRef=_id(line.end),
        )
        if line.when and line.when != DEFAULT:
            said = Tree.SubElement(flow, f"{{{MODEL}}}conditionExpression", language="https://cel.dev")
            said.set(f"{{{XSI}}}type", "tFormalExpression")
            said.text = line.when
        edge = Tree.SubElement(plane, f"{{{DI}}}BPMNEdge", id=f"f_{n}_di", bpmnElement=f"f_{n}")
        for x, y in line.points:
            Tree.SubElement(edge, f"{{{DD}}}waypoint", x=str(x), y=str(y))
    Tree.indent(root)
    return bytes(Tree.tostring(root, encoding="utf-8", xml_declaration=True))


def _node(
    process: Tree.Element,
    plane: Tree.Element,
    node: Node,
    drawing: Drawing,
    language: str,
    default: dict[str, str],
) -> None:
    title = node.title.get(language) or node.title["id"]
    said = f"{title} ({node.agency})" if node.agency else title
    one = Tree.SubElement(process, f"{{{MODEL}}}{KINDS[node.kind]}", id=_id(node.key))
    if said:
        one.set("name", said)
    if node.key in default:
        one.set("default", default[node.key])
    for way, end in (("incoming", "end"), ("outgoing", "begin")):
        for n, line in enumerate(drawing.lines):
            if getattr(line, end) == node.key:
                Tree.SubElement(one, f"{{{MODEL}}}{way}").text = f"f_{n}"
    shape = Tree.SubElement(plane, f"{{{DI}}}BPMNShape", id=f"{_id(node.key)}_di", bpmnElement=_id(node.key))
    Tree.SubElement(
        shape,
        f"{{{DC}}}Bounds",
        x=str(node.x),
        y=str(node.y),
        width=str(node.width),
        height=str(node.height),
    )
