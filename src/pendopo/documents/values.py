"""What crosses the door of this room."""

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal
from uuid import UUID

type DocumentState = Literal["valid", "superseded", "revoked"]
type SealLevel = Literal["B-B", "B-T", "B-LT"]
type Status = Literal["valid", "superseded", "revoked", "unknown"]
type FieldValue = str | int | bool | dt.date | None
type CertificateData = Mapping[str, FieldValue]


@dataclass(frozen=True, slots=True)
class StoredFile:
    """An upload that was made harmless and kept. ``size`` in bytes and ``sha256`` are of what is kept."""

    id: UUID
    filename: str
    media_type: str
    size: int
    sha256: str
    created_at: dt.datetime


@dataclass(frozen=True, slots=True)
class IssuedDocument:
    """A sealed PDF. ``code`` is the 26 characters behind its QR; ``title_id``/``title_en`` name its kind.

    ``sha256`` and ``size`` are of the file as it is now; a time stamp (``stamped_at``) appends to it.
    """

    id: UUID
    code: str
    template: str
    title_id: str
    title_en: str
    number: str
    case_id: UUID
    body_code: str
    status: DocumentState
    status_reason: str
    issued_at: dt.datetime
    changed_at: dt.datetime | None
    replaced_by: UUID | None
    sha256: str
    size: int
    seal_level: SealLevel
    stamped_at: dt.datetime | None

    def title(self, language: str) -> str:
        """Return the kind of document in ``id`` or ``en``."""
        return self.title_en if language == "en" else self.title_id


@dataclass(frozen=True, slots=True)
class Verification:
    """What anybody may learn who holds a document's code. Everything but ``status`` is empty when unknown.

    ``holder`` is masked, ``replaced_by`` the code of the newer document, ``seal`` the SHA-256 fingerprint of
    the seal's certificate in hexadecimal, ``sha256`` that of the PDF as it is now, ``earlier_sha256`` those
    of the same document before its time stamp, which are as genuine.
    """

    status: Status
    code: str = ""
    title_id: str = ""
    title_en: str = ""
    number: str = ""
    holder: str = ""
    body_code: str = ""
    issued_at: dt.datetime | None = None
    changed_at: dt.datetime | None = None
    reason: str = ""
    replaced_by: str = ""
    seal: str = ""
    sha256: str = ""
    earlier_sha256: tuple[str, ...] = ()
    seal_level: SealLevel = "B-B"
    stamped_at: dt.datetime | None = None

    def title(self, language: str) -> str:
        """Return the kind of document in ``id`` or ``en``."""
        return self.title_en if language == "en" else self.title_id
