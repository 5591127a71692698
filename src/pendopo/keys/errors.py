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


class EscrowMissingError(EscrowError):
    """There is no such file, or it cannot be read."""

    code = "keys.escrow_missing"
    text_key = "keys.errors.escrow_missing"


class NoEscrowError(EscrowError):
    """The file is of another kind."""

    code = "keys.escrow_foreign"
    text_key = "keys.errors.escrow_foreign"


class EscrowClosedError(EscrowError):
    """The passphrase is wrong, or the file was changed; nobody can tell which."""

    code = "keys.escrow_closed"
    text_key = "keys.errors.escrow_closed"


class ExistsAlreadyError(EscrowError):
    """Nothing is written over a file."""

    code = "keys.escrow_exists"
    status = 409
    text_key = "keys.errors.escrow_exists"


class NoFolderError(EscrowError):
    """The folder to write in is missing."""

    code = "keys.escrow_no_folder"
    text_key = "keys.errors.escrow_no_folder"


class EscrowUnwritableError(EscrowError):
    """The operating system does not let us write there."""

    code = "keys.escrow_unwritable"
    text_key = "keys.errors.escrow_unwritable"


class UnknownPurposeError(KeysError):
    """Nothing here signs for this purpose; no verb would take such a key away again."""

    code = "keys.unknown_purpose"
    status = 400
    text_key = "keys.errors.unknown_purpose"


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
