"""Dossiers in lists: where each is and whose act is next, in as many queries for fifty as for one."""

from collections.abc import Mapping, Sequence
from uuid import UUID

from django.db.models import Count, Prefetch

from pendopo.cabinet import answers, road, visibility
from pendopo.cabinet.configuration import BodyConfiguration
from pendopo.cabinet.models import (
    AgendaItem,
    CoordinationRequest,
    CoordinationRound,
    Difference,
    DocumentVersion,
    Dossier,
)
from pendopo.cabinet.queries.agenda import title_of
from pendopo.cabinet.queries.bodies import configuration_of, offices
from pendopo.cabinet.records.preparation import DossierLine
from pendopo.cabinet.standing import Standing
from pendopo.cabinet.values import Classification, DossierState, Scope


def lines(standing: Standing, rows: Sequence[Dossier], language: str) -> tuple[DossierLine, ...]:
    """Show dossiers, which the caller has filtered and selected with body and owner."""
    facts = _Facts(rows)
    configurations: dict[UUID, BodyConfiguration] = {}
    found = []
    for row in rows:
        if row.body_id not in configurations:
            configurations[row.body_id] = configuration_of(row.body)
        found.append(_line(standing, row, configurations[row.body_id], facts, language))
    return tuple(found)


class _Facts:
    """Everything that tells where a set of dossiers is."""

    def __init__(self, rows: Sequence[Dossier]) -> None:
        ids = [row.id for row in rows]
        present = DocumentVersion.objects.filter(dossier_id__in=ids, superseded_by=None, removed_at=None)
        self.papers: Mapping[UUID, int] = dict(
            present.values_list("dossier_id").annotate(n=Count("id")).values_list("dossier_id", "n")
        )
        self.rounds: dict[UUID, CoordinationRound] = {}
        rounds = CoordinationRound.objects.filter(dossier_id__in=ids).order_by("dossier_id", "n")
        asked = Prefetch("requests", CoordinationRequest.objects.select_related("seat"))
        for one in rounds.prefetch_related(asked):
            self.rounds[one.dossier_id] = one
        self.open: dict[UUID, list[str]] = {}
        points = Difference.objects.filter(dossier_id__in=ids, resolved_at=None)
        for dossier_id, verdict in points.values_list("dossier_id", "verdict"):
            self.open.setdefault(dossier_id, []).append(verdict)
        self.items: dict[UUID, AgendaItem] = {}
        items = AgendaItem.objects.filter(dossier_id__in=ids, removed_at=None).select_related("session")
        for item in items.order_by("session__planned_start"):
            self.items[item.dossier_id] = item


def _line(
    standing: Standing, row: Dossier, configuration: BodyConfiguration, facts: _Facts, language: str
) -> DossierLine:
    names = offices(configuration, language)
    kind = configuration.item_type(row.item_type)
    last = facts.rounds.get(row.id)
    requests = list(last.requests.all()) if last else []
    is_open = last is not None and last.closed_at is None
    points = facts.open.get(row.id, [])
    at = road.Standing(
        state=DossierState(row.state),
        papers=facts.papers.get(row.id, 0),
        rounds=last.n if last else 0,
        round_open=is_open,
        missing=sum(not one.response for one in requests) if is_open else 0,
        unanswered_points=sum(not verdict for verdict in points),
    )
    act = road.next_act(at)
    item = facts.items.get(row.id)
    seats = {one.seat_id for one in standing.in_body(row.body_id) if Scope.POSITION in one.scopes}
    asked = [
        one
        for one in requests
        if last and answers.waits(one, last, row) and visibility.knows(one.seat, one.seat_id, row)
    ]
    own = next((one.id for one in asked if one.seat_id in seats), None)
    return DossierLine(
        id=row.id,
        number=row.number,
        title=title_of(row),
        type_name=kind.name.of(language) if kind else row.item_type,
        body=configuration.name.of(language),
        owner=names.get(row.owner.code, row.owner.code),
        mine=any(one.seat_id == row.owner_id for one in standing.holdings),
        writes=standing.writes(row.body_id, row.owner_id),
        classification=Classification(row.classification),
        state=DossierState(row.state),
        next=act,
        hand=road.HAND[act],
        answered=sum(bool(one.response) for one in requests) if is_open else 0,
        asked=len(requests) if is_open else 0,
        open_points=len(points),
        due_at=last.due_at if last and is_open else None,
        session_id=item.session_id if item else None,
        session_title=_title(item, language) if item else "",
        session_at=item.session.planned_start if item else None,
        request_id=own,
        asked_again=0 if is_open else sum(one.mandatory for one in asked),
    )


def _title(item: AgendaItem, language: str) -> str:
    return item.session.title_en if language == "en" else item.session.title_id
