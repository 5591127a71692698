"""App configuration of the plumbing."""

from typing import override

from django.apps import AppConfig


class FoundationConfig(AppConfig):
    """Installed in every profile."""

    name = "pendopo.foundation"
    label = "foundation"

    @override
    def ready(self) -> None:
        """Register the loops that sweep and count, what metrics read, and the measure of restore drills."""
        from pendopo.foundation import (  # noqa: PLC0415  # need the models
            drills,
            figures,  # noqa: F401
            housekeeping,  # noqa: F401
            measures,
            readings,  # noqa: F401
        )

        measures.register(*drills.MEASURES)
