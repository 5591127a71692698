"""Django's entry to the room."""

from django.apps import AppConfig


class MaturityConfig(AppConfig):
    """Gives the room its name."""

    name = "pendopo.maturity"
    label = "maturity"
