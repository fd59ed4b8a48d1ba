"""Addresses of applying."""

from django.urls import path

from gerai.applications.pages import filling, following

app_name = "applications"
urlpatterns = [
    path("ajukan/<str:agency>/<str:code>/", filling.start, name="start"),
    path("permohonan/<uuid:pk>/", following.show, name="show"),
    path("permohonan/<uuid:pk>/isi/<str:section>/", filling.section, name="section"),
    path("permohonan/<uuid:pk>/berkas/", filling.files, name="files"),
    path("permohonan/<uuid:pk>/berkas/<str:requirement>/", following.own_file, name="own_file"),
    path("permohonan/<uuid:pk>/periksa/", filling.check, name="check"),
    path("permohonan/<uuid:pk>/tanda-terima/", following.receipt, name="receipt"),
    path("permohonan/<uuid:pk>/batal/", following.withdraw, name="withdraw"),
]
