"""Addresses of the front door."""

from django.urls import path
from django.views.i18n import set_language

from gerai.core.access import public
from gerai.portal.pages import desk, desk_visits, front, staff, together, undelivered

app_name = "portal"
urlpatterns = [
    path("", front.home, name="home"),
    path("cari/", front.search, name="search"),
    path("peristiwa/<str:code>/", together.life_event, name="life_event"),
    path("izin-apa/", together.screener, name="screener"),
    path("instansi-kami/", front.agencies_list, name="agencies"),
    path("instansi-kami/<str:code>/", front.agency, name="agency"),
    path("layanan/<str:agency>/<str:code>/", front.service, name="service"),
    path("saya/", front.mine, name="mine"),
    path("privasi/", front.privacy, name="privacy"),
    path("petugas/", staff.staff, name="staff"),
    path("pesan/gagal/", undelivered.undelivered, name="undelivered"),
    path("meja/", desk.desk, name="desk"),
    path("meja/nomor/", desk.number, name="desk_number"),
    path("meja/tiba/", desk_visits.check_in, name="desk_check_in"),
    path("meja/nomor-baru/", desk_visits.take, name="desk_take"),
    path("meja/tiket/<uuid:pk>/", desk_visits.show, name="desk_ticket"),
    path("meja/kertas/", desk_visits.paper, name="desk_paper"),
    path("meja/kunjungan/<uuid:pk>/", desk_visits.change, name="desk_change"),
    path("bahasa/", public(set_language), name="language"),
]
