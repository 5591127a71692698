"""Django's handle on the room."""

from typing import override

from django.apps import AppConfig


class DocumentsConfig(AppConfig):
    """Uploaded files and issued documents."""

    name = "pendopo.documents"
    label = "documents"
    default_auto_field = "django.db.models.BigAutoField"

    @override
    def ready(self) -> None:
        """Offer the verification form and the download to pages of other rooms."""
        from pendopo.documents import measuring, readings  # noqa: F401, PLC0415  models exist only now
        from pendopo.foundation import measures  # noqa: PLC0415  same
        from pendopo.foundation.http import register_destination  # noqa: PLC0415  apps are loaded only now

        measures.register(*measuring.MEASURES)
        register_destination("documents.verify", "documents:verify")
        register_destination("documents.verification", "documents:verification")
        register_destination("documents.download", "documents:download")
        register_destination("documents.revoke", "documents:revoke")
