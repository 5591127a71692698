"""Why somebody asks: the part of a question that the law wants to see."""

from collections.abc import Callable
from dataclasses import dataclass
from uuid import UUID

from pendopo.exchange.errors import ExchangeMisconfigured
from pendopo.foundation.actor import Actor

_resolvers: list[Callable[[UUID], str]] = []


@dataclass(frozen=True, slots=True)
class Context:
    """Purpose, legal basis, acting person and case of one exchange; all four travel inside the signature.

    ``legal_basis`` empty means: the basis that the definition of the purpose states. ``issue`` is a case
    number or another reference without personal data; empty when there is none. ``user`` overrides the
    pseudonym of the actor and is needed only where the actor is not yet a subject.
    """

    purpose: str
    actor: Actor
    issue: str = ""
    legal_basis: str = ""
    user: str | None = None


def name_actors_by(resolver: Callable[[UUID], str]) -> None:
    """Register how a subject id becomes a pseudonym (identity does this at start). The last one wins."""
    _resolvers[:] = [resolver]


def user_pseudonym(context: Context) -> str | None:
    """Pseudonym of the acting person for ``X-Road-UserId``; None for the system acting on its own."""
    if context.user is not None:
        return context.user
    if context.actor.subject_id is None:
        return None
    if not _resolvers:
        raise ExchangeMisconfigured("name_actors_by")
    return _resolvers[0](context.actor.subject_id)
