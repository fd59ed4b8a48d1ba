"""The holder takes the credential; verifiers fetch what they check it with: keys, type, status list."""

from typing import Any
from uuid import UUID

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect
from django.views.decorators.http import require_http_methods, require_safe

from gerai.core import clock
from gerai.core.access import public, signed_in
from gerai.permits import credentials, queries, rules, statuslists
from gerai.permits.pages.parts import quiet


@signed_in
@require_http_methods(["GET", "POST"])
def take(request: HttpRequest, pk: UUID) -> HttpResponse:
    """The permit as a credential, for its holder."""
    permit = queries.get(request.user, pk, clock.now())
    if request.method != "POST":
        return redirect("permits:show", pk=pk)
    made = credentials.take(permit=permit, actor=request.user, now=clock.now())
    name = f"izin-{permit.number}".replace("/", "-")
    response = HttpResponse(made, content_type="application/dc+sd-jwt")
    response["Content-Disposition"] = f'attachment; filename="{name}.sd-jwt"'
    return quiet(response)


def _open(response: HttpResponse) -> HttpResponse:
    """For programs anywhere, kept by caches for a minute."""
    response["Cache-Control"] = f"public, max-age={int(rules.LIST_CACHED.total_seconds())}"
    response["Access-Control-Allow-Origin"] = "*"
    return response


def _json(told: dict[str, Any]) -> HttpResponse:
    return _open(JsonResponse(told, json_dumps_params={"ensure_ascii": False}))


@public
@require_safe
def issuer(request: HttpRequest) -> HttpResponse:
    """The JWT VC issuer metadata: the public keys."""
    return _json(credentials.metadata())


@public
@require_safe
def kind(request: HttpRequest) -> HttpResponse:
    """The description of the credential's type."""
    return _json(credentials.type_metadata())


@public
@require_safe
def status_list(request: HttpRequest, number: int) -> HttpResponse:
    """A status list, signed: which credentials are suspended or revoked."""
    made = statuslists.token(number, credentials.keys().signing(), clock.now())
    return _open(HttpResponse(made, content_type="application/statuslist+jwt"))
