"""Addresses of one's own messages, of its devices, and of the gateway's reports."""

from django.urls import path

from gerai.notices import pages

app_name = "notices"
urlpatterns = [
    path("saya/pesan/", pages.mine, name="mine"),
    path("saya/pesan/perangkat/", pages.device, name="device"),
    path("saya/pesan/pekerja.js", pages.worker, name="worker"),
    path("pesan/laporan/", pages.report, name="report"),
]
