"""Django's handle on the room."""

from typing import override

from django.apps import AppConfig


class KeysConfig(AppConfig):
    """Signing keys."""

    name = "pendopo.keys"
    label = "keys"
    default_auto_field = "django.db.models.BigAutoField"

    @override
    def ready(self) -> None:
        """Let the metrics tell how long certificates still run."""
        from pendopo.keys import readings  # noqa: F401, PLC0415  models exist only now
