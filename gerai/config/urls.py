"""All addresses, room by room."""

from importlib.util import find_spec

from django.urls import URLPattern, URLResolver, include, path

ROOMS = [
    ("", "portal"),
    ("", "accounts"),
    ("", "notices"),
    ("", "applications"),
    ("", "reviews"),
    ("", "permits"),
    ("bayar/", "payments"),
    ("", "visits"),
    ("", "floor"),
    ("", "feedback"),
    ("", "insight"),
    ("", "privacy"),
    ("", "catalogue"),
]

urlpatterns: list[URLPattern | URLResolver] = []
if find_spec("gerai.api.v1"):  # first, for machines press most often: 150 addresses fewer are tried
    from gerai.api.v1 import api, no_such_address

    urlpatterns += [path("api/v1/", api.urls), path("api/<path:rest>", no_such_address)]
urlpatterns += [
    path(prefix, include(f"gerai.{room}.urls")) for prefix, room in ROOMS if find_spec(f"gerai.{room}.urls")
]
