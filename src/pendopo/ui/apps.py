"""Django registration of the design system (templates and text only: it has no tables)."""

from django.apps import AppConfig


class UiConfig(AppConfig):
    """The design system as a Django application."""

    name = "pendopo.ui"
    label = "ui"
