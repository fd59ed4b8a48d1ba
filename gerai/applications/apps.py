from django.apps import AppConfig


class ApplicationsConfig(AppConfig):
    name = "gerai.applications"
    default_auto_field = "django.db.models.BigAutoField"
