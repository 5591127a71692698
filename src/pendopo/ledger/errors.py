"""What can go wrong with the log."""

from pendopo.kernel.errors import PendopoError


class LedgerError(PendopoError):
    """Base of this room."""

    code = "ledger.error"
    status = 500
    text_key = "ledger.errors.error"


class EntryNotFoundError(LedgerError):
    """There is no such access record."""

    code = "ledger.entry_not_found"
    status = 404
    text_key = "ledger.errors.entry_not_found"


class NotSequencedError(LedgerError):
    """The entry was written moments ago and is not in the tree yet; within a second it will be."""

    code = "ledger.not_sequenced"
    status = 503
    text_key = "ledger.errors.not_sequenced"


class CheckpointRefusedError(LedgerError):
    """A checkpoint cannot be read or is not signed by this log."""

    code = "ledger.checkpoint_refused"
    status = 400
    text_key = "ledger.errors.checkpoint_refused"


class LogBrokenError(LedgerError):
    """The stored tree and the rows do not agree; the sequencer stops rather than sign it."""

    code = "ledger.log_broken"
    text_key = "ledger.errors.log_broken"


class NobodyConcernedError(LedgerError):
    """An access record names no person: nobody could ever find it."""

    code = "ledger.nobody_concerned"
    status = 422
    text_key = "ledger.errors.nobody_concerned"
