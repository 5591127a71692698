"""Ask the other seats before the body sees a dossier (in Estonia EIS; in Indonesia harmonisation).

Requests go out in parallel with a deadline in working days; silence past it is deemed consent and says so.
Points of an objection or a condition stand in a table of differences until each is settled or withdrawn.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from django.db import transaction

from pendopo.cabinet import answers, editions, errors, events, history, sealed, texts, visibility
from pendopo.cabinet.actions.dossiers import OPEN_FOR_PAPERS, writable
from pendopo.cabinet.configuration import BodyConfiguration
from pendopo.cabinet.models import CoordinationRequest, CoordinationRound, Difference, Dossier, Seat
from pendopo.cabinet.standing import Standing, standing_of
from pendopo.cabinet.values import DossierState, Happening, Response, Role, Scope, Verdict
from pendopo.foundation.actor import SYSTEM, Actor
from pendopo.foundation.audit import audit
from pendopo.foundation.clock import now
from pendopo.foundation.outbox import emit
from pendopo.foundation.working_calendar import calendar
from pendopo.kernel.ids import uuid7

OPENS_FROM = frozenset({DossierState.DRAFT, DossierState.COORDINATION, DossierState.RETURNED})
WITH_POINTS = frozenset({Response.AGREE_IF, Response.OBJECT})
ANSWERS = frozenset(Response) - {Response.DEEMED}
MOST_POINTS = 20
MOST_WORKING_DAYS = 30


@dataclass(frozen=True, slots=True)
class Asked:
    """Which seats are asked; only mandatory answers stand in the way of consent.

    ``working_days`` until silence is deemed consent, None: the body's rule. Owners may give more time than
    the rule, up to ``MOST_WORKING_DAYS``; less is for clerk and chair.
    """

    mandatory: Sequence[str]
    optional: Sequence[str] = ()
    working_days: int | None = None


def open_round(actor: Actor, dossier_id: UUID, asked: Asked, *, edition: str | None = None) -> UUID:
    """Ask the seats about the papers as they are now."""
    standing = standing_of(actor)
    with transaction.atomic(durable=True):
        dossier = writable(actor, dossier_id, edition)
        if dossier.state not in OPENS_FROM or not dossier.documents.exists():
            raise errors.StateDoesNotAllow
        if dossier.rounds.filter(closed_at=None).exists():
            raise errors.StateDoesNotAllow
        days = _working_days(standing, dossier, asked)
        row = CoordinationRound.objects.create(
            dossier=dossier,
            n=dossier.rounds.count() + 1,
            docset_hash=dossier.docset_hash,
            due_at=calendar().add_working_days(now(), days),
        )
        CoordinationRequest.objects.bulk_create(
            CoordinationRequest(round=row, seat=seat, mandatory=seat.code in asked.mandatory)
            for seat in _seats(dossier, asked)
        )
        dossier.state = DossierState.COORDINATION
        dossier.save(update_fields=["state"])
        audit(
            events.ROUND_OPENED,
            actor=actor,
            object_id=dossier.id,
            body_id=dossier.body.agency_id,
            detail={"round": row.n, "mandatory": len(set(asked.mandatory))},
        )
        emit(events.ROUND_OPENED_TOPIC, {"round_id": str(row.id)})
        history.of_dossier(actor, dossier, Happening.ROUND_OPENED, round=row.n, days=days)
    return row.id


def respond(
    actor: Actor,
    request_id: UUID,
    response: Response,
    points: Sequence[str] = (),
    *,
    docset_hash: str | None = None,
    edition: str | None = None,
) -> None:
    """Answer for a seat; objections and conditions name their points. The last answer before close counts.

    Once a round is closed only a seat that is asked again may, because papers changed since (``answers``).
    ``docset_hash`` names the papers that were read; others in force raise ``DocumentsChanged``. ``edition``
    is that of the answer that is replaced; another one raises ``EditedMeanwhile``.
    """
    standing = standing_of(actor)
    if response not in ANSWERS:
        raise errors.DoesNotFit(field="response")
    tidy = [texts.required(point, "points") for point in points if point.strip()][:MOST_POINTS]
    if (response in WITH_POINTS) is not bool(tidy):
        raise errors.TextMissing(field="points")
    with transaction.atomic(durable=True):
        request, dossier = _request(standing, request_id)
        again = answers.waiting([request.seat_id]).filter(id=request.id)
        if request.round.closed_at is not None and not again.exists():
            raise errors.StateDoesNotAllow
        if docset_hash is not None and docset_hash != dossier.docset_hash:
            raise errors.DocumentsChanged
        editions.require(editions.of_request(request), edition)
        request.response, request.docset_hash = response, dossier.docset_hash
        request.sealed_points = sealed.seal(list(tidy), column="request.points", row=request.id)
        request.responded_at, request.responded_by = now(), standing.subject_id
        request.save()
        request.differences.filter(resolved_at=None).delete()
        for point in tidy:
            row = Difference(id=uuid7(), request=request, dossier=dossier)
            row.sealed_point = sealed.seal(point, column="difference.point", row=row.id)
            row.save(force_insert=True)
        audit(
            events.RESPONDED,
            actor=actor,
            object_id=dossier.id,
            detail={"seat": request.seat.code, "response": response.value, "points": len(tidy)},
        )
        history.of_dossier(
            actor,
            dossier,
            Happening.ANSWERED,
            seat=request.seat.code,
            response=response.value,
            points=len(tidy),
        )


def answer(
    actor: Actor,
    difference_id: UUID,
    text: str,
    verdict: Verdict = Verdict.KEPT,
    *,
    edition: str | None = None,
) -> None:
    """Let the owner say what they make of a point: the text follows it, or stays as it is, and why.

    A point stands until the seat that raised it says that it is settled.
    """
    standing = standing_of(actor)
    with transaction.atomic(durable=True):
        row = _difference(standing, difference_id)
        dossier = writable(actor, row.dossier_id)
        if row.resolved_at is not None or dossier.state not in OPEN_FOR_PAPERS:
            raise errors.StateDoesNotAllow
        editions.require(editions.of_difference(row), edition)
        row.sealed_answer = sealed.seal(
            texts.required(text, "answer"), column="difference.answer", row=row.id
        )
        row.verdict = verdict
        row.save(update_fields=["sealed_answer", "verdict"])
        audit(events.DOSSIER_CHANGED, actor=actor, object_id=row.dossier_id)
        history.of_dossier(
            actor, dossier, Happening.POINT_ANSWERED, seat=row.request.seat.code, verdict=verdict.value
        )


def resolve(
    actor: Actor,
    difference_id: UUID,
    text: str,
    *,
    docset_hash: str | None = None,
    edition: str | None = None,
) -> None:
    """Settle a point: only the seat that raised it can say that it is settled, or the chair overrules.

    ``docset_hash`` names the papers that were read; others in force raise ``DocumentsChanged``. When the seat
    itself settles the last of its points on papers that it names, its answer holds for these.
    """
    standing = standing_of(actor)
    with transaction.atomic(durable=True):
        row = _difference(standing, difference_id)
        if not standing.is_chair(row.dossier.body_id):
            standing.holding(row.request.seat_id, Scope.POSITION)
        if docset_hash is not None and docset_hash != row.dossier.docset_hash:
            raise errors.DocumentsChanged
        editions.require(editions.of_difference(row), edition)
        if row.resolved_at is not None:
            return
        row.sealed_resolution = sealed.seal(
            texts.required(text, "resolution"), column="difference.resolution", row=row.id
        )
        row.resolved_at, row.resolved_by = now(), standing.subject_id
        row.save(update_fields=["sealed_resolution", "resolved_at", "resolved_by"])
        is_last = not row.request.differences.filter(resolved_at=None).exists()
        if is_last and docset_hash is not None and standing.holds(row.request.seat_id, Scope.POSITION):
            row.request.docset_hash = docset_hash
            row.request.save(update_fields=["docset_hash"])
        audit(events.DIFFERENCE_RESOLVED, actor=actor, object_id=row.dossier_id)
        history.of_dossier(actor, row.dossier, Happening.POINT_SETTLED, seat=row.request.seat.code)


def close_round(actor: Actor, round_id: UUID) -> None:
    """Close a round when everybody has answered; the owner's or clerk's act."""
    with transaction.atomic(durable=True):
        row = CoordinationRound.objects.select_for_update().filter(id=round_id).first()
        if row is None:
            raise errors.NoSuchDossier
        writable(actor, row.dossier_id)
        if row.closed_at is not None:
            raise errors.StateDoesNotAllow
        if row.requests.filter(response="", mandatory=True).exists():
            raise errors.StateDoesNotAllow
        _close(actor, row)


def close_due_rounds() -> int:
    """Close every round whose deadline has passed: who was silent is deemed to agree. Returns how many."""
    due = CoordinationRound.objects.filter(closed_at=None, due_at__lte=now()).values_list("id", flat=True)
    closed = 0
    for round_id in list(due):
        with transaction.atomic(durable=True):
            row = CoordinationRound.objects.select_for_update().filter(id=round_id, closed_at=None).first()
            if row is not None:
                row.dossier = Dossier.objects.select_for_update().get(id=row.dossier_id)
                _close(SYSTEM, row)
                closed += 1
    return closed


def _close(actor: Actor, row: CoordinationRound) -> None:
    moment = now()
    silence = {"response": Response.DEEMED, "responded_at": moment, "docset_hash": row.docset_hash}
    silent = row.requests.filter(response="").update(**silence)
    row.closed_at = moment
    row.save(update_fields=["closed_at"])
    audit(
        events.ROUND_CLOSED,
        actor=actor,
        object_id=row.dossier_id,
        detail={"round": row.n, "deemed": silent},
    )
    history.of_dossier(actor, row.dossier, Happening.ROUND_CLOSED, round=row.n, deemed=silent)


def askable(seat: visibility.SeatLike, dossier: Dossier) -> bool:
    """Say whether a seat may be asked: it will know of the dossier once the round is open."""
    circle = dossier.need_to_know
    known = circle is None or seat.code in circle or seat.role == Role.CHAIR
    return known and seat.ceiling >= dossier.classification


def _working_days(standing: Standing, dossier: Dossier, asked: Asked) -> int:
    rule = BodyConfiguration.model_validate(dossier.body.configuration).deadlines.coordination_working_days
    days = rule if asked.working_days is None else asked.working_days
    leads = standing.is_clerk(dossier.body_id) or standing.is_chair(dossier.body_id)
    if not (1 if leads else rule) <= days <= max(rule, MOST_WORKING_DAYS):
        raise errors.DoesNotFit(field="working_days")
    return days


def _seats(dossier: Dossier, asked: Asked) -> list[Seat]:
    codes = {*asked.mandatory, *asked.optional}
    seats = list(Seat.objects.filter(body_id=dossier.body_id, code__in=codes).exclude(id=dossier.owner_id))
    if not seats or {seat.code for seat in seats} != codes:
        raise errors.DoesNotFit(field="seats")
    if not all(askable(seat, dossier) for seat in seats):
        raise errors.AboveTheRoom
    return seats


def _request(standing: Standing, request_id: UUID) -> tuple[CoordinationRequest, Dossier]:
    """Hold a dossier and then the request; whoever closes a round holds the dossier first, too."""
    known = CoordinationRequest.objects.filter(id=request_id).values_list("round__dossier_id", flat=True)
    dossier_id = known.first()
    if dossier_id is None:
        raise errors.NoSuchDossier
    dossier = visibility.dossier(standing, dossier_id, for_update=True)
    rows = CoordinationRequest.objects.select_for_update(of=("self",)).select_related("round", "seat")
    row = rows.get(id=request_id)
    standing.holding(row.seat_id, Scope.POSITION)
    return row, dossier


def _difference(standing: Standing, difference_id: UUID) -> Difference:
    """Hold a dossier and then its point: a seat that answers anew holds the dossier and replaces points."""
    known = Difference.objects.filter(id=difference_id).values_list("dossier_id", flat=True)
    dossier_id = known.first()
    if dossier_id is None:
        raise errors.NoSuchDossier
    dossier = visibility.dossier(standing, dossier_id, for_update=True)
    rows = Difference.objects.select_for_update(of=("self",)).select_related("request__seat")
    row = rows.filter(id=difference_id).first()
    if row is None:
        raise errors.NoSuchDossier
    row.dossier = dossier
    return row
