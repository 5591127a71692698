"""Work without end: the sequencer."""

from pendopo.foundation.jobs import loop
from pendopo.ledger.actions.sequence import sequence


@loop("ledger.sequence", seconds=1.0)
def sequence_waiting() -> None:
    """Give waiting commitments their place, about once a second."""
    sequence()
