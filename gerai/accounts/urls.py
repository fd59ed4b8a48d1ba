"""Addresses of signing up and in, of one's own account, and of one's businesses."""

from django.urls import path

from gerai.accounts.pages import entering, own, second

app_name = "accounts"
urlpatterns = [
    path("daftar/", entering.sign_up, name="sign_up"),
    path("daftar/kode/", entering.sign_up_code, name="sign_up_code"),
    path("masuk/", entering.sign_in, name="sign_in"),
    path("masuk/kode/", entering.sign_in_code, name="sign_in_code"),
    path("masuk/lupa/", entering.reset, name="reset"),
    path("masuk/lupa/kode/", entering.reset_code, name="reset_code"),
    path("keluar/", entering.sign_out, name="sign_out"),
    path("akun/", entering.account, name="account"),
    path("akun/autentikator/", second.app, name="authenticator"),
    path("saya/data/kependudukan/", own.register, name="register"),
    path("saya/usaha/", own.my_businesses, name="businesses"),
]
