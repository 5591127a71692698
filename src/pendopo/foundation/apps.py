"""App configuration of the plumbing."""

from typing import override

from django.apps import AppConfig


class FoundationConfig(AppConfig):
    """Installed in every profile."""

    name = "pendopo.foundation"
    label = "foundation"

    @override
    def ready(self) -> None:
        """Register the loop that sweeps."""
        from pendopo.foundation import housekeeping  # noqa: F401, PLC0415  # needs the models
