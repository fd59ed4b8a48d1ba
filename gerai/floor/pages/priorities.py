"""Whom the mall calls earlier, and what proves it: decided by its manager."""

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from gerai.agencies import services as agencies
from gerai.agencies.access import role
from gerai.core import clock
from gerai.core.errors import DomainError
from gerai.floor.acting import ref
from gerai.visits.who import PRIORITIES, PROOFS


@role("mall_manager")
@require_http_methods(["GET", "POST"])
def priorities(request: HttpRequest) -> HttpResponse:
    """Each group with its proof in both languages; what is not ticked is not offered."""
    member: Any = request.member  # type: ignore[attr-defined]
    mall, wrong = member.mall, ""
    given = mall.priorities or PROOFS
    if request.method == "POST":
        chosen = [code for code in request.POST.getlist("group") if code and code in PRIORITIES]
        given = {
            code: {
                tongue: " ".join(request.POST.get(f"{code}-{tongue}", "").split()) for tongue in ("id", "en")
            }
            for code in chosen
        }
        try:
            agencies.set_priorities(mall=mall, given=given, actor=ref(request.user), now=clock.now())
        except DomainError as error:
            wrong = error.sentence
        else:
            messages.success(
                request, _("Aturan prioritas tersimpan. Kios dan ponsel memakainya mulai sekarang.")
            )
            return redirect("floor:priorities")
    groups = [
        {"code": code, "name": name, "on": code in given, "proof": given.get(code, {})}
        for code, name in PRIORITIES.items()
        if code
    ]
    context = {"groups": groups, "wrong": wrong}
    return render(request, "floor/priorities.html", context, status=422 if wrong else 200)
