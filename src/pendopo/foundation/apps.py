"""App configuration of the plumbing."""

from django.apps import AppConfig


class FoundationConfig(AppConfig):
    """Installed in every profile."""

    name = "pendopo.foundation"
    label = "foundation"
