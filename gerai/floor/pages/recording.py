"""The page of the hall's voice: what is recorded and what a machine says; recording, hearing, taking away."""

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext
from django.views.decorators.http import require_http_methods, require_POST

from gerai.core import clock
from gerai.core.errors import DomainError, NotFound
from gerai.floor import hall, recording, voice
from gerai.floor import words as words_of
from gerai.floor.pages.devices import MANAGER, mall_of, me

MOST = words_of.MEGABYTES * 1024 * 1024 + 1  # bytes: one too many is refused
HEARD = 240  # letters of a sentence that is tried


@MANAGER
@require_http_methods(["GET", "POST"])
def recordings(request: HttpRequest, language: str) -> HttpResponse:
    """All the words of a language; a recording of one of them."""
    mall, error, words = mall_of(request), "", request.POST.get("words", "")
    if request.method == "POST":
        sent = request.FILES.get("sound")
        try:
            said = recording.keep(
                mall=mall,
                language=language,
                words=words,
                data=sent.read(MOST) if sent else b"",
                actor=me(request),
                now=clock.now(),
            )
        except DomainError as refusal:
            error = refusal.sentence.said(gettext)
        else:
            messages.success(
                request, gettext("“%(words)s” tersimpan dan langsung dipakai.") % {"words": said}
            )
            return redirect(f"{reverse('floor:recordings', args=[language])}#{recording.anchor(said)}")
    context = _shown(mall, language, error, words)
    return render(request, "floor/devices/voice.html", context, status=422 if error else 200)


def _shown(mall: Any, language: str, error: str, words: str) -> dict[str, Any]:
    groups = recording.groups(mall, language)
    needed = [each for kind, said in groups.items() if kind != "more" for each in said]
    names = {
        "frame": gettext("Kalimat panggilan"),
        "letters": gettext("Huruf pintu"),
        "numbers": gettext("Angka"),
        "more": gettext("Kata lain"),
    }
    letter = groups["letters"][0].words.upper()
    return {
        "mall": mall,
        "language": language,
        "groups": [(kind, names[kind], said) for kind, said in groups.items() if said],
        "needed": len(needed),
        "recorded": sum(bool(each.whose) for each in needed),
        "sample": hall.spoken(letter, 142, 7, language),
        "version": max((each.version for each in needed), default=0),
        "error": error,
        "words": words,
    }


@MANAGER
def hear(request: HttpRequest, language: str) -> HttpResponse:
    """How these words sound in the hall now: recorded, or as the machine says them."""
    said = request.GET.get("kata", "")[:HEARD]
    path = voice.clip(said, language, mall_of(request).code) if said.strip() else None
    if path is None:
        raise NotFound
    return HttpResponse(path.read_bytes(), content_type="audio/wav", headers={"Cache-Control": "no-store"})


@MANAGER
@require_POST
def unrecord(request: HttpRequest, language: str) -> HttpResponse:
    """Take a recording away: the machine says it again."""
    words = request.POST.get("words", "")
    recording.remove(
        mall=mall_of(request), language=language, words=words, actor=me(request), now=clock.now()
    )
    messages.success(request, gettext("Rekaman “%(words)s” dihapus.") % {"words": words})
    return redirect("floor:recordings", language)
