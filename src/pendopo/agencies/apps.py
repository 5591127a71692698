"""Django's handle on the room."""

from typing import override

from django.apps import AppConfig


class AgenciesConfig(AppConfig):
    """Public bodies and posts."""

    name = "pendopo.agencies"
    label = "agencies"

    @override
    def ready(self) -> None:
        """Declare the audit events, so that the catalogue is whole before the first request."""
        from pendopo.agencies import actions  # noqa: F401, PLC0415 (after apps are loaded)
