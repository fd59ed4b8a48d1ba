"""The mall manager's list of messages that were given up: seen without their words, sent once more with one press."""

from datetime import timedelta
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from gerai.agencies.access import role
from gerai.core import clock
from gerai.core.errors import NotFound
from gerai.core.typed import whole
from gerai.ledger.rules import ActorRef
from gerai.notices import queries, services


@role("mall_manager")
@require_http_methods(["GET", "POST"])
def undelivered(request: HttpRequest) -> HttpResponse:
    """What did not arrive, newest first; and one of them once more."""
    member: Any = request.member  # type: ignore[attr-defined]
    if request.method == "POST":
        wanted = whole(request.POST.get("notice", ""))
        if wanted is None:
            raise NotFound
        actor = ActorRef("person", str(request.user.pk))
        services.try_again(notice_id=wanted, mall=member.mall_id, actor=actor, now=clock.now())
        messages.success(request, _("Pesan dikirim sekali lagi."))
        return redirect("portal:undelivered")
    before = whole(request.GET.get("sebelum", ""))
    rows, more = queries.failed(member.mall_id, before)
    context = {
        "rows": rows,
        "more": more,
        "later": before is not None,
        "shares": queries.shares(member.mall_id, clock.now() - timedelta(days=30)),
    }
    return render(request, "notices/failed.html", context)
