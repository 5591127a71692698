"""Django's entry to the room."""

from typing import override

from django.apps import AppConfig


class CabinetConfig(AppConfig):
    """Names the room's pages for links of other rooms."""

    name = "pendopo.cabinet"
    label = "cabinet"

    @override
    def ready(self) -> None:
        """Connect the room: import what registers itself."""
        from pendopo.cabinet import (  # noqa: PLC0415 (after apps are loaded)
            announcements,  # noqa: F401
            measuring,
            subscribers,  # noqa: F401
        )
        from pendopo.foundation import measures  # noqa: PLC0415
        from pendopo.foundation.http import register_destination  # noqa: PLC0415

        measures.register(*measuring.MEASURES)
        register_destination("cabinet.home", "cabinet:home")
        register_destination("cabinet.board", "cabinet:follow")
        register_destination("cabinet.dossier", "cabinet:dossier")
        register_destination("cabinet.question", "cabinet:question")
        register_destination("cabinet.task", "cabinet:task")
        register_destination("cabinet.decisions", "cabinet:published")
