"""Pages of the invoice and of money in the mall, and the address the provider calls back."""

from datetime import date, datetime
from typing import Any
from uuid import UUID

import segno
from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect, JsonResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_POST

from gerai.agencies import queries as agencies
from gerai.agencies.access import role
from gerai.agencies.models import Membership
from gerai.applications import queries as applications
from gerai.core import clock
from gerai.core.access import public, signed_in
from gerai.core.errors import DomainError, NotFound
from gerai.ledger.rules import ActorRef
from gerai.payments import counter as desk
from gerai.payments import qris, queries, rules, services, statement
from gerai.payments.models import Invoice


@signed_in
def of_application(request: HttpRequest, pk: UUID) -> HttpResponse:
    """From an application to its invoice."""
    return redirect("payments:show", pk=queries.of_application(request.user, pk, clock.now()).pk)


def _codes(invoice: Invoice, now: datetime) -> dict[str, Any]:
    """The provider's QRIS and account, if they are still good; a QRIS that asks for anything else is not shown."""
    if invoice.status != "open" or not invoice.charge_ref:
        return {}
    if rules.has_expired(invoice.charge_expires_at, now):
        return {"expired": True}
    if queries.is_spent(invoice):
        return {"spent": True}
    found: dict[str, Any] = {"account": rules.account_number(invoice.charge_account)}
    if invoice.charge_qris:
        nmid = str(invoice.mall.details.get("qris", {}).get("nmid", ""))
        try:
            found["payee"] = qris.check(invoice.charge_qris, amount=invoice.amount, nmid=nmid).plain["59"]
        except DomainError as error:
            return {**found, "refusal": error.sentence}
        code = segno.make_qr(invoice.charge_qris, error="m")
        found["qr"] = code.svg_data_uri(scale=4, border=4, light="white")
    return found


@signed_in
def show(request: HttpRequest, pk: UUID) -> HttpResponse:
    """The SKRD: what, how much, from what, until when; paid or not, and the codes to pay by."""
    invoice = queries.get(request.user, pk, clock.now())
    application = invoice.application
    context = {
        "invoice": invoice,
        "application": application,
        "deemed": queries.is_granted_by_law(application),
        "levy": invoice.agency.kind == rules.OF_THE_CITY,
        "fee": applications.fee_rule(application),
        "laws": application.edition.content["standard"].get("legal_basis", []),
        "in_words": rules.in_words(invoice.amount, get_language() or "id"),
        "codes": _codes(invoice, clock.now()),
        "refunds": queries.refunds_of(invoice),
        "cashier": agencies.cashier(invoice.mall),
    }
    return render(request, "payments/show.html", context)


def _charged(request: HttpRequest, pk: UUID) -> str:
    """Where the provider takes the money; empty if nothing is owed any more: the invoice then says why."""
    try:
        return services.charge(of=queries.get(request.user, pk, clock.now()), now=clock.now())
    except rules.InvoiceNotOpen:
        return ""


def _where_to_pay(pk: UUID) -> str:
    """The codes stand below the letter: on a phone one would not see them at its top."""
    return reverse("payments:show", args=[pk]) + "#invoice"


