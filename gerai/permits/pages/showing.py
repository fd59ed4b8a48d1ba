"""The holder opens their permit; an officer of the agency looks at it, suspends or revokes it."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from hashlib import sha256
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext
from django.views.decorators.http import require_http_methods, require_safe

from gerai.accounts import confirming
from gerai.agencies.access import role
from gerai.applications import follow_queries
from gerai.applications.rules import Why
from gerai.applications.services import person_ref
from gerai.core import clock
from gerai.core.access import signed_in
from gerai.core.errors import NotFound
from gerai.documents import services as documents
from gerai.permits import following, noting, queries, rules, withdrawing
from gerai.permits.models import Permit
from gerai.permits.pages.parts import quiet

FIELD_OF = {  # a refusal: the field it is about
    rules.ReasonMissing: "reason",
    rules.SuspensionReasonMissing: "reason",
    rules.GroundMissing: "ground",
}


def _page(request: HttpRequest, permit: Permit, status: int = 200, **more: Any) -> HttpResponse:
    """The page of a permit. An officer's look is written where the holder can see it."""
    now = clock.now()
    noting.opening(permit=permit, actor=request.user, now=now)
    until = permit.content.get("objection_until")
    state, may_revoke = queries.state(permit, now), queries.may_revoke(request.user, permit)
    is_theirs = queries.is_theirs(request.user, permit)
    context = {
        "permit": permit,
        "objection_until": date.fromisoformat(until) if until else None,
        "state": state,
        "days_left": rules.days_left(permit.valid_until, queries.today(permit, now)),
        "suspension": queries.suspension(permit),
        "withdrawal_objection_until": queries.withdrawal_objection_until(permit),
        "past_suspensions": queries.past_suspensions(permit),
        "mine": is_theirs,
        "may_take": queries.may_take(request.user, permit, now),
        "may_download": queries.may_open_file(request.user, permit, now),
        "may_revoke": may_revoke and permit.status in (rules.Status.VALID, rules.Status.SUSPENDED),
        "may_suspend": may_revoke and state in (rules.Shown.VALID, rules.Shown.NOT_YET),
        "is_theirs": is_theirs,
        "may_change": is_theirs and permit.kind == rules.Kind.PERMIT and state in following.HOLDS,
        "may_renew": is_theirs and state in following.HOLDS and following.may_renew(permit, now),
        "under_way": follow_queries.under_way(permit.application_id) if is_theirs else None,
        "may_correct": state in following.HOLDS and queries.may_correct(request.user, permit),
        "reads_register": queries.looks_as_officer(request.user, permit),
        "may_lift": may_revoke and state == rules.Shown.SUSPENDED,
        **more,
    }
    return quiet(render(request, "permits/show.html", context, status=status))


@signed_in
@require_safe
def of_application(request: HttpRequest, pk: UUID) -> HttpResponse:
    """From an application to its permit or letter, which a job signs soon after the decision."""
    found = queries.of_application(request.user, pk, clock.now())
    if found is None:
        messages.info(request, gettext("Dokumennya sedang disiapkan. Coba lagi sebentar lagi."))
        return redirect("applications:show", pk=pk)
    return redirect("permits:show", pk=found.pk)


@signed_in
@require_safe
def show(request: HttpRequest, pk: UUID) -> HttpResponse:
    """A permit or letter, for its holder and for the agency's signer, verifier and administrator."""
    return _page(request, queries.get(request.user, pk, clock.now()))


@signed_in
@require_safe
def download(request: HttpRequest, pk: UUID) -> HttpResponse:
    """The signed file. An officer's opening is written where the holder can see it."""
    permit = queries.get_file(request.user, pk, clock.now())
    if permit.document is None:  # still being signed
        raise NotFound
    data = documents.open_file(
        document=permit.document, actor=person_ref(request.user), mall=permit.mall_id, now=clock.now()
    )
    name = f"{permit.kind}-{permit.number}".replace("/", "-")
    response = HttpResponse(data, content_type="application/pdf")
    response["Content-Disposition"] = f'attachment; filename="{name}.pdf"'
    return quiet(response)


@dataclass(frozen=True)
class Withdrawal:
    """One thing that a signing official takes back or gives back: its service, what it needs, its words."""

    form: str
    act: Callable[..., Permit]
    check: Callable[..., Any]
    fields: tuple[str, ...]
    of: tuple[rules.Status, ...]  # in which states it can be asked for at all
    title: str
    button: str
    done: str


