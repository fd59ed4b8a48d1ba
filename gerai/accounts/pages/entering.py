"""Pages of signing up, signing in and out, and one's own account."""

from collections.abc import Callable
from typing import Any

from django.conf import settings
from django.contrib import messages
from django.contrib.auth import login, logout, update_session_auth_hash
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.module_loading import import_string
from django.utils.translation import activate, get_language, override
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_POST

from gerai.accounts import entering, services
from gerai.accounts.models import Person
from gerai.accounts.rules import SECOND_FACTOR_SHOWN
from gerai.core import clock
from gerai.core.access import public, signed_in
from gerai.core.errors import DomainError, FormInvalid, NotFound


def _send(contact: str, digits: str) -> None:
    """Codes go straight out (a direct call, by ruling); the sender is named in the settings."""
    import_string(settings.CODE_SENDER)(contact=contact, digits=digits, language=get_language() or "id")


def _browser_used(request: HttpRequest, person: Person | None) -> None:
    """Messages are known further up: settings.BROWSER_USED names who lets a browser forget somebody else's."""
    browser = request.COOKIES.get(settings.BROWSER_COOKIE, "")
    import_string(settings.BROWSER_USED)(browser=browser, person=person)


def _address(request: HttpRequest) -> str:
    return str(request.META.get("REMOTE_ADDR", ""))


def _begun(request: HttpRequest, begun: tuple[Any, str, str], page: str) -> HttpResponse:
    """Send the code and go on to the page that asks for it."""
    code_id, contact, digits = begun
    if digits:
        try:
            _send(contact, digits)
        except DomainError:
            entering.forget(code_id=code_id)
            raise
    request.session["code"], request.session["contact"] = str(code_id), contact
    return redirect(page)


def _speak(request: HttpRequest, response: HttpResponse, language: str) -> HttpResponse:
    activate(language)
    response.set_cookie(settings.LANGUAGE_COOKIE_NAME, language, samesite="Lax", max_age=365 * 24 * 3600)
    return response


def _welcome(request: HttpRequest, person: Person) -> HttpResponse:
    wanted = request.session.pop("next", "") or settings.LOGIN_REDIRECT_URL
    login(request, person, backend="gerai.accounts.backends.ContactBackend")
    _browser_used(request, person)
    if said := import_string(settings.SIGN_IN_WORD)(person):
        with override(person.language):
            messages.warning(request, _(said))
    return _speak(request, redirect(wanted), person.language)


def _remember_next(request: HttpRequest) -> None:
    wanted = request.GET.get("next", "")
    if wanted and url_has_allowed_host_and_scheme(wanted, allowed_hosts={request.get_host()}):
        request.session["next"] = wanted


@public
@never_cache
@sensitive_post_parameters()
@require_http_methods(["GET", "POST"])
def sign_up(request: HttpRequest) -> HttpResponse:
    """Name, NIK, one contact, a password; then a code."""
    _remember_next(request)
    wrong: dict[str, str] = {}
    refusal, status = "", 200
    if request.method == "POST":
        try:
            begun = entering.begin_sign_up(
                data=request.POST.dict(),
                language=get_language() or "id",
                now=clock.now(),
                address=_address(request),
            )
            return _begun(request, begun, "accounts:sign_up_code")
        except FormInvalid as error:
            wrong, status = error.fields, error.status
        except DomainError as error:
            refusal, status = error.sentence, error.status
    context = {"wrong": wrong, "refusal": refusal, "sent": request.POST}
    return render(request, "accounts/sign_up.html", context, status=status)


def _code_page(
    request: HttpRequest, finish: Callable[..., Person], again: str, *, second: bool = False
) -> HttpResponse:
    refusal, status = "", 200
    if "code" not in request.session:
        # The second of two clicks: the first one has opened the door already.
        return redirect(settings.LOGIN_REDIRECT_URL if request.user.is_authenticated else again)
    if request.method == "POST":
        try:
            digits = request.POST.get("digits", "")
            person = finish(code_id=request.session["code"], digits=digits, now=clock.now())
            request.session.pop("code", None)
            welcome = _welcome(request, person)
            request.session[SECOND_FACTOR_SHOWN] = second
            return welcome
        except NotFound:
            return redirect(again)
        except DomainError as error:
            refusal, status = error.sentence, error.status
    context = {"refusal": refusal, "contact": request.session.get("contact", ""), "again": again}
    return render(request, "accounts/code.html", context, status=status)


