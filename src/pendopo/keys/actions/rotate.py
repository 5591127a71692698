"""Replace the active key of a purpose."""

from typing import cast

from pendopo.foundation.actor import Actor
from pendopo.foundation.audit import audit, event_type
from pendopo.foundation.clock import now
from pendopo.foundation.database import lock
from pendopo.keys.actions.ensure import make
from pendopo.keys.errors import NoKeyError
from pendopo.keys.models import SigningKey
from pendopo.keys.pairs import Algorithm

RETIRED = event_type("keys.retired", "A signing key was retired")


def rotate(purpose: str, *, actor: Actor) -> SigningKey:
    """Retire the active key and make another of the same algorithm. What was signed stays verifiable."""
    lock(f"keys:{purpose}")
    old = SigningKey.objects.filter(purpose=purpose, state=SigningKey.State.ACTIVE).first()
    if old is None:
        raise NoKeyError(purpose=purpose)
    old.state, old.retired_at = SigningKey.State.RETIRED, now()
    old.save(update_fields=("state", "retired_at"))
    audit(RETIRED, actor=actor, object_id=old.id, detail={"purpose": purpose, "kid": old.kid})
    return make(purpose, cast("Algorithm", old.algorithm), actor=actor)
