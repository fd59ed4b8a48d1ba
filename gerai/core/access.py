"""Who may enter a page. Every URL carries one of these marks; a test walks all URLs and demands it."""

from collections.abc import Callable
from functools import wraps
from typing import Any

from django.contrib.auth.views import redirect_to_login
from django.http import HttpRequest, HttpResponseBase

View = Callable[..., HttpResponseBase]


def mark(view: View, who: str) -> View:
    """Write on a view who may enter."""
    view.access = who  # type: ignore[attr-defined]
    return view


def public(view: View) -> View:
    """Anybody may enter."""
    return mark(view, "public")


def signed_in(view: View) -> View:
    """Any signed-in person may enter; the view shows only what is theirs."""

    @wraps(view)
    def guarded(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        if not request.user.is_authenticated:
            return redirect_to_login(request.get_full_path())
        return view(request, *args, **kwargs)

    return mark(guarded, "signed_in")
