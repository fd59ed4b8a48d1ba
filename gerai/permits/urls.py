"""Addresses of permits: wording, checking for everybody, the holder's page, register, open data, credentials."""

from django.urls import path

from gerai.permits.pages import checking, credentials, mapping, opendata, register, showing, wordings

app_name = "permits"
urlpatterns = [
    path("gabung/naskah/", wordings.choose, name="wordings"),
    path("gabung/naskah/<str:agency>/<str:code>/", wordings.edit, name="wording"),
    path("cek/", checking.check, name="check"),
    path("cek/<str:secret>/", checking.verify, name="verify"),
    path("peta-izin/", mapping.show, name="map"),
    path("izin/", register.register, name="register"),
    path("izin/permohonan/<uuid:pk>/", showing.of_application, name="of_application"),
    path("izin/<uuid:pk>/", showing.show, name="show"),
    path("izin/<uuid:pk>/unduh/", showing.download, name="download"),
    path("izin/<uuid:pk>/ubah/", showing.change, name="change"),
    path("izin/<uuid:pk>/cabut/", showing.revoke, name="revoke"),
    path("izin/<uuid:pk>/bekukan/", showing.suspend, name="suspend"),
    path("izin/<uuid:pk>/aktifkan/", showing.lift, name="lift"),
    path("izin/<uuid:pk>/kredensial/", credentials.take, name="take_credential"),
    # Mounted at the root: the standards fix the first; the others stand in every credential and never change.
    path(".well-known/jwt-vc-issuer", credentials.issuer, name="credential_issuer"),
    path("vct/izin", credentials.kind, name="credential_kind"),
    path("status/izin/<int:number>", credentials.status_list, name="status_list"),
    path("data/izin.csv", opendata.as_csv, name="open_csv"),
    path("data/izin.json", opendata.as_json, name="open_json"),
    path("data/izin.geojson", opendata.as_geojson, name="open_geojson"),
]
