"""A dossier's coordination: who was asked, what they said, which points still differ; a seat's question."""

from collections.abc import Mapping
from uuid import UUID

from pendopo.cabinet import answers, editions, errors, sealed, visibility
from pendopo.cabinet.actions.coordination import MOST_WORKING_DAYS, OPENS_FROM, askable
from pendopo.cabinet.actions.dossiers import OPEN_FOR_PAPERS
from pendopo.cabinet.configuration import BodyConfiguration
from pendopo.cabinet.models import CoordinationRequest, CoordinationRound, Difference, Dossier
from pendopo.cabinet.queries import papers, road
from pendopo.cabinet.queries.bodies import configuration_of, offices
from pendopo.cabinet.queries.preparation import seats_of, written
from pendopo.cabinet.records.preparation import (
    Asked,
    Board,
    DueChoice,
    Point,
    PointState,
    Question,
    Round,
    SeatChoice,
)
from pendopo.cabinet.standing import Standing, standing_of
from pendopo.cabinet.values import Response, Role, Scope, Verdict
from pendopo.foundation.actor import Actor
from pendopo.foundation.clock import now
from pendopo.foundation.working_calendar import calendar


def board(actor: Actor, dossier_id: UUID, language: str) -> Board:
    """Return the coordination of a dossier to anybody who may know of it; raise ``NoSuchDossier``."""
    standing = standing_of(actor)
    row = visibility.dossiers(standing).select_related("body", "owner").filter(id=dossier_id).first()
    if row is None:
        raise errors.NoSuchDossier
    configuration = configuration_of(row.body)
    rounds = _rounds(standing, row, offices(configuration, language))
    line, open_now = road.lines(standing, [row], language)[0], bool(rounds) and rounds[0].closed_at is None
    opens = line.writes and row.state in OPENS_FROM and not open_now
    opens = opens and row.documents.filter(superseded_by=None, removed_at=None).exists()
    rule = configuration.deadlines.coordination_working_days
    leads = standing.is_clerk(row.body_id) or standing.is_chair(row.body_id)
    silent = open_now and any(one.mandatory and one.response is None for one in rounds[0].asked)
    return Board(
        line=line,
        edition=editions.of_dossier(row),
        docset_hash=row.docset_hash,
        rounds=rounds,
        answers=line.writes and row.state in OPEN_FOR_PAPERS,
        opens=opens,
        closes=line.writes and open_now and not silent,
        seats=_askable(row, configuration, language) if opens else (),
        due=_due(1 if leads else rule, max(rule, MOST_WORKING_DAYS)) if opens else (),
        rule_days=rule,
    )


def open_round_of(actor: Actor, dossier_id: UUID) -> UUID:
    """Return the open round of a dossier that the reader may know of; raise ``StateDoesNotAllow`` without."""
    row = visibility.dossier(standing_of(actor), dossier_id)
    found = row.rounds.filter(closed_at=None).first()
    if found is None:
        raise errors.StateDoesNotAllow
    return found.id


def question(actor: Actor, request_id: UUID, language: str) -> Question:
    """Return what a seat of the reader is asked; ``NoSuchDossier`` or ``NotYourSeat`` to all others."""
    standing = standing_of(actor)
    row = (
        CoordinationRequest.objects.select_related("round__dossier__body", "round__dossier__owner", "seat")
        .filter(id=request_id, round__dossier__in=visibility.dossiers(standing))
        .first()
    )
    if row is None:
        raise errors.NoSuchDossier
    standing.holding(row.seat_id, Scope.POSITION)
    dossier, again = row.round.dossier, _again(row)
    names = offices(configuration_of(dossier.body), language)
    return Question(
        id=row.id,
        dossier_id=dossier.id,
        office=names.get(row.seat.code, row.seat.code),
        line=road.lines(standing, [dossier], language)[0],
        written=written(dossier),
        papers=papers.papers_of(papers.present(papers.versions_of([dossier.id]).get(dossier.id, []))),
        docset_hash=dossier.docset_hash,
        round_n=row.round.n,
        opened_at=row.round.created_at,
        due_at=row.round.due_at,
        closed_at=row.round.closed_at,
        mandatory=row.mandatory,
        response=Response(row.response) if row.response else None,
        points=_unsettled(row) if again else _points_of(row),
        papers_changed=row.round.docset_hash != dossier.docset_hash,
        again=again,
        edition=editions.of_request(row),
    )


