"""Outbox topics and audit events of casework. Payloads carry identifiers only.

``casework.submitted``, ``casework.decided``, ``casework.registered``, ``casework.issued`` and
``casework.returned`` carry ``{"case_id": str}``; ``casework.correction_approved`` additionally
``"correction_id"``. ``casework.survey_answered`` names no case: ``{"agency", "service", "month"}``.
"""

from pendopo.foundation.audit import event_type

SUBMITTED_TOPIC = "casework.submitted"
RETURNED_TOPIC = "casework.returned"
DECIDED_TOPIC = "casework.decided"
REGISTERED_TOPIC = "casework.registered"
ISSUED_TOPIC = "casework.issued"
CORRECTION_APPROVED_TOPIC = "casework.correction_approved"
SURVEY_ANSWERED_TOPIC = "casework.survey_answered"

DRAFT_STARTED = event_type("casework.draft_started", "A person began an application")
PAGE_SAVED = event_type("casework.page_saved", "A person saved a page of an application")
REGISTER_READ = event_type("casework.register_read", "Register data was read into an application")
REMARKED = event_type("casework.remarked", "A person said that register data is wrong")
DRAFT_DISCARDED = event_type("casework.draft_discarded", "A person threw an unsent application away")
SUBMITTED = event_type("casework.submitted", "A person sent an application")
TAKEN = event_type("casework.taken", "An officer took a case to verify it")
RETURNED = event_type("casework.returned", "An officer asked the applicant to complete the application")
COMPLETED = event_type("casework.completed", "The applicant completed what was asked")
DECIDED = event_type("casework.decided", "An officer decided on an application")
COMMAND_DONE = event_type("casework.command_done", "The register carried a command out")
COMMAND_FAILED = event_type(
    "casework.command_failed", "A command did not reach the register and will be tried again"
)
COMMAND_REJECTED = event_type("casework.command_rejected", "The register refused a command")
RETRIED = event_type("casework.retried", "An officer sent refused commands to the register again")
REGISTERED = event_type("casework.registered", "The register holds what was decided")
ISSUED = event_type("casework.issued", "All documents of a case were issued")
CORRECTION_REQUESTED = event_type(
    "casework.correction_requested", "Somebody asked to correct an issued certificate"
)
CORRECTION_APPROVED = event_type("casework.correction_approved", "An officer approved a correction")
CORRECTION_REFUSED = event_type("casework.correction_refused", "An officer refused a correction")
REISSUED = event_type("casework.reissued", "A corrected certificate replaced the earlier one")
SURVEY_ASKED = event_type("casework.survey_asked", "An applicant was asked how the service was")
SURVEY_ANSWERED = event_type("casework.survey_answered", "An applicant said how the service was")
SURVEY_DETAILED = event_type("casework.survey_detailed", "Somebody added to what they said about a service")
SURVEY_DECLINED = event_type("casework.survey_declined", "An applicant did not want to say how it was")
SURVEY_STIRRED = event_type("casework.survey_stirred", "Answers of a month were put into another order")
CASE_READ = event_type("casework.case_read", "An officer opened a case")
FILE_READ = event_type("casework.file_read", "Somebody opened a file of an application")
