"""What a visitor chose so far, kept in the address and the form, never in a session."""

import uuid
from typing import Any
from urllib.parse import quote

from django.http import HttpRequest

from gerai.agencies import queries as agencies
from gerai.agencies.models import Mall
from gerai.catalogue import queries as catalogue
from gerai.catalogue.models import Service
from gerai.core.typed import whole
from gerai.visits import who


def party_of(request: HttpRequest) -> int:
    """How many people come for the same, as typed; 0 for what is no number."""
    text = request.POST.get("party") or request.GET.get("party") or "1"
    return whole(text, digits=3) or 0


def offered(request: HttpRequest, mall: Mall) -> dict[str, Any]:
    """What can be chosen: services by the words that were typed, else those of the agency, else the agencies."""
    text, agency = request.GET.get("q", "").strip()[:100], request.GET.get("agency", "")
    services: list[Service] = []
    if text:
        services = catalogue.search(mall, text, limit=12)
    elif agency:
        services = catalogue.published(mall, agency)
    return {
        "text": text,
        "agency": agency,
        "services": services,
        "listed": bool(text or agency),
        "agencies": agencies.agencies(mall),
    }


def choices(request: HttpRequest) -> dict[str, Any]:
    """The agency being looked at, its services, what has been chosen, and a key that makes a second tap harmless."""
    mall = agencies.the_mall()
    chosen = [c for c in request.GET.getlist("s") + request.POST.getlist("s") if "/" in c][:8]
    kept = "".join(f"s={quote(one)}&" for one in dict.fromkeys(chosen))
    return {
        "kept": kept,
        **offered(request, mall),
        "chosen": [catalogue.find(mall, *c.split("/", 1)) for c in dict.fromkeys(chosen)],
        **who.for_forms(mall),
        "key": request.POST.get("key") or uuid.uuid4().hex,
    }
