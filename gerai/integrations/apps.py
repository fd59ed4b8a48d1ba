from django.apps import AppConfig


class IntegrationsConfig(AppConfig):
    name = "gerai.integrations"
    default_auto_field = "django.db.models.BigAutoField"
