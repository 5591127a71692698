"""Messages as values, with their sentences in the reader's language."""

import datetime as dt
from dataclasses import dataclass
from uuid import UUID

from pendopo.foundation.http import UnknownDestinationError, destination
from pendopo.foundation.text import has_text, t
from pendopo.inbox.models import CarrierState, Message

type Param = str | int
type Link = tuple[str, dict[str, str]]


@dataclass(frozen=True, slots=True)
class MessageView:
    """One message as its person sees it. ``href`` is None when it leads nowhere (any more)."""

    id: UUID
    at: dt.datetime
    title: str
    text: str
    href: str | None
    read_at: dt.datetime | None
    mailed: bool

    @property
    def unread(self) -> bool:
        """Whether the person has not opened it yet."""
        return self.read_at is None


def text_key(template: str, part: str) -> str:
    """Return where words stand: ``casework.issued`` → ``casework.messages.issued.title``."""
    room, _, name = template.partition(".")
    return f"{room}.messages.{name}.{part}"


def has_words(template: str) -> bool:
    """Say whether the sending room has title and text for the template."""
    return has_text(text_key(template, "title")) and has_text(text_key(template, "text"))


def message_view(row: Message, lang: str) -> MessageView:
    """Map a row."""
    return MessageView(
        id=row.id,
        at=row.created_at,
        title=t(text_key(row.template, "title"), lang, **row.params),
        text=t(text_key(row.template, "text"), lang, **row.params),
        href=_href(row),
        read_at=row.read_at,
        mailed=row.carrier == CarrierState.SENT,
    )


def _href(row: Message) -> str | None:
    if not row.link_name:
        return None
    try:
        return destination(row.link_name, **row.link_arguments)
    except UnknownDestinationError:
        # The room that sent the message may have left this hall; the message stays readable.
        return None
