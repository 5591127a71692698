"""The door of casework: applying, following, deciding, correcting.

Every function takes the acting person or officer and lets them touch only what is theirs: a person their own
drafts and cases, an officer the cases of the body of their post. What is not theirs does not exist
(:class:`NoSuchCase`). Functions that change something check the permission, write the audit row and the
event with the change in one transaction. :func:`read_registers` does network I/O; the others do not.
"""

from pendopo.casework.actions.complete import complete
from pendopo.casework.actions.correct import decide_correction, request_correction
from pendopo.casework.actions.drafts import discard, opened, read_registers, remark, save_page, start
from pendopo.casework.actions.officer import decide, retry, return_for_completion, take
from pendopo.casework.actions.submit import submit
from pendopo.casework.corrections import Changes
from pendopo.casework.errors import (
    ActionNotPossible,
    CaseworkError,
    CorrectionOpen,
    DefinitionMismatch,
    FourEyes,
    Incomplete,
    NoSuchCase,
    NoSuchDraft,
    NoSuchPage,
    NothingChanged,
    OwnApplication,
    ReasonMissing,
    SurveyNotOpen,
    TrackingRefused,
)
from pendopo.casework.pages.files import file_response
from pendopo.casework.pages.words import service_title, state_text
from pendopo.casework.queries import (
    at_hand,
    cases_of,
    drafts_in_progress,
    file_for_officer,
    for_officer,
    own,
    own_file,
    receipt,
)
from pendopo.casework.records import (
    CaseAtHand,
    CaseLine,
    CertificateView,
    ClockView,
    CommandView,
    CorrectionView,
    DayLoad,
    DecisionView,
    DraftLine,
    FileView,
    Match,
    Moment,
    OfficerCase,
    OwnCase,
    Receipt,
    Row,
    Section,
    Source,
    TrackView,
    WorkLine,
    WorkPage,
)
from pendopo.casework.states import (
    CaseState,
    ClockKind,
    CommandState,
    CorrectionState,
    EventKind,
    Outcome,
)
from pendopo.casework.survey import ELEMENTS as SURVEY_ELEMENTS
from pendopo.casework.survey import SurveyReply, survey_answers
from pendopo.casework.tracking import by_code as track
from pendopo.casework.tracking import by_token as track_link
from pendopo.casework.worklist import WorkView
from pendopo.casework.worklist import counts as work_counts
from pendopo.casework.worklist import find as find_case
from pendopo.casework.worklist import load as work_load
from pendopo.casework.worklist import page as worklist

__all__ = [
    "SURVEY_ELEMENTS",
    "ActionNotPossible",
    "CaseAtHand",
    "CaseLine",
    "CaseState",
    "CaseworkError",
    "CertificateView",
    "Changes",
    "ClockKind",
    "ClockView",
    "CommandState",
    "CommandView",
    "CorrectionOpen",
    "CorrectionState",
    "CorrectionView",
    "DayLoad",
    "DecisionView",
    "DefinitionMismatch",
    "DraftLine",
    "EventKind",
    "FileView",
    "FourEyes",
    "Incomplete",
    "Match",
    "Moment",
    "NoSuchCase",
    "NoSuchDraft",
    "NoSuchPage",
    "NothingChanged",
    "OfficerCase",
    "Outcome",
    "OwnApplication",
    "OwnCase",
    "ReasonMissing",
    "Receipt",
    "Row",
    "Section",
    "Source",
    "SurveyNotOpen",
    "SurveyReply",
    "TrackView",
    "TrackingRefused",
    "WorkLine",
    "WorkPage",
    "WorkView",
    "at_hand",
    "cases_of",
    "complete",
    "decide",
    "decide_correction",
    "discard",
    "drafts_in_progress",
    "file_for_officer",
    "file_response",
    "find_case",
    "for_officer",
    "opened",
    "own",
    "own_file",
    "read_registers",
    "receipt",
    "remark",
    "request_correction",
    "retry",
    "return_for_completion",
    "save_page",
    "service_title",
    "start",
    "state_text",
    "submit",
    "survey_answers",
    "take",
    "track",
    "track_link",
    "work_counts",
    "work_load",
    "worklist",
]
