"""App configuration of the plumbing."""

from typing import override

from django.apps import AppConfig


class FoundationConfig(AppConfig):
    """Installed in every profile."""

    name = "pendopo.foundation"
    label = "foundation"

    @override
    def ready(self) -> None:
        """Register the loop that sweeps and what the metrics read."""
        from pendopo.foundation import housekeeping, readings  # noqa: F401, PLC0415  # need the models
