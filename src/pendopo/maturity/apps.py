"""Django's entry to the room."""

from typing import override

from django.apps import AppConfig


class MaturityConfig(AppConfig):
    """Gives the room its name."""

    name = "pendopo.maturity"
    label = "maturity"

    @override
    def ready(self) -> None:
        """Name the room's pages, and let the start of a hall check what instruments bind to measures."""
        from pendopo.foundation import measures  # noqa: PLC0415 (after apps are loaded)
        from pendopo.foundation.http import register_destination  # noqa: PLC0415
        from pendopo.maturity import announcements, bound  # noqa: F401, PLC0415

        register_destination("maturity.home", "maturity:home")
        register_destination("maturity.national", "maturity:national")
        register_destination("maturity.imports", "maturity:imports")
        register_destination("maturity.indicator", "maturity:indicator")
        measures.also_check(bound.problems)
