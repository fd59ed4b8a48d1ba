"""Pages of the invoice, and the address the provider calls back."""

import json
from uuid import UUID

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect, JsonResponse
from django.shortcuts import redirect, render
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_POST

from gerai.core import clock
from gerai.core.access import public, signed_in
from gerai.core.errors import DomainError
from gerai.payments import queries, services


@signed_in
def of_application(request: HttpRequest, pk: UUID) -> HttpResponse:
    """From an application to its invoice."""
    return redirect("payments:show", pk=queries.of_application(request.user, pk).pk)


@signed_in
def show(request: HttpRequest, pk: UUID) -> HttpResponse:
    """What, how much, and paid or not."""
    return render(request, "payments/show.html", {"invoice": queries.get(request.user, pk)})


@signed_in
@require_POST
def pay(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Go to the provider."""
    invoice = queries.get(request.user, pk)
    if invoice.status == "paid":
        return redirect("payments:show", pk=pk)
    return HttpResponseRedirect(services.charge_url(of=invoice))


@signed_in
def receipt(request: HttpRequest, pk: UUID) -> HttpResponse:
    """The receipt, made for printing."""
    invoice = queries.get(request.user, pk)
    if invoice.status != "paid":
        return redirect("payments:show", pk=pk)
    return render(request, "payments/receipt.html", {"invoice": invoice})


@public
@csrf_exempt
@require_POST
def callback(request: HttpRequest) -> HttpResponse:
    """The provider tells of a payment. Repeats are answered with 200, or it would never stop."""
    try:
        result = services.settle_from_callback(
            body=request.body, header=request.headers.get("X-Signature", ""), now=clock.now()
        )
    except (json.JSONDecodeError, KeyError, UnicodeDecodeError):
        return JsonResponse({"code": "callback_malformed", "text": "Isi panggilan tidak dapat dibaca."}, status=400)
    except DomainError as error:
        return JsonResponse({"code": error.code, "text": error.text}, status=error.status)
    return JsonResponse({"result": result})
