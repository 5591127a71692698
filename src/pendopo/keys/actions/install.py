"""Put a certificate chain beside the key that it certifies."""

from pendopo.foundation.actor import SYSTEM, Actor
from pendopo.foundation.audit import audit, event_type
from pendopo.foundation.clock import now
from pendopo.foundation.database import lock
from pendopo.keys import pairs
from pendopo.keys.certificates import checked_chain
from pendopo.keys.errors import NoKeyError
from pendopo.keys.models import SigningKey

CERTIFIED = event_type("keys.certified", "A certificate chain was installed for a signing key")


def install(purpose: str, chain_pem: str, *, actor: Actor = SYSTEM) -> SigningKey:
    """Check the chain against the active key and keep it; raises ``ChainRefusedError``."""
    lock(f"keys:{purpose}")
    row = SigningKey.objects.filter(purpose=purpose, state=SigningKey.State.ACTIVE).first()
    if row is None:
        raise NoKeyError(purpose=purpose)
    chain = checked_chain(chain_pem, key=pairs.from_jwk(row.public_jwk), at=now())
    row.chain_pem = chain_pem
    row.save(update_fields=("chain_pem",))
    audit(
        CERTIFIED,
        actor=actor,
        object_id=row.id,
        detail={"purpose": purpose, "kid": row.kid, "serial": format(chain[0].serial_number, "x")},
    )
    return row
