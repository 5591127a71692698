"""Make the first key of a purpose."""

from pendopo.foundation import crypto
from pendopo.foundation.actor import SYSTEM, Actor
from pendopo.foundation.audit import audit, event_type
from pendopo.foundation.database import lock
from pendopo.kernel.ids import uuid7
from pendopo.keys import pairs
from pendopo.keys.errors import WrongAlgorithmError
from pendopo.keys.models import SigningKey
from pendopo.keys.store import context

CREATED = event_type("keys.created", "A signing key was made")


def ensure(purpose: str, algorithm: pairs.Algorithm, *, actor: Actor = SYSTEM) -> SigningKey:
    """Return the active key of ``purpose``, made now if there is none. Joins the caller's transaction."""
    lock(f"keys:{purpose}")
    row = SigningKey.objects.filter(purpose=purpose, state=SigningKey.State.ACTIVE).first()
    if row is None:
        return make(purpose, algorithm, actor=actor)
    if row.algorithm != algorithm:
        raise WrongAlgorithmError(purpose=purpose, algorithm=row.algorithm)
    return row


def make(purpose: str, algorithm: pairs.Algorithm, *, actor: Actor) -> SigningKey:
    """Insert a fresh active key; the caller holds the purpose's lock and has retired the old one."""
    key = pairs.generate(algorithm)
    jwk = pairs.public_jwk(key.public_key())
    key_id = uuid7()
    row = SigningKey.objects.create(
        id=key_id,
        purpose=purpose,
        algorithm=algorithm,
        kid=pairs.thumbprint(jwk),
        public_jwk=jwk,
        sealed_private=crypto.seal(pairs.to_pkcs8(key), context=context(key_id)),
    )
    audit(CREATED, actor=actor, object_id=key_id, detail={"purpose": purpose, "kid": row.kid})
    return row
