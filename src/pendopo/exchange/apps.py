"""The exchange as a Django app."""

from django.apps import AppConfig


class ExchangeConfig(AppConfig):
    """Control plane of data exchange and clients of other bodies' registers."""

    name = "pendopo.exchange"
    label = "exchange"
