"""Work without end: time stamps for documents that have none yet."""

from pendopo.foundation.jobs import loop
from pendopo.foundation.settings import current

PAUSE_SECONDS = 5.0


@loop("documents.stamp", seconds=PAUSE_SECONDS)
def stamp_waiting() -> int:
    """Stamp what waits, while an authority is configured and answers."""
    if current().tsa_url is None:
        return 0
    # pyHanko costs every process a second at start, and only the worker stamps.
    from pendopo.documents.actions.stamp import stamp_waiting as work  # noqa: PLC0415
    from pendopo.foundation import timestamps  # noqa: PLC0415

    return timestamps.patiently("documents", work)
