"""The words for where a case stands. Values are stored; never rename one."""

from enum import StrEnum


class CaseState(StrEnum):
    """Where a case stands. Which action leads where is said by the service's ``flow.yaml``."""

    SUBMITTED = "submitted"
    VERIFYING = "verifying"
    RETURNED = "returned"
    APPROVED = "approved"
    REFUSED = "refused"
    REGISTERED = "registered"
    ISSUED = "issued"


CLOSED = frozenset({CaseState.REFUSED, CaseState.ISSUED})
"""States in which no clock runs and nothing more is owed on the application itself."""

WITH_OFFICER = frozenset({CaseState.SUBMITTED, CaseState.VERIFYING})
"""States in which an officer has the next move."""


class Outcome(StrEnum):
    """What was decided on an application."""

    APPROVED = "approved"
    REFUSED = "refused"


class ClockKind(StrEnum):
    """The two clocks of a case: what the agency promised, and what law allows."""

    PROMISE = "promise"
    LEGAL = "legal"


class CommandKind(StrEnum):
    """What the register is asked to do."""

    BIRTH = "birth"
    CORRECTION = "correction"


class CommandState(StrEnum):
    """How far a command to the register came."""

    PENDING = "pending"
    DONE = "done"
    REJECTED = "rejected"


class CorrectionState(StrEnum):
    """How far the correction of an issued certificate came."""

    REQUESTED = "requested"
    APPROVED = "approved"
    REFUSED = "refused"
    REISSUED = "reissued"


class SurveyState(StrEnum):
    """How far the question about satisfaction came on one case; what was answered is kept elsewhere."""

    OPEN = ""
    ASKED = "asked"
    ANSWERED = "answered"
    DECLINED = "declined"


class EventKind(StrEnum):
    """What a timeline can show. Each value has a sentence at ``casework.timeline.<value>``."""

    SUBMITTED = "submitted"
    TAKEN = "taken"
    RETURNED = "returned"
    COMPLETED = "completed"
    APPROVED = "approved"
    REFUSED = "refused"
    REGISTER_WAITS = "register_waits"
    REGISTER_REJECTED = "register_rejected"
    REGISTERED = "registered"
    ISSUED = "issued"
    CORRECTION_REQUESTED = "correction_requested"
    CORRECTION_APPROVED = "correction_approved"
    CORRECTION_REFUSED = "correction_refused"
    REISSUED = "reissued"
