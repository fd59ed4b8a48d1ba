"""Addresses of the front door."""

from django.urls import path
from django.views.i18n import set_language

from gerai.core.access import public
from gerai.portal.pages import desk, desk_visits, front

app_name = "portal"
urlpatterns = [
    path("", front.home, name="home"),
    path("cari/", front.search, name="search"),
    path("peristiwa/<str:code>/", front.life_event, name="life_event"),
    path("instansi-kami/", front.agencies_list, name="agencies"),
    path("instansi-kami/<str:code>/", front.agency, name="agency"),
    path("layanan/<str:agency>/<str:code>/", front.service, name="service"),
    path("saya/", front.mine, name="mine"),
    path("privasi/", front.privacy, name="privacy"),
    path("meja/", desk.desk, name="desk"),
    path("meja/nomor/", desk.number, name="desk_number"),
    path("meja/tiba/", desk_visits.check_in, name="desk_check_in"),
    path("meja/kertas/", desk_visits.paper, name="desk_paper"),
    path("meja/kunjungan/<uuid:pk>/", desk_visits.change, name="desk_change"),
    path("bahasa/", public(set_language), name="language"),
]
