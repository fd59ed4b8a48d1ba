"""A long list by pages of a hundred, and one of it by its number."""

from typing import Any

from django.db.models import QuerySet
from django.http import HttpRequest

from gerai.core import clock
from gerai.core.typed import whole
from gerai.reviews.rules import numbers_meant

SIZE = 100


def page(found: QuerySet[Any], text: str | None) -> dict[str, Any]:
    """The rows of the page that is asked for (the last, if there are not so many), and where that is in the whole."""
    total = found.count()
    pages = max(1, -(-total // SIZE))
    number = min(max(whole(text, digits=6) or 1, 1), pages)
    rows = list(found[(number - 1) * SIZE : number * SIZE])
    return {"list": rows, "total": total, "page": number, "pages": pages}


def wanted(request: HttpRequest, found: QuerySet[Any], path: str, malls: set[str]) -> QuerySet[Any]:
    """The rows on the application of the number that is looked for; all of them, where none is."""
    text = request.GET.get("cari", "").strip()
    if not text:
        return found
    return found.filter(**{f"{path}__number__in": numbers_meant(text, malls, clock.now())})
