"""Addresses of applying."""

from django.urls import path

from gerai.applications import pages

app_name = "applications"
urlpatterns = [
    path("ajukan/<str:agency>/<str:code>/", pages.start, name="start"),
    path("permohonan/<uuid:pk>/", pages.show, name="show"),
    path("permohonan/<uuid:pk>/isi/<str:section>/", pages.section, name="section"),
    path("permohonan/<uuid:pk>/berkas/", pages.files, name="files"),
    path("permohonan/<uuid:pk>/berkas/<str:requirement>/", pages.own_file, name="own_file"),
    path("permohonan/<uuid:pk>/periksa/", pages.check, name="check"),
    path("permohonan/<uuid:pk>/batal/", pages.withdraw, name="withdraw"),
]
