"""Addresses of the visit."""

from django.urls import path

from gerai.visits import pages

app_name = "visits"
urlpatterns = [
    path("antrean/", pages.queues, name="queues"),
    path("antrean/ambil/", pages.take, name="take"),
    path("kunjungan/<str:secret>/", pages.show, name="show"),
    path("kunjungan/<str:secret>/keadaan/", pages.state, name="state"),
    path("kunjungan/<str:secret>/pulang/", pages.leave, name="leave"),
]
