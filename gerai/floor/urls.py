"""Addresses of the floor."""

from django.urls import path

from gerai.floor.pages import acts, board, counter, kiosk

app_name = "floor"
urlpatterns = [
    path("loket/", counter.counter, name="counter"),
    path("loket/keadaan/", counter.state, name="state"),
    path("loket/menunggu/", counter.waiting, name="waiting"),
    path("loket/masuk/", counter.sign_on, name="sign_on"),
    path("loket/kunci/", counter.lock, name="lock"),
    path("loket/buka/", counter.unlock, name="unlock"),
    path("loket/<str:verb>/", acts.here, name="here"),
    path("loket/<int:pk>/<str:verb>/", acts.act, name="act"),
    path("loket/<int:pk>/berkas/<str:requirement>/", counter.file, name="file"),
    path("layar/", board.board, name="board"),
    path("layar/keadaan/", board.board_state, name="board_state"),
    path("layar/suara/<int:pk>/", board.voice, name="voice"),
    path("kios/", kiosk.kiosk, name="kiosk"),
    path("kios/tiket/<str:secret>/", kiosk.ticket, name="kiosk_ticket"),
]
