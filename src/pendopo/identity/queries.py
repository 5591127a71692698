"""Reading subjects and what belongs to them. Each list is limited to one person by its argument."""

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from uuid import UUID

from django.db.models import QuerySet

from pendopo.foundation import crypto
from pendopo.foundation.clock import now
from pendopo.foundation.statements import first
from pendopo.identity import models
from pendopo.identity.errors import UnknownSubject
from pendopo.identity.policy import IDLE
from pendopo.identity.records import PasskeyView, SessionView, context, passkey_view, session_view
from pendopo.kernel.nik import Nik

NIK_INDEX = "identity.nik"


def nik_index(nik: Nik) -> bytes:
    """Return the blind index by which a subject is found."""
    return crypto.blind_index(nik.value, purpose=NIK_INDEX)


_caller: ContextVar[models.Subject | None] = ContextVar("caller", default=None)


@contextmanager
def recognised(subject: models.Subject | None) -> Iterator[None]:
    """Keep the row of whom a request's session belongs to, while the request is answered."""
    token = _caller.set(subject)
    try:
        yield
    finally:
        _caller.reset(token)


def subject_as_known(subject_id: UUID) -> models.Subject:
    """Return the row as of the beginning of the request for whoever called, else as it is now.

    For what does not change under somebody's hands (NIK, name). Raises :class:`UnknownSubject`.
    """
    caller = _caller.get()
    return caller if caller is not None and caller.id == subject_id else subject_row(subject_id)


def subject_row(subject_id: UUID) -> models.Subject:
    """Return the row; raise :class:`UnknownSubject`."""
    row = first(models.Subject, "WHERE id = %s", [subject_id])
    if row is None:
        raise UnknownSubject
    return row


def subject_rows(subject_ids: Iterable[UUID]) -> QuerySet[models.Subject]:
    """Return the rows that exist."""
    return models.Subject.objects.filter(id__in=set(subject_ids))


def subject_row_by_nik(nik: Nik) -> models.Subject | None:
    """Return the row of the person with this NIK, or None."""
    return models.Subject.objects.filter(nik_index=nik_index(nik)).first()


def email_of(subject_id: UUID) -> str | None:
    """Open the contact address, if the person gave one."""
    row = models.Contact.objects.filter(subject_id=subject_id).first()
    return None if row is None else email_in(row)


def email_in(row: models.Contact) -> str:
    """Open the contact address of a row."""
    return crypto.open_text(row.email, context=context("contact", "email", row.id))


def live_former_contacts(subject_id: UUID) -> QuerySet[models.FormerContact]:
    """Return the replaced addresses that still hear of changes in signing in, oldest first."""
    return models.FormerContact.objects.filter(subject_id=subject_id, until__gt=now()).order_by("id")


def former_email(former_id: UUID) -> str | None:
    """Open a replaced address; None when its time has passed or it is the person's present one again."""
    row = models.FormerContact.objects.filter(id=former_id, until__gt=now()).first()
    address = None if row is None else former_email_in(row)
    return None if row is None or address == email_of(row.subject_id) else address


def former_email_in(row: models.FormerContact) -> str:
    """Open the replaced address of a row."""
    return crypto.open_text(row.email, context=context("formercontact", "email", row.id))


def present_passkeys(subject_id: UUID) -> QuerySet[models.Passkey]:
    """Return the passkeys that were not removed, oldest first."""
    return models.Passkey.objects.filter(subject_id=subject_id, removed_at=None).order_by("created_at", "id")


def passkeys_of(subject_id: UUID) -> list[PasskeyView]:
    """Return a person's passkeys as she sees them, oldest first."""
    return [passkey_view(row) for row in present_passkeys(subject_id)]


def sessions_of(subject_id: UUID) -> list[SessionView]:
    """Return the browsers in which a person is signed in, most recently used first."""
    return [session_view(row) for row in live_sessions(subject_id)]


def live_sessions(subject_id: UUID) -> QuerySet[models.Session]:
    """Return the hall sessions in which the person is signed in now, most recently used first."""
    moment = now()
    return models.Session.objects.filter(
        subject_id=subject_id, ended_at=None, expires_at__gt=moment, last_seen_at__gt=moment - IDLE
    ).order_by("-last_seen_at", "-id")


def open_sessions(session_ids: Iterable[UUID]) -> frozenset[UUID]:
    """Return those of these hall sessions in which somebody is still signed in."""
    moment = now()
    rows = models.Session.objects.filter(
        id__in=list(session_ids), ended_at=None, expires_at__gt=moment, last_seen_at__gt=moment - IDLE
    )
    return frozenset(rows.values_list("id", flat=True))


def unused_recovery_codes(subject_id: UUID) -> int:
    """Count the recovery codes that still work."""
    return models.RecoveryCode.objects.filter(subject_id=subject_id, used_at=None).count()
