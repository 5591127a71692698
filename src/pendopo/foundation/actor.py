"""Who acts: one typed value that every action takes and every audit row names."""

from dataclasses import dataclass, field
from enum import StrEnum
from uuid import UUID

from pendopo.kernel.errors import Forbidden


class ActorKind(StrEnum):
    """Who stands behind an act."""

    ANONYMOUS = "anonymous"
    PERSON = "person"
    OFFICER = "officer"
    SERVICE = "service"
    SYSTEM = "system"


@dataclass(frozen=True, slots=True)
class Actor:
    """The acting person, officer or program, as proved at the edge.

    ``assurance`` is the level of the present sign-in: 0 none, 1 one factor, 2 two factors or a passkey,
    3 additionally proofed face to face. ``permissions`` are ``room:resource:action`` of the chosen post.
    """

    kind: ActorKind
    subject_id: UUID | None = None
    assurance: int = 0
    session_id: UUID | None = None
    body_id: UUID | None = None
    post_id: UUID | None = None
    permissions: frozenset[str] = field(default_factory=frozenset)

    def can(self, permission: str) -> bool:
        """Say whether the chosen post carries the permission."""
        return permission in self.permissions

    def require(self, permission: str) -> None:
        """Raise ``Forbidden`` unless :meth:`can`."""
        if not self.can(permission):
            raise Forbidden

    @property
    def signed_in(self) -> bool:
        """Whether a person is behind this actor."""
        return self.subject_id is not None


ANONYMOUS = Actor(ActorKind.ANONYMOUS)
SYSTEM = Actor(ActorKind.SYSTEM)
