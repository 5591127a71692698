"""Django's handle on the room."""

from django.apps import AppConfig


class KeysConfig(AppConfig):
    """Signing keys."""

    name = "pendopo.keys"
    label = "keys"
    default_auto_field = "django.db.models.BigAutoField"
