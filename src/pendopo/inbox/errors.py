"""What can go wrong in the inbox."""

from typing import ClassVar

from pendopo.kernel.errors import NotFound, PendopoError


class InboxError(PendopoError):
    """Root of the room's errors."""

    code: ClassVar[str] = "inbox.error"
    text_key: ClassVar[str] = "inbox.errors.error"


class UnknownTemplate(InboxError):
    """The sending room has no words for the template; a mistake in the program, found by its tests."""

    code: ClassVar[str] = "inbox.unknown_template"


class MessageNotFound(InboxError, NotFound):
    """There is no such message for this person."""

    code: ClassVar[str] = "inbox.message_not_found"
    status: ClassVar[int] = 404
    text_key: ClassVar[str] = "inbox.errors.message_not_found"
