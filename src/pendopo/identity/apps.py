"""Django's handle on the room."""

from typing import override

from django.apps import AppConfig


class IdentityConfig(AppConfig):
    """Subjects, credentials, sessions, the OpenID Provider."""

    name = "pendopo.identity"
    label = "identity"

    @override
    def ready(self) -> None:
        """Name the pages that others link to, and tell the exchange how actors are named."""
        from pendopo.exchange.api import name_actors_by  # noqa: PLC0415 (after apps are loaded)
        from pendopo.foundation import measures  # noqa: PLC0415
        from pendopo.foundation.http import register_destination  # noqa: PLC0415
        from pendopo.identity import api, jobs, measuring  # noqa: PLC0415

        measures.register(*measuring.MEASURES)
        jobs.register()
        name_actors_by(api.pseudonym_of)
        register_destination("identity.sign_in", "identity:sign-in")
        register_destination("identity.sign_out", "identity:sign-out")
        register_destination("identity.security", "identity:security")
        register_destination("identity.activate", "identity:activate")
        register_destination("identity.counter", "identity:counter")
        register_destination("identity.choose_post", "identity:choose-post")
