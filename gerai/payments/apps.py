from django.apps import AppConfig


class PaymentsConfig(AppConfig):
    name = "gerai.payments"
    default_auto_field = "django.db.models.BigAutoField"
