"""Django's handle on the room."""

from typing import override

from django.apps import AppConfig

from pendopo.foundation import measures
from pendopo.foundation.http import register_destination


class CatalogueConfig(AppConfig):
    """Service definitions."""

    name = "pendopo.catalogue"
    label = "catalogue"

    @override
    def ready(self) -> None:
        """Declare audit events and name the pages that other rooms link to."""
        from pendopo.catalogue import measuring  # noqa: PLC0415 - after apps are loaded
        from pendopo.catalogue.actions import publish  # noqa: F401, PLC0415 - same

        measures.register(*measuring.MEASURES)

        register_destination("catalogue.services", "catalogue:services")
        register_destination("catalogue.service", "catalogue:service")
        register_destination("catalogue.standard", "catalogue:standard")
        register_destination("catalogue.life_event", "catalogue:life_event")
