"""The person's own half of activation: enter the code, give an address, make credentials, finish.

Between the steps the browser holds a random token; nothing signs in until :func:`finish`. For a person who
had an identity before, finishing replaces every older credential and ends every session.
"""

from dataclasses import dataclass
from uuid import UUID

from django.db import transaction

from pendopo.foundation import crypto
from pendopo.foundation.actor import Actor, ActorKind
from pendopo.foundation.audit import audit, event_type
from pendopo.foundation.clock import now
from pendopo.foundation.outbox import emit
from pendopo.identity import codes, events, limits, models, passkeys, passwords
from pendopo.identity.actions import credentials
from pendopo.identity.actions.subjects import checked_email, remove_credentials, write_contact
from pendopo.identity.cookies import new_token
from pendopo.identity.errors import ActivationCodeRefused, ActivationExpired
from pendopo.identity.policy import ACTIVATION, CODES_PER_ADDRESS
from pendopo.identity.records import context, name_of

CODE_REDEEMED = event_type("identity.activation_code_redeemed", "A person entered an activation code")
ACTIVATED = event_type("identity.activated", "A person finished activation; detail says with what")


@dataclass(frozen=True, slots=True)
class Activation:
    """A running activation in one browser."""

    id: UUID
    subject: models.Subject
    name: str
    has_email: bool
    has_password: bool


def redeem(typed: str, *, address: str) -> str:
    """Spend an activation code; return the token that this browser continues with.

    Raises :class:`ActivationCodeRefused` and, for an address that tries too many, ``TooManyAttempts``.
    """
    if len(codes.folded(typed)) != codes.ACTIVATION_LENGTH:
        raise ActivationCodeRefused
    limits.count("activation", address, CODES_PER_ADDRESS)
    token, moment = new_token(), now()
    with transaction.atomic(durable=True):
        row = (
            models.ActivationCode.objects.select_for_update()
            .filter(digest=codes.digest(typed, "activation"), redeemed_at=None)
            .first()
        )
        if row is None or row.expires_at <= moment:
            raise ActivationCodeRefused
        row.redeemed_at = moment
        row.browser_digest = crypto.fingerprint(token)
        row.save(update_fields=["redeemed_at", "browser_digest"])
        audit(CODE_REDEEMED, actor=_as_person(row), object_id=row.subject_id)
    return token


def running(token: str) -> Activation:
    """Return the activation of this browser; raise :class:`ActivationExpired`."""
    row = _row(token)
    has_email = models.Contact.objects.filter(subject_id=row.subject_id).exists()
    return Activation(row.id, row.subject, name_of(row.subject), has_email, bool(row.pending_password))


def give_email(token: str, email: str) -> None:
    """Keep the contact address; raises :class:`InvalidEmail` or :class:`ActivationExpired`.

    Who had an identity before is told in the portal, also when this activation is never finished.
    """
    address = checked_email(email)
    with transaction.atomic(durable=True):
        row = _row(token, lock=True)
        write_contact(row.subject_id, address)
        audit("identity.contact_changed", actor=_as_person(row), object_id=row.subject_id)
        if row.subject.activated_at is not None:
            emit(events.CONTACT_CHANGED, {"subject_id": str(row.subject_id)})


def finish_with_passkey(token: str, ceremony: str, answer: str, *, label: str) -> None:
    """Verify the new passkey and finish; raises :class:`PasskeyRefused` and leaves the activation open."""
    made = passkeys.finish_registration(ceremony, answer, _row(token).subject)
    with transaction.atomic(durable=True):
        row = _row(token, lock=True)
        again = remove_credentials(row.subject_id)
        credentials.store_passkey(row.subject, made, label=label)
        _finish(row, kind="passkey", again=again)


def choose_password(token: str, password: str, again: str) -> None:
    """Keep the hash of a chosen password for the last step; raises :class:`PasswordTooWeak`."""
    credentials.check_new_password(_row(token).subject, password, again)
    encoded = passwords.hashed(password)
    with transaction.atomic(durable=True):
        row = _row(token, lock=True)
        row.pending_password = encoded
        row.save(update_fields=["pending_password"])


def propose_totp(token: str) -> bytes:
    """Return the secret that this browser is to put into its authenticator; the same one until finished."""
    with transaction.atomic(durable=True):
        row = _row(token, lock=True)
        bound = context("activation", "totp", row.id)
        if row.pending_totp is not None:
            return crypto.open_bytes(row.pending_totp, context=bound)
        secret = credentials.new_totp_secret()
        row.pending_totp = crypto.seal(secret, context=bound)
        row.save(update_fields=["pending_totp"])
    return secret


def finish_with_password(token: str, code: str) -> tuple[str, ...]:
    """Store password and authenticator together and finish; return the recovery codes, shown once.

    Raises :class:`CodeRefused` and leaves the activation open; :class:`ActivationExpired` when no password
    was chosen.
    """
    secret = propose_totp(token)
    step = credentials.checked_step(secret, code, after=0)
    with transaction.atomic(durable=True):
        row = _row(token, lock=True)
        if not row.pending_password:
            raise ActivationExpired
        replaced = remove_credentials(row.subject_id)
        credentials.store_password_hash(row.subject_id, row.pending_password)
        credentials.store_totp(row.subject_id, secret, step)
        recovery = credentials.store_recovery_codes(row.subject_id)
        _finish(row, kind="password", again=replaced)
    return recovery


def _finish(row: models.ActivationCode, *, kind: str, again: bool) -> None:
    moment = now()
    row.finished_at, row.pending_totp, row.pending_password = moment, None, ""
    row.save(update_fields=["finished_at", "pending_totp", "pending_password"])
    models.Subject.objects.filter(id=row.subject_id).update(activated_at=moment)
    audit(ACTIVATED, actor=_as_person(row), object_id=row.subject_id, detail={"kind": kind, "again": again})
    emit(events.ACTIVATED, {"subject_id": str(row.subject_id), "again": again})


def _row(token: str, *, lock: bool = False) -> models.ActivationCode:
    rows = models.ActivationCode.objects.select_related("subject")
    if lock:
        rows = rows.select_for_update(of=("self",))
    row = rows.filter(browser_digest=crypto.fingerprint(token)).first() if token else None
    if row is None or row.finished_at is not None or row.redeemed_at is None:
        raise ActivationExpired
    if row.redeemed_at + ACTIVATION <= now():
        raise ActivationExpired
    return row


def _as_person(row: models.ActivationCode) -> Actor:
    return Actor(ActorKind.PERSON, row.subject_id)
