"""Statements signed with a passkey: the challenge is the statement's own digest.

A WebAuthn assertion (Level 3, 7.2) over SHA-256 of a statement proves that the person's authenticator, after
a gesture and a PIN or biometric, answered exactly that digest. It is kept whole, with the public key, so that
anybody can check it later without this hall. It is not a qualified signature: the authenticator shows the
person the site's name, not the statement; the page that asked showed the statement.
"""

import hashlib
import json
from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from cryptography.exceptions import InvalidSignature
from django.db import transaction

from pendopo.foundation.clock import now
from pendopo.foundation.settings import current
from pendopo.identity import models, queries
from pendopo.identity.errors import PasskeyRefused

LONGEST_ANSWER = 16 * 1024


@dataclass(frozen=True, slots=True)
class Evidence:
    """An assertion with the key that verifies it; ``as_json`` is what is kept beside the statement."""

    credential_id: str
    public_key: str
    authenticator_data: str
    client_data: str
    signature: str

    def as_json(self) -> bytes:
        """Return the stored form: base64url members of one JSON object."""
        members = {name: getattr(self, name) for name in self.__slots__}
        return json.dumps(members, sort_keys=True).encode()


def options(subject_id: UUID, statement: bytes) -> str:
    """Return WebAuthn request options (JSON) for signing; raise ``PasskeyRefused`` for who has no passkey."""
    import webauthn  # noqa: PLC0415  # costs 0.4 s at start
    from webauthn.helpers.structs import (  # noqa: PLC0415  # same
        PublicKeyCredentialDescriptor,
        UserVerificationRequirement,
    )

    usable = queries.present_passkeys(subject_id).filter(suspect_at=None)
    known = list(usable.values_list("credential_id", flat=True))
    if not known:
        raise PasskeyRefused(reason="unknown")
    made = webauthn.generate_authentication_options(
        rp_id=current().host,
        challenge=hashlib.sha256(statement).digest(),
        allow_credentials=[PublicKeyCredentialDescriptor(id=bytes(entry)) for entry in known],
        user_verification=UserVerificationRequirement.REQUIRED,
    )
    return webauthn.options_to_json(made)


def verify(subject_id: UUID, statement: bytes, answer: str) -> Evidence:
    """Verify an answer against the person's passkeys and the statement; raise ``PasskeyRefused``.

    Joins the caller's transaction. A counter that ran backwards refuses and changes nothing here; sign-in is
    where such a passkey gets locked. That a statement is used once is the caller's business.
    """
    import webauthn  # noqa: PLC0415  # costs 0.4 s at start
    from webauthn.helpers import bytes_to_base64url  # noqa: PLC0415  # same
    from webauthn.helpers.exceptions import WebAuthnException  # noqa: PLC0415  # same

    if len(answer) > LONGEST_ANSWER:
        raise PasskeyRefused(reason="too-long")
    try:
        credential = webauthn.helpers.parse_authentication_credential_json(answer)
        with transaction.atomic():
            row = (
                models.Passkey.objects.select_for_update()
                .filter(
                    subject_id=subject_id,
                    credential_id=credential.raw_id,
                    removed_at=None,
                    suspect_at=None,
                )
                .first()
            )
            if row is None:
                raise PasskeyRefused(reason="unknown")
            verified = webauthn.verify_authentication_response(
                credential=credential,
                expected_challenge=hashlib.sha256(statement).digest(),
                expected_rp_id=current().host,
                expected_origin=current().base_url,
                credential_public_key=bytes(row.public_key),
                credential_current_sign_count=row.sign_count,
                require_user_verification=True,
            )
            row.sign_count, row.last_used_at = verified.new_sign_count, now()
            row.save(update_fields=["sign_count", "last_used_at"])
    except (WebAuthnException, ValueError, TypeError, KeyError) as error:
        raise PasskeyRefused(reason=type(error).__name__) from error
    response = credential.response
    return Evidence(
        credential_id=bytes_to_base64url(credential.raw_id),
        public_key=bytes_to_base64url(bytes(row.public_key)),
        authenticator_data=bytes_to_base64url(response.authenticator_data),
        client_data=bytes_to_base64url(response.client_data_json),
        signature=bytes_to_base64url(response.signature),
    )


