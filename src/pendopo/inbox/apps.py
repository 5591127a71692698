"""Django's handle on the room."""

from typing import override

from django.apps import AppConfig


class InboxConfig(AppConfig):
    """Messages to people."""

    name = "pendopo.inbox"
    label = "inbox"

    @override
    def ready(self) -> None:
        """Name the page, and register the carrier and the listeners before anything is emitted."""
        from pendopo.foundation.http import register_destination  # noqa: PLC0415 (after apps are loaded)
        from pendopo.inbox import actions, jobs, listeners  # noqa: F401, PLC0415

        register_destination("inbox.messages", "inbox:messages")
