"""The access marks: who is let in, and what a view says about itself."""

from django.contrib.auth.models import AnonymousUser
from django.http import HttpResponse

from gerai.accounts.models import Person
from gerai.core.access import public, signed_in


def page(request, **named):
    """A page."""
    return HttpResponse(f"hello {named}")


def test_a_public_page_says_so_and_is_left_as_it_is():
    assert public(page) is page
    assert page.access == "public"


def test_a_stranger_is_led_to_signing_in_and_back(rf):
    request = rf.get("/saya/?a=1&b=2")
    request.user = AnonymousUser()

    answer = signed_in(page)(request)

    assert answer.status_code == 302
    assert answer["Location"] == "/masuk/?next=/saya/%3Fa%3D1%26b%3D2"


def test_who_is_signed_in_reaches_the_page_with_its_arguments(rf):
    request = rf.get("/saya/")
    request.user = Person(name="Sari")
    guarded = signed_in(page)

    assert guarded(request, pk=7).content == b"hello {'pk': 7}"
    assert (guarded.access, guarded.__name__) == ("signed_in", "page")
