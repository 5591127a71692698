"""Django's entry to the room."""

from typing import override

from django.apps import AppConfig


class CaseworkConfig(AppConfig):
    """Registers subscribers, jobs and the pages that other rooms may link to."""

    name = "pendopo.casework"
    label = "casework"

    @override
    def ready(self) -> None:
        """Connect the room: import what registers itself, and name its pages."""
        from pendopo.casework import measuring, past_cases, subscribers  # noqa: F401, PLC0415 (after apps are loaded)
        from pendopo.foundation import measures  # noqa: PLC0415
        from pendopo.foundation.http import register_destination  # noqa: PLC0415

        past_cases.register()
        measures.register(*measuring.MEASURES)
        register_destination("casework.start", "casework:start")
        register_destination("casework.case", "casework:case")
        register_destination("casework.track", "casework:track")
        register_destination("casework.rating", "casework:rating")
