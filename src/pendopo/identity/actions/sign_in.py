"""Sign in at the provider: with a passkey, or with NIK, password and a code.

Whatever is wrong, the answer is one sentence and takes the time of one password hash.
"""

from uuid import UUID

from django.db import transaction

from pendopo.foundation import crypto
from pendopo.foundation.actor import ANONYMOUS, Actor, ActorKind
from pendopo.foundation.audit import audit, event_type
from pendopo.foundation.clock import now
from pendopo.foundation.outbox import emit
from pendopo.identity import codes, events, limits, models, passkeys, passwords, queries, totp
from pendopo.identity.assurance import Authentication
from pendopo.identity.errors import PasskeyRefused, SignInRefused
from pendopo.identity.policy import ATTEMPTS_PER_ADDRESS, ATTEMPTS_PER_PERSON
from pendopo.identity.provider.sessions import open_session
from pendopo.identity.records import context
from pendopo.kernel.nik import Nik

AUTHENTICATED = event_type("identity.authenticated", "A person proved who she is to the provider")
REFUSED = event_type("identity.authentication_refused", "A sign-in was refused; who was meant stays here")
PASSKEY_SUSPECT = event_type("identity.passkey_suspect", "A passkey's counter ran backwards; it was locked")
_NOBODY = UUID(int=0)


def with_password(
    nik: Nik, password: str, code: str, *, address: str, device: str, replaces: str = ""
) -> str:
    """Check all three and return the provider session's token.

    Raises ``TooManyAttempts`` or :class:`SignInRefused`, which never says what was wrong.
    """
    limits.count("password.address", address, ATTEMPTS_PER_ADDRESS)
    limits.count("password.person", queries.nik_index(nik).hex(), ATTEMPTS_PER_PERSON)
    subject = queries.subject_row_by_nik(nik)
    subject_id = subject.id if subject is not None else _NOBODY
    stored = models.Password.objects.filter(subject_id=subject_id).first()
    right = passwords.matches(stored.hash if stored else None, password)
    # The code is looked at only now: a guess at the password must not spend a good code.
    with transaction.atomic(durable=True):
        method = _second_factor(subject_id, code, spend=right)
        good = right and method is not None
        if good and stored is not None:
            if passwords.is_outdated(stored.hash):
                stored.hash = passwords.hashed(password)
                stored.save(update_fields=["hash"])
            return _opened(subject_id, ("pwd", str(method), "mfa"), device=device, replaces=replaces)
        audit(REFUSED, actor=ANONYMOUS, object_id=subject.id if subject else None, detail={"by": "password"})
    raise SignInRefused


def with_passkey(ceremony: str, answer: str, *, address: str, device: str, replaces: str = "") -> str:
    """Verify an assertion and return the provider session's token; raise :class:`PasskeyRefused`."""
    limits.count("passkey", address, ATTEMPTS_PER_ADDRESS)
    found, counter = passkeys.finish_authentication(ceremony, answer)
    with transaction.atomic(durable=True):
        row = models.Passkey.objects.select_for_update().get(id=found.id)
        if row.suspect_at is None and row.removed_at is None and _grew(row.sign_count, counter):
            row.sign_count, row.last_used_at = counter, now()
            row.save(update_fields=["sign_count", "last_used_at"])
            return _opened(row.subject_id, ("pop", "user", "mfa"), device=device, replaces=replaces)
        _lock_suspect(row)
    raise PasskeyRefused(reason="counter")


def _opened(subject_id: UUID, amr: tuple[str, ...], *, device: str, replaces: str) -> str:
    level = Authentication.TWO_FACTORS
    token = open_session(subject_id, authentication=level, amr=amr, device=device, replaces=replaces)
    actor = Actor(ActorKind.PERSON, subject_id)
    audit(AUTHENTICATED, actor=actor, object_id=subject_id, detail={"amr": list(amr)})
    return token


def _second_factor(subject_id: UUID, code: str, *, spend: bool) -> str | None:
    """Return ``otp`` or ``recovery`` when the code is good, spending it if the password was right too."""
    if len(codes.folded(code)) == codes.RECOVERY_LENGTH:
        return _recovery(subject_id, code, spend=spend)
    row = models.Totp.objects.select_for_update().filter(subject_id=subject_id).first()
    if row is None or row.confirmed_at is None:
        return None
    secret = crypto.open_bytes(row.secret, context=context("totp", "secret", row.id))
    typed = code.replace(" ", "")
    step = totp.matching_step(secret, typed, at=now().timestamp(), after=row.last_step)
    if step is None:
        return None
    if spend:
        row.last_step = step
        row.save(update_fields=["last_step"])
    return "otp"


def _recovery(subject_id: UUID, code: str, *, spend: bool) -> str | None:
    mine = models.RecoveryCode.objects.select_for_update().filter(subject_id=subject_id, used_at=None)
    row = mine.filter(digest=codes.digest(code, "recovery")).first()
    if row is None:
        return None
    if spend:
        row.used_at = now()
        row.save(update_fields=["used_at"])
        left = queries.unused_recovery_codes(subject_id)
        emit(events.RECOVERY_CODE_USED, {"subject_id": str(subject_id), "left": left})
    return "recovery"


def _lock_suspect(row: models.Passkey) -> None:
    row.suspect_at = row.suspect_at or now()
    row.save(update_fields=["suspect_at"])
    audit(PASSKEY_SUSPECT, actor=ANONYMOUS, object_id=row.id)
    emit(events.CREDENTIAL_SUSPECT, {"subject_id": str(row.subject_id), "kind": "passkey"})


def _grew(stored: int, shown: int) -> bool:
    """Whether the counter ran forward (WebAuthn Level 3, 6.1.1); authenticators without one show zero."""
    return shown > stored or (shown == 0 and stored == 0)
