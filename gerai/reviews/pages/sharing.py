"""The head shares out the agency's open tasks: evenly in one press, or one to a named officer."""

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext, ngettext
from django.views.decorators.http import require_http_methods

from gerai.agencies.models import Membership
from gerai.core import clock
from gerai.core.errors import DomainError, NotFound
from gerai.reviews import queries, sharing
from gerai.reviews.pages import paging
from gerai.reviews.pages.inbox import rows
from gerai.reviews.pages.leading import LED


def _officers(agency_id: int, role: str) -> list[dict[str, Any]]:
    loads = queries.loads(agency_id, role)
    return [{"member": m, "load": loads.get(m.person_id, 0)} for m in queries.holding_role(agency_id, role)]


def _group(request: HttpRequest, led: Membership, role: str) -> dict[str, Any]:
    """The open tasks of a role; the page that is asked for is of one of these lists, the others show their first."""
    everything = queries.open_of(led.agency_id or 0, role)
    found = paging.wanted(request, everything, "case__application", {led.mall_id})
    key = f"{led.agency.code}/{role}" if led.agency else role
    shown = paging.page(found, request.GET.get("halaman") if request.GET.get("daftar") == key else None)
    return {
        **shown,
        "key": key,
        "agency": led.agency,
        "role": role,
        "rows": rows(shown["list"], clock.now()),
        "free": everything.filter(taken_by=None).count(),
        "officers": _officers(led.agency_id or 0, role),
    }


@LED
@require_http_methods(["GET", "POST"])
def show(request: HttpRequest) -> HttpResponse:
    """Every open task of the agency by role, who has how much, and one press that shares out the rest."""
    refusal, status = None, 200
    if request.method == "POST":
        try:
            _split(request)
            return redirect("reviews:sharing")
        except NotFound:
            raise
        except DomainError as error:
            refusal, status = error.sentence, error.status
    led = {m.agency_id: m for m in queries.leads(request.user)}
    groups = [
        _group(request, m, role)
        for m in led.values()
        for role in sorted(queries.ROLE_OF_MEMBER, reverse=True)
    ]
    context = {
        "groups": [g for g in groups if g["total"]],
        "wanted": request.GET.get("cari", "").strip(),
        "refusal": refusal,
        "several": len(led) > 1,
    }
    return render(request, "reviews/sharing.html", context, status=status)


def _split(request: HttpRequest) -> None:
    got, left = sharing.split(
        person=request.user,
        agency=request.POST.get("agency", ""),
        role=request.POST.get("role", ""),
        officer_ids=request.POST.getlist("officer"),
        now=clock.now(),
    )
    if not got:
        messages.info(request, gettext("Tidak ada tugas yang belum dikerjakan untuk dibagi."))
    for name, count in sharing.names(got):
        text = ngettext("%(name)s: %(n)d tugas.", "%(name)s: %(n)d tugas.", count)
        messages.success(request, text % {"name": name, "n": count})
    if left:
        text = ngettext(
            "%(n)d tugas tetap terbuka: tidak boleh dikerjakan petugas yang dipilih.",
            "%(n)d tugas tetap terbuka: tidak boleh dikerjakan petugas yang dipilih.",
            left,
        )
        messages.warning(request, text % {"n": left})


@LED
@require_http_methods(["GET", "POST"])
def one(request: HttpRequest, pk: int) -> HttpResponse:
    """One task: to whom, and why; or back to everybody."""
    task = queries.led_task(request.user, pk)
    refusal, status = None, 200
    if request.method == "POST":
        given: dict[str, Any] = {"person": request.user, "task_id": pk, "now": clock.now()}
        reason = request.POST.get("reason", "")
        try:
            if request.POST.get("act") == "take_back":
                sharing.take_back(reason=reason, **given)
                messages.success(
                    request, gettext("Ditarik. Siapa pun yang memegang peran ini dapat mengerjakannya.")
                )
            else:
                sharing.give(officer_id=request.POST.get("officer", ""), reason=reason, **given)
                messages.success(
                    request, gettext("Tugas diberikan. Petugasnya melihatnya di daftar tugasnya.")
                )
            return redirect("reviews:sharing")
        except NotFound:
            raise
        except DomainError as error:
            refusal, status = error.sentence, error.status
    context = {
        "task": task,
        "application": task.case.application,
        "officers": _officers(task.agency_id, task.role),
        "refusal": refusal,
        "sent": request.POST,
    }
    return render(request, "reviews/share.html", context, status=status)
