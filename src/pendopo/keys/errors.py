"""What can go wrong with keys."""

from pendopo.kernel.errors import PendopoError


class KeysError(PendopoError):
    """Base of this room."""

    code = "keys.error"
    status = 500
    text_key = "keys.errors.error"


class NoKeyError(KeysError):
    """No active key has this purpose; ``./pendopo keys ensure PURPOSE`` makes one."""

    code = "keys.no_key"
    text_key = "keys.errors.no_key"


class WrongAlgorithmError(KeysError):
    """The purpose already has an active key of another algorithm."""

    code = "keys.wrong_algorithm"
    status = 409
    text_key = "keys.errors.wrong_algorithm"


class ChainRefusedError(KeysError):
    """The certificate chain is unreadable, out of order, expired, or certifies another key."""

    code = "keys.chain_refused"
    status = 400
    text_key = "keys.errors.chain_refused"


class EscrowError(KeysError):
    """The escrow file cannot be read, or the passphrase does not open it."""

    code = "keys.escrow"
    status = 400
    text_key = "keys.errors.escrow"


class PassphraseNeededError(KeysError):
    """There is no terminal to ask for the passphrase, and no file was named."""

    code = "keys.passphrase_needed"
    status = 400
    text_key = "keys.errors.passphrase_needed"


class WeakPassphraseError(KeysError):
    """The passphrase has too few words to protect the root key of everything."""

    code = "keys.weak_passphrase"
    status = 400
    text_key = "keys.errors.weak_passphrase"
