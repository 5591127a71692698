"""What the assessment refuses; every sentence has a way out (``maturity.assess.errors.*``)."""

from collections.abc import Sequence
from typing import ClassVar

from pendopo.maturity.errors import MaturityError


class _NotFound(MaturityError):
    status = 404


class _Forbidden(MaturityError):
    status = 403


class _Conflict(MaturityError):
    status = 409


class _Wrong(MaturityError):
    status = 422


class NoSuchCycle(_NotFound):
    """There is no such cycle or assessment, or the officer may not know of it."""

    code = "maturity.no_such_cycle"
    text_key = "maturity.assess.errors.no_such_cycle"


class NoSuchItem(_NotFound):
    """There is no such indicator in an assessment that the officer may see."""

    code = "maturity.no_such_item"
    text_key = "maturity.assess.errors.no_such_item"


class NoSuchEvidence(_NotFound):
    """There is no such evidence, or it was taken down."""

    code = "maturity.no_such_evidence"
    text_key = "maturity.assess.errors.no_such_evidence"


class NotYourPart(_Forbidden):
    """The officer's post has another part in the assessment, or another unit answers for the indicator."""

    code = "maturity.not_your_part"
    text_key = "maturity.assess.errors.not_your_part"


class OwnAnswer(_Forbidden):
    """Whoever spoke for the agency on an indicator does not judge it."""

    code = "maturity.own_answer"
    text_key = "maturity.assess.errors.own_answer"


class CycleClosed(_Conflict):
    """The cycle was closed, perhaps while somebody wrote."""

    code = "maturity.cycle_closed"
    text_key = "maturity.assess.errors.cycle_closed"


class StageNotNow(_Conflict):
    """The cycle is in a state that does not take this, perhaps since a moment ago."""

    code = "maturity.stage_not_now"
    text_key = "maturity.assess.errors.stage_not_now"


class AnsweredMeanwhile(_Conflict):
    """Somebody else answered while the officer wrote; ``theirs`` and ``yours`` are the two levels."""

    code = "maturity.answered_meanwhile"
    text_key = "maturity.assess.errors.answered_meanwhile"


class ReasonMissing(_Wrong):
    """A level needs a reason."""

    code = "maturity.reason_missing"
    text_key = "maturity.assess.errors.reason_missing"


class TextTooLong(_Wrong):
    """A text is longer than ``most`` characters."""

    code = "maturity.text_too_long"
    text_key = "maturity.assess.errors.text_too_long"


class LevelMissing(_Wrong):
    """No level was chosen."""

    code = "maturity.no_level_given"
    text_key = "maturity.assess.errors.no_level_given"


class EvidenceMissing(_Wrong):
    """Levels are cumulative: each one up to the claimed one needs evidence that holds; ``levels`` lack it."""

    code = "maturity.evidence_missing"
    text_key = "maturity.assess.errors.evidence_missing"


class EvidenceCarries(_Conflict):
    """The agency's level rests on this evidence, or is lowered by it: it is not taken down beneath it."""

    code = "maturity.evidence_carries"
    text_key = "maturity.assess.errors.evidence_carries"


class GateClosed(_Wrong):
    """A level cannot be accepted before the one below it is."""

    code = "maturity.gate_closed"
    text_key = "maturity.assess.errors.gate_closed"


class LevelBeyondAccepted(_Wrong):
    """The level is not the one that follows from what was accepted."""

    code = "maturity.level_beyond_accepted"
    text_key = "maturity.assess.errors.level_beyond_accepted"


class NothingToObject(_Conflict):
    """No assessor has given a level yet, so there is nothing to object to."""

    code = "maturity.nothing_to_object"
    text_key = "maturity.assess.errors.nothing_to_object"


class ObjectionThere(_Conflict):
    """An objection waits for its decision already."""

    code = "maturity.objection_there"
    text_key = "maturity.assess.errors.objection_there"


class NoObjection(_Conflict):
    """A final level answers an objection, and there is none."""

    code = "maturity.no_objection"
    text_key = "maturity.assess.errors.no_objection"


class NotAllAssessed(_Conflict):
    """Indicators have no assessor's level yet; ``numbers`` lists them."""

    code = "maturity.not_all_assessed"
    text_key = "maturity.assess.errors.not_all_assessed"


class ObjectionsOpen(_Conflict):
    """Objections wait for a decision; ``numbers`` lists their indicators."""

    code = "maturity.objections_open"
    text_key = "maturity.assess.errors.objections_open"


class CloseNotAsked(_Conflict):
    """Nobody has asked to close the cycle, or the request was taken back."""

    code = "maturity.close_not_asked"
    text_key = "maturity.assess.errors.close_not_asked"


class CloseAsked(_Conflict):
    """Somebody has asked to close the cycle already."""

    code = "maturity.close_asked"
    text_key = "maturity.assess.errors.close_asked"


class SamePerson(_Forbidden):
    """Closing needs two people."""

    code = "maturity.same_person"
    text_key = "maturity.assess.errors.same_person"


class LevelsChanged(_Conflict):
    """Levels changed between asking to close and closing."""

    code = "maturity.levels_changed"
    text_key = "maturity.assess.errors.levels_changed"


class CycleThere(_Conflict):
    """The body runs a cycle of this instrument and year already."""

    code = "maturity.cycle_there"
    text_key = "maturity.assess.errors.cycle_there"


class YearOutside(_Wrong):
    """The instrument was not in force in that year."""

    code = "maturity.year_outside"
    text_key = "maturity.assess.errors.year_outside"


class YearNotANumber(_Wrong):
    """What was given for a year is none."""

    code = "maturity.year_not_a_number"
    text_key = "maturity.assess.errors.year_not_a_number"


class NobodyAssessed(_Wrong):
    """A cycle needs at least one agency."""

    code = "maturity.nobody_assessed"
    text_key = "maturity.assess.errors.nobody_assessed"


class LinkUnusable(_Wrong):
    """A link must be a whole https address."""

    code = "maturity.link_unusable"
    text_key = "maturity.assess.errors.link_unusable"


class NothingToAdd(_Wrong):
    """Neither a file nor a link was given as evidence."""

    code = "maturity.nothing_to_add"
    text_key = "maturity.assess.errors.nothing_to_add"


class TitleMissing(_Wrong):
    """Evidence needs a name."""

    code = "maturity.title_missing"
    text_key = "maturity.assess.errors.title_missing"


class NotALevel(_Wrong):
    """The indicator has no such level."""

    code = "maturity.not_a_level"
    text_key = "maturity.assess.errors.not_a_level"


class NotBound(_Wrong):
    """The instrument binds no such measure to this level of the indicator."""

    code = "maturity.not_bound"
    text_key = "maturity.assess.errors.not_bound"


class BadGiving(_Wrong):
    """Some of the choices of who answers are unknown; nothing was changed."""

    code = "maturity.bad_giving"
    text_key = "maturity.assess.errors.bad_giving"


class NotADemo(MaturityError):
    """The demonstration's cycles are brought in only where there is a demonstration."""

    code = "maturity.not_a_demo"
    text_key = "maturity.assess.errors.not_a_demo"
    status: ClassVar[int] = 409


def listed(numbers: Sequence[str]) -> str:
    """Write numbers for a sentence, the first dozen of many."""
    shown = ", ".join(numbers[:12])
    return f"{shown}, …" if len(numbers) > 12 else shown  # noqa: PLR2004 (a dozen)
