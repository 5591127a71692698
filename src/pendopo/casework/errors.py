"""What can go wrong in casework, each with a sentence and a way out in ``text/``."""

from typing import ClassVar

from pendopo.kernel.errors import PendopoError


class CaseworkError(PendopoError):
    """Root of this room's errors."""

    code: ClassVar[str] = "casework.error"
    status: ClassVar[int] = 500
    text_key: ClassVar[str] = "casework.errors.error"


class NoSuchDraft(CaseworkError):
    """The draft is not there, or is another person's: the two must look the same."""

    code = "casework.no_such_draft"
    status = 404
    text_key = "casework.errors.no_such_draft"


class NoSuchCase(CaseworkError):
    """The case is not there, or is not the acting person's or agency's: the two must look the same."""

    code = "casework.no_such_case"
    status = 404
    text_key = "casework.errors.no_such_case"


class NoSuchPage(CaseworkError):
    """The service has no such page, or the answers so far do not lead there."""

    code = "casework.no_such_page"
    status = 404
    text_key = "casework.errors.no_such_page"


class TrackingRefused(CaseworkError):
    """Number and tracking code do not belong together. Which of the two is wrong is not told."""

    code = "casework.tracking_refused"
    status = 404
    text_key = "casework.errors.tracking_refused"


class Incomplete(CaseworkError):
    """The application cannot be sent yet: ``pages`` still miss something."""

    code = "casework.incomplete"
    status = 409
    text_key = "casework.errors.incomplete"


class ActionNotPossible(CaseworkError):
    """The case is in a state in which the flow of its service does not know this action."""

    code = "casework.action_not_possible"
    status = 409
    text_key = "casework.errors.action_not_possible"


class FourEyes(CaseworkError):
    """The service asks that another officer decides than the one who verified."""

    code = "casework.four_eyes"
    status = 409
    text_key = "casework.errors.four_eyes"


class OwnApplication(CaseworkError):
    """An officer tried to handle an application that is her own."""

    code = "casework.own_application"
    status = 409
    text_key = "casework.errors.own_application"


class ReasonMissing(CaseworkError):
    """Returning, refusing and correcting need a reason that the other side can understand."""

    code = "casework.reason_missing"
    status = 422
    text_key = "casework.errors.reason_missing"


class CorrectionOpen(CaseworkError):
    """A correction of this certificate is already being handled."""

    code = "casework.correction_open"
    status = 409
    text_key = "casework.errors.correction_open"


class NothingChanged(CaseworkError):
    """A correction was asked that changes nothing."""

    code = "casework.nothing_changed"
    status = 422
    text_key = "casework.errors.nothing_changed"


class DraftOutdated(CaseworkError):
    """The draft was already sent; it cannot be changed any more."""

    code = "casework.draft_sent"
    status = 409
    text_key = "casework.errors.draft_sent"


class SurveyNotOpen(CaseworkError):
    """The case is not closed yet, so that nobody can say how it went."""

    code = "casework.survey_not_open"
    status = 409
    text_key = "casework.errors.survey_not_open"


class SurveyOver(CaseworkError):
    """What was answered can no longer be added to: it was, or too much time has passed."""

    code = "casework.survey_over"
    status = 409
    text_key = "casework.errors.survey_over"


class GradeMissing(CaseworkError):
    """No grade was chosen, or none that there is."""

    code = "casework.grade_missing"
    status = 422
    text_key = "casework.errors.grade_missing"


class DefinitionMismatch(CaseworkError):
    """The definition does not fill a command as the register expects it; ``name`` says which argument."""

    code = "casework.definition_mismatch"
    status = 500
    text_key = "casework.errors.definition_mismatch"
