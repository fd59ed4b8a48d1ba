"""Addresses of reviewing, under tugas/."""

from django.urls import path

from gerai.reviews import pages

app_name = "reviews"
urlpatterns = [
    path("", pages.inbox, name="inbox"),
    path("tanda-tangan/", pages.sign, name="sign"),
    path("<int:pk>/", pages.task, name="task"),
    path("<int:pk>/berkas/<str:requirement>/", pages.file, name="file"),
    path("<int:pk>/pratinjau/", pages.preview, name="preview"),
    path("<int:pk>/lengkap/", pages.complete, name="complete"),
    path("<int:pk>/kembalikan/", pages.give_back, name="give_back"),
    path("<int:pk>/rekomendasi/", pages.recommend, name="recommend"),
    path("<int:pk>/nilai/", pages.assess, name="assess"),
    path("<int:pk>/tolak/", pages.reject, name="reject"),
]
