"""Addresses of the floor."""

from django.urls import path

from gerai.floor import pages

app_name = "floor"
urlpatterns = [
    path("loket/", pages.counter, name="counter"),
    path("loket/masuk/", pages.sign_on, name="sign_on"),
    path("loket/keluar/", pages.sign_off, name="sign_off"),
    path("loket/jeda/", pages.pause, name="pause"),
    path("loket/panggil/", pages.call_next, name="call_next"),
    path("loket/<int:pk>/<str:verb>/", pages.act, name="act"),
    path("layar/", pages.board, name="board"),
    path("layar/keadaan/", pages.board_state, name="board_state"),
    path("layar/suara/<int:pk>/", pages.voice, name="voice"),
]