@public
@never_cache
@require_http_methods(["GET", "POST"])
def sign_up_code(request: HttpRequest) -> HttpResponse:
    """The code makes the account."""

    def finish(**given: Any) -> Person:
        return entering.finish_sign_up(mall=settings.MALL_CODE, **given)

    return _code_page(request, finish, "accounts:sign_up")


@public
@never_cache
@sensitive_post_parameters()
@require_http_methods(["GET", "POST"])
def sign_in(request: HttpRequest) -> HttpResponse:
    """Contact and password; for some roles a code as well."""
    _remember_next(request)
    refusal, status = "", 200
    contact = request.POST.get("contact", "")
    if request.method == "POST":
        try:
            person = entering.sign_in(
                contact=contact,
                password=request.POST.get("password", ""),
                address=_address(request),
                now=clock.now(),
            )
            if not entering.needs_second_factor(person=person):
                return _welcome(request, person)
            begun = entering.begin_second_factor(person=person, now=clock.now())
            return _begun(request, begun, "accounts:sign_in_code")
        except DomainError as error:
            refusal, status = error.sentence, error.status
    return render(request, "accounts/sign_in.html", {"refusal": refusal, "contact": contact}, status=status)


@public
@never_cache
@require_http_methods(["GET", "POST"])
def sign_in_code(request: HttpRequest) -> HttpResponse:
    """The second factor."""
    return _code_page(request, entering.finish_second_factor, "accounts:sign_in", second=True)


@public
@never_cache
@require_http_methods(["GET", "POST"])
def reset(request: HttpRequest) -> HttpResponse:
    """Forgotten password: where shall the code go?"""
    refusal, status = "", 200
    contact = request.POST.get("contact", "")
    if request.method == "POST":
        try:
            begun = entering.begin_reset(contact=contact, now=clock.now(), address=_address(request))
            return _begun(request, begun, "accounts:reset_code")
        except DomainError as error:
            refusal, status = error.sentence, error.status
    return render(request, "accounts/reset.html", {"refusal": refusal, "contact": contact}, status=status)


@public
@never_cache
@sensitive_post_parameters()
@require_http_methods(["GET", "POST"])
def reset_code(request: HttpRequest) -> HttpResponse:
    """Code and new password; then sign in as always."""
    refusal, status = "", 200
    if "code" not in request.session:
        return redirect("accounts:reset")
    if request.method == "POST":
        try:
            entering.finish_reset(
                mall=settings.MALL_CODE,
                code_id=request.session["code"],
                digits=request.POST.get("digits", ""),
                password=request.POST.get("password", ""),
                now=clock.now(),
            )
            request.session.pop("code", None)
            messages.success(request, _("Kata sandi baru tersimpan. Silakan masuk."))
            return redirect("accounts:sign_in")
        except NotFound:
            return redirect("accounts:reset")
        except DomainError as error:
            refusal, status = error.sentence, error.status
    context = {"refusal": refusal, "contact": request.session.get("contact", "")}
    return render(request, "accounts/reset_code.html", context, status=status)


@signed_in
@never_cache
@sensitive_post_parameters()
@require_http_methods(["GET", "POST"])
def account(request: HttpRequest) -> HttpResponse:
    """My account: what we know, my language, a new password."""
    person: Any = request.user
    refusal, status = "", 200
    if request.method == "POST":
        try:
            if "language" in request.POST:
                language = request.POST["language"]
                services.set_language(person=person, language=language)
                return _speak(request, redirect("accounts:account"), language)
            services.change_password(
                mall=settings.MALL_CODE,
                person=person,
                old=request.POST.get("old", ""),
                new=request.POST.get("new", ""),
                now=clock.now(),
            )
            update_session_auth_hash(request, person)
            messages.success(request, _("Kata sandi baru tersimpan."))
            return redirect("accounts:account")
        except DomainError as error:
            refusal, status = error.sentence, error.status
    return render(request, "accounts/account.html", {"refusal": refusal, "person": person}, status=status)


@public
@require_POST
def sign_out(request: HttpRequest) -> HttpResponse:
    """Leave."""
    logout(request)
    _browser_used(request, None)
    return redirect("/")
