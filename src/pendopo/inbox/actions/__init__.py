"""What may be done with messages."""

from pendopo.inbox.actions.read import mark_read
from pendopo.inbox.actions.send import send

__all__ = ["mark_read", "send"]