def holds(statement: bytes, evidence: bytes) -> bool:
    """Say whether kept evidence signs this statement: challenge and signature, by the key kept with it.

    Whose key it is is not checked here; the audit row of the act names the person.
    """
    from webauthn.helpers import base64url_to_bytes, decode_credential_public_key  # noqa: PLC0415  # costs 0.4 s
    from webauthn.helpers.decoded_public_key_to_cryptography import (  # noqa: PLC0415  # same
        decoded_public_key_to_cryptography,
    )
    from webauthn.helpers.exceptions import WebAuthnException  # noqa: PLC0415  # same
    from webauthn.helpers.verify_signature import verify_signature  # noqa: PLC0415  # same

    try:
        kept = json.loads(evidence)
        client_data = base64url_to_bytes(kept["client_data"])
        if base64url_to_bytes(json.loads(client_data)["challenge"]) != hashlib.sha256(statement).digest():
            return False
        key = base64url_to_bytes(kept["public_key"])
        decoded = decode_credential_public_key(key)
        verify_signature(
            public_key=decoded_public_key_to_cryptography(decoded),
            signature_alg=decoded.alg,
            signature=base64url_to_bytes(kept["signature"]),
            data=base64url_to_bytes(kept["authenticator_data"]) + hashlib.sha256(client_data).digest(),
        )
    except (InvalidSignature, WebAuthnException, ValueError, TypeError, KeyError):
        return False
    return True


def keys_known(pairs: Sequence[tuple[UUID, bytes]]) -> list[bool]:
    """Say of each (person, kept evidence) whether its key is one of the person's passkeys; one query.

    Passkeys that were removed since count: what was signed with them stays signed.
    """
    from webauthn.helpers import base64url_to_bytes  # noqa: PLC0415  # costs 0.4 s

    rows = models.Passkey.objects.filter(subject_id__in={subject_id for subject_id, _ in pairs})
    known = {
        (subject_id, bytes(credential_id), bytes(key))
        for subject_id, credential_id, key in rows.values_list("subject_id", "credential_id", "public_key")
    }

    def is_known(subject_id: UUID, evidence: bytes) -> bool:
        try:
            kept = json.loads(evidence)
            named = base64url_to_bytes(kept["credential_id"]), base64url_to_bytes(kept["public_key"])
        except (ValueError, TypeError, KeyError):
            return False
        return (subject_id, *named) in known

    return [is_known(subject_id, evidence) for subject_id, evidence in pairs]


def opened(evidence: bytes) -> dict[str, dict[str, str | int] | str]:
    """Return evidence for a program that knows neither CBOR nor COSE; raise ``ValueError`` if unreadable.

    ``key`` has ``alg`` (RFC 9053: -7 ES256 with x and y, -8 EdDSA with x, -257 RS256 with n and e), numbers
    and key bytes in hexadecimal; the other members are the evidence's own, in base64url.
    """
    from webauthn.helpers import base64url_to_bytes, decode_credential_public_key  # noqa: PLC0415  # costs 0.4 s
    from webauthn.helpers.exceptions import WebAuthnException  # noqa: PLC0415  # same

    try:
        kept = json.loads(evidence)
        decoded = decode_credential_public_key(base64url_to_bytes(kept["public_key"]))
        parts = {name: str(kept[name]) for name in ("authenticator_data", "client_data", "signature")}
    except (WebAuthnException, TypeError, KeyError) as error:
        raise ValueError from error
    numbers = {name: getattr(decoded, name).hex() for name in ("x", "y", "n", "e") if hasattr(decoded, name)}
    return {"key": {"alg": int(decoded.alg), **numbers}, **parts}
