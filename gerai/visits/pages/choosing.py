"""What a visitor chose so far, kept in the address and the form, never in a session."""

import uuid
from typing import Any
from urllib.parse import quote

from django.http import HttpRequest

from gerai.agencies import queries as agencies
from gerai.catalogue import queries as catalogue


def choices(request: HttpRequest) -> dict[str, Any]:
    """The agency being looked at, its services, what has been chosen, and a key that makes a second tap harmless."""
    mall = agencies.the_mall()
    chosen = [c for c in request.GET.getlist("s") + request.POST.getlist("s") if "/" in c][:8]
    text = request.GET.get("agency", "")
    kept = "".join(f"s={quote(one)}&" for one in dict.fromkeys(chosen))
    return {
        "kept": kept,
        "agencies": agencies.agencies(mall),
        "agency": text,
        "services": catalogue.published(mall, text) if text else [],
        "chosen": [catalogue.find(mall, *c.split("/", 1)) for c in dict.fromkeys(chosen)],
        "key": request.POST.get("key") or uuid.uuid4().hex,
    }
