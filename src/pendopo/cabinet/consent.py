"""Whether an item may pass without debate, with every reason why not. Pure.

The rule (after Estonia's government session: the chair declares adopted what nobody wants to open): an item
is adopted by consent when positions are locked, its type allows it, every mandatory coordination answer
agrees or is deemed to, nobody objects or wants to speak (all on the present documents), silence counts as the
body's policy says, nobody pulled it, no difference is open, and its class fits the room. What fails is the
answer to "why is this debated" and stands on the agenda.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum

from pendopo.cabinet.values import Classification, Response, SilencePolicy, Stance


class ReasonCode(StrEnum):
    """One thing that stands in the way of consent."""

    NOT_LOCKED = "not_locked"
    TYPE_IS_DEBATED = "type_is_debated"
    RESPONSE_MISSING = "response_missing"
    RESPONSE_CONDITIONAL = "response_conditional"
    RESPONSE_OBJECTS = "response_objects"
    RESPONSE_STALE = "response_stale"
    OBJECTION = "objection"
    WANTS_TO_SPEAK = "wants_to_speak"
    SILENT = "silent"
    STALE = "stale"
    PULLED = "pulled"
    OPEN_DIFFERENCE = "open_difference"
    ROOM_BELOW_CLASS = "room_below_class"


@dataclass(frozen=True, slots=True)
class Reason:
    """Why an item is debated; ``seat`` is the code of the seat concerned, empty when none is."""

    code: ReasonCode
    seat: str = ""


@dataclass(frozen=True, slots=True)
class Stated:
    """The last position of a seat: ``docset_hash`` is the set of documents that it was taken on."""

    stance: Stance
    docset_hash: str
    wants_to_speak: bool = False


@dataclass(frozen=True, slots=True)
class Matter:
    """Everything that the rule looks at.

    ``responses`` are the mandatory answers of the last coordination round, by seat, None while missing;
    ``resolved`` names the seats whose objection or condition was settled afterwards, ``lapsed`` those whose
    answer was given on other documents. ``delivered`` are seats under which the present documents were
    opened. ``seats`` are the counted seats that may take a position.
    """

    docset_hash: str
    locked: bool
    type_allows_consent: bool
    classification: Classification
    room_ceiling: Classification
    silence: SilencePolicy
    seats: tuple[str, ...]
    positions: Mapping[str, Stated] = field(default_factory=dict)
    delivered: frozenset[str] = frozenset()
    responses: Mapping[str, Response | None] = field(default_factory=dict)
    resolved: frozenset[str] = frozenset()
    lapsed: frozenset[str] = frozenset()
    open_differences: int = 0
    pulled_by: str = ""


def stance_of(matter: Matter, seat: str) -> Stance:
    """Return what a seat says on the present documents; a position on older ones says nothing."""
    stated = matter.positions.get(seat)
    if stated is None or stated.docset_hash != matter.docset_hash:
        return Stance.NOT_SEEN
    return stated.stance


def reasons_against(matter: Matter) -> tuple[Reason, ...]:
    """Return every reason why the item is debated, in the order of the rule; empty means consent."""
    found: list[Reason] = []
    if not matter.locked:
        found.append(Reason(ReasonCode.NOT_LOCKED))
    if not matter.type_allows_consent:
        found.append(Reason(ReasonCode.TYPE_IS_DEBATED))
    found += _responses(matter)
    found += _positions(matter)
    if matter.pulled_by:
        found.append(Reason(ReasonCode.PULLED, matter.pulled_by))
    if matter.open_differences:
        found.append(Reason(ReasonCode.OPEN_DIFFERENCE))
    if matter.classification > matter.room_ceiling:
        found.append(Reason(ReasonCode.ROOM_BELOW_CLASS))
    return tuple(found)


_AGAINST = {
    None: ReasonCode.RESPONSE_MISSING,
    Response.AGREE_IF: ReasonCode.RESPONSE_CONDITIONAL,
    Response.OBJECT: ReasonCode.RESPONSE_OBJECTS,
}


def _responses(matter: Matter) -> list[Reason]:
    found = []
    for seat, response in matter.responses.items():
        if response in _AGAINST and (response is None or seat not in matter.resolved):
            found.append(Reason(_AGAINST[response], seat))
        elif seat in matter.lapsed:
            found.append(Reason(ReasonCode.RESPONSE_STALE, seat))
    return found


def _positions(matter: Matter) -> list[Reason]:
    if not matter.seats:
        return [Reason(ReasonCode.SILENT)]  # where nobody is asked, nobody consents
    found = []
    for seat in matter.seats:
        stated = matter.positions.get(seat)
        if stated is not None and stated.docset_hash == matter.docset_hash:
            if stated.stance is Stance.OBJECT:
                found.append(Reason(ReasonCode.OBJECTION, seat))
            if stated.wants_to_speak:
                found.append(Reason(ReasonCode.WANTS_TO_SPEAK, seat))
        elif stated is not None:
            found.append(Reason(ReasonCode.STALE, seat))
        elif not _silence_is_consent(matter, seat):
            found.append(Reason(ReasonCode.SILENT, seat))
    return found


def _silence_is_consent(matter: Matter, seat: str) -> bool:
    return matter.silence is SilencePolicy.CONSENT_AFTER_DELIVERY and seat in matter.delivered
