"""Access records as values, and the canonical form that the log commits to."""

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass
from enum import Enum, auto
from typing import Literal
from uuid import UUID

from pendopo.foundation.commitments import JSON

KIND = "access"
ANSWERED = frozenset({"subjects", "fields"})
"""What only the answer tells: the asking side knows whom it asked about, not whom the answer shows."""

type Side = Literal["consumer", "provider", "action"]


@dataclass(frozen=True, slots=True)
class AccessEntry:
    """Somebody looked at somebody's data.

    ``subjects`` and ``user`` are pseudonyms, never a NIK. ``consumer``, ``provider`` are member subsystem ids
    of the exchange; for an action inside this hall they are empty and ``body_id`` and ``post_id`` say who
    looked. ``issue`` is the case number; ``statement`` is what the gateway of ``side`` signed (JWS), empty
    for actions.
    """

    message_id: str
    at: dt.datetime
    subjects: tuple[str, ...]
    purpose: str
    legal_basis: str
    fields: tuple[str, ...] = ()
    consumer: str = ""
    provider: str = ""
    service: str = ""
    user: str | None = None
    issue: str | None = None
    status: int | None = None
    request_digest: str | None = None
    body_id: UUID | None = None
    post_id: UUID | None = None
    side: Side = "action"
    statement: str = ""

    def record(self, entry_id: UUID) -> dict[str, JSON]:
        """Return what is kept, all but which side told us first; ``hiding`` says what is committed to."""
        return {
            "id": str(entry_id),
            "message": self.message_id,
            "at": self.at.astimezone(dt.UTC).isoformat(timespec="microseconds"),
            **self.agreed(),
            "status": self.status,
            "body": _text(self.body_id),
            "post": _text(self.post_id),
        }

    def agreed(self) -> dict[str, JSON]:
        """Return what both sides of an exchange must say alike; their clocks may differ."""
        return {
            "subjects": sorted(set(self.subjects)),
            "purpose": self.purpose,
            "legal_basis": self.legal_basis,
            "fields": sorted(set(self.fields)),
            "consumer": self.consumer,
            "provider": self.provider,
            "service": self.service,
            "user": self.user,
            "issue": self.issue,
            "request_digest": self.request_digest,
        }


@dataclass(frozen=True, slots=True)
class AccessView:
    """One line of a person's list. ``erased`` lines keep their place and time and tell nothing else.

    ``own`` is true when the person looked at their own data. ``confirmed`` is true when both gateways signed
    and say the same, ``disputed`` when they signed and differ. ``leaf_index`` is None for about a second.
    """

    id: UUID
    at: dt.datetime
    purpose: str
    legal_basis: str
    fields: tuple[str, ...]
    consumer: str
    provider: str
    service: str
    issue: str | None
    body_id: UUID | None
    post_id: UUID | None
    own: bool
    confirmed: bool
    disputed: bool
    erased: bool
    leaf_index: int | None


class Likeness(Enum):
    """How a second statement about one message stands to the first.

    ``LOST_ANSWER``: one side saw no answer (no status), so it cannot know what was shown. That is no
    contradiction.
    """

    SAME = auto()
    LOST_ANSWER = auto()
    OTHER = auto()


def likeness_of(record: Mapping[str, JSON], entry: AccessEntry) -> Likeness:
    """Compare a side's statement with the record that the other side's statement made."""
    said = entry.agreed()
    lost = (record.get("status") is None) != (entry.status is None)
    compared = said.keys() - ANSWERED if lost else said.keys()
    if any(record.get(name) != said[name] for name in compared):
        return Likeness.OTHER
    return Likeness.LOST_ANSWER if lost else Likeness.SAME


def texts(record: Mapping[str, JSON], name: str) -> tuple[str, ...]:
    """Read a list of texts from a stored record."""
    value = record.get(name)
    if value is None or isinstance(value, (str, int, Mapping)):
        return ()
    return tuple(str(item) for item in value)


def text(record: Mapping[str, JSON], name: str) -> str:
    """Read a text from a stored record; empty when absent."""
    value = record.get(name)
    return value if isinstance(value, str) else ""


def uuid(record: Mapping[str, JSON], name: str) -> UUID | None:
    """Read an id from a stored record."""
    value = record.get(name)
    return UUID(value) if isinstance(value, str) else None


def _text(value: UUID | None) -> str | None:
    return None if value is None else str(value)
