"""What a dossier on its way to a session waits for, and whose act is next. Pure."""

from dataclasses import dataclass
from enum import StrEnum

from pendopo.cabinet.values import DossierState

AT_OWNER = frozenset({DossierState.DRAFT, DossierState.COORDINATION, DossierState.RETURNED})


class Next(StrEnum):
    """The next act."""

    ADD_PAPER = "add_paper"
    ASK_OR_SUBMIT = "ask_or_submit"
    WAIT_FOR_ANSWERS = "wait_for_answers"
    CLOSE_ROUND = "close_round"
    ANSWER_POINTS = "answer_points"
    REWORK = "rework"
    SUBMIT = "submit"
    SCHEDULE = "schedule"
    OPEN_POSITIONS = "open_positions"
    STATE_POSITIONS = "state_positions"
    MEET = "meet"
    FOLLOW = "follow"
    NOTHING = "nothing"


class Hand(StrEnum):
    """Whose act it is."""

    OWNER = "owner"
    SEATS = "seats"
    CLERK = "clerk"
    MEMBERS = "members"
    NOBODY = "nobody"


HAND = {
    Next.ADD_PAPER: Hand.OWNER,
    Next.ASK_OR_SUBMIT: Hand.OWNER,
    Next.WAIT_FOR_ANSWERS: Hand.SEATS,
    Next.CLOSE_ROUND: Hand.OWNER,
    Next.ANSWER_POINTS: Hand.OWNER,
    Next.REWORK: Hand.OWNER,
    Next.SUBMIT: Hand.OWNER,
    Next.SCHEDULE: Hand.CLERK,
    Next.OPEN_POSITIONS: Hand.CLERK,
    Next.STATE_POSITIONS: Hand.MEMBERS,
    Next.MEET: Hand.MEMBERS,
    Next.FOLLOW: Hand.CLERK,
    Next.NOTHING: Hand.NOBODY,
}


@dataclass(frozen=True, slots=True)
class Standing:
    """Where a dossier is. ``missing`` answers are those of the open round; points count until settled."""

    state: DossierState
    papers: int = 0
    rounds: int = 0
    round_open: bool = False
    missing: int = 0
    unanswered_points: int = 0


def next_act(at: Standing) -> Next:
    """Return the next act."""
    if at.state in AT_OWNER:
        return _at_owner(at)
    return _ELSEWHERE.get(at.state, Next.FOLLOW)


_ELSEWHERE = {
    DossierState.SUBMITTED: Next.SCHEDULE,
    DossierState.DEFERRED: Next.SCHEDULE,
    DossierState.SCHEDULED: Next.OPEN_POSITIONS,
    DossierState.POSITIONS_OPEN: Next.STATE_POSITIONS,
    DossierState.LOCKED: Next.MEET,
    DossierState.CONSENT: Next.MEET,
    DossierState.DEBATE: Next.MEET,
    DossierState.WITHDRAWN: Next.NOTHING,
    DossierState.CLOSED: Next.NOTHING,
}


def _at_owner(at: Standing) -> Next:
    if at.round_open:
        return Next.WAIT_FOR_ANSWERS if at.missing else Next.CLOSE_ROUND
    if not at.papers:
        return Next.ADD_PAPER
    if at.state is DossierState.RETURNED:
        return Next.REWORK
    if at.unanswered_points:
        return Next.ANSWER_POINTS
    return Next.SUBMIT if at.rounds else Next.ASK_OR_SUBMIT