def _act(request: HttpRequest, pk: UUID, wanted: Withdrawal) -> HttpResponse:
    """Ask for a code, then do it; a refusal shows the permit's page again with what was typed."""
    permit = queries.get(request.user, pk, clock.now())
    if request.method != "POST":
        return redirect("permits:show", pk=pk)
    if not queries.may_revoke(request.user, permit):
        raise NotFound
    if permit.status not in wanted.of:
        raise rules.NotValid
    sent = {name: request.POST.get(name, "") for name in wanted.fields}
    try:
        wanted.check(**sent)
        bound = sha256(repr(sent).encode()).hexdigest()
        step = confirming.confirmation(request, f"{wanted.form}:{pk}:{bound}")
        if not step.yes and not step.twice:
            context = {
                "title": f"{wanted.title} {permit.number}",
                "button": wanted.button,
                "carried": sent.items(),
                "text_title": gettext("Alasan"),
                "text": sent["reason"],
                "ground": sent.get("ground", ""),
                "here": reverse(f"permits:{wanted.form}", args=[pk]),
                "back": reverse("permits:show", args=[pk]),
                **step.context,
            }
            return quiet(render(request, "accounts/confirm.html", context, status=step.status))
        if step.yes:
            wanted.act(permit=permit, actor=request.user, now=clock.now(), **sent)
    except tuple(FIELD_OF) as error:
        said = error.sentence.said(gettext)
        told = {"form": wanted.form, "field": FIELD_OF[type(error)], "error": said, "sent": sent}
        return _page(request, permit, error.status, **told)
    messages.success(request, wanted.done)
    return redirect("permits:show", pk=pk)


@signed_in
@require_http_methods(["GET", "POST"])
def change(request: HttpRequest, pk: UUID) -> HttpResponse:
    """The holder, or who acts for the business, asks for a change or a renewal; everything is filled in."""
    permit = queries.get(request.user, pk, clock.now())
    if request.method != "POST":
        return redirect("permits:show", pk=pk)
    why = Why.RENEW if request.POST.get("act") == Why.RENEW else Why.AMEND
    begun = following.ask(permit=permit, why=why, person=request.user, now=clock.now())
    if begun.why != why:
        messages.info(request, gettext("Permohonan lain atas izin ini masih berjalan. Selesaikan itu dulu."))
    return redirect("applications:show", pk=begun.pk)


@role("signer")
@require_http_methods(["GET", "POST"])
def revoke(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Withdraw a permit, with its reason."""
    wanted = Withdrawal(
        form="revoke",
        act=withdrawing.revoke,
        check=rules.check_revocation,
        fields=("reason",),
        of=(rules.Status.VALID, rules.Status.SUSPENDED),
        title=gettext("Cabut izin"),
        button=gettext("Cabut sekarang"),
        done=gettext("Izin dicabut. Pemegangnya diberi tahu."),
    )
    return _act(request, pk, wanted)


@role("signer")
@require_http_methods(["GET", "POST"])
def suspend(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Let a permit not hold for a time, with reason and legal ground."""
    wanted = Withdrawal(
        form="suspend",
        act=withdrawing.suspend,
        check=rules.check_suspension,
        fields=("reason", "ground"),
        of=(rules.Status.VALID,),
        title=gettext("Bekukan izin"),
        button=gettext("Bekukan sekarang"),
        done=gettext("Izin dibekukan. Pemegangnya diberi tahu."),
    )
    return _act(request, pk, wanted)


@role("signer")
@require_http_methods(["GET", "POST"])
def lift(request: HttpRequest, pk: UUID) -> HttpResponse:
    """End a suspension, with reason and legal ground."""
    wanted = Withdrawal(
        form="lift",
        act=withdrawing.lift,
        check=rules.check_suspension,
        fields=("reason", "ground"),
        of=(rules.Status.SUSPENDED,),
        title=gettext("Aktifkan lagi izin"),
        button=gettext("Aktifkan sekarang"),
        done=gettext("Pembekuan berakhir. Izin berlaku lagi dan pemegangnya diberi tahu."),
    )
    return _act(request, pk, wanted)
