"""WebAuthn ceremonies with the library, which takes 0.4 s to import: come in by ``passkeys``.

Challenges are good once, whether or not the answer verifies.
"""

import json
from uuid import UUID

import webauthn
from django.db import transaction
from webauthn.helpers import parse_client_data_json
from webauthn.helpers.exceptions import WebAuthnException
from webauthn.helpers.structs import (
    AttestationConveyancePreference,
    AuthenticationCredential,
    AuthenticatorSelectionCriteria,
    CredentialDeviceType,
    PublicKeyCredentialDescriptor,
    RegistrationCredential,
    ResidentKeyRequirement,
    UserVerificationRequirement,
)

from pendopo.foundation.clock import now
from pendopo.foundation.settings import current
from pendopo.foundation.text import t
from pendopo.identity import limits, models, queries
from pendopo.identity.errors import PasskeyRefused
from pendopo.identity.policy import CEREMONY, CHALLENGES_PER_REQUEST
from pendopo.identity.records import NewPasskey, Started, name_of

LONGEST_ANSWER = 16 * 1024
_UNVERIFIED = (WebAuthnException, ValueError, TypeError, KeyError)
"""What the library raises on an answer that does not verify or is not even well-formed."""


def start_registration(subject: models.Subject) -> Started:
    """Return creation options for one person, excluding authenticators that already hold a key of hers.

    Raises ``TooManyRequests`` when one person begins improbably often.
    """
    limits.count_request("registration", str(subject.id), CHALLENGES_PER_REQUEST)
    name = name_of(subject)
    known = queries.present_passkeys(subject.id).values_list("credential_id", flat=True)
    options = webauthn.generate_registration_options(
        rp_id=current().host,
        rp_name=f"Pendopo {t('foundation.instance_name')}",
        user_id=subject.id.bytes,
        user_name=name,
        user_display_name=name,
        attestation=AttestationConveyancePreference.NONE,
        authenticator_selection=AuthenticatorSelectionCriteria(
            resident_key=ResidentKeyRequirement.REQUIRED,
            user_verification=UserVerificationRequirement.REQUIRED,
        ),
        exclude_credentials=[PublicKeyCredentialDescriptor(id=bytes(entry)) for entry in known],
        timeout=_milliseconds(),
    )
    return _remember(options.challenge, webauthn.options_to_json(options), subject)


def start_authentication() -> Started:
    """Return request options that name nobody: the authenticator offers what it holds for this hall."""
    options = webauthn.generate_authentication_options(
        rp_id=current().host,
        user_verification=UserVerificationRequirement.REQUIRED,
        timeout=_milliseconds(),
    )
    return _remember(options.challenge, webauthn.options_to_json(options), None)


def finish_registration(ceremony: str, answer: str, subject: models.Subject) -> NewPasskey:
    """Verify a registration answer; raise :class:`PasskeyRefused`. Storing it is the caller's act."""
    challenge = _spend(ceremony, subject.id)
    try:
        credential = webauthn.helpers.parse_registration_credential_json(_small(answer))
        verified = webauthn.verify_registration_response(
            credential=credential,
            expected_challenge=challenge,
            expected_rp_id=current().host,
            expected_origin=current().base_url,
            require_user_verification=True,
        )
    except _UNVERIFIED as error:
        raise PasskeyRefused(reason=type(error).__name__) from error
    _check_frame(credential)
    return NewPasskey(
        credential_id=verified.credential_id,
        public_key=verified.credential_public_key,
        sign_count=verified.sign_count,
        transports=tuple(transport.value for transport in credential.response.transports or ()),
        backed_up=verified.credential_backed_up
        or verified.credential_device_type is CredentialDeviceType.MULTI_DEVICE,
    )


def finish_authentication(ceremony: str, answer: str) -> tuple[models.Passkey, int]:
    """Verify an assertion; return the passkey and the counter that it showed.

    Raises :class:`PasskeyRefused`. The counter is *not* compared here: a counter is believed only after
    the signature over it, so the caller compares it (``actions.passkeys.use``).
    """
    challenge = _spend(ceremony, None)
    try:
        credential = webauthn.helpers.parse_authentication_credential_json(_small(answer))
    except _UNVERIFIED as error:
        raise PasskeyRefused(reason=type(error).__name__) from error
    passkey = _known_passkey(credential)
    try:
        verified = webauthn.verify_authentication_response(
            credential=credential,
            expected_challenge=challenge,
            expected_rp_id=current().host,
            expected_origin=current().base_url,
            credential_public_key=bytes(passkey.public_key),
            credential_current_sign_count=0,
            require_user_verification=True,
        )
    except _UNVERIFIED as error:
        raise PasskeyRefused(reason=type(error).__name__) from error
    _check_frame(credential)
    return passkey, verified.new_sign_count


def _known_passkey(credential: AuthenticationCredential) -> models.Passkey:
    passkey = (
        models.Passkey.objects.select_related("subject")
        .filter(credential_id=credential.raw_id, removed_at=None, suspect_at=None)
        .first()
    )
    handle = credential.response.user_handle
    if passkey is None or handle != passkey.subject_id.bytes:
        raise PasskeyRefused(reason="unknown")
    return passkey


def _check_frame(credential: AuthenticationCredential | RegistrationCredential) -> None:
    """Refuse an answer made inside another site's frame (WebAuthn Level 3, 7.2 step 13)."""
    if parse_client_data_json(credential.response.client_data_json).cross_origin:
        raise PasskeyRefused(reason="cross-origin")


def _remember(challenge: bytes, options: str, subject: models.Subject | None) -> Started:
    row = models.Ceremony.objects.create(challenge=challenge, subject=subject, expires_at=now() + CEREMONY)
    return Started(row.id, options)


def _spend(ceremony: str, subject_id: UUID | None) -> bytes:
    """Take the challenge away for good, whether or not the answer will verify."""
    try:
        wanted = UUID(ceremony)
    except ValueError:
        raise PasskeyRefused(reason="no-ceremony") from None
    with transaction.atomic():
        row = models.Ceremony.objects.select_for_update().filter(id=wanted).first()
        if row is None or row.subject_id != subject_id:
            raise PasskeyRefused(reason="no-ceremony")
        row.delete()
    if row.expires_at <= now():
        raise PasskeyRefused(reason="expired")
    return bytes(row.challenge)


def _small(answer: str) -> str:
    if len(answer) > LONGEST_ANSWER:
        raise PasskeyRefused(reason="too-long")
    try:
        json.loads(answer)
    except ValueError:
        raise PasskeyRefused(reason="not-json") from None
    return answer


def _milliseconds() -> int:
    return int(CEREMONY.total_seconds() * 1000)
