"""Who stands in for whom: named by the officer themself or by the agency's administrator, with the letter's number."""

from datetime import date

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext
from django.views.decorators.http import require_http_methods

from gerai.agencies import substituting
from gerai.agencies.access import role
from gerai.agencies.rules import FORMS
from gerai.core import clock
from gerai.core.errors import DomainError, NotFound
from gerai.core.typed import whole


def _day(text: str) -> date | None:
    try:
        return date.fromisoformat(text)
    except ValueError:
        return None


@role("verifier", "reviewer", "signer", "agency_admin")
@require_http_methods(["GET", "POST"])
def show(request: HttpRequest) -> HttpResponse:
    """The substitutions of one's agencies, and a form for the next."""
    refusal, status = None, 200
    if request.method == "POST":
        try:
            _act(request)
            return redirect("reviews:substitutes")
        except NotFound:
            raise
        except DomainError as error:
            refusal, status = error.sentence, error.status
    now = clock.now()
    context = {
        "places": substituting.seen_by(request.user, now),
        "forms": FORMS,
        "now": now,
        "refusal": refusal,
        "sent": request.POST,
    }
    return render(request, "reviews/substitutes.html", context, status=status)


def _act(request: HttpRequest) -> None:
    now = clock.now()
    if "end" in request.POST:
        pk = whole(request.POST["end"]) or 0
        substituting.end(person=request.user, substitution_id=pk, now=now)
        messages.success(request, gettext("Penggantian berakhir sekarang."))
        return
    one = substituting.name(
        person=request.user,
        membership_id=whole(request.POST.get("role_of")) or 0,
        substitute_id=request.POST.get("substitute", ""),
        form=request.POST.get("form", ""),
        first=_day(request.POST.get("first", "")),
        last=_day(request.POST.get("last", "")),
        ground=request.POST.get("letter", ""),
        now=now,
    )
    if one.begun_at is not None:
        messages.success(request, gettext("Pengganti ditunjuk, mulai sekarang."))
    else:
        messages.success(
            request, gettext("Pengganti ditunjuk. Mulai dan berakhir dengan sendirinya pada harinya.")
        )