@signed_in
@require_POST
def pay(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Go to the provider."""
    url = _charged(request, pk)
    return HttpResponseRedirect(url) if url else redirect("payments:show", pk=pk)


@signed_in
@require_POST
def codes(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Ask the provider for a QRIS and an account, again if the old ones have expired; both stand on the invoice."""
    _charged(request, pk)
    return redirect(_where_to_pay(pk))


@signed_in
@require_POST
def check(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Look at once whether the money has arrived."""
    invoice = queries.get(request.user, pk, clock.now())
    services.ask_about(of=invoice, now=clock.now())
    if queries.get(request.user, pk, clock.now()).status == "open":
        said = _(
            "Bank belum mengabarkan pembayaran untuk tagihan ini. Bila Anda baru membayar, periksa lagi sebentar."
        )
        messages.warning(request, said)
    return redirect("payments:show", pk=pk)


@signed_in
def receipt(request: HttpRequest, pk: UUID) -> HttpResponse:
    """The receipt, made for printing."""
    invoice = queries.get(request.user, pk, clock.now())
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
    """The bank's counter: find the invoice and read the sum, take the money, note the slip's reference, print."""
    member: Membership = request.member  # type: ignore[attr-defined]
    if not queries.is_teller(member):
        raise NotFound
    refusal, invoice = "", None
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
            return redirect("payments:counter_receipt", pk=paid.pk)
        except DomainError as error:
            refusal = error.sentence
    context = {
        "refusal": refusal,
        "number": number,
        "invoice": invoice,
        "by_cash": invoice is not None and queries.is_by_cash(invoice),
        "payer": rules.masked_name(invoice.application.applicant.name) if invoice is not None else "",
        "sent": request.POST,
    }
    return render(request, "payments/counter.html", context, status=422 if refusal else 200)


@role("counter_officer")
def counter_receipt(request: HttpRequest, pk: UUID) -> HttpResponse:
    """What the teller gives the payer on paper: the same facts as on the payer's own, their name masked."""
    member: Membership = request.member  # type: ignore[attr-defined]
    invoice = queries.receipt_at_counter(member, pk)
    payer = rules.masked_name(invoice.application.applicant.name)
    return render(request, "payments/counter_receipt.html", {"invoice": invoice, "payer": payer})


@role("agency_admin", "mall_manager")
def refunds(request: HttpRequest) -> HttpResponse:
    """Money to give back, and how long each waits; the bank's reference of each that has been given."""
    member: Membership = request.member  # type: ignore[attr-defined]
    refusal = ""
    if request.method == "POST":
        wanted = request.POST.get("refund", "")
        try:
            desk.give_back(
                member=member,
                refund_id=int(wanted) if wanted.isdecimal() else 0,
                reference=request.POST.get("reference", ""),
                now=clock.now(),
            )
            return redirect("payments:refunds")
        except NotFound:
            raise
        except DomainError as error:
            refusal = error.sentence
    context = {
        "refusal": refusal,
        "refunds": [(row, (clock.now() - row.received_at).days) for row in queries.refunds(member)[:200]],
        "sent": request.POST,
        "manages": member.role == "mall_manager",
    }
    return render(request, "payments/refunds.html", context, status=422 if refusal else 200)


@role(rules.SUPERVISOR)
def waivers(request: HttpRequest) -> HttpResponse:
    """The head of the agency finds an invoice, reads it, and lets the applicant off with a ground."""
    member: Membership = request.member  # type: ignore[attr-defined]
    number, ground = request.POST.get("number", "") or request.GET.get("number", ""), ""
    refusal, invoice, status = "", None, 200
    if number:
        try:
            invoice = queries.of_agency(member, number)
        except NotFound:
            refusal = rules.InvoiceElsewhere().sentence
    if request.method == "POST" and invoice is not None:
        ground = request.POST.get("ground", "")
        try:
            services.waive(member=member, number=number, ground=ground, now=clock.now())
            return redirect(f"{request.path}?number={invoice.number}")
        except DomainError as error:
            refusal = error.sentence
    if refusal:
        status = 422
    context = {"refusal": refusal, "number": number, "invoice": invoice, "ground": ground}
    return render(request, "payments/waivers.html", context, status=status)


@role("mall_manager")
def reconciliation(request: HttpRequest) -> HttpResponse:
    """What differs from the bank, the days that were compared, those that could not be; a button to compare one now."""
    member: Membership = request.member  # type: ignore[attr-defined]
    now = clock.now()
    refusal = ""
    if request.method == "POST":
        try:
            day = _day(request.POST.get("day", ""))
            actor = ActorRef("person", str(member.person_id))
            made = services.reconcile(mall=member.mall, day=day, actor=actor, now=now)
            left = made.differences.filter(closed_at=None).count()
            told = _(
                "Sudah dicocokkan: {lines} baris dalam berkas bank, {left} perbedaan yang belum selesai."
            )
            messages.success(request, told.format(lines=made.lines, left=left))
            return redirect("payments:reconciliation")
        except DomainError as error:
            refusal = error.sentence
    found = queries.differences(member)
    compared = list(queries.reconciliations(member)[: statement.REACH])
    cash = queries.cash(member.mall, [one.day for one in compared])
    context = {
        "refusal": refusal,
        "days": statement.days_over(now)[::-1],
        "sent": request.POST,
        "oldest": statement.days_over(now)[0],
        "uncompared": queries.uncompared(member, now),
        "compared": [(one, *cash[one.day]) for one in compared],
        "open": found.filter(closed_at=None).order_by("kind", "-reconciliation__day", "id")[:200],
        "closed": found.filter(closed_at__isnull=False)[:50],
    }
    return render(request, "payments/reconciliation.html", context, status=422 if refusal else 200)


def _day(text: str) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise statement.DayNotOver from None


@role("mall_manager")
@require_POST
def note(request: HttpRequest, pk: int) -> HttpResponse:
    """What was done about a difference."""
    member: Membership = request.member  # type: ignore[attr-defined]
    services.note_difference(
        member=member, difference_id=pk, note=request.POST.get("note", ""), now=clock.now()
    )
    return redirect("payments:reconciliation")
