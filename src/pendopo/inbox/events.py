"""Topics that this room writes to the outbox."""

from typing import Final

STORED: Final = "inbox.stored"
"""A message was stored; ``message_id``. The carriers listen."""

STORED_FOR_FORMER: Final = "inbox.stored_for_former"
"""A security notice was stored, and a replaced address must hear of it; ``message_id``, ``former_id``."""
