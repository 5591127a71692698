"""The exchange as a Django app."""

from typing import override

from django.apps import AppConfig

from pendopo.foundation import measures


class ExchangeConfig(AppConfig):
    """Control plane of data exchange and clients of other bodies' registers."""

    name = "pendopo.exchange"
    label = "exchange"

    @override
    def ready(self) -> None:
        """Offer the room's measures."""
        from pendopo.exchange import measuring  # noqa: PLC0415  # needs the models

        measures.register(*measuring.MEASURES)
