"""Tables of the cabinet. What a paper, a position, a motion or a decision says is sealed at rest.

Sealed columns hold canonical JSON bound to their row (``cabinet.sealed``). There is no foreign key to another
room: subjects, bodies and files are plain UUIDs. Positions, events, reads and responses are only added.
"""

from pendopo.cabinet.models.after import (
    Decision,
    Directive,
    Minutes,
    MinutesApproval,
    Publication,
    Task,
    TaskReport,
)
from pendopo.cabinet.models.bodies import Body, Delegation, Mandate, Seat
from pendopo.cabinet.models.calendar import CalendarFeed
from pendopo.cabinet.models.dossiers import (
    CoordinationRequest,
    CoordinationRound,
    Difference,
    DocumentVersion,
    Dossier,
    Read,
)
from pendopo.cabinet.models.history import Step
from pendopo.cabinet.models.sessions import (
    AgendaItem,
    AgendaVersion,
    Ballot,
    LiveEvent,
    Opinion,
    Position,
    Session,
)

__all__ = (
    "AgendaItem",
    "AgendaVersion",
    "Ballot",
    "Body",
    "CalendarFeed",
    "CoordinationRequest",
    "CoordinationRound",
    "Decision",
    "Delegation",
    "Difference",
    "Directive",
    "DocumentVersion",
    "Dossier",
    "LiveEvent",
    "Mandate",
    "Minutes",
    "MinutesApproval",
    "Opinion",
    "Position",
    "Publication",
    "Read",
    "Seat",
    "Session",
    "Step",
    "Task",
    "TaskReport",
)
