"""Addresses of the front door."""

from django.urls import path
from django.views.i18n import set_language

from gerai.core.access import public
from gerai.portal import pages

app_name = "portal"
urlpatterns = [
    path("", pages.home, name="home"),
    path("cari/", pages.search, name="search"),
    path("peristiwa/<str:code>/", pages.life_event, name="life_event"),
    path("instansi-kami/", pages.agencies_list, name="agencies"),
    path("instansi-kami/<str:code>/", pages.agency, name="agency"),
    path("layanan/<str:agency>/<str:code>/", pages.service, name="service"),
    path("saya/", pages.mine, name="mine"),
    path("privasi/", pages.privacy, name="privacy"),
    path("meja/", pages.desk, name="desk"),
    path("bahasa/", public(set_language), name="language"),
]
