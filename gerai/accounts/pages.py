"""Pages of signing up, signing in and out."""

from typing import Any

from django.conf import settings
from django.contrib.auth import authenticate, login, logout
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import activate, get_language
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_POST

from gerai.accounts import rules, services
from gerai.accounts.models import Person
from gerai.core import clock
from gerai.core.access import public
from gerai.core.errors import DomainError, FormInvalid, NotFound


def _send(contact: str, digits: str) -> None:
    """Codes go straight out (a direct call, by ruling); the sender is named in the settings."""
    services.import_string(settings.CODE_SENDER)(contact=contact, digits=digits, language=get_language() or "id")


def _welcome(request: HttpRequest, person: Person) -> HttpResponse:
    login(request, person, backend="gerai.accounts.backends.ContactBackend")
    wanted = request.session.pop("next", "") or settings.LOGIN_REDIRECT_URL
    activate(person.language)
    response = redirect(wanted)
    response.set_cookie(settings.LANGUAGE_COOKIE_NAME, person.language, samesite="Lax")
    return response


def _remember_next(request: HttpRequest) -> None:
    wanted = request.GET.get("next", "")
    if wanted and url_has_allowed_host_and_scheme(wanted, allowed_hosts={request.get_host()}):
        request.session["next"] = wanted


@public
@sensitive_post_parameters()
@require_http_methods(["GET", "POST"])
def sign_up(request: HttpRequest) -> HttpResponse:
    """Name, NIK, one contact, a password; then a code."""
    _remember_next(request)
    wrong: dict[str, str] = {}
    refusal = ""
    if request.method == "POST":
        try:
            code_id, contact, digits = services.begin_sign_up(
                data=request.POST.dict(), language=get_language() or "id", now=clock.now()
            )
            _send(contact, digits)
            request.session["code"] = str(code_id)
            request.session["contact"] = contact
            return redirect("accounts:sign_up_code")
        except FormInvalid as error:
            wrong = error.fields
        except DomainError as error:
            refusal = error.text
    context = {"wrong": wrong, "refusal": refusal, "sent": request.POST}
    return render(request, "accounts/sign_up.html", context, status=422 if wrong or refusal else 200)


def _code_page(request: HttpRequest, finish: Any, template: str) -> HttpResponse:
    refusal = ""
    if "code" not in request.session:
        return redirect("accounts:sign_in")
    if request.method == "POST":
        try:
            person = finish(code_id=request.session["code"], digits=request.POST.get("digits", ""), now=clock.now())
            request.session.pop("code", None)
            return _welcome(request, person)
        except NotFound:
            return redirect("accounts:sign_in")
        except DomainError as error:
            refusal = error.text
    context = {"refusal": refusal, "contact": request.session.get("contact", "")}
    return render(request, template, context, status=422 if refusal else 200)


@public
@require_http_methods(["GET", "POST"])
def sign_up_code(request: HttpRequest) -> HttpResponse:
    """The code makes the account."""

    def finish(**given: Any) -> Person:
        return services.finish_sign_up(mall=settings.MALL_CODE, **given)

    return _code_page(request, finish, "accounts/code.html")


@public
@sensitive_post_parameters()
@require_http_methods(["GET", "POST"])
def sign_in(request: HttpRequest) -> HttpResponse:
    """Contact and password; for some roles a code as well."""
    _remember_next(request)
    refusal = ""
    if request.method == "POST":
        contact, password = request.POST.get("contact", ""), request.POST.get("password", "")
        person = authenticate(request, username=contact, password=password)
        if person is None:
            refusal = rules.SignInWrong.text
        elif not services.needs_second_factor(person=person):  # type: ignore[arg-type]
            return _welcome(request, person)  # type: ignore[arg-type]
        else:
            try:
                code_id, contact, digits = services.begin_second_factor(person=person, now=clock.now())  # type: ignore[arg-type]
                _send(contact, digits)
                request.session["code"], request.session["contact"] = str(code_id), contact
                return redirect("accounts:sign_in_code")
            except DomainError as error:
                refusal = error.text
    context = {"refusal": refusal, "contact": request.POST.get("contact", "")}
    return render(request, "accounts/sign_in.html", context, status=422 if refusal else 200)


@public
@require_http_methods(["GET", "POST"])
def sign_in_code(request: HttpRequest) -> HttpResponse:
    """The second factor."""
    return _code_page(request, services.finish_second_factor, "accounts/code.html")


@public
@require_POST
def sign_out(request: HttpRequest) -> HttpResponse:
    """Leave."""
    logout(request)
    return redirect("/")
