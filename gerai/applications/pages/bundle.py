"""Applying for several services together: what to begin, how far each is, on to the next, send them all."""

from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import get_language, ngettext
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from gerai.accounts import queries as people
from gerai.agencies import queries as agencies
from gerai.applications import bundle_queries, bundles, services
from gerai.applications.bundle_models import Bundle
from gerai.applications.bundle_queries import Row
from gerai.applications.models import Application
from gerai.applications.pages import parts
from gerai.applications.rules import Status
from gerai.catalogue import queries as catalogue
from gerai.core import clock, ids
from gerai.core.access import signed_in


@signed_in
@require_http_methods(["GET", "POST"])
def start(request: HttpRequest, occasion: str) -> HttpResponse:
    """What will be begun, to choose from; then begin."""
    mall = agencies.the_mall()
    about = catalogue.occasion(mall, occasion)
    if request.method == "POST":
        _kind, business_id = parts.behalf(request)
        made = bundles.begin(
            person=request.user,
            mall=mall,
            occasion=occasion,
            codes=request.POST.getlist("s"),
            now=clock.now(),
            at_mall=request.POST.getlist("d"),
            business_id=business_id,
        )
        return redirect("applications:bundle", pk=made.pk)
    chosen, told = set(request.GET.getlist("s")), set(request.GET.getlist("d"))
    # A moment of life is short and shown whole; of all that the screener knows only what was found.
    wanted = about.services
    if occasion.startswith(catalogue.SCREENED):
        wanted = [code for code in about.services if code in chosen | told]
    found = catalogue.by_codes(mall, wanted)
    context = {
        "about": about,
        "online": [s for s in found if s.online],
        "at_mall": [s for s in found if not s.online],
        "chosen": chosen or {s.code for s in found},
        "businesses": [member.business for member in people.acting_for(request.user)],
    }
    return render(request, "applications/bundle_start.html", context)


@signed_in
@require_http_methods(["GET", "POST"])
def show(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Every service of the bundle with its state, and the one next step."""
    bundle = bundle_queries.get(request.user, pk)
    if request.method == "POST" and "send" in request.POST:
        _tell(request, bundles.send_all(person=request.user, bundle_id=pk, now=clock.now()))
        return redirect("applications:bundle", pk=pk)
    rows = bundles.rows(bundle)
    following = _next(rows)
    if request.method == "POST":
        wanted = request.POST.get("fill") or (following and str(following.application.pk))
        return redirect(_fill(request, bundle, wanted) if wanted else request.path)
    context = {
        "bundle": bundle,
        "rows": rows,
        "following": following,
        "complete": [row for row in rows if row.state == "complete" and not row.waits],
        "drafts": [row for row in rows if row.state != "sent"],
        "sent": len([row for row in rows if row.application.submitted_at]),
        "at_mall": catalogue.by_codes(bundle.mall, bundle.at_mall),
    }
    return render(request, "applications/bundle.html", context)


def _next(rows: list[Row]) -> Row | None:
    """The first one that is not filled in; what waits for another permit comes after the rest."""
    lacking = [row for row in rows if row.state in ("empty", "partial")]
    return next((row for row in lacking if not row.waits), next(iter(lacking), None))


def _fill(request: HttpRequest, bundle: Bundle, wanted: str) -> str:
    """On to one of them; where it begins if nothing but what was taken over stands in it, so that it is seen."""
    application = bundles.fill(
        person=request.user, bundle_id=bundle.pk, application_id=ids.named(wanted), now=clock.now()
    )
    if application.status != Status.DRAFT:
        return f"/permohonan/{application.pk}/"
    if not bundle_queries.is_touched(bundle, application):
        return parts.first_page(application)
    missing = services.missing(application)
    return parts.first_lacking(application, missing) if missing else parts.steps(application)[-1].url


def _tell(request: HttpRequest, outcome: bundles.Sent) -> None:
    """What went out, and by name what did not and why."""
    if outcome.sent:
        n = len(outcome.sent)
        messages.success(
            request, ngettext("%(n)d permohonan terkirim.", "%(n)d permohonan terkirim.", n) % {"n": n}
        )
    if outcome.incomplete:
        text = _("Belum dikirim karena belum lengkap: %(names)s.")
        messages.error(request, text % {"names": _names(outcome.incomplete)})
    if outcome.waiting:
        text = _("Belum dikirim karena menunggu izin lain: %(names)s.")
        messages.info(request, text % {"names": _names(outcome.waiting)})
    if not (outcome.sent or outcome.incomplete or outcome.waiting):
        messages.info(request, _("Semuanya sudah terkirim."))


def _names(applications: list[Application]) -> str:
    language = (get_language() or "id")[:2]
    names = (application.service.name for application in applications)
    return ", ".join(name.get(language) or name["id"] for name in names)
