"""Outbox topics and audit events of maturity. Payloads carry identifiers and codes only.

``maturity.cycle_closed`` carries ``{"cycle_id", "assessments": [str]}``, once levels and index are final.
``maturity.level_in_doubt`` and ``maturity.level_holds_again`` carry ``{"assessment_id", "item_id",
"number", "level", "measure"}``: a live reading went below its threshold, or came back.
``maturity.results_published`` carries ``{"import_id", "cycles": [[instrument, year]]}``.
"""

from pendopo.foundation.audit import event_type

CYCLE_CLOSED_TOPIC = "maturity.cycle_closed"
IN_DOUBT_TOPIC = "maturity.level_in_doubt"
HOLDS_AGAIN_TOPIC = "maturity.level_holds_again"
RESULTS_TOPIC = "maturity.results_published"

CYCLE_OPENED = event_type("maturity.cycle_opened", "A coordinator opened a cycle of an instrument and a year")
CYCLE_MOVED = event_type("maturity.cycle_moved", "A coordinator took a cycle to its next state")
CLOSE_ASKED = event_type("maturity.close_asked", "A coordinator asked to close a cycle")
CLOSE_TAKEN_BACK = event_type("maturity.close_taken_back", "The request to close a cycle was taken back")
CYCLE_CLOSED = event_type("maturity.cycle_closed", "A second coordinator closed a cycle for good")
GIVEN = event_type("maturity.indicators_given", "A coordinator said which units answer for indicators")
ANSWERED = event_type("maturity.answered", "Somebody gave a level on an indicator")
COMMENTED = event_type("maturity.commented", "Somebody remarked on an indicator")
EVIDENCE_ADDED = event_type("maturity.evidence_added", "Evidence for a level was added")
EVIDENCE_REMOVED = event_type("maturity.evidence_removed", "Evidence for a level was taken down")
EVIDENCE_READ = event_type("maturity.evidence_read", "An officer opened a file of evidence")
READING_TAKEN = event_type("maturity.reading_taken", "A measure was read as evidence for a level")
RESULTS_HANDED_IN = event_type(
    "maturity.results_handed_in", "A file of published results was read as a draft"
)
RESULTS_PUBLISHED = event_type("maturity.results_published", "A draft of results was made public")
RESULTS_DROPPED = event_type("maturity.results_dropped", "A draft of results was thrown away")
COUNTRIES_ENTERED = event_type("maturity.countries_entered", "An edition of the UN's table was entered")
SURVEY_HANDED_IN = event_type("maturity.survey_handed_in", "A file of survey answers was read as a draft")
SURVEY_PUBLISHED = event_type("maturity.survey_published", "Survey answers were counted into what is public")
SURVEY_DROPPED = event_type("maturity.survey_dropped", "A draft of survey answers was thrown away")
REPORT_MADE = event_type("maturity.report_made", "An officer took a report of an assessment out of the hall")
