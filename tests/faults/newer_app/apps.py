"""Django's entry."""

from django.apps import AppConfig


class NewerConfig(AppConfig):
    """An application without models of its own."""

    name = "tests.faults.newer_app"
    label = "newer"
