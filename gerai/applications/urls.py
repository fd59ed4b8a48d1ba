"""Addresses of applying."""

from django.urls import path

from gerai.applications.pages import bundle, businesses, confirming, filling, following, mandates, section

app_name = "applications"
urlpatterns = [
    path("ajukan/<str:agency>/<str:code>/", filling.start, name="start"),
    path("ajukan-bersama/<str:occasion>/", bundle.start, name="bundle_start"),
    path("permohonan-bersama/<uuid:pk>/", bundle.show, name="bundle"),
    path("saya/berkas/", following.wallet, name="wallet"),
    path("saya/usaha/<uuid:pk>/", businesses.of_business, name="of_business"),
    path("saya/kuasa/", mandates.show, name="mandates"),
    path("meja/usaha/", businesses.desk, name="desk_business"),
    path("permohonan/<uuid:pk>/", following.show, name="show"),
    path("permohonan/<uuid:pk>/isi/<str:section>/", section.section, name="section"),
    path("permohonan/<uuid:pk>/berkas/", filling.files, name="files"),
    path("permohonan/<uuid:pk>/berkas/<str:requirement>/", following.own_file, name="own_file"),
    path("permohonan/<uuid:pk>/periksa/", filling.check, name="check"),
    path("permohonan/<uuid:pk>/hasil/", following.outside_file, name="outside_file"),
    path("permohonan/<uuid:pk>/benarkan/", confirming.ask, name="ask"),
    path("permohonan/<uuid:pk>/benarkan/keadaan/", confirming.state, name="ask_state"),
    path("permohonan/<uuid:pk>/tanda-tangan/", confirming.sign, name="sign"),
    path("benar/", confirming.enter, name="enter_code"),
    path("benar/<str:token>/", confirming.confirm, name="confirm"),
    path("benar/<str:token>/berkas/<str:requirement>/", confirming.file, name="confirm_file"),
    path("permohonan/<uuid:pk>/tanda-terima/", following.receipt, name="receipt"),
    path("permohonan/<uuid:pk>/batal/", following.withdraw, name="withdraw"),
]
