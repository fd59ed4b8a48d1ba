"""Addresses of the catalogue: the page by which an agency joins."""

from django.urls import path

from gerai.catalogue import pages

app_name = "catalogue"
urlpatterns = [
    path("gabung/", pages.joining, name="joining"),
    path("gabung/<uuid:pk>/", pages.proposal, name="proposal"),
    path("gabung/<str:code>.yaml", pages.download, name="download"),
]
