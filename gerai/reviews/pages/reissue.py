"""The owner's verifier puts a mistake of the office in a permit right."""

from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext
from django.views.decorators.http import require_http_methods

from gerai.agencies.access import role
from gerai.applications import inputs
from gerai.applications import queries as application_queries
from gerai.applications.pages.rows import question
from gerai.core import clock
from gerai.core.errors import DomainError, NotFound, Sentence
from gerai.permits import noting
from gerai.reviews import reissuing


@role("verifier")
@require_http_methods(["GET", "POST"])
def correct(request: HttpRequest, pk: UUID) -> HttpResponse:
    """What was wrong, and the answers as they should stand; then the signing official reads and signs."""
    permit = reissuing.permit_of(request.user, pk, clock.now())
    noting.opening(permit=permit, actor=request.user, now=clock.now())
    raw = {name: str(value) for name, value in request.POST.items()}
    refusal: Sentence | None = None
    wrong: dict[str, str] = {}
    kept = application_queries.kept_answers(permit.application)
    fields = reissuing.correctable(permit.application, kept)
    if request.method == "POST":
        fields, _, wrong = reissuing.corrected(permit.application, raw)
        try:
            reissuing.begin(
                person=request.user, permit_id=pk, reason=raw.get("reason", ""), raw=raw, now=clock.now()
            )
        except NotFound:
            raise
        except DomainError as error:
            refusal = error.sentence
        else:
            messages.success(
                request, gettext("Pembetulan sudah di meja penanda tangan. Pemegang kami beri tahu.")
            )
            return redirect("permits:show", pk=pk)
    else:
        for field in fields:
            raw |= inputs.texts(field, kept.get(field["key"]))
    context = {
        "permit": permit,
        "rows": [question(field, field["key"], raw, wrong, is_open=True) for field in fields],
        "reason": raw.get("reason", ""),
        "refusal": refusal,
    }
    return render(request, "reviews/reissue.html", context, status=422 if refusal else 200)
