"""Store, change and remove credentials. ``store_*`` and ``check_*`` are steps that several verbs share."""

from uuid import UUID

from django.db import IntegrityError, transaction

from pendopo.foundation import crypto
from pendopo.foundation.actor import Actor
from pendopo.foundation.audit import audit, event_type
from pendopo.foundation.clock import now
from pendopo.foundation.outbox import emit
from pendopo.identity import codes, events, models, passkeys, passwords, queries, totp
from pendopo.identity.actions.sessions import end_all
from pendopo.identity.errors import CodeRefused, LastCredential, NotSignedIn, PasskeyKnown, PasswordTooWeak
from pendopo.identity.records import NewPasskey, context, name_of, nik_of

PASSKEY_ADDED = event_type("identity.passkey_added", "A person added a passkey")
PASSKEY_REMOVED = event_type("identity.passkey_removed", "A person removed a passkey")
TOTP_SET = event_type("identity.totp_set", "A person replaced the authenticator app")
PASSWORD_SET = event_type("identity.password_set", "A person set or changed the password")
RECOVERY_MADE = event_type("identity.recovery_codes_made", "A person had new recovery codes made")
LONGEST_LABEL = 60


def add_passkey(ceremony: str, answer: str, *, label: str, actor: Actor) -> None:
    """Add a passkey to the actor's own; raises :class:`PasskeyRefused` or :class:`PasskeyKnown`."""
    subject = queries.subject_row(_own(actor))
    made = passkeys.finish_registration(ceremony, answer, subject)
    with transaction.atomic(durable=True):
        row = store_passkey(subject, made, label=label)
        audit(PASSKEY_ADDED, actor=actor, object_id=row.id)
        _tell(events.CREDENTIAL_ADDED, subject.id, "passkey")


def remove_passkey(passkey_id: UUID, *, actor: Actor) -> None:
    """Remove one of the actor's own passkeys; raises :class:`LastCredential` for the last way in."""
    subject_id = _own(actor)
    with transaction.atomic(durable=True):
        mine = list(queries.present_passkeys(subject_id).select_for_update())
        row = next((entry for entry in mine if entry.id == passkey_id), None)
        if row is None:
            return
        usable = [entry for entry in mine if entry.id != passkey_id and entry.suspect_at is None]
        if not usable and not has_password(subject_id):
            raise LastCredential
        row.removed_at = now()
        row.save(update_fields=["removed_at"])
        audit(PASSKEY_REMOVED, actor=actor, object_id=row.id)
        _tell(events.CREDENTIAL_REMOVED, subject_id, "passkey")


def set_password(password: str, again: str, code: str, secret: bytes, *, actor: Actor) -> tuple[str, ...]:
    """Give the actor a password with a new authenticator; return fresh recovery codes.

    Other sessions end. Raises :class:`PasswordTooWeak` or :class:`CodeRefused`.
    """
    subject = queries.subject_row(_own(actor))
    check_new_password(subject, password, again)
    step = checked_step(secret, code, after=0)
    with transaction.atomic(durable=True):
        store_password(subject.id, password)
        store_totp(subject.id, secret, step)
        recovery = store_recovery_codes(subject.id)
        end_all(subject.id, keep=actor.session_id)
        audit(PASSWORD_SET, actor=actor, object_id=subject.id)
        _tell(events.CREDENTIAL_ADDED, subject.id, "password")
    return recovery


def change_password(password: str, again: str, *, actor: Actor) -> None:
    """Change the actor's password; the authenticator stays, other sessions end.

    Raises :class:`PasswordTooWeak`.
    """
    subject = queries.subject_row(_own(actor))
    check_new_password(subject, password, again)
    encoded = passwords.hashed(password)
    with transaction.atomic(durable=True):
        store_password_hash(subject.id, encoded)
        end_all(subject.id, keep=actor.session_id)
        audit(PASSWORD_SET, actor=actor, object_id=subject.id)
        _tell(events.CREDENTIAL_ADDED, subject.id, "password")


