"""One page of questions: shown with what stands there, rows added and removed, checked and kept."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from gerai.applications import again, beginning, inputs, prefill, queries, services
from gerai.applications.models import Application
from gerai.applications.pages import parts, rows
from gerai.catalogue import asking
from gerai.core import clock
from gerai.core.access import signed_in

Fields = list[dict[str, Any]]


@signed_in
@require_http_methods(["GET", "POST"])
def section(request: HttpRequest, pk: UUID, section: str) -> HttpResponse:
    """One section of the questions."""
    application = parts.filling(request, pk)
    asked = queries.to_fill_in(application, section)
    if request.method != "POST":
        return _page(request, application, asked, _standing(request, application, asked["fields"]), {})
    raw = {name: str(value) for name, value in request.POST.items()}
    wrong = parts.attach(
        request, application, [f["key"] for f in asked["fields"] if f["type"] == asking.FILE]
    )
    if key := raw.get("reuse"):  # nothing is checked yet, and what was typed stays
        again.reuse(person=request.user, application_id=pk, requirement=key, now=clock.now())
        texts = _typed(application, asked["fields"], raw)
        return _page(request, application, asked, texts, wrong)
    turned = inputs.pressed([f for f in asked["fields"] if rows.is_whole(application, f)], raw)
    if turned is not None:  # a row more or less: nothing is checked yet, and what was typed stays
        texts = _typed(application, asked["fields"], turned)
        return _page(request, application, asked, texts, wrong, grown=raw.get(inputs.MORE, ""))
    kept = queries.answers_of(application)
    wrong |= _save(request, application, asked, raw)
    application = parts.filling(request, pk)
    before, asked = {f["key"] for f in asked["fields"]}, queries.to_fill_in(application, section)
    if "later" not in raw:
        wrong = {**_unsent(application, [f for f in asked["fields"] if f["key"] in before]), **wrong}
    if not wrong:  # the same page again, if it asks more now
        if not _asks_more(application, asked["fields"], before):
            return redirect(parts.after(application, section))
        messages.info(
            request, _("Tersimpan. Jawaban Anda membuka pertanyaan lain di halaman ini: jawab juga itu.")
        )
        return redirect(request.path)
    texts = rows.lost(application, asked["fields"], kept, wrong) | _typed(application, asked["fields"], raw)
    return _page(request, application, asked, texts, wrong)


def _asks_more(application: Application, asked: Fields, before: set[str]) -> bool:
    """Whether the answers just kept call for another one on this page, also in a row that was right so far."""
    fresh = {f["key"] for f in asked} - before - set(queries.answers_of(application))
    groups = {f"answer:{f['key']}" for f in asked if f["type"] == asking.GROUP}
    return bool(fresh or groups & set(services.missing(application)))


def _save(
    request: HttpRequest, application: Application, asked: dict[str, Any], raw: dict[str, str]
) -> dict[str, str]:
    """Keep what was typed; a section of files alone has nothing typed."""
    typed = [f for f in asked["fields"] if f["type"] != asking.FILE]
    mine = [f for f in asked["fields"] if services.may_change(application, f"answer:{f['key']}")]
    if mine and not any(f in typed for f in mine):
        return {}
    return services.save_answers(
        person=request.user, application_id=application.pk, section=asked["key"], raw=raw, now=clock.now()
    )


def _unsent(application: Application, asked: Fields) -> dict[str, str]:
    """Files that this page still needs."""
    lacking = services.missing(application)
    keys = [f["key"] for f in asked if f["type"] == asking.FILE]
    return {key: lacking[f"answer:{key}"] for key in keys if f"answer:{key}" in lacking}


def _standing(request: HttpRequest, application: Application, asked: Fields) -> dict[str, str]:
    """What stands in the inputs when the page is opened: what was answered, or what is offered."""
    values = {k: v for k, v in queries.answers_of(application).items() if v != []}
    offered = _offered(request, application, values)
    found: dict[str, str] = {}
    for field in asked:
        key = field["key"]
        found |= inputs.texts(field, values[key] if key in values else offered.get(key, (None, ""))[0])
        if key in offered:
            found[f"{key}?"] = offered[key][1]
    return found


def _offered(request: HttpRequest, application: Application, values: Any) -> dict[str, tuple[Any, str]]:
    """What may stand in the empty fields, and where it is from. The applicant's own not for who types for them."""
    found = prefill.offers(application, request.user)
    if application.applicant_id == request.user.pk:
        found |= {k: (v, "earlier") for k, v in queries.shared_answers(application).items()}
    return {key: value for key, value in found.items() if key not in values}


def _typed(application: Application, asked: Fields, raw: dict[str, str]) -> dict[str, str]:
    """What was typed stays; what did not come with the page, as closed fields do not, is as it was kept."""
    values = queries.answers_of(application)
    found = dict(raw)
    for field in asked:
        came = [name for name in raw if inputs.belongs(field, name)]
        if not came:
            found |= inputs.texts(field, values.get(field["key"]))
        elif field["type"] == asking.GROUP and not rows.is_whole(application, field):
            found = {name: text for name, text in found.items() if name not in came}
            found |= rows.typed(application, field, raw)
    return found


def _page(
    request: HttpRequest,
    application: Application,
    asked: dict[str, Any],
    texts: dict[str, str],
    wrong: dict[str, str],
    grown: str = "",
) -> HttpResponse:
    attached = {a.requirement: a.document for a in application.attachments.select_related("document")}
    notes = {c["what"]: c["text"] for c in application.corrections}
    before = again.sent_before(application, request.user, clock.now())
    shown = []
    for field in asked["fields"]:
        key, is_group = field["key"], field["type"] == asking.GROUP
        is_open = rows.is_whole(application, field)
        row = rows.question(field, key, texts, wrong, is_open)
        row |= {"note": notes.get(f"answer:{key}"), "offered": texts.get(f"{key}?", "")}
        row["document"] = attached.get(key) if field["type"] == asking.FILE else None
        if key == beginning.question(application):
            row["earliest"] = queries.today(application, clock.now()).isoformat()
        row |= {} if row["document"] or not is_open else before.get(key, {})
        if is_group:
            row["rows"] = rows.shown(application, field, texts, wrong)
            row["full"] = len(row["rows"]) >= field["most"]
            if grown == key and row["rows"]:
                row["rows"][-1]["cells"][0]["first"] = True  # where to go on typing
        shown.append(row)
    kinds = {one["type"] for field in asked["fields"] for one in (field, *field.get("fields", ()))}
    context = parts.context(
        application,
        asked["key"],
        section=asked,
        rows=shown,
        wrong=wrong,
        errors=_errors(shown),
        kinds=kinds,
        reusable=before,
        may_follow=any(
            r["open"]
            and r["field"]["type"] == asking.FILE
            and r["field"].get("required", True)
            and not r["document"]
            for r in shown
        ),
        places=queries.places_of(application),
        register_silent=prefill.silent(application, request.user),
    )
    return render(request, "applications/section.html", context, status=422 if wrong else 200)


def _errors(shown: list[dict[str, Any]], number: int = 0) -> list[dict[str, Any]]:
    """Everything wrong on the page in its order, each with the way to it; of a row with its number."""
    found: list[dict[str, Any]] = []
    for one in shown:
        label = {"label": one["field"]["label"], "row": number}
        if one["error"]:
            found.append({**label, "id": one["id"], "error": one["error"]})
        if one["choice_error"]:
            found.append({**label, "id": f"{one['id']}_kelurahan", "error": one["choice_error"]})
        for place, row in enumerate(one.get("rows", ()), 1):
            found += _errors(row["cells"], place)
    return found