def _rounds(standing: Standing, row: Dossier, names: Mapping[str, str]) -> tuple[Round, ...]:
    points: dict[UUID, list[Difference]] = {}
    for one in Difference.objects.filter(dossier=row).order_by("created_at", "id"):
        points.setdefault(one.request_id, []).append(one)
    rounds = list(
        CoordinationRound.objects.filter(dossier=row).order_by("-n").prefetch_related("requests__seat")
    )
    return tuple(
        Round(
            id=one.id,
            n=one.n,
            opened_at=one.created_at,
            due_at=one.due_at,
            closed_at=one.closed_at,
            papers_changed=one.docset_hash != row.docset_hash,
            asked=tuple(
                _asked(standing, row, request, last=one if nth == 0 else None, points=points, names=names)
                for request in sorted(one.requests.all(), key=lambda request: request.seat.order)
            ),
        )
        for nth, one in enumerate(rounds)
    )


def _asked(  # one row of the board has these parts
    standing: Standing,
    dossier: Dossier,
    row: CoordinationRequest,
    *,
    last: CoordinationRound | None,
    points: Mapping[UUID, list[Difference]],
    names: Mapping[str, str],
) -> Asked:
    holds = standing.holds(row.seat_id, Scope.POSITION)
    answers_now = last is not None and (last.closed_at is None or answers.waits(row, last, dossier))
    settles = (holds or standing.is_chair(dossier.body_id)) and dossier.state in OPEN_FOR_PAPERS
    return Asked(
        office=names.get(row.seat.code, row.seat.code),
        mandatory=row.mandatory,
        response=Response(row.response) if row.response else None,
        at=row.responded_at,
        points=tuple(_point(one, settles=settles) for one in points.get(row.id, [])),
        lapsed=last is not None and answers.lapsed(row, dossier),
        mine=row.id if holds and answers_now else None,
    )


def _point(row: Difference, *, settles: bool) -> Point:
    verdict = Verdict(row.verdict) if row.verdict else None
    if row.resolved_at is not None:
        state = PointState.SETTLED
    elif verdict is None:
        state = PointState.KEPT if row.sealed_answer is not None else PointState.UNANSWERED
    else:
        state = PointState.ACCEPTED if verdict is Verdict.ACCEPTED else PointState.KEPT
    return Point(
        id=row.id,
        text=sealed.open_text(row.sealed_point, column="difference.point", row=row.id),
        answer=_maybe(row.sealed_answer, "difference.answer", row.id),
        verdict=verdict,
        resolution=_maybe(row.sealed_resolution, "difference.resolution", row.id),
        resolved_at=row.resolved_at,
        state=state,
        settles=settles and row.resolved_at is None,
        edition=editions.of_difference(row),
    )


def _maybe(blob: bytes | memoryview | None, column: str, row: UUID) -> str:
    return "" if blob is None else sealed.open_text(blob, column=column, row=row)


def _points_of(row: CoordinationRequest) -> tuple[str, ...]:
    if row.sealed_points is None:
        return ()
    value = sealed.open_json(row.sealed_points, column="request.points", row=row.id)
    return tuple(str(one) for one in value) if isinstance(value, list) else ()


def _again(row: CoordinationRequest) -> bool:
    is_closed = row.round.closed_at is not None
    return is_closed and answers.waiting([row.seat_id]).filter(id=row.id).exists()


def _unsettled(row: CoordinationRequest) -> tuple[str, ...]:
    points = row.differences.filter(resolved_at=None).order_by("created_at", "id")
    return tuple(sealed.open_text(one.sealed_point, column="difference.point", row=one.id) for one in points)


def _askable(row: Dossier, configuration: BodyConfiguration, language: str) -> tuple[SeatChoice, ...]:
    """Return the seats that may be asked: their class reaches the dossier and they are in its circle."""
    may = {
        seat.code
        for seat in configuration.seats
        if seat.role is not Role.SECRETARY and seat.code != row.owner.code and askable(seat, row)
    }
    return tuple(seat for seat in seats_of(configuration, language) if seat.code in may)


def _due(least: int, most: int) -> tuple[DueChoice, ...]:
    moment = now()
    return tuple(
        DueChoice(days, calendar().add_working_days(moment, days)) for days in range(least, most + 1)
    )
