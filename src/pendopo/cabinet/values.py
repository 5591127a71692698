"""The words of this room as closed lists; their meaning for people is in ``text/``."""

from enum import IntEnum, StrEnum


class DecisionMode(StrEnum):
    """How a body comes to a decision.

    In ``CHAIR_DECIDES`` members take positions and the chair decides; nothing is called a vote.
    """

    CHAIR_DECIDES = "chair_decides"
    CONSENT = "consent"
    MAJORITY = "majority"
    QUALIFIED = "qualified"


class SilencePolicy(StrEnum):
    """What it means that a seat says nothing before the lock."""

    CONSENT_AFTER_DELIVERY = "consent_after_delivery"
    """Silence is consent once the papers were opened under that seat, and only then."""
    NOT_CONSENT = "not_consent"


class PositionVisibility(StrEnum):
    """Who may read positions before the lock."""

    OPEN = "open"
    SEALED_UNTIL_LOCK = "sealed_until_lock"


class Tie(StrEnum):
    """What becomes of a tied vote."""

    CHAIR = "chair"
    FALLS = "falls"


class Basis(StrEnum):
    """Of what a majority is a majority."""

    PRESENT = "present"
    CAST = "cast"


class Role(StrEnum):
    """What a seat is in its body. Only ``CHAIR`` and ``MEMBER`` count for quorum and vote."""

    CHAIR = "chair"
    MEMBER = "member"
    SPEAKER = "speaker"
    """May speak, does not count: the Chancellor of Justice in Estonia, a guest official here."""
    OBSERVER = "observer"
    SECRETARY = "secretary"


COUNTED = frozenset({Role.CHAIR, Role.MEMBER})


class Scope(StrEnum):
    """What a deputy may do for a seat."""

    READ = "read"
    POSITION = "position"
    SPEAK = "speak"
    VOTE = "vote"


class Classification(IntEnum):
    """Archive security classes (ANRI); a reader needs at least the class of what they read."""

    OPEN = 0
    LIMITED = 1
    SECRET = 2
    TOP_SECRET = 3


class DossierState(StrEnum):
    """Where a dossier is between draft and close."""

    DRAFT = "draft"
    COORDINATION = "coordination"
    SUBMITTED = "submitted"
    SCHEDULED = "scheduled"
    POSITIONS_OPEN = "positions_open"
    LOCKED = "locked"
    CONSENT = "consent"
    DEBATE = "debate"
    DECIDED = "decided"
    DEFERRED = "deferred"
    RETURNED = "returned"
    WITHDRAWN = "withdrawn"
    MINUTED = "minuted"
    SIGNED = "signed"
    PUBLISHED = "published"
    FOLLOWED_UP = "followed_up"
    CLOSED = "closed"


class Response(StrEnum):
    """What a unit answers in a coordination round. ``DEEMED`` is silence past the deadline."""

    AGREE = "agree"
    AGREE_IF = "agree_if"
    OBJECT = "object"
    NO_INTEREST = "no_interest"
    DEEMED = "deemed"


class Stance(StrEnum):
    """A member's position on one item. ``NOT_SEEN`` is never written: it is what no position means."""

    NO_OBJECTION = "no_objection"
    OBJECT = "object"
    ABSTAIN = "abstain"
    RECUSED = "recused"
    NOT_SEEN = "not_seen"


class Path(StrEnum):
    """How an item goes through the session."""

    CONSENT = "consent"
    DEBATE = "debate"
    INFORMATION = "information"


class SessionState(StrEnum):
    """Where a session is, outside its live phase."""

    PLANNED = "planned"
    POSITIONS_OPEN = "positions_open"
    LOCKED = "locked"
    LIVE = "live"
    CLOSED = "closed"
    MINUTED = "minuted"


class Choice(StrEnum):
    """A ballot."""

    YES = "yes"
    NO = "no"
    ABSTAIN = "abstain"


class Presence(StrEnum):
    """Where a member takes part from."""

    ROOM = "room"
    REMOTE = "remote"
    ABSENT = "absent"


class Outcome(StrEnum):
    """What the body did with an item."""

    ADOPTED = "adopted"
    REJECTED = "rejected"
    DEFERRED = "deferred"
    RETURNED = "returned"
    NOTED = "noted"


class SessionKind(StrEnum):
    """Why a session meets: by the calendar, or because something could not wait."""

    ORDINARY = "ordinary"
    EXTRAORDINARY = "extraordinary"


class Verdict(StrEnum):
    """What an owner makes of a point that was raised: its text follows the point, or stays."""

    ACCEPTED = "accepted"
    KEPT = "kept"


class Happening(StrEnum):
    """What happened to a dossier or a session on its way; told in its history."""

    OPENED = "opened"
    EDITED = "edited"
    PAPER_ADDED = "paper_added"
    PAPER_REPLACED = "paper_replaced"
    PAPER_REMOVED = "paper_removed"
    ROUND_OPENED = "round_opened"
    ANSWERED = "answered"
    POINT_ANSWERED = "point_answered"
    POINT_SETTLED = "point_settled"
    ROUND_CLOSED = "round_closed"
    SUBMITTED = "submitted"
    RETURNED = "returned"
    WITHDRAWN = "withdrawn"
    SCHEDULED = "scheduled"
    UNSCHEDULED = "unscheduled"
    DEFERRED = "deferred"
    PULLED = "pulled"
    PLANNED = "planned"
    REPLANNED = "replanned"
    AGENDA_PUBLISHED = "agenda_published"
    POSITIONS_OPENED = "positions_opened"
    POSITIONS_LOCKED = "positions_locked"
    POSITIONS_REOPENED = "positions_reopened"
