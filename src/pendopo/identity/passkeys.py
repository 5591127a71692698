"""Passkeys (WebAuthn Level 3): challenges that are good once, and the verification of answers.

User verification is required, so a passkey alone is two factors (possession and PIN or biometric). Keys are
discoverable: nobody types who they are. Attestation is not asked for, hence no claim about the device.
"""

from pendopo.identity import models
from pendopo.identity.records import NewPasskey, Started


def start_registration(subject: models.Subject) -> Started:
    """Return creation options for one person, excluding authenticators that already hold a key of hers."""
    from pendopo.identity import ceremonies  # noqa: PLC0415  # costs 0.4 s at start

    return ceremonies.start_registration(subject)


def start_authentication() -> Started:
    """Return request options that name nobody: the authenticator offers what it holds for this hall."""
    from pendopo.identity import ceremonies  # noqa: PLC0415  # costs 0.4 s at start

    return ceremonies.start_authentication()


def finish_registration(ceremony: str, answer: str, subject: models.Subject) -> NewPasskey:
    """Verify a registration answer; raise ``PasskeyRefused``. Storing it is the caller's act."""
    from pendopo.identity import ceremonies  # noqa: PLC0415  # costs 0.4 s at start

    return ceremonies.finish_registration(ceremony, answer, subject)


def finish_authentication(ceremony: str, answer: str) -> tuple[models.Passkey, int]:
    """Verify an assertion; return the passkey and the counter that it showed.

    Raises ``PasskeyRefused``. The counter is *not* compared here: a counter is believed only after the
    signature over it, so the caller compares it (``actions.sign_in``).
    """
    from pendopo.identity import ceremonies  # noqa: PLC0415  # costs 0.4 s at start

    return ceremonies.finish_authentication(ceremony, answer)
