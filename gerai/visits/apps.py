from django.apps import AppConfig


class VisitsConfig(AppConfig):
    name = "gerai.visits"
    default_auto_field = "django.db.models.BigAutoField"
