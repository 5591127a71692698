"""Django's entry to the room."""

from typing import override

from django.apps import AppConfig


class DeskConfig(AppConfig):
    """Names the desk's pages for other rooms' links."""

    name = "pendopo.desk"
    label = "desk"

    @override
    def ready(self) -> None:
        """Register the destinations that sign-in and messages lead to."""
        from pendopo.foundation.http import register_destination  # noqa: PLC0415 (after apps are loaded)

        register_destination("desk.home", "desk:home")
        register_destination("desk.work", "desk:home")
        register_destination("desk.case", "desk:case")
