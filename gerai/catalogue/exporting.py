"""An agency's file as it stands now: brought back unchanged, it changes nothing."""

from typing import Any

import yaml

from gerai.agencies.models import Agency
from gerai.catalogue import generic, queries, rules, shape
from gerai.catalogue.models import Edition, Service


class _Dumper(yaml.SafeDumper):
    def ignore_aliases(self, data: Any) -> bool:
        """Everything is written out: our own reader takes no aliases."""
        return True


def file_of(agency: Agency) -> str:
    """The YAML file of agency, counters and services."""
    return written(_values(agency))


def written(data: dict[str, Any]) -> str:
    """The values of a file as YAML."""
    return yaml.dump(
        data, Dumper=_Dumper, sort_keys=False, allow_unicode=True, width=108, default_flow_style=None
    )


def _values(agency: Agency) -> dict[str, Any]:
    present = queries.current(agency.mall, agency.code)
    services = [_service(s, e) for _, (s, e) in sorted(present.items()) if s.active and e]
    common = _common([service["standard"] for service in services])
    opening = {"opening": agency.opening} if agency.opening else {}
    counters = []
    for counter in agency.counters.order_by("number").prefetch_related("agencies"):
        row: dict[str, Any] = {"number": counter.number}
        row |= {"zone": counter.zone} if counter.zone else {}
        row |= {"shared": True} if len(counter.agencies.all()) > 1 else {}
        counters.append(row)
    return {
        "agency": {
            "code": agency.code,
            "name": agency.name,
            "short": agency.short,
            "kind": agency.kind,
            "permit_pattern": agency.permit_pattern,
            **opening,
            "source": agency.source,
        },
        **({"standard": common} if common else {}),
        "counters": counters,
        "services": services,
    }


def _common(standards: list[dict[str, Any]]) -> dict[str, Any]:
    """
    What the agency says of all its services, taken out of them: of each component the words most of them have.

    Only where every service has the component, for what stands above holds for all.
    """
    found = {}
    for name in rules.COMPONENTS:
        said = [standard[name] for standard in standards if name in standard]
        if said and len(said) == len(standards):
            most = max(said, key=said.count)
            found[name] = most
            for standard in standards:
                if standard[name] == most:
                    del standard[name]
    return found


def _service(service: Service, edition: Edition) -> dict[str, Any]:
    content = edition.content
    parts = {name: content[name] for name in shape.CONTENT if name in content}  # in the order people read
    parts["standard"] = dict(parts["standard"])
    if rules.is_outside(content["system_of_record"]):
        parts.pop("permit", None)  # of editions from before this was refused
    if generic.is_generic(content):
        parts.pop("questions", None)
    return {
        "code": service.code,
        "name": service.name,
        "keywords": service.keywords,
        "kind": service.kind,
        "online": generic.GENERIC if service.online and generic.is_generic(content) else service.online,
        "counter_minutes": service.counter_minutes,
        **parts,
        "fee": _fee(content["fee"]),
        **({"amend": {"fee": _fee(content["amend"]["fee"])}} if content.get("amend") else {}),
    }


def _fee(fee: dict[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in fee.items() if value != ""}


def _text(dumper: yaml.SafeDumper, text: str) -> yaml.ScalarNode:
    """What has several lines is written line by line, as people wrote it."""
    return dumper.represent_scalar("tag:yaml.org,2002:str", text, style="|" if "\n" in text else None)


_Dumper.add_representer(str, _text)