def replace_totp(code: str, secret: bytes, *, actor: Actor) -> tuple[str, ...]:
    """Replace the actor's authenticator; return fresh recovery codes. Raises :class:`CodeRefused`."""
    subject_id = _own(actor)
    step = checked_step(secret, code, after=0)
    with transaction.atomic(durable=True):
        store_totp(subject_id, secret, step)
        recovery = store_recovery_codes(subject_id)
        audit(TOTP_SET, actor=actor, object_id=subject_id)
        _tell(events.CREDENTIAL_ADDED, subject_id, "totp")
    return recovery


def renew_recovery_codes(*, actor: Actor) -> tuple[str, ...]:
    """Void the actor's recovery codes and return new ones, shown once."""
    subject_id = _own(actor)
    with transaction.atomic(durable=True):
        made = store_recovery_codes(subject_id)
        audit(RECOVERY_MADE, actor=actor, object_id=subject_id)
    return made


def has_password(subject_id: UUID) -> bool:
    """Whether the person can sign in with password and authenticator."""
    confirmed = models.Totp.objects.filter(subject_id=subject_id, confirmed_at__isnull=False)
    return models.Password.objects.filter(subject_id=subject_id).exists() and confirmed.exists()


def new_totp_secret() -> bytes:
    """Return a secret that nobody has yet."""
    return totp.new_secret()


def check_new_password(subject: models.Subject, password: str, again: str) -> None:
    """Raise :class:`PasswordTooWeak` with its reason."""
    if password != again:
        raise PasswordTooWeak("mismatch")
    passwords.check_strength(password, nik=nik_of(subject), name=name_of(subject))


def checked_step(secret: bytes, code: str, *, after: int) -> int:
    """Return the step of a code that is good now; raise :class:`CodeRefused`."""
    step = totp.matching_step(secret, code.replace(" ", ""), at=now().timestamp(), after=after)
    if step is None:
        raise CodeRefused
    return step


def store_passkey(subject: models.Subject, made: NewPasskey, *, label: str) -> models.Passkey:
    """Insert a verified passkey; raise :class:`PasskeyKnown` for a credential id that exists."""
    try:
        with transaction.atomic():
            return models.Passkey.objects.create(
                subject=subject,
                credential_id=made.credential_id,
                public_key=made.public_key,
                sign_count=made.sign_count,
                transports=list(made.transports),
                backed_up=made.backed_up,
                label=label.strip()[:LONGEST_LABEL],
            )
    except IntegrityError as error:
        raise PasskeyKnown from error


def store_password(subject_id: UUID, password: str) -> None:
    """Hash and store."""
    store_password_hash(subject_id, passwords.hashed(password))


def store_password_hash(subject_id: UUID, encoded: str) -> None:
    """Store what ``passwords.hashed`` made."""
    defaults = {"hash": encoded, "changed_at": now()}
    models.Password.objects.update_or_create(subject_id=subject_id, defaults=defaults)


def store_totp(subject_id: UUID, secret: bytes, step: int) -> None:
    """Store a confirmed authenticator; the confirming code is spent."""
    row = models.Totp.objects.filter(subject_id=subject_id).first() or models.Totp(subject_id=subject_id)
    row.secret = crypto.seal(secret, context=context("totp", "secret", row.id))
    row.last_step, row.confirmed_at = step, now()
    row.save()


def store_recovery_codes(subject_id: UUID) -> tuple[str, ...]:
    """Replace the recovery codes and return the new ones."""
    models.RecoveryCode.objects.filter(subject_id=subject_id).delete()
    made = tuple(codes.new_code(codes.RECOVERY_LENGTH) for _ in range(codes.RECOVERY_COUNT))
    models.RecoveryCode.objects.bulk_create(
        models.RecoveryCode(subject_id=subject_id, digest=codes.digest(code, "recovery")) for code in made
    )
    return made


def _own(actor: Actor) -> UUID:
    if actor.subject_id is None:
        raise NotSignedIn
    return actor.subject_id


def _tell(topic: str, subject_id: UUID, kind: str) -> None:
    emit(topic, {"subject_id": str(subject_id), "kind": kind})
