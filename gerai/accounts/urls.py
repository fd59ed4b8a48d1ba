"""Addresses of signing up and in, and of one's own account."""

from django.urls import path

from gerai.accounts import pages

app_name = "accounts"
urlpatterns = [
    path("daftar/", pages.sign_up, name="sign_up"),
    path("daftar/kode/", pages.sign_up_code, name="sign_up_code"),
    path("masuk/", pages.sign_in, name="sign_in"),
    path("masuk/kode/", pages.sign_in_code, name="sign_in_code"),
    path("masuk/lupa/", pages.reset, name="reset"),
    path("masuk/lupa/kode/", pages.reset_code, name="reset_code"),
    path("keluar/", pages.sign_out, name="sign_out"),
    path("akun/", pages.account, name="account"),
]
