"""What leaves the room: frozen values, and the one place where rows become them."""

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass
from uuid import UUID

from django.http import QueryDict

from pendopo.foundation import crypto
from pendopo.identity import assurance, models
from pendopo.kernel.nik import Nik


@dataclass(frozen=True, slots=True)
class SubjectView:
    """A person with a Digital ID. ``assurance`` is the highest level that her sign-in can reach."""

    id: UUID
    name: str
    assurance: int
    active: bool


@dataclass(frozen=True, slots=True)
class SessionView:
    """One browser in which a person is signed in. ``device`` may be empty."""

    id: UUID
    device: str
    amr: tuple[str, ...]
    authenticated_at: dt.datetime
    last_seen_at: dt.datetime
    expires_at: dt.datetime


@dataclass(frozen=True, slots=True)
class PasskeyView:
    """One passkey as its owner sees it."""

    id: UUID
    label: str
    backed_up: bool
    created_at: dt.datetime
    last_used_at: dt.datetime | None
    suspect: bool


@dataclass(frozen=True, slots=True)
class ParkedForm:
    """What was typed into a form before the session ended; each name has one or more values."""

    path: str
    fields: Mapping[str, tuple[str, ...]]

    def value(self, name: str) -> str:
        """Return the last value of a field, or an empty string."""
        values = self.fields.get(name, ())
        return values[-1] if values else ""

    def as_posted(self) -> QueryDict:
        """Return the fields as a request would have brought them."""
        fields = QueryDict(mutable=True)
        for name, values in self.fields.items():
            fields.setlist(name, list(values))
        return fields


def context(table: str, column: str, row_id: UUID) -> str:
    """Return the context that binds a sealed value to its row."""
    return f"identity.{table}.{column}:{row_id}"


def nik_of(row: models.Subject) -> Nik:
    """Open the NIK."""
    return Nik.parse(crypto.open_text(row.nik, context=context("subject", "nik", row.id)))


def name_of(row: models.Subject) -> str:
    """Open the name."""
    return crypto.open_text(row.name, context=context("subject", "name", row.id))


def subject_view(row: models.Subject) -> SubjectView:
    """Map a row."""
    return SubjectView(
        id=row.id,
        name=name_of(row),
        assurance=assurance.level(row.proofing, assurance.Authentication.TWO_FACTORS),
        active=row.activated_at is not None,
    )


def session_view(row: models.Session) -> SessionView:
    """Map a row."""
    return SessionView(
        id=row.id,
        device=row.device,
        amr=tuple(row.amr),
        authenticated_at=row.authenticated_at,
        last_seen_at=row.last_seen_at,
        expires_at=row.expires_at,
    )


def passkey_view(row: models.Passkey) -> PasskeyView:
    """Map a row."""
    return PasskeyView(
        id=row.id,
        label=row.label,
        backed_up=row.backed_up,
        created_at=row.created_at,
        last_used_at=row.last_used_at,
        suspect=row.suspect_at is not None,
    )


@dataclass(frozen=True, slots=True)
class Started:
    """A ceremony that waits: its id goes back with the answer, ``options`` to the browser's API."""

    id: UUID
    options: str


@dataclass(frozen=True, slots=True)
class NewPasskey:
    """A verified registration."""

    credential_id: bytes
    public_key: bytes
    sign_count: int
    transports: tuple[str, ...]
    backed_up: bool
