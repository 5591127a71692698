"""Bodies and sessions of a member. Names come from the body's own text, so no further query asks for them."""

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from uuid import UUID

from pendopo.cabinet.configuration import BodyConfiguration
from pendopo.cabinet.models import Body, Delegation, Session
from pendopo.cabinet.records.bodies import BodyView, DeputyView, MySeat, SessionLine
from pendopo.cabinet.standing import Holding, Standing, standing_of
from pendopo.cabinet.values import (
    Classification,
    DecisionMode,
    PositionVisibility,
    Role,
    Scope,
    SessionState,
)
from pendopo.foundation.actor import Actor
from pendopo.foundation.clock import now
from pendopo.identity import api as identity

VOTING = frozenset({DecisionMode.MAJORITY, DecisionMode.QUALIFIED})


def offices(configuration: BodyConfiguration, language: str) -> dict[str, str]:
    """Return the office of every seat by its code."""
    return {seat.code: seat.office.of(language) for seat in configuration.seats}


def configuration_of(body: Body) -> BodyConfiguration:
    """Return how a body decides, as it was founded."""
    return BodyConfiguration.model_validate(body.configuration)


def body_view(body: Body, configuration: BodyConfiguration, standing: Standing, language: str) -> BodyView:
    """Show a body to one of its people."""
    names = offices(configuration, language)
    return BodyView(
        id=body.id,
        code=body.code,
        name=configuration.name.of(language),
        votes=configuration.decision_mode in VOTING,
        sealed=configuration.position_visibility is PositionVisibility.SEALED_UNTIL_LOCK,
        specimen=configuration.specimen,
        seats=tuple(_my_seat(one, names) for one in standing.in_body(body.id)),
    )


def session_line(session: Session, body: BodyView, language: str) -> SessionLine:
    """Show a session in a list."""
    is_open = session.state == SessionState.POSITIONS_OPEN and session.lock_at > now()
    return SessionLine(
        id=session.id,
        number=session.number,
        title=session.title_en if language == "en" else session.title_id,
        body=body,
        place=session.place,
        remote=session.remote_allowed,
        planned_start=session.planned_start,
        lock_at=session.lock_at,
        state=SessionState(session.state),
        room_ceiling=Classification(session.room_ceiling),
        takes_positions=is_open,
        positions_sealed=body.sealed and session.seal_released_at is None,
    )


@dataclass(frozen=True, slots=True)
class Deputies:
    """The seats for which a person may name a deputy, whether any of them votes, and whom they have named."""

    seats: tuple[MySeat, ...]
    votes: bool
    named: tuple[DeputyView, ...]


def deputies(actor: Actor, language: str) -> Deputies:
    """Return a person's deputies, newest first."""
    standing = standing_of(actor)
    rows = list(
        Delegation.objects.filter(given_by=standing.subject_id).select_related("seat").order_by("-created_at")
    )
    names = identity.names_of(row.to_subject_id for row in rows)
    own = [one for one in standing.holdings if not one.deputy and one.role is not Role.SECRETARY]
    labels, votes = _labels(own, language)
    seats = tuple(_my_seat(one, {one.code: labels[one.code, one.body_code]}) for one in own)
    moment = now()
    return Deputies(seats, votes, tuple(_deputy(row, names, moment, language) for row in rows))


def _deputy(row: Delegation, names: Mapping[UUID, str], moment: dt.datetime, language: str) -> DeputyView:
    return DeputyView(
        id=row.id,
        office=row.seat.office_en if language == "en" else row.seat.office_id,
        name=names.get(row.to_subject_id, ""),
        scopes=tuple(Scope(one) for one in row.scopes),
        valid_from=row.valid_from,
        valid_to=row.valid_to,
        revoked_at=row.revoked_at,
        runs=row.revoked_at is None and row.valid_to > moment,
    )


def _labels(own: Sequence[Holding], language: str) -> tuple[Mapping[tuple[str, str], str], bool]:
    """Name seats with their body, since one person may sit in several, and say whether any body votes."""
    found, votes = {}, False
    for body in Body.objects.filter(id__in={one.body_id for one in own}):
        configuration = configuration_of(body)
        names = offices(configuration, language)
        votes = votes or configuration.decision_mode in VOTING
        for one in own:
            if one.body_id == body.id:
                found[one.code, one.body_code] = f"{names[one.code]}, {configuration.name.of(language)}"
    return found, votes


def _my_seat(one: Holding, names: Mapping[str, str]) -> MySeat:
    return MySeat(
        id=one.seat_id,
        code=one.code,
        office=names.get(one.code, one.code),
        role=one.role,
        deputy=one.deputy,
        states_positions=one.counts and Scope.POSITION in one.scopes,
    )
