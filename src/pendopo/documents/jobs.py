"""Work without end: time stamps for documents that have none yet, and uploads that nobody kept."""

import datetime as dt

from pendopo.foundation.clock import now
from pendopo.foundation.jobs import loop
from pendopo.foundation.settings import current

PAUSE_SECONDS = 5.0
# Whoever downloads at once gets the sealed file as one revision, which simple readers call whole too; the
# stamp follows as a second revision.
AFTER_ISSUE = dt.timedelta(minutes=1)


@loop("documents.stamp", seconds=PAUSE_SECONDS)
def stamp_waiting() -> int:
    """Stamp what waits, while an authority is configured and answers."""
    if current().tsa_url is None:
        return 0
    # pyHanko costs every process a second at start, and only the worker stamps.
    from pendopo.documents.actions.stamp import stamp_waiting as work  # noqa: PLC0415
    from pendopo.foundation import timestamps  # noqa: PLC0415

    return timestamps.patiently("documents", lambda: work(now() - AFTER_ISSUE))


@loop("documents.erase-unkept", seconds=600)
def erase_unkept() -> int:
    """Erase uploads whose page was never saved."""
    from pendopo.documents.actions.store import erase_unkept as work  # noqa: PLC0415  # needs the models

    return work()
