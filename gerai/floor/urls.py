"""Addresses of the floor."""

from django.urls import path

from gerai.floor.pages import board, counter, kiosk

app_name = "floor"
urlpatterns = [
    path("loket/", counter.counter, name="counter"),
    path("loket/masuk/", counter.sign_on, name="sign_on"),
    path("loket/keluar/", counter.sign_off, name="sign_off"),
    path("loket/jeda/", counter.pause, name="pause"),
    path("loket/panggil/", counter.call_next, name="call_next"),
    path("loket/<int:pk>/<str:verb>/", counter.act, name="act"),
    path("layar/", board.board, name="board"),
    path("layar/keadaan/", board.board_state, name="board_state"),
    path("layar/suara/<int:pk>/", board.voice, name="voice"),
    path("kios/", kiosk.kiosk, name="kiosk"),
    path("kios/tiket/<str:secret>/", kiosk.ticket, name="kiosk_ticket"),
]
