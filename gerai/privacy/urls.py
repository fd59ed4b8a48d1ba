"""Addresses of one's own data."""

from django.urls import path

from gerai.privacy import pages

app_name = "privacy"
urlpatterns = [
    path("saya/data/", pages.openings, name="openings"),
    path("saya/data/unduh/", pages.export, name="export"),
]
