"""Addresses of the floor."""

from django.urls import path

from gerai.floor.pages import acts, board, counter, devices, kiosk, pairing

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
    path("layar/giliran/", board.turn, name="turn"),
    path("layar/suara/<str:language>/<str:key>/", board.voice, name="voice"),
    path("kios/", kiosk.kiosk, name="kiosk"),
    path("kios/janji/", kiosk.check_in, name="kiosk_check_in"),
    path("kios/detak/", kiosk.beat, name="kiosk_beat"),
    path("kios/tiket/<str:secret>/", kiosk.ticket, name="kiosk_ticket"),
    path("kios/cetak/<str:secret>/", kiosk.print_ticket, name="kiosk_print"),
    path("layar/kode/", pairing.ask, {"kind": "board"}, name="board_ask"),
    path("layar/pasang/", pairing.claim, {"kind": "board"}, name="board_claim"),
    path("kios/kode/", pairing.ask, {"kind": "kiosk"}, name="kiosk_ask"),
    path("kios/pasang/", pairing.claim, {"kind": "kiosk"}, name="kiosk_claim"),
    path("perangkat/", devices.machines, name="machines"),
    path("perangkat/pencetak/", devices.printer, name="printer"),
    path("perangkat/<uuid:pk>/", devices.machine, name="machine"),
    path("perangkat/<uuid:pk>/cabut/", devices.revoke, name="revoke"),
    path("pengumuman/", devices.announcements, name="announcements"),
    path("pengumuman/<int:pk>/akhiri/", devices.take_back, name="take_back"),
]
