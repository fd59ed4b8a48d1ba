"""Addresses of surveys and complaints."""

from django.urls import path

from gerai.feedback import pages

app_name = "feedback"
urlpatterns = [
    path("survei/kunjungan/<str:secret>/", pages.rate_visit, name="rate_visit"),
    path("survei/permohonan/<uuid:pk>/", pages.rate_application, name="rate_application"),
    path("survei/<str:token>/", pages.rate, name="rate"),
    path("pengaduan/", pages.complain, name="complain"),
    path("pengaduan/masuk/", pages.inbox, name="inbox"),
    path("pengaduan/masuk/<uuid:pk>/", pages.answer, name="answer"),
    path("pengaduan/<str:secret>/", pages.follow, name="follow"),
]
