"""Topics that this room writes to the outbox. Payloads: ``subject_id`` and codes, no personal data."""

from typing import Final

ACTIVATED: Final = "identity.activated"
"""A person finished activation; ``again`` says whether older credentials were replaced."""

CREDENTIAL_ADDED: Final = "identity.credential_added"
"""A passkey, password or authenticator was added; ``kind`` is ``passkey``, ``password`` or ``totp``."""

CREDENTIAL_REMOVED: Final = "identity.credential_removed"
"""A passkey or authenticator was removed; ``kind`` as above."""

CREDENTIAL_SUSPECT: Final = "identity.credential_suspect"
"""A passkey showed a signature counter that ran backwards and was locked."""

CONTACT_CHANGED: Final = "identity.contact_changed"
"""The contact address changed."""

RECOVERY_CODE_USED: Final = "identity.recovery_code_used"
"""A recovery code took the place of the authenticator; ``left`` says how many remain."""
