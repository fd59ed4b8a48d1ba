"""Addresses of leaders' figures."""

from django.urls import path

from gerai.insight import pages

app_name = "insight"
urlpatterns = [
    path("wali-kota/", pages.today, name="today"),
    path("wali-kota/instansi/", pages.own, name="own"),
    path("wali-kota/saran-loket/", pages.opened, name="opened"),
    path("wali-kota/andai/", pages.what_if, name="what_if"),
    path("wali-kota/angka/<str:key>/", pages.figure, name="figure"),
]
