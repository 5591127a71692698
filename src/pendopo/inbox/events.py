"""Topics that this room writes to the outbox."""

from typing import Final

STORED: Final = "inbox.stored"
"""A message was stored; ``message_id``. The carriers listen."""
