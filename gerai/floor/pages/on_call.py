"""The page that somebody on call opens from the message: come, or not. The address is the right to answer."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_POST

from gerai.core import clock
from gerai.core.access import public
from gerai.floor import calling_in


@public
def asked(request: HttpRequest, secret: str) -> HttpResponse:
    """Who asks, and why; two buttons."""
    call = calling_in.by_secret(secret)
    return render(request, "floor/on_call.html", {"call": call, "advice": call.advice})


@public
@require_POST
def answer(request: HttpRequest, secret: str) -> HttpResponse:
    """Yes or no."""
    calling_in.answer(
        call=calling_in.by_secret(secret), coming=request.POST.get("answer") == "yes", now=clock.now()
    )
    return redirect("floor:asked", secret=secret)
