"""Addresses of the visit."""

from django.urls import path

from gerai.visits.pages import queue

app_name = "visits"
urlpatterns = [
    path("antrean/", queue.queues, name="queues"),
    path("antrean/ambil/", queue.take, name="take"),
    path("kunjungan/<str:secret>/", queue.show, name="show"),
    path("kunjungan/<str:secret>/keadaan/", queue.state, name="state"),
    path("kunjungan/<str:secret>/pulang/", queue.leave, name="leave"),
]
