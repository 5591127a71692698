"""Django's handle on the room."""

from typing import override

from django.apps import AppConfig


class PortalConfig(AppConfig):
    """Citizen pages that join rooms."""

    name = "pendopo.portal"
    label = "portal"

    @override
    def ready(self) -> None:
        """Name the pages that others link to."""
        from pendopo.foundation.http import register_destination  # noqa: PLC0415 (after apps are loaded)

        for noun in (
            "home",
            "cases",
            "documents",
            "data",
            "access",
            "about",
            "how",
            "accessibility",
            "figures",
        ):
            register_destination(f"portal.{noun}", f"portal:{noun}")
        register_destination("portal.proof", "portal:proof")
