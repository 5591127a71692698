"""Work without end: the sequencer, and time stamps for what it signed."""

from pendopo.foundation.jobs import loop
from pendopo.foundation.settings import current
from pendopo.ledger.actions.sequence import sequence

STAMP_SECONDS = 30.0
"""How often at most; between two stamps the signed checkpoints themselves give the order."""


@loop("ledger.sequence", seconds=1.0)
def sequence_waiting() -> None:
    """Give waiting commitments their place, about once a second."""
    sequence()


@loop("ledger.stamp", seconds=STAMP_SECONDS)
def stamp_newest() -> int:
    """Have the newest checkpoint stamped, while an authority is configured and answers."""
    if current().tsa_url is None:
        return 0
    # pyHanko, which checks tokens, costs every process a second at start; only the worker stamps.
    from pendopo.foundation import timestamps  # noqa: PLC0415
    from pendopo.ledger import stamps  # noqa: PLC0415

    return timestamps.patiently("ledger", stamps.stamp_newest)
