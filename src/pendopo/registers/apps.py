"""The registers as a Django app."""

from django.apps import AppConfig


class RegistersConfig(AppConfig):
    """Persons, families, marriages, births, regions."""

    name = "pendopo.registers"
    label = "registers"
    default_auto_field = "django.db.models.BigAutoField"
