"""Addresses of the visit."""

from django.urls import path

from gerai.visits.pages import appointment, calendar, queue, ticket

app_name = "visits"
urlpatterns = [
    path("antrean/", queue.queues, name="queues"),
    path("antrean/ambil/", queue.take, name="take"),
    path("antrean/kapan/", queue.when, name="when"),
    path("datang/", appointment.door, name="door"),
    path("janji/", appointment.book, name="book"),
    path("janji/tunggu/", appointment.wait_for_day, name="wait_for_day"),
    path("janji/tunggu/<int:pk>/berhenti/", appointment.stop_waiting, name="stop_waiting"),
    path("janji/jawab/<str:token>/", appointment.answer, name="answer"),
    path("janji/<uuid:pk>/", appointment.show, name="appointment"),
    path("janji/<uuid:pk>/pindah/", appointment.move, name="move"),
    path("janji/<uuid:pk>/batal/", appointment.cancel, name="cancel"),
    path("janji/<uuid:pk>/datang/", appointment.confirm, name="confirm"),
    path("janji/<uuid:pk>/tiba/", appointment.check_in, name="check_in"),
    path("janji/<uuid:pk>/kalender.ics", calendar.one, name="calendar_file"),
    path("kalender/", calendar.mine, name="calendar"),
    path("kalender/<str:token>.ics", calendar.feed, name="calendar_feed"),
    path("kunjungan/<str:secret>/", ticket.show, name="show"),
    path("kunjungan/<str:secret>/keadaan/", ticket.state, name="state"),
    path("kunjungan/<str:secret>/ikuti/", ticket.claim, name="claim"),
    path("kunjungan/<str:secret>/pulang/", ticket.leave, name="leave"),
    path("kunjungan/<str:secret>/jeda/", ticket.pause, name="pause"),
    path("kunjungan/<str:secret>/sms/", ticket.texts, name="texts"),
    path("kunjungan/<str:secret>/dulu/", ticket.go_first, name="go_first"),
    path("kunjungan/<str:secret>/kurangi/", ticket.drop, name="drop"),
    path("kunjungan/<str:secret>/tambah/", ticket.add, name="add"),
]
