"""The door of ``inbox``."""

from collections.abc import Mapping
from uuid import UUID

from pendopo.inbox import actions, queries
from pendopo.inbox.errors import InboxError, MessageNotFound, UnknownTemplate
from pendopo.inbox.records import Link, MessageView, Param, message_view

__all__ = [
    "InboxError",
    "Link",
    "MessageNotFound",
    "MessageView",
    "Param",
    "UnknownTemplate",
    "messages_of",
    "send",
    "unread_count",
]


def send(
    subject_id: UUID,
    template: str,
    params: Mapping[str, Param] | None = None,
    *,
    link: Link | None = None,
    key: str | None = None,
    security: bool = False,
) -> UUID:
    """Store a message for a person and return its id; call it in the transaction of what it tells of.

    ``template`` is ``room.name``: the sending room keeps ``messages.<name>.title`` and ``.text`` in its text
    files. ``params`` fill them and are stored in the clear: case numbers and codes, never personal data.
    ``link`` is a named destination with its arguments. With a ``key`` the second send for the same person
    returns the first message's id and changes nothing. With ``security``
    the addresses that the person's present one replaced lately are told as well. Raises
    :class:`UnknownTemplate`.
    """
    return actions.send(subject_id, template, params or {}, link, key, security=security)


def messages_of(
    subject_id: UUID, *, lang: str = "id", before: UUID | None = None, limit: int = 20
) -> list[MessageView]:
    """Return a person's messages, newest first; ``before`` is the last id of the page before.

    The caller has checked that the person asks for their own messages.
    """
    return [message_view(row, lang) for row in queries.page(subject_id, before=before, limit=limit)]


def unread_count(subject_id: UUID) -> int:
    """Count the messages that a person has not opened."""
    return queries.unread_count(subject_id)
