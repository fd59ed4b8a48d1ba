"""Pages of the invoice, and the address the provider calls back."""

from uuid import UUID

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect, JsonResponse
from django.shortcuts import redirect, render
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_POST

from gerai.agencies.access import role
from gerai.agencies.models import Membership
from gerai.core import clock
from gerai.core.access import public, signed_in
from gerai.core.errors import DomainError, NotFound
from gerai.payments import counter as desk
from gerai.payments import queries, rules, services


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
    if invoice.status != "open":
        return redirect("payments:show", pk=pk)
    return HttpResponseRedirect(services.charge_url(of=invoice))


@signed_in
@require_POST
def check(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Look at once whether the money has arrived."""
    services.ask_about(of=queries.get(request.user, pk), now=clock.now())
    return redirect("payments:show", pk=pk)


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
    except DomainError as error:
        return JsonResponse({"code": error.code, "text": str(error)}, status=error.status)
    return JsonResponse({"result": result})


@role("counter_officer")
def counter(request: HttpRequest) -> HttpResponse:
    """The bank's counter: find the invoice and read the sum, take the money, note the slip's reference."""
    member: Membership = request.member  # type: ignore[attr-defined]
    if member.agency is None or member.agency.code != rules.CASHIER:
        raise NotFound
    refusal, paid, invoice = "", None, None
    number = request.POST.get("number", "") or request.GET.get("number", "")
    if number:
        try:
            invoice = queries.at_counter(member, number)
        except NotFound:
            refusal = rules.InvoiceUnknown().sentence
    if request.method == "POST" and invoice is not None:
        reference = request.POST.get("reference", "")
        try:
            paid = desk.pay_at_counter(member=member, number=number, reference=reference, now=clock.now())
        except DomainError as error:
            refusal = error.sentence
    context = {
        "refusal": refusal,
        "paid": paid,
        "number": "" if paid else number,
        "invoice": None if paid else invoice,
        "sent": request.POST,
    }
    return render(request, "payments/counter.html", context, status=422 if refusal else 200)


@role("agency_admin", "mall_manager")
def refunds(request: HttpRequest) -> HttpResponse:
    """Money to give back; a button for each that has been given."""
    member: Membership = request.member  # type: ignore[attr-defined]
    if request.method == "POST":
        wanted = request.POST.get("refund", "")
        desk.give_back(member=member, refund_id=int(wanted) if wanted.isdecimal() else 0, now=clock.now())
        return redirect("payments:refunds")
    return render(request, "payments/refunds.html", {"refunds": queries.refunds(member)[:200]})
