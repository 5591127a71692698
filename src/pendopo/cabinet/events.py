"""Audit events and outbox topics of the cabinet."""

from pendopo.foundation.audit import event_type

FOUNDED = event_type("cabinet.body_founded", "A body was founded from its configuration")
SEATED = event_type("cabinet.person_seated", "A person took a seat")
UNSEATED = event_type("cabinet.person_unseated", "A mandate ended")
DELEGATED = event_type("cabinet.delegated", "A member named a deputy")
DELEGATION_REVOKED = event_type("cabinet.delegation_revoked", "A member took a deputy's mandate back")
DOSSIER_OPENED = event_type("cabinet.dossier_opened", "A dossier was opened")
DOSSIER_CHANGED = event_type("cabinet.dossier_changed", "The text of a dossier was changed")
DOCUMENT_ADDED = event_type("cabinet.document_added", "A paper or a new version of it was added to a dossier")
DOCUMENT_REMOVED = event_type("cabinet.document_removed", "A paper was taken out of a dossier")
DOSSIER_SUBMITTED = event_type("cabinet.dossier_submitted", "A dossier was submitted to its body")
DOSSIER_WITHDRAWN = event_type("cabinet.dossier_withdrawn", "A dossier was withdrawn or returned")
READ = event_type("cabinet.read", "Somebody opened a dossier or a paper")
ROUND_OPENED = event_type("cabinet.round_opened", "A coordination round was opened")
RESPONDED = event_type("cabinet.responded", "A seat answered in a coordination round")
ROUND_CLOSED = event_type(
    "cabinet.round_closed", "A coordination round was closed; silence was deemed consent"
)
DIFFERENCE_RESOLVED = event_type("cabinet.difference_resolved", "A difference between seats was settled")
SESSION_PLANNED = event_type("cabinet.session_planned", "A session was planned or its plan changed")
AGENDA_PUBLISHED = event_type("cabinet.agenda_published", "An agenda version was signed and published")
POSITIONS_OPENED = event_type("cabinet.positions_opened", "Members may state their positions")
POSITION_STATED = event_type("cabinet.position_stated", "A seat stated its position")
OPINION_GIVEN = event_type("cabinet.opinion_given", "A seat gave a written opinion")
POSITIONS_LOCKED = event_type("cabinet.positions_locked", "Positions were locked, sealed ones opened")
POSITIONS_REOPENED = event_type("cabinet.positions_reopened", "Locked positions were opened again")
ITEM_PULLED = event_type("cabinet.item_pulled", "The chair took an item out of the consent bundle")
ITEM_DEFERRED = event_type("cabinet.item_deferred", "An item was put off before its session met")
LIVE = event_type("cabinet.live", "Something happened in a live session")
BALLOT = event_type("cabinet.ballot", "A named ballot was cast")
DECIDED = event_type("cabinet.decided", "A decision was written")
MINUTES_WRITTEN = event_type("cabinet.minutes_written", "A version of the minutes was written")
MINUTES_APPROVED = event_type("cabinet.minutes_approved", "A seat approved the minutes or said what is wrong")
MINUTES_SIGNED = event_type("cabinet.minutes_signed", "The minutes were sealed")
PUBLISHED = event_type("cabinet.published", "A decision was published")
DIRECTED = event_type("cabinet.directed", "A directive became tasks")
REPORTED = event_type("cabinet.reported", "The owner of a task reported")
RELEASED = event_type("cabinet.released", "The embargo of a published decision ended")
DOSSIER_CLOSED = event_type("cabinet.dossier_closed", "The secretariat closed a dossier")
TASK_CLOSED = event_type("cabinet.task_closed", "A task was closed")
EXPORTED = event_type("cabinet.exported", "Something left the room as a file")
CALENDAR_ADDRESS = event_type("cabinet.calendar_address", "A private calendar address was made or revoked")

LIVE_TOPIC = "cabinet.live"
POSITIONS_OPENED_TOPIC = "cabinet.positions_opened"
DOCUMENTS_CHANGED_TOPIC = "cabinet.documents_changed"
ROUND_OPENED_TOPIC = "cabinet.round_opened"
DOSSIER_SUBMITTED_TOPIC = "cabinet.dossier_submitted"
DOSSIER_RETURNED_TOPIC = "cabinet.dossier_returned"
SESSION_CLOSED_TOPIC = "cabinet.session_closed"
MINUTES_SIGNED_TOPIC = "cabinet.minutes_signed"
TASK_DUE_TOPIC = "cabinet.task_due"
