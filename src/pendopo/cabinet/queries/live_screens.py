"""The pages of a live session: the shared screen, and what is a reader's own on it."""

from dataclasses import dataclass
from uuid import UUID

from pendopo.cabinet import errors, sealed, visibility
from pendopo.cabinet.actions.live import state_of
from pendopo.cabinet.configuration import BodyConfiguration
from pendopo.cabinet.live.state import Phase, SessionState
from pendopo.cabinet.models import Session
from pendopo.cabinet.queries import live
from pendopo.cabinet.records.live import BallotPaper, Console, Fact, House, MySeat, Screen, Stage, Urgent
from pendopo.cabinet.standing import Holding, Standing, standing_of
from pendopo.cabinet.tally import Result
from pendopo.cabinet.tickets import Screen as Place
from pendopo.cabinet.values import COUNTED, DossierState, Presence, Role, Scope
from pendopo.cabinet.values import SessionState as Planned
from pendopo.foundation.actor import Actor

MOST_URGENT = 50


def own(actor: Actor, session_id: UUID, language: str) -> Screen:
    """Return a member's screen. Raise ``NoSuchSession``."""
    return _screen(actor, session_id, language, Place.OWN, with_console=False)


def console(actor: Actor, session_id: UUID, language: str) -> Screen:
    """Return the screen of clerk or chair; raise ``NotTheClerk`` for everybody else."""
    return _screen(actor, session_id, language, Place.OWN, with_console=True)


def wall(actor: Actor, session_id: UUID, language: str) -> Screen:
    """Return what may stand on the wall of the room; clerk and chair put it there."""
    standing = standing_of(actor)
    standing.require_clerk(visibility.session(standing, session_id).body_id)
    return _screen(actor, session_id, language, Place.WALL, with_console=False)


def follow(actor: Actor, session_id: UUID, screen: Place) -> tuple[UUID, Standing]:
    """Return body and standing for a ticket. Raise ``NoSuchSession``, for the wall also ``NotTheClerk``."""
    standing = standing_of(actor)
    session = visibility.session(standing, session_id)
    if standing.ceiling(session.body_id) is None:
        raise errors.NoSuchSession
    if screen is Place.WALL:
        standing.require_clerk(session.body_id)
    return session.body_id, standing


def _screen(actor: Actor, session_id: UUID, language: str, place: Place, *, with_console: bool) -> Screen:
    standing = standing_of(actor)
    visibility.session(standing, session_id)
    session = Session.objects.select_related("body").get(id=session_id)
    if with_console:
        standing.require_clerk(session.body_id)
    configuration = BodyConfiguration.model_validate(session.body.configuration)
    state, about = state_of(session_id), live.house(session)
    known = live.known_items(standing, session, place)
    poll = live.shown_poll(state, known)
    unsigned = live.unsigned_ballots([poll.id]) if poll is not None and poll.closed else {}
    shared = live.stage(state, about, known, unsigned)
    grounds = configuration.quorum.emergency_grounds
    return Screen(
        session_id=str(session_id),
        title=session.title_en if language == "en" else session.title_id,
        place=session.place,
        body=configuration.name.en if language == "en" else configuration.name.id,
        specimen=configuration.specimen,
        remote_allowed=session.remote_allowed,
        mode=configuration.decision_mode,
        planned_start=about.planned_start,
        stage=shared,
        seats=tuple(
            _seat(one, state, about, known) for one in standing.in_body(session.body_id) if _sits(one)
        ),
        bundle=_bundle(state, about, known),
        leads=standing.is_clerk(session.body_id) or standing.is_chair(session.body_id),
        console=_console(session, standing, _Live(state, shared, about, known), grounds)
        if with_console
        else None,
    )


def _sits(one: Holding) -> bool:
    return one.role in {*COUNTED, Role.SPEAKER} and not one.scopes.isdisjoint({Scope.SPEAK, Scope.VOTE})


def _seat(one: Holding, state: SessionState, about: House, known: frozenset[str]) -> MySeat:
    presence = state.presence.get(one.code, Presence.ABSENT)
    open_to_me = (
        state.current is not None
        and state.current in known
        and one.code not in state.items[state.current].barred
        and state.phase is Phase.RUNNING
    )
    mine = [turn for turn in state.waiting if turn.seat == one.code]
    return MySeat(
        office=about.offices[one.code],
        deputy=one.deputy,
        counts=one.counts,
        presence=presence,
        may_speak=open_to_me and presence is not Presence.ABSENT and Scope.SPEAK in one.scopes,
        waiting=bool(mine),
        ordered=any(turn.point_of_order for turn in mine),
        speaking=state.speaking is not None and state.speaking.seat == one.code,
        ballot=_ballot(one, state, about, known),
    )


def _ballot(one: Holding, state: SessionState, about: House, known: frozenset[str]) -> BallotPaper | None:
    poll = state.open_poll
    if poll is None or poll.item not in known or not one.counts or Scope.VOTE not in one.scopes:
        return None
    if one.code not in state.present and one.code not in poll.ballots:
        return None
    if one.code in state.items[poll.item].barred:
        return None
    fact = about.facts[poll.item]
    return BallotPaper(
        poll=poll.id,
        question=poll.question,
        number=fact.number,
        title=fact.title,
        papers=poll.docset_hash,
        voted=one.code in poll.ballots,
        recused=one.code in state.items[poll.item].recused,
    )


def _bundle(state: SessionState, about: House, known: frozenset[str]) -> tuple[Fact, ...]:
    return tuple(about.facts[item.id] for item in state.bundle() if item.id in known)


@dataclass(frozen=True, slots=True)
class _Live:
    """Where the session is, and what of it the reader may know."""

    state: SessionState
    shared: Stage
    about: House
    known: frozenset[str]


def _console(session: Session, standing: Standing, here: _Live, grounds: tuple[str, ...]) -> Console:
    state, about, vote = here.state, here.about, here.shared.vote
    missing: frozenset[str] = frozenset()
    if state.open_poll is not None and state.open_poll.item in here.known:
        missing = state.entitled(state.open_poll.item) - set(state.open_poll.ballots)
    closed = [poll for poll in state.polls.values() if poll.closed and poll.item == state.current]
    return Console(
        seq=state.seq,
        can_open=session.state == Planned.LOCKED,
        bundle=_bundle(state, about, here.known),
        undisposed=tuple(line for line in here.shared.lines if line.fact.id not in state.disposed),
        not_voted=tuple(office for code, office in about.offices.items() if code in missing),
        closed_poll=closed[-1].id if closed else "",
        tied=vote is not None and vote.result is Result.TIED,
        grounds=() if state.emergency else grounds,
        urgent=_urgent(session, standing) if state.phase is Phase.RUNNING else (),
    )


def _urgent(session: Session, standing: Standing) -> tuple[Urgent, ...]:
    rows = visibility.dossiers(standing).filter(
        body_id=session.body_id,
        state__in=(DossierState.SUBMITTED, DossierState.DEFERRED),
        classification__lte=session.room_ceiling,
    )
    return tuple(
        Urgent(
            str(row.id),
            row.number,
            sealed.open_text(row.sealed_title, column="dossier.title", row=row.id),
        )
        for row in rows.order_by("-submitted_at")[:MOST_URGENT]
    )
