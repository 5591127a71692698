"""The words of the assessment as closed lists; their meaning for people is in ``text/``."""

from enum import StrEnum


class CycleKind(StrEnum):
    """What an agency goes through in a year: one of the two (PermenPANRB 59/2020, table 14)."""

    MONITORING = "monitoring"
    """Self-assessment and documents."""
    EVALUATION = "evaluation"
    """The same, then interviews and, where needed, a visit."""


class CycleState(StrEnum):
    """Where a cycle is. It only goes forward; ``OPEN`` is the time of the self-assessment."""

    OPEN = "open"
    ASSESSING = "assessing"
    INTERVIEWS = "interviews"
    OBJECTIONS = "objections"
    CLOSED = "closed"


class Stage(StrEnum):
    """On what ground a level was given, lowest first: of several, the newest of the highest one counts.

    ``OBJECTION`` is what the agency claims instead; it never counts as a level, it waits for ``FINAL``.
    """

    SELF = "self"
    INTERNAL = "internal"
    DOCUMENT = "document"
    INTERVIEW = "interview"
    VISIT = "visit"
    OBJECTION = "objection"
    FINAL = "final"


OWN = (Stage.SELF, Stage.INTERNAL)
"""The agency's own value: what its unit says, or what its internal assessor made of that."""
ASSESSED = (Stage.DOCUMENT, Stage.INTERVIEW, Stage.VISIT, Stage.FINAL)
"""The assessor's value, kept apart from the agency's own."""

STAGES = {
    CycleState.OPEN: (Stage.SELF, Stage.INTERNAL),
    CycleState.ASSESSING: (Stage.DOCUMENT,),
    CycleState.INTERVIEWS: (Stage.INTERVIEW, Stage.VISIT),
    CycleState.OBJECTIONS: (Stage.OBJECTION, Stage.FINAL),
    CycleState.CLOSED: (),
}
"""What can be given while a cycle is in a state."""


class EvidenceKind(StrEnum):
    """What shows that a level is reached."""

    FILE = "file"
    LINK = "link"
    LIVE = "live"
