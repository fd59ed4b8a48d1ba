"""Addresses of permits: checking for everybody, the holder's page, revocation."""

from django.urls import path

from gerai.permits import pages

app_name = "permits"
urlpatterns = [
    path("cek/", pages.check, name="check"),
    path("cek/<str:secret>/", pages.verify, name="verify"),
    path("izin/permohonan/<uuid:pk>/", pages.of_application, name="of_application"),
    path("izin/<uuid:pk>/", pages.show, name="show"),
    path("izin/<uuid:pk>/unduh/", pages.download, name="download"),
    path("izin/<uuid:pk>/cabut/", pages.revoke, name="revoke"),
]
