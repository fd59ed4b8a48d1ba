"""Addresses of paying, under bayar/."""

from django.urls import path

from gerai.payments import pages

app_name = "payments"
urlpatterns = [
    path("panggilan/", pages.callback, name="callback"),
    path("loket/", pages.counter, name="counter"),
    path("loket/<uuid:pk>/kuitansi/", pages.counter_receipt, name="counter_receipt"),
    path("pengembalian/", pages.refunds, name="refunds"),
    path("pembebasan/", pages.waivers, name="waivers"),
    path("rekonsiliasi/", pages.reconciliation, name="reconciliation"),
    path("rekonsiliasi/<int:pk>/", pages.note, name="note"),
    path("permohonan/<uuid:pk>/", pages.of_application, name="of_application"),
    path("<uuid:pk>/", pages.show, name="show"),
    path("<uuid:pk>/bayar/", pages.pay, name="pay"),
    path("<uuid:pk>/kode/", pages.codes, name="codes"),
    path("<uuid:pk>/periksa/", pages.check, name="check"),
    path("<uuid:pk>/kuitansi/", pages.receipt, name="receipt"),
]
