"""Pages of one's own data."""

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.views.decorators.cache import never_cache

from gerai.core.access import signed_in
from gerai.privacy import queries


@signed_in
@never_cache
def openings(request: HttpRequest) -> HttpResponse:
    """Who opened my data."""
    return render(request, "privacy/openings.html", {"openings": queries.openings(request.user, 200)})


@signed_in
@never_cache
def export(request: HttpRequest) -> HttpResponse:
    """My data as a file."""
    response = JsonResponse(queries.export(request.user), json_dumps_params={"indent": 2})
    response["Content-Disposition"] = 'attachment; filename="data-saya.json"'
    return response
