"""What stands in ``docs/reference`` by the code's own word, and the table of contents of the site.

Django must be set up with the profile ``all``, so that every room is there. ``pages()`` returns paths
relative to the checkout and what must stand in them; ``python -m pendopo.entrypoints.reference`` writes
them, and a house test fails when one is stale. Settings and metrics are told by people on pages of their
own.
"""

from pendopo.entrypoints.reference import (
    commands,
    errors,
    events,
    figures,
    interfaces,
    navigation,
    routes,
    work,
)
from pendopo.entrypoints.reference.rooms import import_everything


def pages() -> dict[str, str]:
    """Return every generated file: path → text."""
    import_everything()
    return {
        "docs/reference/commands.md": commands.page(),
        "docs/reference/routes.md": routes.page(),
        "docs/reference/permissions.md": routes.permissions_page(),
        "docs/reference/errors.md": errors.page(),
        "docs/reference/audit-events.md": events.audit_page(),
        "docs/reference/outbox-events.md": events.outbox_page(),
        "docs/reference/jobs.md": work.page(),
        "docs/reference/measures.md": figures.page(),
        **interfaces.pages(),
        "zensical.toml": navigation.configuration(),
    }
