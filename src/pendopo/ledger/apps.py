"""Django's handle on the room."""

from typing import override

from django.apps import AppConfig


class LedgerConfig(AppConfig):
    """The tamper-evident log."""

    name = "pendopo.ledger"
    label = "ledger"
    default_auto_field = "django.db.models.BigAutoField"

    @override
    def ready(self) -> None:
        """Let the verifier read access records again."""
        from pendopo.foundation import measures  # noqa: PLC0415  same
        from pendopo.ledger import contents, measuring, readings  # noqa: F401, PLC0415  models exist only now

        measures.register(*measuring.MEASURES)
        contents.register()
