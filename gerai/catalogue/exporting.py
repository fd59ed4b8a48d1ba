"""An agency's file as it stands now: brought back unchanged, it changes nothing."""

from typing import Any

import yaml

from gerai.agencies.models import Agency
from gerai.catalogue import queries, shape
from gerai.catalogue.models import Edition, Service


class _Dumper(yaml.SafeDumper):
    def ignore_aliases(self, data: Any) -> bool:
        """Everything is written out: our own reader takes no aliases."""
        return True


def file_of(agency: Agency) -> str:
    """The YAML file of agency, counters and services."""
    services = queries.current(agency.mall, agency.code)
    opening = {"opening": agency.opening} if agency.opening else {}
    counters = []
    for counter in agency.counters.order_by("number").prefetch_related("agencies"):
        row: dict[str, Any] = {"number": counter.number}
        row |= {"zone": counter.zone} if counter.zone else {}
        row |= {"shared": True} if len(counter.agencies.all()) > 1 else {}
        counters.append(row)
    data = {
        "agency": {
            "code": agency.code,
            "name": agency.name,
            "short": agency.short,
            "kind": agency.kind,
            "permit_pattern": agency.permit_pattern,
            **opening,
            "source": agency.source,
        },
        "counters": counters,
        "services": [_service(s, e) for _, (s, e) in sorted(services.items()) if s.active and e],
    }
    return yaml.dump(
        data, Dumper=_Dumper, sort_keys=False, allow_unicode=True, width=108, default_flow_style=None
    )


def _service(service: Service, edition: Edition) -> dict[str, Any]:
    content = edition.content
    fee = {name: value for name, value in content["fee"].items() if value != ""}
    parts = {name: content[name] for name in shape.CONTENT if name in content}  # in the order people read
    return {
        "code": service.code,
        "name": service.name,
        "keywords": service.keywords,
        "kind": service.kind,
        "online": service.online,
        "counter_minutes": service.counter_minutes,
        **parts,
        "fee": fee,
    }
