"""Django's entry to the room."""

from typing import override

from django.apps import AppConfig


class MaturityConfig(AppConfig):
    """Gives the room its name."""

    name = "pendopo.maturity"
    label = "maturity"

    @override
    def ready(self) -> None:
        """Let the start of a hall check what the instruments bind to measures."""
        from pendopo.foundation import measures  # noqa: PLC0415 (after apps are loaded)
        from pendopo.maturity import bound  # noqa: PLC0415

        measures.also_check(bound.problems)
