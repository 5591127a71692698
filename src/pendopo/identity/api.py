"""The door of ``identity``.

Reads by id open sealed personal data. They write no access record themselves: whoever shows another
person's data writes one (``ledger.api.record_look``). Nothing here is to be logged.
"""

from collections.abc import Iterable, Sequence
from uuid import UUID

from django.http import HttpRequest

from pendopo.identity import parked, queries
from pendopo.identity import signatures as _signatures
from pendopo.identity.assurance import Authentication, Proofing, level
from pendopo.identity.errors import (
    IdentityError,
    NoPost,
    NotSignedIn,
    PasskeyRefused,
    PersonNotAlive,
    StrongerSignInNeeded,
    UnknownSubject,
)
from pendopo.identity.records import ParkedForm, SessionView, SubjectView, subject_view
from pendopo.identity.records import name_of as _name_of
from pendopo.identity.records import nik_of as _nik_of
from pendopo.kernel.nik import Nik

__all__ = [
    "Authentication",
    "IdentityError",
    "NoPost",
    "NotSignedIn",
    "ParkedForm",
    "PasskeyRefused",
    "PersonNotAlive",
    "Proofing",
    "SessionView",
    "StrongerSignInNeeded",
    "SubjectView",
    "UnknownSubject",
    "email_of",
    "former_contacts",
    "former_email",
    "level",
    "name_of",
    "names_of",
    "nik_and_name",
    "nik_of",
    "open_sessions",
    "pseudonym_of",
    "sessions_of",
    "signature_holds",
    "signature_keys_known",
    "signature_opened",
    "signature_options",
    "signed",
    "subject",
    "subject_by_nik",
    "take_parked",
]


def subject(subject_id: UUID) -> SubjectView:
    """Return one person; raise :class:`UnknownSubject`."""
    return subject_view(queries.subject_row(subject_id))


def subject_by_nik(nik: Nik) -> SubjectView | None:
    """Return the person with this NIK, or None when nobody with it has a Digital ID here."""
    row = queries.subject_row_by_nik(nik)
    return None if row is None else subject_view(row)


def nik_of(subject_id: UUID) -> Nik:
    """Return a person's NIK; raise :class:`UnknownSubject`."""
    return _nik_of(queries.subject_row(subject_id))


def name_of(subject_id: UUID) -> str:
    """Return a person's name as the population register gave it at activation."""
    return _name_of(queries.subject_row(subject_id))


def names_of(subject_ids: Iterable[UUID]) -> dict[UUID, str]:
    """Return several people's names, to tell who acted; one query, unknown ids left out."""
    return {row.id: _name_of(row) for row in queries.subject_rows(subject_ids)}


def nik_and_name(subject_id: UUID) -> tuple[Nik, str]:
    """Return both with one reading, none for who calls; raise :class:`UnknownSubject`."""
    row = queries.subject_as_known(subject_id)
    return _nik_of(row), _name_of(row)


def email_of(subject_id: UUID) -> str | None:
    """Return the contact address that the person gave, which nobody verified; None when there is none."""
    return queries.email_of(subject_id)


def former_contacts(subject_id: UUID) -> tuple[UUID, ...]:
    """Return ids of the addresses that the person's present one replaced in the last 30 days, oldest first.

    Security notices go to them too: a thief who replaces the address must not be the only one who is told.
    """
    return tuple(queries.live_former_contacts(subject_id).values_list("id", flat=True))


def former_email(former_id: UUID) -> str | None:
    """Return a replaced address; None when its time has passed or it is the present one again."""
    return queries.former_email(former_id)


def pseudonym_of(subject_id: UUID) -> str:
    """Return the name under which the exchange and the access log know the person."""
    return queries.subject_row(subject_id).pseudonym


def sessions_of(subject_id: UUID) -> list[SessionView]:
    """Return the browsers in which the person is signed in now, most recently used first."""
    return queries.sessions_of(subject_id)


def open_sessions(session_ids: Iterable[UUID]) -> frozenset[UUID]:
    """Return those of these sessions that were neither ended nor left idle: for streams that stay open."""
    return queries.open_sessions(session_ids)


def take_parked(request: HttpRequest) -> ParkedForm | None:
    """Return, once, what this person had typed on this page when her session ended; None if nothing.

    Call it on GET of a page with a form, before the saved draft is shown, and fill the fields with it.
    """
    return parked.take(request)


def signature_options(subject_id: UUID, statement: bytes) -> str:
    """Return what a browser needs to sign a statement with the person's passkey; see ``signatures``."""
    return _signatures.options(subject_id, statement)


def signed(subject_id: UUID, statement: bytes, answer: str) -> bytes:
    """Verify the browser's answer and return the evidence to keep; raise :class:`PasskeyRefused`."""
    return _signatures.verify(subject_id, statement, answer).as_json()


def signature_holds(statement: bytes, evidence: bytes) -> bool:
    """Say whether kept evidence signs this statement."""
    return _signatures.holds(statement, evidence)


def signature_keys_known(pairs: Sequence[tuple[UUID, bytes]]) -> list[bool]:
    """Say of each (person, evidence) whether it was made with a passkey that this hall knows as theirs."""
    return _signatures.keys_known(pairs)


def signature_opened(evidence: bytes) -> dict[str, dict[str, str | int] | str]:
    """Return evidence in numbers, for somebody who checks it without this hall; raise ``ValueError``."""
    return _signatures.opened(evidence)
