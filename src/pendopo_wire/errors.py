"""What goes wrong when bytes do not say what they should.

Every error is a ``WireError``; its text names the defect and never repeats the offending value, because
the value may be personal data.
"""


class WireError(ValueError):
    """Some bytes do not follow the format they claim."""


class CanonicalError(WireError):
    """A value has no canonical JSON form (RFC 8785)."""


class ProofError(WireError):
    """A Merkle proof does not lead to the root, or was asked for positions outside the tree."""


class NoteError(WireError):
    """A signed note is malformed, or carries no good signature of the expected key."""


class IdentifierError(WireError):
    """Not an X-Road identifier."""


class TargetError(WireError):
    """A request target that is not safe to route: traversal, hidden separators, wrong encoding."""


class SignatureError(WireError):
    """A message signature is missing, outside the fixed profile, too old, or false."""


class SnapshotError(WireError):
    """A registry snapshot contradicts itself or is not signed by its anchor."""


class AccessRecordError(WireError):
    """An access record is malformed or not signed by a known gateway."""
